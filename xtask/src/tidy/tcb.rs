//! How much code of others runs in each trusted part.

use anyhow::Result;

use super::report::Report;
use crate::command;

const RULE: &str = "tcb";

/// Code generators run at build time only, and are not counted.
const EDGES: &str = "normal,no-proc-macro";

const TARGET: &str = "x86_64-unknown-linux-gnu";

/// A part: its name in the summary, its packages, and how many external crates they may hold.
type Part = (&'static str, &'static [&'static str], usize);

/// An image holds one North, though all are built from one package.
const PARTS: &[Part] = &[
    ("Linux image", &["litebox-host-linux", "litebox-north-linux"], 25),
    ("OP-TEE image", &["litebox-host-linux", "litebox-north-optee"], 30),
    ("broker", &["litebox-broker"], 40),
];

/// Counts the external crates of each part, and reports what is above its limit. The result is a piece of the summary.
pub(crate) fn check(report: &mut Report) -> String {
    let parts: Vec<String> = PARTS.iter().map(|part| check_part(*part, report)).collect();
    parts.join(", ")
}

fn check_part((name, packages, limit): Part, report: &mut Report) -> String {
    match count(packages) {
        Ok(count) => {
            if count > limit {
                report.add(
                    "Cargo.lock",
                    1,
                    RULE,
                    format!("{name}: {count} external crates, more than {limit}"),
                );
            }
            format!("{name} {count}/{limit}")
        }
        Err(error) => {
            report.add("Cargo.lock", 1, RULE, format!("{name}: {error:#}"));
            format!("{name} not counted")
        }
    }
}

fn count(packages: &[&str]) -> Result<usize> {
    let mut arguments = vec!["tree", "--locked", "-e", EDGES, "--target", TARGET, "--prefix", "none"];
    arguments.extend(packages.iter().flat_map(|package| ["-p", package]));
    Ok(external_crates(&command::output("cargo", &arguments)?))
}

/// The distinct crates in the output of `cargo tree`; those of ours carry their folder in brackets.
fn external_crates(output: &str) -> usize {
    let lines = output.lines().filter(|line| !line.is_empty() && !line.contains("(/"));
    lines.map(|line| line.trim_end_matches(" (*)")).collect::<std::collections::BTreeSet<_>>().len()
}

#[cfg(test)]
mod tests {
    use super::external_crates;

    #[test]
    fn counts_each_external_crate_once_and_ours_never() {
        let output = "litebox-images v0.1.0 (/src/apps/images)\nbitflags v2.13.2\nelf v0.8.0\nbitflags v2.13.2 (*)\n\n";
        assert_eq!(external_crates(output), 2);
    }
}
