//! The table as data: complete, in order, and in the words of the project.

use super::{ROWS, row};
use crate::row::Support;

/// The nouns of the project; a row belongs to one of them.
const NOUNS: &[&str] = &[
    "memory", "file", "pipe", "socket", "process", "thread", "signal", "futex", "event", "terminal", "ipc",
    "time", "random", "identity", "limit", "network", "packet", "console", "attest",
];

#[test]
fn rows_are_sorted_and_unique() {
    for pair in ROWS.windows(2) {
        let [first, second] = pair else { continue };
        assert!(first.number < second.number, "{} comes before {}", first.name, second.name);
        assert_eq!(row(u32::from(first.number)).map(|row| row.name), Some(first.name));
    }
    let mut names: alloc::vec::Vec<_> = ROWS.iter().map(|row| row.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), ROWS.len());
}

/// `arch/x86/entry/syscalls/syscall_64.tbl` of Linux 6.18: 0 to 336, then 424 to 469; 337 to 423 are unused.
#[test]
fn every_number_of_linux_has_a_row() {
    for number in (0..=336).chain(424..=469) {
        assert!(row(number).is_some(), "no row {number}");
    }
    for number in (337..=423).chain(470..=600) {
        assert!(row(number).is_none(), "row {number} does not exist in Linux");
    }
}

#[test]
fn rows_speak_the_words_of_the_project() {
    for row in ROWS {
        assert!(NOUNS.contains(&row.noun), "{} has the noun {}", row.name, row.noun);
        let doc = row.doc.trim();
        assert!(doc.ends_with('.') && doc.len() < 110, "the line of {} is no sentence", row.name);
        if let Support::Refused(_, why) | Support::Partial(why) = row.support {
            assert!(!why.is_empty(), "{} gives no reason", row.name);
        }
        assert!(row.arguments.len() <= 6, "{} has too many arguments", row.name);
    }
}
