//! `litebox version`.

use crate::{IMAGE, output};
use clap::Args;
use std::process::ExitCode;

#[derive(Args)]
pub(crate) struct Options {
    /// Print what it was built from, too
    #[arg(long)]
    verbose: bool,
}

pub(crate) fn run(options: &Options) -> ExitCode {
    let mut text = format!("litebox {}\n", env!("CARGO_PKG_VERSION"));
    if options.verbose {
        text.push_str(&format!("image     {} bytes, x86-64, user mode\n", IMAGE.len()));
        text.push_str(&format!("licence   {}\n", env!("CARGO_PKG_LICENSE")));
    }
    output::answer(&text, 0)
}
