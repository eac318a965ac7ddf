//! Running other programs, always from the root of the workspace.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The nearest folder above the current one that holds the workspace.
pub(crate) fn workspace_root() -> Result<PathBuf> {
    let here = std::env::current_dir()?;
    here.ancestors()
        .find(|folder| folder.join("xtask/Cargo.toml").is_file())
        .map(PathBuf::from)
        .context("not inside the LiteBox workspace")
}

/// Prints and runs a command line.
///
/// # Errors
/// The program is missing, or ended with anything but 0.
pub(crate) fn run(program: &str, arguments: &[&str]) -> Result<()> {
    run_with(program, arguments, &[])
}

/// Names and values.
pub(crate) type Variables<'a> = [(&'a str, &'a str)];

/// As [`run`], with variables added to the environment.
pub(crate) fn run_with(program: &str, arguments: &[&str], variables: &Variables<'_>) -> Result<()> {
    finish(Command::new(program).args(arguments).envs(variables.iter().copied()))
}

/// As [`run`], for a command that is made already.
pub(crate) fn finish(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let words = command.get_args().map(|word| word.to_string_lossy());
    let line = words.fold(program.clone(), |line, word| line + " " + &word);
    eprintln!("$ {line}");
    let status = command.status().with_context(|| format!("cannot start `{program}`"))?;
    if !status.success() {
        bail!("`{line}` failed: {status}");
    }
    Ok(())
}

/// Runs a command and returns what it wrote to its standard output.
///
/// # Errors
/// The program is missing, or ended with anything but 0; the message holds its standard error.
pub(crate) fn output(program: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .with_context(|| format!("cannot start `{program}`"))?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        bail!("`{program} {}` failed: {}\n{message}", arguments.join(" "), output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
