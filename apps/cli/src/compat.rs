//! `litebox compat` and `litebox tee compat`: how far each call of a guest is supported, from the rows of the tables
//! that serve them.

mod entry;

use crate::{REFUSED, output};
use clap::Args;
use entry::Entry;
use litebox_north_linux::table::ROWS;
use litebox_north_optee::table::{application, loader};
use std::fmt::Write;
use std::process::ExitCode;

#[derive(Args)]
pub(crate) struct Options {
    /// A call, by name or number; all of them without
    name: Option<String>,
    /// Print JSON: an array, or the one call that NAME means
    #[arg(long)]
    json: bool,
}

/// `litebox compat`.
pub(crate) fn linux(options: &Options) -> ExitCode {
    run(options, ROWS.iter().map(Entry::linux).collect(), "Linux on x86-64 has no system call")
}

/// `litebox tee compat`.
pub(crate) fn optee(options: &Options) -> ExitCode {
    let applications = application::ROWS.iter().map(|row| Entry::optee("application", row));
    let loaders = loader::ROWS.iter().map(|row| Entry::optee("ldelf", row));
    run(options, applications.chain(loaders).collect(), "OP-TEE has no call")
}

/// Prints what `options` choose of `entries`. `lack` begins the sentence that there is no such call.
fn run(options: &Options, entries: Vec<Entry>, lack: &str) -> ExitCode {
    let Some(name) = &options.name else {
        let text = if options.json { output::json(&entries) } else { page(&entries) };
        return output::answer(&text, 0);
    };
    let chosen: Vec<&Entry> = entries.iter().filter(|entry| is_named(entry, name)).collect();
    match chosen.as_slice() {
        [] => {
            output::complain(format_args!("{lack} `{name}`{}", hint(&entries, name)));
            ExitCode::from(REFUSED)
        }
        [entry] if options.json => output::answer(&output::json(entry), 0),
        chosen if options.json => output::answer(&output::json(&chosen), 0),
        chosen => output::answer(&chosen.iter().map(|entry| details(entry)).collect::<String>(), 0),
    }
}

fn is_named(entry: &Entry, name: &str) -> bool {
    entry.name == name || name.parse() == Ok(entry.number)
}

/// Names that contain the one that is not there.
fn hint(entries: &[Entry], name: &str) -> String {
    let mut near: Vec<&str> = Vec::new();
    for other in entries.iter().map(|entry| entry.name).filter(|other| other.contains(name)) {
        if near.len() < 8 && !near.contains(&other) {
            near.push(other);
        }
    }
    if name.is_empty() || near.is_empty() { String::new() } else { format!("; there is {}", near.join(", ")) }
}

fn details(entry: &Entry) -> String {
    let caller = entry.caller.map(|caller| format!("  caller    {caller}\n")).unwrap_or_default();
    format!(
        "{} {}\n  {}\n{caller}  noun      {}\n  support   {}\n",
        entry.number,
        entry.signature(),
        entry.doc,
        entry.noun,
        entry.support.verdict()
    )
}

/// Every table's lines, and below them how many there are of each support.
fn page(entries: &[Entry]) -> String {
    let width = entries.iter().map(|entry| entry.name.len()).max().unwrap_or_default();
    let tables = entries.chunk_by(|one, next| one.caller == next.caller);
    tables.map(|table| lines(table, width)).collect::<Vec<_>>().join("\n")
}

fn lines(table: &[Entry], width: usize) -> String {
    let mut text = String::new();
    for Entry { number, name, noun, caller, support, .. } in table {
        let caller = caller.map(|caller| format!("{caller:<12}")).unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{number:>3} {name:<width$} {caller}{noun:<9} {}", support.verdict());
    }
    let of = table.first().and_then(|entry| entry.caller).map(|caller| format!("calls of {caller}"));
    let count = |word: &str| table.iter().filter(|entry| entry.support.word == word).count();
    let _ = writeln!(
        text,
        "\n{} {}: {} full, {} partial, {} planned, {} refused",
        table.len(),
        of.as_deref().unwrap_or("system calls"),
        count("full"),
        count("partial"),
        count("planned"),
        count("refused")
    );
    text
}
