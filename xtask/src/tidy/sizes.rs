//! Sizes: what fits on a screen is read. Functions, files, image sources.

use super::config::Config;
use super::report::Report;
use super::tree::{Source, Tree, is_inside};

const RULE: &str = "size";

/// No function outside tests is longer.
const FUNCTION_LINES: usize = 80;

/// Nine functions in ten are no longer than this.
const FUNCTION_LINES_P90: usize = 30;

const FILE_LINES: usize = 500;

const IMAGE_FILE_LINES: usize = 60;

/// Paths of files that are data laid out as code.
const DATA: &str = "allow long";

/// Checks every file, every function and the distribution over all functions.
pub(crate) fn check(tree: &Tree, config: &Config, report: &mut Report) {
    for source in &tree.sources {
        check_file(source, config, report);
    }
    for (source, rust) in tree.parsed().filter(|(source, _)| !source.is_test()) {
        for function in rust.functions() {
            if function.lines > FUNCTION_LINES {
                let what =
                    format!("`{}` has {} lines, more than {FUNCTION_LINES}", function.name, function.lines);
                report.add(&source.path, function.line, RULE, what);
            }
        }
    }
    let p90 = percentile(&function_lengths(tree), 90);
    if p90 > FUNCTION_LINES_P90 {
        report.add(
            ".",
            1,
            RULE,
            format!("one function in ten has more than {p90} lines; the limit is {FUNCTION_LINES_P90}"),
        );
    }
}

fn check_file(source: &Source, config: &Config, report: &mut Report) {
    let lines = source.text.lines().count();
    let limit = if is_inside(&source.path, "apps/images/src") { IMAGE_FILE_LINES } else { FILE_LINES };
    let is_exempt = source.name() == "tests.rs" || config.has_line(DATA, &source.path);
    if lines > limit && !is_exempt {
        report.add(&source.path, lines, RULE, format!("{lines} lines, more than {limit}"));
    }
}

/// The lengths of all functions outside tests, shortest first.
pub(crate) fn function_lengths(tree: &Tree) -> Vec<usize> {
    let parsed = tree.parsed().filter(|(source, _)| !source.is_test());
    let mut lengths: Vec<usize> =
        parsed.flat_map(|(_, rust)| rust.functions()).map(|function| function.lines).collect();
    lengths.sort_unstable();
    lengths
}

/// The value below which `percent` of a sorted list lies; 0 for an empty list.
pub(crate) fn percentile(sorted: &[usize], percent: usize) -> usize {
    let index = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(index).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{check, percentile};
    use crate::tidy::testing::findings;

    fn function(lines: usize) -> String {
        format!("fn f() {{\n{}}}\n", "    g();\n".repeat(lines - 2))
    }

    #[test]
    fn the_longest_function_allowed_passes_and_one_line_more_fails() {
        let short = function(3).repeat(20);
        for (lines, expected) in [(80, 0), (81, 1)] {
            let text = format!("{short}{}", function(lines));
            assert_eq!(findings(check, "", &[("libos/src/memory.rs", &text)]).len(), expected);
        }
    }

    #[test]
    fn many_long_functions_fail_together() {
        let text = function(40).repeat(5);
        let found = findings(check, "", &[("libos/src/memory.rs", &text)]);
        assert_eq!(found, [".:1: one function in ten has more than 40 lines; the limit is 30"]);
    }

    #[test]
    fn a_long_file_fails_unless_it_is_data_or_tests() {
        let text = "// x\n".repeat(501);
        let files = [
            ("libos/src/memory.rs", text.as_str()),
            ("libos/src/tests.rs", &text),
            ("north/linux/src/table.rs", &text),
        ];
        assert_eq!(findings(check, "[allow long]\nnorth/linux/src/table.rs # data\n", &files).len(), 1);
    }

    #[test]
    fn an_image_is_sixty_lines() {
        let text = "// x\n".repeat(61);
        assert_eq!(findings(check, "", &[("apps/images/src/bin/user-linux.rs", &text)]).len(), 1);
    }

    #[test]
    fn percentiles() {
        assert_eq!(percentile(&[], 90), 0);
        assert_eq!(percentile(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 50), 6);
        assert_eq!(percentile(&[7], 90), 7);
    }
}
