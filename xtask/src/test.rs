//! `cargo xtask test`: unit tests of every package, then the guest tests, which run natively first and then in a sandbox.

use anyhow::{Result, bail};

use crate::{command, tools};

/// The package whose tests are guest programs; its runner takes options that the standard one does not know.
const GUEST_TESTS: &str = "litebox-tests";

/// Runs both halves; words that are not options filter both, options go to the guest-test runner.
///
/// # Errors
/// A tool is missing, or a test failed; both halves run in any case.
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    tools::ensure()?;
    let halves = [("unit tests", unit(arguments)), ("guest tests", guest(arguments))];
    let mut failed = Vec::new();
    for (name, line) in &halves {
        let words: Vec<&str> = line.iter().map(String::as_str).collect();
        if let Err(error) = command::run("cargo", &words) {
            eprintln!("test: {name}: {error:#}");
            failed.push(*name);
        }
    }
    if !failed.is_empty() {
        bail!("test: failed: {}", failed.join(", "));
    }
    println!("test: unit tests and guest tests passed");
    Ok(())
}

fn unit(arguments: &[&str]) -> Vec<String> {
    let filters = arguments.iter().take_while(|word| !word.starts_with('-'));
    line(&["test", "--workspace", "--exclude", GUEST_TESTS, "--no-fail-fast"], filters)
}

fn guest(arguments: &[&str]) -> Vec<String> {
    line(&["test", "--package", GUEST_TESTS, "--no-fail-fast"], arguments.iter())
}

fn line<'a>(cargo: &[&str], runner: impl Iterator<Item = &'a &'a str>) -> Vec<String> {
    let mut words: Vec<String> = cargo.iter().map(ToString::to_string).collect();
    words.push("--".to_owned());
    words.extend(runner.map(ToString::to_string));
    words
}

#[cfg(test)]
mod tests {
    use super::{guest, unit};

    #[test]
    fn filters_go_to_both_halves_and_options_to_the_guest_tests() {
        let arguments = ["memory", "--no-rewrite", "--exact"];
        assert!(unit(&arguments).ends_with(&["--".to_owned(), "memory".to_owned()]));
        assert!(guest(&arguments).join(" ").ends_with("-- memory --no-rewrite --exact"));
    }
}
