//! The command line of juesuan.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run().into()
}
