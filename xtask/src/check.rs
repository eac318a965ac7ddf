//! `cargo xtask check`: what CI checks besides the tests. All checks run; the first failure does not hide the rest.

use anyhow::{Result, bail};

use crate::{codegen, command, image, model, tidy, tools};

/// One check: its name in the summary, and how to run it.
type Check = (&'static str, fn() -> Result<()>);

const CHECKS: &[Check] = &[
    ("format", format),
    ("tidy", || tidy::run(tidy::Bless::Nothing)),
    ("codegen", || codegen::run(codegen::Mode::Check)),
    ("clippy", clippy),
    ("docs", docs),
    ("image", image::check),
    // North, the library OS, the host contract and the protocol build for a machine without an operating system.
    ("bare", image::check_bare),
    ("licences", licences),
];

/// Runs every check.
///
/// # Errors
/// At least one failed; the message names them.
pub(crate) fn run() -> Result<()> {
    let mut failed = Vec::new();
    for (name, check) in CHECKS {
        if let Err(error) = check() {
            eprintln!("check: {name}: {error:#}");
            failed.push(*name);
        }
    }
    if !failed.is_empty() {
        bail!("check: failed: {}", failed.join(", "));
    }
    println!("check: {} checks passed", CHECKS.len());
    Ok(())
}

/// The targets of libFuzzer are a workspace of their own, which `--all` does not reach.
fn format() -> Result<()> {
    command::run("cargo", &["fmt", "--all", "--check"])?;
    command::run("cargo", &["fmt", "--manifest-path", "tests/fuzz/targets/Cargo.toml", "--check"])
}

/// The freestanding images are checked apart: among the others their dependencies would be built with std. The kernel's is
/// checked where it is built ([`image::check_bare`]), and its library with the others.
fn clippy() -> Result<()> {
    let lines: [&[&str]; 3] = [
        &["--workspace", "--all-targets", "--exclude=litebox-images", "--exclude=litebox-gate-image"],
        &["--package=litebox-images", "--lib", "--bin=user-linux"],
        &["--package=litebox-gate-image"],
    ];
    for line in lines {
        command::run("cargo", &[&["clippy"], line, &["--", "-D", "warnings"]].concat())?;
    }
    model::clippy()
}

/// Links to private items are fine: they are for readers of the code. Libraries only: the command and the embedding library are both named `litebox`, and would write the same page.
fn docs() -> Result<()> {
    let arguments = ["doc", "--workspace", "--lib", "--no-deps"];
    command::run_with(
        "cargo",
        &arguments,
        &[("RUSTDOCFLAGS", "-D warnings -A rustdoc::private_intra_doc_links")],
    )
}

fn licences() -> Result<()> {
    if !tools::is_installed("cargo-deny") {
        eprintln!("check: licences: cargo-deny is not installed, so licences and bans were not checked");
        return Ok(());
    }
    command::run("cargo", &["deny", "check", "bans", "licenses", "sources"])
}
