//! The page of what a trusted application may ask, from the rows of `north/optee`.

use litebox_north_optee::row::{self, Row};
use litebox_north_optee::table::{application, loader};

use super::calls::{Line, Support, signature, table};

const HEADER: &str = "\
<!-- Made by `cargo xtask codegen` from north/optee/src/table.rs. -->

# OP-TEE calls

What a trusted application of OP-TEE and its loader may ask, one row a call; who calls chooses the table. *full*: as in OP-TEE.
*partial*: less, and what is missing. *planned*: answered with `TEE_ERROR_NOT_SUPPORTED` today. *refused*: answered with an error for
good, and why. A number that is not listed is answered with `TEE_ERROR_NOT_SUPPORTED`.
";

const APPLICATION: &str = "\
## Of an application

What the API's functions in the application's own library are made of.
";

const LOADER: &str = "\
## Of the loader

`ldelf`, which OP-TEE runs as user code to load an application. The library OS loads applications itself, so none of these is needed
for them.
";

/// The whole page.
pub(super) fn page() -> String {
    let (application, loader) = (section(application::ROWS), section(loader::ROWS));
    format!("{HEADER}\n{APPLICATION}\n{application}\n{LOADER}\n{loader}")
}

fn section(rows: &[Row]) -> String {
    let lines: Vec<Line> = rows.iter().map(line).collect();
    table(&lines)
}

fn line(row: &Row) -> Line {
    let Row { number, noun, name, doc, .. } = *row;
    let arguments = row.arguments.iter().map(|argument| (argument.name, argument.kind));
    let support = match row.support {
        row::Support::Full => Support::Full,
        row::Support::Partial(missing) => Support::Partial(missing),
        row::Support::Planned => Support::Planned,
        row::Support::Refused(error, why) => Support::Refused(error.to_string(), why),
    };
    Line { number, noun, doc, signature: signature(name, arguments), support }
}
