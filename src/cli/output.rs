use std::io::{self, Write};

use super::exit::Exit;
use super::settings::Speaker;

/// Writes data to stdout. A reader that has seen enough and closed the pipe is a normal end.
pub(crate) fn data(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Writes a message to stderr. Where nobody can read it there is nothing to be done about that.
pub(crate) fn message(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Tells an error and what to do, and ends with `exit`.
pub(crate) fn fail(speaker: Speaker, exit: Exit, error: &str, help: &str) -> Exit {
    let label = speaker.paint(31, speaker.say("错误：", "error: "));
    message(&format!("{label}{error}"));
    if !help.is_empty() {
        message(&format!("  {}{help}", speaker.say("办法：", "help: ")));
    }
    exit
}
