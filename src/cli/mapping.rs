use std::path::PathBuf;

use juesuan::authoring::examples;
use juesuan::mapping::{Mappings, Problem};
use juesuan::pipeline::Settings;

use super::args::MappingCommand;
use super::config::Config;
use super::exit::Exit;
use super::explain;
use super::output::{fail, message};
use super::settings::Speaker;

/// Runs a command on mapping files.
pub(crate) fn run(command: &MappingCommand, config: &Config, speaker: Speaker) -> Exit {
    match command {
        MappingCommand::Check { files } => check(files, speaker),
        MappingCommand::Explain(args) => explain::run(args, config, speaker),
    }
}

/// Loads the built-in mappings with `files` laid over them, and runs every example.
fn check(files: &[PathBuf], speaker: Speaker) -> Exit {
    let mappings = match Mappings::load_with(None, files) {
        Ok(mappings) => mappings,
        Err(problems) => return told(&problems, speaker),
    };
    let forms = mappings.forms.len();
    let mut settings = Settings::with_mappings(mappings);
    match examples::check(&mut settings) {
        Ok(count) => {
            message(&speaker.say(
                format!("{forms} 种报表的映射没有问题，{count} 个示例读得正确"),
                format!("mappings of {forms} forms are fine; {count} examples are read right"),
            ));
            Exit::Done
        }
        Err(problems) => told(&problems, speaker),
    }
}

fn told(problems: &[Problem], speaker: Speaker) -> Exit {
    for problem in problems {
        message(&problem.to_string());
    }
    let count = problems.len();
    let error = speaker.say(format!("{count} 处问题"), format!("problems: {count}"));
    fail(speaker, Exit::WrongUse, &error, "")
}
