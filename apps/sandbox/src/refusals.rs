//! Remembers the broker's refusals for the end of the run, on their way to the audit file.

use serde::Deserialize;
use std::fs::File;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// The most refusals that are told.
const MAX_KEPT: usize = 32;

/// Where the audit log is written: the user's file, if there is one, and this memory.
#[derive(Clone)]
pub(crate) struct Recorder(Arc<Mutex<Record>>);

struct Record {
    file: Option<File>,
    refusals: Vec<String>,
}

/// What the library OS has of its own, and asks the broker about when it mounts it; there is nothing to tell of that.
const OWN: [&str; 3] = ["/proc", "/sys", "/dev"];

/// The part of a line of the audit log that a person is told.
#[derive(Deserialize)]
struct Line {
    verdict: String,
    rule: String,
    operation: String,
    object: String,
    #[serde(default)]
    fix: String,
}

impl Recorder {
    pub(crate) fn new(file: Option<File>) -> Self {
        Self(Arc::new(Mutex::new(Record { file, refusals: Vec::new() })))
    }

    /// What was refused, each once.
    pub(crate) fn refusals(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).refusals.clone()
    }
}

impl Write for Recorder {
    /// Takes one whole line, as the log writes them.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut record = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if record.refusals.len() < MAX_KEPT
            && let Ok(line) = serde_json::from_slice::<Line>(line)
            && line.verdict == "denied"
            && line.operation != "report"
            && !OWN.contains(&line.object.as_str())
        {
            record.refusals.push(line.text());
        }
        if let Some(file) = &mut record.file {
            file.write_all(line)?;
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Line {
    fn text(&self) -> String {
        let Self { rule, operation, object, fix, .. } = self;
        let fix = if fix.is_empty() { String::new() } else { format!(" (fix: {fix})") };
        format!("{operation} {object}: {rule}{fix}")
    }
}
