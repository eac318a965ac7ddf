//! `litebox completions SHELL`.

use crate::{Cli, output};
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use std::process::ExitCode;

#[derive(Args)]
pub(crate) struct Options {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(options: &Options) -> ExitCode {
    let mut text = Vec::new();
    clap_complete::generate(options.shell, &mut Cli::command(), "litebox", &mut text);
    output::answer(&String::from_utf8_lossy(&text), 0)
}
