//! The tables as data: complete, in order, and in the words of the project.

use super::{application, loader};
use crate::row::{Row, Support};

#[test]
fn every_number_has_a_row() {
    for (rows, count) in [(application::ROWS, 71), (loader::ROWS, 12)] {
        let numbers: alloc::vec::Vec<u16> = rows.iter().map(|row| row.number).collect();
        assert_eq!(numbers, (0..count).collect::<alloc::vec::Vec<u16>>());
    }
}

#[test]
fn rows_speak_the_words_of_the_project() {
    let all: alloc::vec::Vec<&Row> = application::ROWS.iter().chain(loader::ROWS).collect();
    for row in all {
        let doc = row.doc.trim();
        assert!(doc.ends_with('.') && doc.len() < 110, "the line of {} is no sentence", row.name);
        if let Support::Refused(_, why) | Support::Partial(why) = row.support {
            assert!(!why.is_empty(), "{} gives no reason", row.name);
        }
        assert!(row.arguments.len() <= 8, "{} has too many arguments", row.name);
    }
}
