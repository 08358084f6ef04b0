#!/bin/sh
# For cron:  0 2 * * *  /srv/juesuan/nightly.sh /srv/juesuan
# Prints nothing where all went well, so cron (MAILTO) sends a mail only where somebody has to look: after a failure, or
# where documents are wrong. NOTIFY may name a command that takes the text instead.
# cron looks for programs in /usr/bin and /bin only.
PATH=$PATH:/usr/local/bin:$HOME/.cargo/bin
cd "$1" || exit 2
log=$(mktemp) || exit 3
trap 'rm -f "$log"' EXIT
"${JUESUAN:-juesuan}" import --log-format text >"$log" 2>&1
status=$?
case $status in
  0) exit 0 ;;
  1) subject='juesuan: published, some documents are wrong' ;;
  4) subject='juesuan: another import was still running' ;;
  *) subject="juesuan: the import failed with exit code $status, the dataset of before stands" ;;
esac
{ echo "$subject"; echo; cat "$log"; "${JUESUAN:-juesuan}" status --runs 3; } | ${NOTIFY:-cat}
exit $status
