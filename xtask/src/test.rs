//! `cargo xtask test`: unit tests of every package, the models for a second each, then the guest tests, which run natively
//! first and then in a sandbox.

use anyhow::{Result, bail};

use crate::{command, model, tools};

/// The package whose tests are guest programs; its runner takes options that the standard one does not know.
const GUEST_TESTS: &str = "litebox-tests";

/// Options of ours, and the variable by which the guest-test runner learns of each.
const VARIABLES: &[(&str, (&str, &str))] = &[
    ("--native-only", ("LITEBOX_TEST_NATIVE_ONLY", "1")),
    ("--no-rewrite", ("LITEBOX_FLAGS", "--no-rewrite")),
];

/// Runs all three parts. Words before the first option filter each; options go to the guest-test runner alone.
///
/// # Errors
/// A tool is missing, or a test failed; all parts run in any case.
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    tools::ensure()?;
    let (arguments, variables) = split(arguments);
    let outcomes = [
        ("unit tests", command::run_with("cargo", &unit(&arguments), &variables)),
        ("models", model::run(&filters(&arguments))),
        ("guest tests", command::run_with("cargo", &guest(&arguments), &variables)),
    ];
    let mut failed = Vec::new();
    for (name, outcome) in outcomes {
        if let Err(error) = outcome {
            eprintln!("test: {name}: {error:#}");
            failed.push(name);
        }
    }
    if !failed.is_empty() {
        bail!("test: failed: {}", failed.join(", "));
    }
    println!("test: unit tests, models and guest tests passed");
    Ok(())
}

/// A variable's name and value.
type Variable = (&'static str, &'static str);

/// Takes the options of ours out of the arguments.
fn split<'a>(arguments: &[&'a str]) -> (Vec<&'a str>, Vec<Variable>) {
    let ours =
        |word: &str| VARIABLES.iter().find(|(option, _)| *option == word).map(|(_, variable)| *variable);
    let variables = arguments.iter().filter_map(|word| ours(word)).collect();
    (arguments.iter().copied().filter(|word| ours(word).is_none()).collect(), variables)
}

fn unit<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    let apart = [GUEST_TESTS, model::PACKAGE, "litebox-images", "litebox-gate-image"];
    let excluded = apart.iter().flat_map(|package| ["--exclude", package]);
    let cargo = ["test", "--workspace"].into_iter().chain(excluded).chain(["--no-fail-fast", "--"]);
    cargo.chain(filters(arguments)).collect()
}

/// The words before the first option.
fn filters<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    arguments.iter().copied().take_while(|word| !word.starts_with('-')).collect()
}

fn guest<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    let cargo = ["test", "--package", GUEST_TESTS, "--no-fail-fast", "--"];
    cargo.into_iter().chain(arguments.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::{guest, split, unit};

    #[test]
    fn filters_go_to_all_parts_and_options_to_the_guest_tests() {
        let (arguments, variables) = split(&["memory", "--no-rewrite", "--exact"]);
        assert_eq!(variables, [("LITEBOX_FLAGS", "--no-rewrite")]);
        assert!(unit(&arguments).ends_with(&["--", "memory"]));
        assert!(guest(&arguments).ends_with(&["--", "memory", "--exact"]));
    }
}
