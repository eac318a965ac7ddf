//! Tables of what a guest may ask, whichever North answers.

use std::fmt::Write;

/// A row of any North, as a page shows it.
pub(super) struct Line {
    pub(super) number: u16,
    pub(super) noun: &'static str,
    pub(super) doc: &'static str,
    /// The call and its arguments.
    pub(super) signature: String,
    pub(super) support: Support,
}

/// How far a call is built; the names of errors are those of the guest.
pub(super) enum Support {
    Full,
    Partial(&'static str),
    Planned,
    Refused(String, &'static str),
}

impl Support {
    fn word(&self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Partial(_) => "partial",
            Self::Planned => "planned",
            Self::Refused(..) => "refused",
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Full | Self::Planned => self.word().to_owned(),
            Self::Partial(missing) => format!("partial: {missing}"),
            Self::Refused(error, why) => format!("refused with `{error}`: {why}"),
        }
    }
}

/// The call `name` with `arguments`, each a name and a type.
pub(super) fn signature(name: &str, arguments: impl Iterator<Item = (&'static str, &'static str)>) -> String {
    let arguments: Vec<String> = arguments.map(|(name, kind)| format!("{name}: {kind}")).collect();
    format!("{name}({})", arguments.join(", "))
}

/// A summary, and a table with a line for each of `lines`.
pub(super) fn table(lines: &[Line]) -> String {
    let mut table = format!("{}\n\n", summary(lines));
    table.push_str("| Number | Call | Noun | Support | What it does |\n|---:|---|---|---|---|\n");
    for Line { number, noun, doc, signature, support } in lines {
        let (signature, support, doc) = (escape(signature), escape(&support.text()), escape(doc.trim()));
        // Writing to a string does not fail.
        let _ = writeln!(table, "| {number} | `{signature}` | {noun} | {support} | {doc} |");
    }
    table
}

fn summary(lines: &[Line]) -> String {
    let count = |wanted: &str| lines.iter().filter(|line| line.support.word() == wanted).count();
    let words = ["full", "partial", "planned", "refused"];
    let counts: Vec<String> = words.iter().map(|word| format!("{} {word}", count(word))).collect();
    format!("{} rows: {}.", lines.len(), counts.join(", "))
}

/// A table's columns are divided by bars, so a bar in one is written as `\|`.
fn escape(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::{Line, Support, signature, table};

    fn line(number: u16, name: &'static str, support: Support) -> Line {
        let signature = signature(name, [("fd", "Fd")].into_iter());
        Line { number, noun: "file", signature, doc: " Does a|b.", support }
    }

    #[test]
    fn a_row_is_a_line_and_bars_are_escaped() {
        let table = table(&[
            line(0, "read", Support::Full),
            line(1, "write", Support::Partial("most of it")),
            line(2, "open", Support::Refused("EPERM".to_owned(), "no|t here")),
        ]);
        assert!(table.starts_with("3 rows: 1 full, 1 partial, 0 planned, 1 refused.\n\n| Number |"));
        assert!(table.contains("| 0 | `read(fd: Fd)` | file | full | Does a\\|b. |\n"));
        assert!(table.contains("| 1 | `write(fd: Fd)` | file | partial: most of it | Does a\\|b. |\n"));
        assert!(table.contains("| file | refused with `EPERM`: no\\|t here | Does a\\|b. |\n"));
    }
}
