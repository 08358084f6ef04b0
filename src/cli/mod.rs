//! The command line: what may be typed, what is printed, and the exit code.
//!
//! Alone knows `clap` and `indicatif`, and alone prints: data to stdout, everything else to stderr.

mod args;
mod exit;
mod explain;
mod grid;
mod import;
mod inputs;
mod inspect;
mod mapping;
mod output;
mod settings;
mod trend;

use clap::Parser;

use args::{Args, Command};
use exit::Exit;
use settings::Speaker;

/// Runs the command that was typed. Wrong use ends the process with code 2.
pub(crate) fn run() -> Exit {
    let args = Args::parse();
    let speaker = Speaker::from_environment();
    match args.command {
        Command::Import(args) => import::run(&args, speaker),
        Command::Inspect(args) => inspect::run(&args, speaker),
        Command::Trend(args) => trend::run(&args, speaker),
        Command::Mapping { command } => mapping::run(&command, speaker),
    }
}
