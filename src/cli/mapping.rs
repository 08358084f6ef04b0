use super::args::MappingCommand;
use super::exit::Exit;
use super::output::fail;
use super::settings::Speaker;

/// Runs a command on mapping files.
pub(crate) fn run(command: &MappingCommand, speaker: Speaker) -> Exit {
    match command {
        MappingCommand::Check { files } => check(files, speaker),
    }
}

fn check(_files: &[std::path::PathBuf], speaker: Speaker) -> Exit {
    let error = speaker.say("此命令尚未接通", "this command is not connected yet");
    fail(speaker, Exit::WrongUse, error, "")
}
