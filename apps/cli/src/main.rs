//! The `litebox` command: run programs in a sandbox, and ask what it supports and what this host offers.
#![deny(unsafe_code)]
#![warn(clippy::indexing_slicing)]

mod compat;
mod completions;
mod doctor;
mod options;
mod output;
mod run;
mod tee;
mod units;
mod version;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Bytes that start at a page, so that they can be mapped from this executable.
#[repr(align(4096))]
struct Aligned<T: ?Sized>(T);

static ALIGNED: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/user-linux")));
static ALIGNED_TEE: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/user-optee")));

/// What runs inside a sandbox process.
const IMAGE: &[u8] = &ALIGNED.0;
/// The same for trusted applications.
const TEE_IMAGE: &[u8] = &ALIGNED_TEE.0;

/// The exit code of everything that is refused or fails before a program is started.
const REFUSED: u8 = 125;

/// Run a program in a sandbox of its own operating system: no root, no container, no network, nothing written.
#[derive(Parser)]
#[command(name = "litebox", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Run a program in a sandbox
    #[command(after_help = run::AFTER_HELP)]
    Run(Box<options::RunOptions>),
    /// Run trusted applications of OP-TEE, and say what they may ask
    #[command(subcommand)]
    Tee(tee::Verb),
    /// Say how far a system call, or each, is supported
    Compat(compat::Options),
    /// Say whether this host can run a sandbox, and which layers would confine it
    Doctor(doctor::Options),
    /// Print completions for a shell
    Completions(completions::Options),
    /// Print the version
    Version(version::Options),
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    match cli.verb {
        Verb::Run(options) => run::run(&options),
        Verb::Tee(verb) => tee::run(&verb),
        Verb::Compat(options) => compat::linux(&options),
        Verb::Doctor(options) => doctor::run(&options),
        Verb::Completions(options) => completions::run(&options),
        Verb::Version(options) => version::run(&options),
    }
}

/// Prints what clap has to say: help where it was asked for, else what is wrong with the options.
fn usage(error: &clap::Error) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        // A reader that has gone needs no help.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        // As above.
        let _ = error.print();
        return ExitCode::from(REFUSED);
    }
    let text = error.render().to_string();
    output::complain(text.strip_prefix("error: ").unwrap_or(&text).trim_end());
    ExitCode::from(REFUSED)
}
