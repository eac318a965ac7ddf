//! `cargo xtask bench`: what the sandbox costs, as ratios to the bare kernel within one run.
//!
//! Numbers of two runs are not comparable on a machine that does anything else. So native and sandboxed runs
//! alternate, each in a process of its own; the best repetition on either side makes the ratio of a round, and the
//! median over the rounds, with their range, is reported. `cpu_loop`, which makes no system call, is measured first:
//! if its ratio is not 1, neither is anything else to be believed.

mod compare;
mod footprint;
mod micro;
mod options;
mod page;
mod process;
mod programs;
mod side;
mod startup;
mod tee;

use std::path::Path;

use anyhow::{Result, bail};

use options::Options;
use programs::Programs;
use side::Side;

/// What one part of the benchmark found: a table for the page, and what failed.
struct Report {
    /// A table in Markdown, with its heading.
    text: String,
    /// What did not run, by side and row.
    failures: Vec<String>,
}

/// Runs the benchmark.
///
/// # Errors
/// A program does not build, an option is unknown, or in the short form something did not run. Times never fail.
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    let options = Options::parse(arguments)?;
    let programs = Programs::build(&target_folder())?;
    let sides = side::all(&options, &target_folder())?;
    let reports = measure(&options, &programs, &sides)?;
    let texts = reports.iter().map(|report| report.text.as_str());
    let tables: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
    let text = format!("{}\n\n{}", page::host(&sides)?, tables.join("\n\n"));
    println!("\n{text}");
    let failures: Vec<&String> = reports.iter().flat_map(|report| &report.failures).collect();
    for failure in &failures {
        eprintln!("bench: {failure}");
    }
    if options.write {
        page::write(&text)?;
    }
    if options.smoke && !failures.is_empty() {
        bail!("bench: {} of the runs failed", failures.len());
    }
    Ok(())
}

fn measure(options: &Options, programs: &Programs, sides: &[Side]) -> Result<Vec<Report>> {
    let mut reports = vec![micro::run(options, programs, sides)?];
    if options.wants(options::START) {
        reports.push(startup::run(options, programs, sides)?);
    }
    if options.wants(options::MEMORY) {
        reports.push(footprint::run(options, programs, sides)?);
    }
    if options.litebox && options.wants(options::TEE) {
        reports.push(tee::run(options, &target_folder())?);
    }
    Ok(reports)
}

fn target_folder() -> std::path::PathBuf {
    let folder = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    std::path::absolute(Path::new(&folder)).unwrap_or_else(|_| folder.into())
}
