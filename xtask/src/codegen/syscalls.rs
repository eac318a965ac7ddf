//! The page of what a guest may ask, from the rows of `north/linux`.

use std::fmt::Write;

use litebox_north_linux::row::{Row, Support};
use litebox_north_linux::table::ROWS;

const HEADER: &str = "\
<!-- Made by `cargo xtask codegen` from north/linux/src/table.rs. -->

# System calls

What a Linux guest may ask, one row a call. *full*: as on Linux. *partial*: less, and what is missing. *planned*: answered with
`ENOSYS` today. *refused*: answered with an error for good, and why. A number that is not listed is answered with `ENOSYS`.
";

/// The whole page.
pub(super) fn page() -> String {
    render(ROWS)
}

fn render(rows: &[Row]) -> String {
    let mut page = HEADER.to_owned();
    // Writing to a string does not fail.
    let _ = writeln!(page, "\n{}\n", summary(rows));
    page.push_str("| Number | Call | Noun | Support | What it does |\n|---:|---|---|---|---|\n");
    for row in rows {
        let Row { number, noun, doc, .. } = row;
        let (signature, support) = (escape(&signature(row)), escape(&support(row.support)));
        let _ = writeln!(page, "| {number} | `{signature}` | {noun} | {support} | {} |", escape(doc.trim()));
    }
    page
}

fn summary(rows: &[Row]) -> String {
    let count = |wanted: &str| rows.iter().filter(|row| word(row.support) == wanted).count();
    let words = ["full", "partial", "planned", "refused"];
    let counts: Vec<String> = words.iter().map(|word| format!("{} {word}", count(word))).collect();
    format!("{} rows: {}.", rows.len(), counts.join(", "))
}

fn word(support: Support) -> &'static str {
    match support {
        Support::Full => "full",
        Support::Partial(_) => "partial",
        Support::Planned => "planned",
        Support::Refused(..) => "refused",
    }
}

fn support(support: Support) -> String {
    match support {
        Support::Full | Support::Planned => word(support).to_owned(),
        Support::Partial(missing) => format!("partial: {missing}"),
        Support::Refused(errno, why) => {
            let errno = errno.name().map_or_else(|| errno.0.to_string(), str::to_owned);
            format!("refused with `{errno}`: {why}")
        }
    }
}

fn signature(row: &Row) -> String {
    let arguments: Vec<String> =
        row.arguments.iter().map(|argument| format!("{}: {}", argument.name, argument.kind)).collect();
    format!("{}({})", row.name, arguments.join(", "))
}

/// A table's columns are divided by bars, so a bar in one is written as `\|`.
fn escape(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::{Row, Support, render};

    fn row(number: u16, name: &'static str, support: Support) -> Row {
        Row { number, noun: "file", name, doc: " Does a|b.", arguments: &[], support }
    }

    #[test]
    fn a_row_is_a_line_and_bars_are_escaped() {
        let page = render(&[row(0, "read", Support::Full), row(1, "write", Support::Partial("most of it"))]);
        assert!(page.contains("2 rows: 1 full, 1 partial, 0 planned, 0 refused."));
        assert!(page.contains("| 0 | `read()` | file | full | Does a\\|b. |\n"));
        assert!(page.contains("| 1 | `write()` | file | partial: most of it | Does a\\|b. |\n"));
    }
}
