//! `bindctl`: Bindery from the command line, for developers and operators. It uses only the REST API.

mod args;
mod client;
mod commands;
mod error;
mod pace;
mod print;
mod profile;
mod progress;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    match commands::run(args::Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            error.exit_code()
        }
    }
}
