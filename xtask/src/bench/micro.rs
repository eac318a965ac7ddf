//! The rows of `tests/bench/mb.c`: nanoseconds per operation.

use anyhow::{Result, bail};

use super::Report;
use super::compare::{Outcome, best, is_calm, ratio};
use super::options::{MEMORY, Options, START, TEE};
use super::process;
use super::programs::{Linkage, Programs};
use super::side::Side;

const PROGRAM: &str = "mb";
const CALIBRATION: &str = "cpu_loop";

/// Measures every row that is asked for, statically and dynamically linked.
///
/// # Errors
/// A row is unknown, or a table cannot be made.
pub(super) fn run(options: &Options, programs: &Programs, sides: &[Side]) -> Result<Report> {
    let rows = rows(options, programs)?;
    let mut report = Report { text: String::new(), failures: Vec::new() };
    let mut tables = Vec::new();
    let linkages = if options.smoke { &Linkage::ALL[..1] } else { &Linkage::ALL };
    for linkage in linkages.iter().filter(|_| !rows.is_empty()) {
        let binary = programs.path(PROGRAM, *linkage);
        let mut lines = vec![heading(*linkage, sides)];
        for row in &rows {
            let rounds: Vec<Vec<Outcome>> =
                (0..options.rounds).map(|_| round(options, &binary, row, sides)).collect();
            let line = table_line(row, &rounds, sides, &mut report.failures);
            eprintln!("{line}");
            lines.push(line);
            if row == CALIBRATION {
                warn_unless_calm(&rounds, sides);
            }
        }
        tables.push(lines.join("\n"));
    }
    report.text = tables.join("\n\n");
    Ok(report)
}

/// The rows to measure, the calibration first.
fn rows(options: &Options, programs: &Programs) -> Result<Vec<String>> {
    let list = [programs.path(PROGRAM, Linkage::Static), "list".to_owned()];
    let known: Vec<String> = process::run(&list, options.limit)?.output.lines().map(str::to_owned).collect();
    let others = [START, MEMORY, TEE];
    if let Some(row) = options.rows.iter().find(|row| !known.contains(row) && !others.contains(&row.as_str()))
    {
        bail!("there is no row `{row}`; there are {} {}", known.join(" "), others.join(" "));
    }
    let mut rows: Vec<String> = known.into_iter().filter(|row| options.wants(row)).collect();
    if !rows.is_empty() && !rows.iter().any(|row| row == CALIBRATION) {
        rows.insert(0, CALIBRATION.to_owned());
    }
    Ok(rows)
}

/// One run of a row on each side.
fn round(options: &Options, binary: &str, row: &str, sides: &[Side]) -> Vec<Outcome> {
    let outcome = |side: &Side| {
        let words = [
            binary.to_owned(),
            format!("reps={}", options.repetitions),
            format!("scale={}", options.scale),
            format!("dir={}", side.memory_folder),
            row.to_owned(),
        ];
        match process::run(&side.line(&words), options.limit) {
            Ok(finished) => parse(&finished.output, row),
            Err(error) => Err(format!("{error:#}")),
        }
    };
    sides.iter().map(outcome).collect()
}

/// The best repetition in `ROW MEDIAN min MIN max MAX`, or the reason in `ROW FAIL reason`.
fn parse(output: &str, row: &str) -> Outcome {
    let line = output.lines().find_map(|line| line.strip_prefix(row)?.strip_prefix(' '));
    let line = line.ok_or_else(|| format!("no answer, but `{}`", output.trim()))?;
    if let Some(reason) = line.strip_prefix("FAIL ") {
        return Err(reason.to_owned());
    }
    let mut words = line.split(' ').skip_while(|word| *word != "min");
    words.nth(1).and_then(|word| word.parse().ok()).ok_or_else(|| format!("no number in `{line}`"))
}

fn heading(linkage: Linkage, sides: &[Side]) -> String {
    let columns: String =
        sides.iter().skip(1).map(|side| format!(" {0} ns | {0} ratio |", side.name)).collect();
    let rules = "---:|---:|".repeat(sides.len().saturating_sub(1));
    format!("### Operations, {} program\n\n| row | native ns |{columns}\n|---|---:|{rules}", linkage.name())
}

fn table_line(row: &str, rounds: &[Vec<Outcome>], sides: &[Side], failures: &mut Vec<String>) -> String {
    let native = best(rounds, 0).map_or_else(|| "fails".to_owned(), |value| format!("{value:.1}"));
    let mut line = format!("| {row} | {native} |");
    for (index, side) in sides.iter().enumerate().skip(1) {
        match ratio(rounds, index) {
            Ok(ratio) => {
                let [low, high] = ratio.range;
                line += &format!(" {:.1} | {:.2} [{low:.2}–{high:.2}] |", ratio.best, ratio.median);
            }
            Err(why) => {
                line += &format!(" fails | {} |", why.replace('|', "/"));
                failures.push(format!("{row} in {}: {why}", side.name));
            }
        }
    }
    line
}

/// Without a system call both sides are the same processor: anything else is the load of the machine.
fn warn_unless_calm(rounds: &[Vec<Outcome>], sides: &[Side]) {
    for (index, side) in sides.iter().enumerate().skip(1) {
        if let Ok(ratio) = ratio(rounds, index)
            && !is_calm(&ratio)
        {
            eprintln!(
                "bench: {CALIBRATION} in {} is {:.2} of native: the machine is busy, repeat the run",
                side.name, ratio.median
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn lines_of_the_program_are_read() {
        assert_eq!(parse("getpid 12.5 min 11.0 max 13.0\n", "getpid"), Ok(11.0));
        assert_eq!(parse("noise\nstat FAIL stat 38\n", "stat"), Err("stat 38".into()));
        assert!(parse("getpid_x 1 min 1 max 1\n", "getpid").is_err());
        assert!(parse("getpid x\n", "getpid").is_err());
    }
}
