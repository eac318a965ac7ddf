//! How much code of others runs in each trusted part.

use anyhow::Result;

use super::report::Report;
use crate::command;

const RULE: &str = "tcb";

/// Code generators run at build time only, and are not counted.
const EDGES: &str = "normal,no-proc-macro";

const TARGET: &str = "x86_64-unknown-linux-gnu";

/// A part: its name in the summary, its package, and how many external crates it may hold.
type Part = (&'static str, &'static str, usize);

const PARTS: &[Part] = &[("user image", "litebox-images", 25), ("broker", "litebox-broker", 40)];

/// Counts the external crates of each part, and reports what is above its limit. The result is a piece of the summary.
pub(crate) fn check(report: &mut Report) -> String {
    let parts: Vec<String> = PARTS.iter().map(|part| check_part(*part, report)).collect();
    parts.join(", ")
}

fn check_part((name, package, limit): Part, report: &mut Report) -> String {
    match count(package) {
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

fn count(package: &str) -> Result<usize> {
    let arguments = ["tree", "--locked", "-p", package, "-e", EDGES, "--target", TARGET, "--prefix", "none"];
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
