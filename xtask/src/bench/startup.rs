//! Start-up: wall time from before the first process to after the last.

use anyhow::Result;

use super::Report;
use super::compare::{Outcome, median, ratio, values};
use super::options::Options;
use super::process;
use super::programs::{Linkage, Programs, installed};
use super::side::Side;

/// A program, by what it is called in the table, its command line, and what it writes.
struct Start {
    name: &'static str,
    words: Option<Vec<String>>,
    output: &'static str,
}

/// Starts every program as often as asked for, the sides in turn.
///
/// # Errors
/// None today; the signature is that of the other parts.
pub(super) fn run(options: &Options, programs: &Programs, sides: &[Side]) -> Result<Report> {
    let columns: String =
        sides.iter().skip(1).map(|side| format!(" {0} ms | {0} ratio |", side.name)).collect();
    let rules = "---:|---:|".repeat(sides.len().saturating_sub(1));
    let heading = format!(
        "### Start-up\n\nMedian of {} starts [fastest].\n\n| program | native ms |{columns}\n|---|---:|{rules}",
        options.starts
    );
    let mut report = Report { text: heading, failures: Vec::new() };
    for start in starts(programs) {
        let line = match &start.words {
            Some(words) => {
                let rounds: Vec<Vec<Outcome>> =
                    (0..options.starts).map(|_| round(options, &start, words, sides)).collect();
                table_line(start.name, &rounds, sides, &mut report.failures)
            }
            None => format!("| {} | not installed |", start.name),
        };
        eprintln!("{line}");
        report.text.push('\n');
        report.text.push_str(&line);
    }
    Ok(report)
}

fn starts(programs: &Programs) -> Vec<Start> {
    let own = |linkage| Some(vec![programs.path("hello", linkage)]);
    let line = |name: &str, rest: &[&str]| {
        let program = installed(name)?;
        Some([program].into_iter().chain(rest.iter().map(|word| (*word).to_owned())).collect())
    };
    let shell = "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do ls / | wc -c >/dev/null; done; echo done";
    vec![
        Start { name: "hello, static", words: own(Linkage::Static), output: "hello\n" },
        Start { name: "hello, dynamic", words: own(Linkage::Dynamic), output: "hello\n" },
        Start { name: "busybox true", words: line("busybox", &["true"]), output: "" },
        Start { name: "python3 -c 'print(1)'", words: line("python3", &["-c", "print(1)"]), output: "1\n" },
        Start {
            name: "node -e 'console.log(1)'",
            words: line("node", &["-e", "console.log(1)"]),
            output: "1\n",
        },
        Start { name: "sh: 20 times `ls / \\| wc`", words: line("sh", &["-c", shell]), output: "done\n" },
    ]
}

fn round(options: &Options, start: &Start, words: &[String], sides: &[Side]) -> Vec<Outcome> {
    let outcome = |side: &Side| match process::run(&side.line(words), options.limit) {
        Ok(finished) if finished.output == start.output => Ok(finished.elapsed.as_secs_f64() * 1e3),
        Ok(finished) => Err(format!("wrote `{}`", finished.output.trim())),
        Err(error) => Err(format!("{error:#}")),
    };
    sides.iter().map(outcome).collect()
}

fn table_line(name: &str, rounds: &[Vec<Outcome>], sides: &[Side], failures: &mut Vec<String>) -> String {
    let time = |side: usize| {
        let values = values(rounds, side);
        values.first().map(|fastest| format!("{:.2} [{fastest:.2}]", median(&values)))
    };
    let mut line = format!("| {name} | {} |", time(0).unwrap_or_else(|| "fails".to_owned()));
    for (index, side) in sides.iter().enumerate().skip(1) {
        match ratio(rounds, index) {
            Ok(ratio) => {
                line += &format!(" {} | {:.2} |", time(index).unwrap_or_default(), ratio.median);
            }
            Err(why) => {
                line += &format!(" fails | {} |", why.replace('|', "/"));
                failures.push(format!("{name} in {}: {why}", side.name));
            }
        }
    }
    line
}
