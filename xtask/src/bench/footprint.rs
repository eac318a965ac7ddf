//! Memory: what a sandbox holds while its program waits, and what is lost with each operation.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};

use super::Report;
use super::options::Options;
use super::process::Running;
use super::programs::{Linkage, Programs};
use super::side::Side;

/// How often the program opens, reads and closes a file, and maps and unmaps pages.
const ROUNDS: u32 = 10_000;

/// Holds `tests/bench/hold.c` on every side, and weighs it.
///
/// # Errors
/// None today; the signature is that of the other parts.
pub(super) fn run(options: &Options, programs: &Programs, sides: &[Side]) -> Result<Report> {
    let heading = format!(
        "### Memory\n\nPages in kB, each shared one counted once (PSS), summed over every process of the side.\n\n\
         | side | processes | program waits | more after {ROUNDS} rounds |\n|---|---:|---:|---:|"
    );
    let mut report = Report { text: heading, failures: Vec::new() };
    let words = [programs.path("hold", Linkage::Static), ROUNDS.to_string()];
    for side in sides {
        let line = match weigh(options, &side.line(&words)) {
            Ok(weight) => {
                format!("| {} | {} | {} | {} |", side.name, weight.processes, weight.first, weight.growth)
            }
            Err(error) => {
                report.failures.push(format!("memory in {}: {error:#}", side.name));
                format!("| {} | | fails | {error:#} |", side.name)
            }
        };
        eprintln!("{line}");
        report.text.push('\n');
        report.text.push_str(&line);
    }
    Ok(report)
}

struct Weight {
    processes: usize,
    /// Before anything was done.
    first: i64,
    /// What was gained between a warm-up and the last round.
    growth: i64,
}

fn weigh(options: &Options, words: &[String]) -> Result<Weight> {
    let mut running = Running::start(words, options.limit)?;
    running.expect("start")?;
    let family = family(running.number())?;
    let first = total(&family)?;
    running.resume()?;
    running.expect("ready")?;
    let before = total(&family)?;
    running.resume()?;
    running.expect("done")?;
    let growth = total(&family)? - before;
    running.resume()?;
    Ok(Weight { processes: family.len(), first, growth })
}

/// A process and all its descendants.
fn family(root: u32) -> Result<BTreeSet<u32>> {
    let parents: Vec<(u32, u32)> = std::fs::read_dir("/proc")?
        .filter_map(|entry| {
            let number = entry.ok()?.file_name().to_str()?.parse().ok()?;
            let line = std::fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
            Some((number, parent(&line)?))
        })
        .collect();
    let mut family = BTreeSet::from([root]);
    loop {
        let count = family.len();
        let children = parents.iter().filter(|(_, parent)| family.contains(parent));
        let children: Vec<u32> = children.map(|(number, _)| *number).collect();
        family.extend(children);
        if family.len() == count {
            return Ok(family);
        }
    }
}

/// The parent in a line of `/proc/PID/stat`: the second word after the name, which may hold anything.
fn parent(line: &str) -> Option<u32> {
    line.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

/// The sum of all processes' memory in kB.
fn total(family: &BTreeSet<u32>) -> Result<i64> {
    family.iter().map(|number| weight(*number)).sum()
}

/// A process's memory in kB, its share of what others map too.
fn weight(number: u32) -> Result<i64> {
    let path = format!("/proc/{number}/smaps_rollup");
    let text = std::fs::read_to_string(&path).with_context(|| format!("{path}, which may take root"))?;
    let value =
        text.lines().find_map(|line| line.strip_prefix("Pss:")?.split_whitespace().next()?.parse().ok());
    match value {
        Some(value) => Ok(value),
        None => bail!("{path} has no `Pss:`"),
    }
}

#[cfg(test)]
mod tests {
    use super::{family, parent, total};

    #[test]
    fn a_family_has_its_root_and_weighs_something() {
        assert_eq!(parent("12 (a) b) S 7 12 12 0"), Some(7));
        assert_eq!(parent("12"), None);
        let own = family(std::process::id()).unwrap();
        assert!(own.contains(&std::process::id()));
        assert!(total(&[std::process::id()].into()).unwrap() > 0);
    }
}
