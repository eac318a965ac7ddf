//! The project's tasks, as `cargo xtask VERB`. CI runs these and nothing else.

mod bench;
mod check;
mod codegen;
mod command;
mod fuzz;
mod image;
mod model;
mod ta;
mod test;
mod tidy;
mod tools;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
cargo xtask check                       all that CI checks besides the tests
cargo xtask test [NOUN] [OPTIONS]       unit tests, models, then guest tests, natively and in the sandbox
    --native-only, --no-rewrite         other options go to the guest-test runner
cargo xtask model [NAME] [OPTIONS]      the models alone: --seconds N for each, --seed N to see a failure again
cargo xtask fuzz [BODY] [OPTIONS]       a fuzz body under libFuzzer: --seconds N, --jobs N; without a body, their names
cargo xtask tidy [--bless [--raise]]    the laws of the tree, sizes, unsafe code, ratchets
cargo xtask codegen [--check]           write the generated pages of the book, or compare them
cargo xtask bench [ROWS…] [OPTIONS]     what the sandbox costs, as ratios to native; --smoke, --write, --peer bwrap
cargo xtask ta build SOURCE -o OUT       build a trusted application of a C file or a Rust crate; a folder gets <uuid>.ta
cargo xtask image user-NORTH            build the freestanding image that runs inside a sandbox: linux, optee
cargo xtask image machine-NORTH         build the kernel that runs alone on a machine";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    std::env::set_current_dir(command::workspace_root()?)?;
    match words.as_slice() {
        ["check"] => check::run(),
        ["test", rest @ ..] => test::run(rest),
        ["model", rest @ ..] => model::run(rest),
        ["fuzz", rest @ ..] => fuzz::run(rest),
        ["tidy"] => tidy::run(tidy::Bless::Nothing),
        ["tidy", "--bless"] => tidy::run(tidy::Bless::Lower),
        ["tidy", "--bless", "--raise"] => tidy::run(tidy::Bless::Raise),
        ["codegen"] => codegen::run(codegen::Mode::Write),
        ["codegen", "--check"] => codegen::run(codegen::Mode::Check),
        ["bench", rest @ ..] => bench::run(rest),
        ["image", name] => image::build(name).map(|path| println!("{}", path.display())),
        ["ta", rest @ ..] => ta::run(rest),
        ["--help" | "-h" | "help"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => bail!("no such task\n\n{USAGE}"),
    }
}
