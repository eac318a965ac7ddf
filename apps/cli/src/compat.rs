//! `litebox compat`: how far each system call is supported, from the rows of the table that serves them.

use crate::{REFUSED, output};
use clap::Args;
use litebox_north_linux::row::{Row, Support};
use litebox_north_linux::table::ROWS;
use serde::Serialize;
use std::fmt::Write;
use std::process::ExitCode;

#[derive(Args)]
pub(crate) struct Options {
    /// A system call, by name or number; all of them without
    name: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// A row, as the JSON says it.
#[derive(Serialize)]
struct Entry {
    number: u16,
    name: &'static str,
    noun: &'static str,
    doc: &'static str,
    arguments: Vec<Argument>,
    support: &'static str,
    /// What is missing, or why it is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
    /// The error number that the caller gets.
    #[serde(skip_serializing_if = "Option::is_none")]
    errno: Option<String>,
}

#[derive(Serialize)]
struct Argument {
    name: &'static str,
    kind: &'static str,
}

impl Entry {
    fn new(row: &Row) -> Self {
        let (support, note, errno) = match row.support {
            Support::Full => ("full", None, None),
            Support::Partial(missing) => ("partial", Some(missing), None),
            Support::Planned => ("planned", None, Some("ENOSYS".to_owned())),
            Support::Refused(errno, why) => ("refused", Some(why), Some(format!("{errno:?}"))),
        };
        let arguments = row.arguments.iter().map(|arg| Argument { name: arg.name, kind: arg.kind }).collect();
        Self {
            number: row.number,
            name: row.name,
            noun: row.noun,
            doc: row.doc,
            arguments,
            support,
            note,
            errno,
        }
    }

    /// Support, errno and note in one line.
    fn verdict(&self) -> String {
        let errno = self.errno.as_ref().map(|errno| format!(" {errno}")).unwrap_or_default();
        let note = self.note.map(|note| format!(": {note}")).unwrap_or_default();
        format!("{}{errno}{note}", self.support)
    }
}

pub(crate) fn run(options: &Options) -> ExitCode {
    let chosen: Vec<Entry> = match &options.name {
        Some(name) => ROWS.iter().filter(|row| is_named(row, name)).map(Entry::new).collect(),
        None => ROWS.iter().map(Entry::new).collect(),
    };
    match (&options.name, chosen.as_slice()) {
        (Some(name), []) => {
            output::complain(format_args!("Linux on x86-64 has no system call `{name}`{}", hint(name)));
            ExitCode::from(REFUSED)
        }
        (Some(_), [entry]) if options.json => output::answer(&output::json(entry), 0),
        (_, entries) if options.json => output::answer(&output::json(&entries), 0),
        (Some(_), entries) => output::answer(&entries.iter().map(details).collect::<String>(), 0),
        (None, entries) => output::answer(&page(entries), 0),
    }
}

fn is_named(row: &Row, name: &str) -> bool {
    row.name == name || name.parse() == Ok(row.number)
}

/// Names that contain the one that is not there.
fn hint(name: &str) -> String {
    let near: Vec<&str> =
        ROWS.iter().map(|row| row.name).filter(|other| other.contains(name)).take(8).collect();
    if name.is_empty() || near.is_empty() { String::new() } else { format!("; there is {}", near.join(", ")) }
}

fn details(entry: &Entry) -> String {
    let arguments: Vec<String> =
        entry.arguments.iter().map(|argument| format!("{}: {}", argument.name, argument.kind)).collect();
    format!(
        "{} {}({})\n  {}\n  noun      {}\n  support   {}\n",
        entry.number,
        entry.name,
        arguments.join(", "),
        entry.doc.trim(),
        entry.noun,
        entry.verdict()
    )
}

fn page(entries: &[Entry]) -> String {
    let mut text = String::new();
    for entry in entries {
        // Writing to a string cannot fail.
        let _ =
            writeln!(text, "{:>3} {:<24} {:<9} {}", entry.number, entry.name, entry.noun, entry.verdict());
    }
    let count = |support: &str| entries.iter().filter(|entry| entry.support == support).count();
    let _ = writeln!(
        text,
        "\n{} system calls: {} full, {} partial, {} planned, {} refused",
        entries.len(),
        count("full"),
        count("partial"),
        count("planned"),
        count("refused")
    );
    text
}
