#!/bin/sh
# One machine, many processes: every 500 files become a shard.   xargs.sh PILE SHARDS DATASET
set -eu
pile=$1 shards=$2 dataset=$3
mkdir -p "$shards"
# Sorted, so that each shard has a stretch of the pile. Exit code 1: some documents could not be read; they are told.
find "$pile" -type f -print0 | sort -z | xargs -0 -P "$(nproc)" -n "${FILES:-500}" sh -c '
  out=$(mktemp -u "$0/XXXXXXXX")
  juesuan extract "$@" --out "$out" --jobs 1 --quiet || [ $? -eq 1 ]' "$shards"
juesuan publish "$shards"/* --dataset "$dataset"
