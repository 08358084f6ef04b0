//! The command line: what may be typed, what is printed, and the exit code.
//!
//! Alone knows `clap` and `indicatif`, and alone prints: data to stdout, everything else to stderr.

mod args;
mod changes;
mod check;
mod compare;
mod config;
mod drift;
mod exit;
mod explain;
mod export;
mod failed;
mod grid;
mod import;
mod inputs;
mod inspect;
mod mapping;
mod output;
mod paths;
mod run;
mod settings;
mod shards;
mod signals;
mod status;
mod stream;
mod trend;
mod view;
mod written;

use clap::{CommandFactory, FromArgMatches};

use args::{Args, Command, MappingCommand};
use config::Config;
use exit::Exit;
use output::fail;
use settings::{Speaker, Told};

/// Runs the command that was typed. Wrong use ends the process with code 2.
pub(crate) fn run() -> Exit {
    let matches = Args::command().get_matches();
    let args = match Args::from_arg_matches(&matches) {
        Ok(args) => args,
        Err(error) => error.exit(),
    };
    let speaker = Speaker::from_environment();
    // Mapping files are checked as they are named, whatever folder that happens in.
    let on_its_own = matches!(&args.command, Command::Mapping { command: MappingCommand::Check { .. } });
    let config = match if on_its_own { Ok(Config::default()) } else { Config::find(args.config.as_deref()) } {
        Ok(config) => config,
        Err(problem) => {
            return fail(speaker, Exit::WrongUse, &juesuan::wording::problem(&problem, speaker.language), "");
        }
    };
    let told = Told { matches: matches.subcommand().map(|(_, matches)| matches), config: &config };
    let ended = match args.command {
        Command::Import(args) => Ok(import::run(&args, &told, speaker)),
        Command::Extract(args) => Ok(shards::extract(&args, &told, speaker)),
        Command::Publish(args) => Ok(shards::publish(&args, &told, speaker)),
        Command::Inspect(args) => inspect::run(&args, &told, speaker),
        Command::Mapping { command } => mapping::run(&command, &config, speaker),
        Command::Export(args) => export::run(&args, &told, speaker),
        Command::View(args) => view::run(&args, &told, speaker),
        Command::Trend(args) => trend::run(&args, &told, speaker),
        Command::Check(args) => check::run(&args, &told, speaker),
        Command::Compare(args) => compare::run(&args, &told, speaker),
        Command::Status(args) => status::run(&args, &told, speaker),
    };
    ended.unwrap_or_else(|failed| failed.told(speaker))
}
