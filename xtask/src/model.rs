//! `cargo xtask model`: the tests in `tests/model`, where a model checker decides who runs next.
//!
//! They are built apart from all others, with `--cfg loom`: that swaps the atomics of the library OS, and the threads of
//! the fake host, for the checker's.

use anyhow::{Context, Result};

use crate::command::{self, Variables};

/// The package of the models, which holds nothing unless it is built for the checker.
pub(crate) const PACKAGE: &str = "litebox-model";

/// The packages that hold code for the checker alone.
const CHANGED: [&str; 3] = [PACKAGE, "litebox-host", "litebox-host-fake"];

/// Apart from the ordinary target folder, where everything is built without the checker.
const TARGET: &str = "target/model";

/// Options, and the variables by which the tests learn of them.
const OPTIONS: [(&str, &str); 2] = [("--seconds", "LITEBOX_MODEL_SECONDS"), ("--seed", "LITEBOX_MODEL_SEED")];

/// Runs the models whose names hold one of the words; `--seconds` for each model, from `--seed`.
///
/// # Errors
/// A model does not build, or failed: it said by which seed.
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    let (filters, variables) = split(arguments)?;
    let cargo = ["test", "--package", PACKAGE, "--profile", "model", "--target-dir", TARGET, "--"];
    build_with(&[&cargo[..], &filters].concat(), &variables)
}

/// Checks the code that is there only for the checker.
///
/// # Errors
/// As Clippy.
pub(crate) fn clippy() -> Result<()> {
    let packages = CHANGED.iter().flat_map(|package| ["--package", package]);
    let cargo = ["clippy", "--no-deps", "--tests", "--profile", "model", "--target-dir", TARGET];
    let cargo: Vec<&str> = cargo.into_iter().chain(packages).collect();
    build_with(&[&cargo[..], &["--", "-D", "warnings"]].concat(), &[])
}

fn build_with(line: &[&str], variables: &Variables<'_>) -> Result<()> {
    let flags = std::env::var("RUSTFLAGS").unwrap_or_default();
    let flags = format!("{flags} --cfg loom");
    command::run_with("cargo", line, &[&[("RUSTFLAGS", flags.trim())], variables].concat())
}

/// Variables and their values.
type Settings<'a> = Vec<(&'static str, &'a str)>;

/// Takes the options out of the arguments.
fn split<'a>(arguments: &[&'a str]) -> Result<(Vec<&'a str>, Settings<'a>)> {
    let (mut filters, mut variables) = (Vec::new(), Vec::new());
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match OPTIONS.iter().find(|(option, _)| option == word) {
            Some((option, variable)) => {
                let value = words.next().with_context(|| format!("{option} needs a number"))?;
                variables.push((*variable, *value));
            }
            None => filters.push(*word),
        }
    }
    Ok((filters, variables))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn options_become_variables_and_words_filters() {
        let (filters, variables) = split(&["futex", "--seconds", "60", "queue"]).expect("both are fine");
        assert_eq!(filters, ["futex", "queue"]);
        assert_eq!(variables, [("LITEBOX_MODEL_SECONDS", "60")]);
        assert!(split(&["--seed"]).is_err());
    }
}
