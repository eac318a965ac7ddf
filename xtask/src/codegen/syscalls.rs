//! The page of what a Linux guest may ask, from the rows of `north/linux`.

use litebox_north_linux::row::{self, Row};
use litebox_north_linux::table::ROWS;

use super::calls::{Line, Support, signature, table};

const HEADER: &str = "\
<!-- Made by `cargo xtask codegen` from north/linux/src/table.rs. -->

# System calls

What a Linux guest may ask, one row a call. *full*: as on Linux. *partial*: less, and what is missing. *planned*: answered with
`ENOSYS` today. *refused*: answered with an error for good, and why. A number that is not listed is answered with `ENOSYS`.
";

/// The whole page.
pub(super) fn page() -> String {
    let lines: Vec<Line> = ROWS.iter().map(line).collect();
    format!("{HEADER}\n{}", table(&lines))
}

fn line(row: &Row) -> Line {
    let Row { number, noun, name, doc, .. } = *row;
    let arguments = row.arguments.iter().map(|argument| (argument.name, argument.kind));
    let support = match row.support {
        row::Support::Full => Support::Full,
        row::Support::Partial(missing) => Support::Partial(missing),
        row::Support::Planned => Support::Planned,
        row::Support::Refused(errno, why) => Support::Refused(format!("{errno:?}"), why),
    };
    Line { number, noun, doc, signature: signature(name, arguments), support }
}
