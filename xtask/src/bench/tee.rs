//! Trusted applications: what a session and a command cost. There is no native side to compare with: times alone.

use std::path::Path;

use anyhow::{Context, Result};

use super::Report;
use super::compare::median;
use super::options::Options;
use super::process;
use super::side::{self, Side};
use crate::ta;

/// A row: its name, the application's source, a script with `COUNT` in it, and how often it repeats at full scale.
struct Row {
    name: &'static str,
    source: &'static str,
    script: &'static str,
    count: f64,
}

const ROWS: &[Row] = &[
    Row {
        name: "a command without parameters",
        source: "tests/tee/ta/echo.c",
        script: "open a\nrepeat COUNT\ninvoke a 0\nend\nclose a\n",
        count: 1e6,
    },
    Row {
        name: "a command with 16 bytes each way",
        source: "tests/tee/ta/echo.c",
        script: "open a\nrepeat COUNT\ninvoke a 2 mem:00112233445566778899aabbccddeeff mem-out:16 mem-inout:0102\nend\nclose a\n",
        count: 1e5,
    },
    Row {
        name: "open and close, an instance that is kept",
        source: "tests/tee/ta/echo.c",
        script: "repeat COUNT\nopen a\nclose a\nend\n",
        count: 1e5,
    },
    Row {
        name: "open and close, a new instance each time",
        source: "tests/tee/ta/crypto.c",
        script: "repeat COUNT\nopen a\nclose a\nend\n",
        count: 1e4,
    },
];

/// Measures every row: the time of a long run less that of one with a single round.
///
/// # Errors
/// An application does not build, or a file cannot be written.
pub(super) fn run(options: &Options, target: &Path) -> Result<Report> {
    let heading = "### Trusted applications\n\nMedian [fastest], in a process.\n\n| what | µs |\n|---|---:|";
    let mut report = Report { text: heading.to_owned(), failures: Vec::new() };
    let folder = target.join("bench-tee");
    std::fs::create_dir_all(&folder)?;
    let side = side::trusted(target)?;
    for row in ROWS {
        let application = ta::build(Path::new(row.source), &folder)?;
        let line = match measure(options, &side, &folder, row, &application) {
            Ok(times) => {
                let fastest = times.first().copied().unwrap_or_default();
                format!("| {} | {:.2} [{fastest:.2}] |", row.name, median(&times))
            }
            Err(error) => {
                report.failures.push(format!("tee: {}: {error:#}", row.name));
                format!("| {} | failed |", row.name)
            }
        };
        eprintln!("{line}");
        report.text.push('\n');
        report.text.push_str(&line);
    }
    Ok(report)
}

/// Microseconds a round, in order.
fn measure(options: &Options, side: &Side, folder: &Path, row: &Row, application: &Path) -> Result<Vec<f64>> {
    let rounds = (row.count * options.scale).max(1.0).round();
    let time = |rounds: f64| {
        let script = folder.join("script");
        std::fs::write(&script, row.script.replace("COUNT", &format!("{}", rounds + 1.0)))?;
        let paths = [application, script.as_path()].map(|path| path.to_string_lossy().into_owned());
        let [application, script] = paths;
        let words = ["--quiet", &application, "--script", &script].map(str::to_owned);
        let finished = process::run(&side.line(&words), options.limit)?;
        let is_good = finished.output.contains("TEE_SUCCESS") && !finished.output.contains("TEE_ERROR");
        is_good.then_some(finished.elapsed.as_secs_f64()).context("a request had no success")
    };
    let mut times = Vec::new();
    for _ in 0..options.rounds {
        times.push((time(rounds)? - time(0.0)?) * 1e6 / rounds);
    }
    times.sort_by(f64::total_cmp);
    Ok(times)
}
