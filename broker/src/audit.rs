//! The audit log: one line of JSON for each decision, counted, without repetition, bounded.
//!
//! Each line has `v` (the format, [`SCHEMA`]), `sequence`, `time`, `verdict`, `rule`, `operation`, `object` and `count`,
//! and where there is one, `fix`. A decision that repeats is written once; its count follows in a `repeated` line when
//! the log ends. The last line has the verdict `end` and says how many lines were `dropped` because they did not fit.

use serde::Serialize;
use std::collections::HashMap;
use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

/// The version of the line format.
pub const SCHEMA: u32 = 1;

/// The most different decisions that are told apart; later ones are counted by rule alone.
const MAX_DISTINCT: usize = 4096;

/// The longest object that is kept, in bytes: with the number of decisions, a bound on memory.
const MAX_OBJECT: usize = 1024;

/// The room kept for the last line, in bytes.
const END_RESERVE: u64 = 512;

/// Which decisions are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Refusals, reports, and the changes made to host files.
    Decisions,
    /// Also every file that is opened.
    Files,
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The request was granted.
    Allowed,
    /// The request was refused.
    Denied,
    /// The sandbox reported something.
    Reported,
    /// A decision of an earlier line, with how often it was made in all.
    Repeated,
    /// The log is complete.
    End,
}

/// One line of the log.
#[derive(Serialize)]
struct Line<'a> {
    /// The format, [`SCHEMA`].
    v: u32,
    /// Counts lines from 1; a gap means that lines did not fit.
    sequence: u64,
    /// Seconds since 1970.
    time: f64,
    verdict: Verdict,
    /// The rule that decided.
    rule: &'a str,
    /// What was asked.
    operation: &'a str,
    /// The object: a path as the guest names it. Bytes that are not UTF-8 are written as `\xNN`.
    object: &'a str,
    /// How often.
    count: u64,
    /// What would allow it.
    #[serde(skip_serializing_if = "str::is_empty")]
    fix: &'a str,
    /// Lines that did not fit; in the last line only.
    #[serde(skip_serializing_if = "Option::is_none")]
    dropped: Option<u64>,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decision {
    /// What was decided.
    pub verdict: Verdict,
    /// The rule that decided.
    pub rule: &'static str,
    /// What was asked.
    pub operation: &'static str,
    /// The object, printable.
    pub object: String,
}

/// The log. Never fails a request: what cannot be written is counted.
pub struct Audit {
    sink: Option<Box<dyn Write + Send>>,
    level: Level,
    counts: HashMap<Decision, u64>,
    sequence: u64,
    written: u64,
    limit: u64,
    dropped: u64,
    denied: u64,
    ended: bool,
}

impl Audit {
    /// Writes to `sink`, at most `limit` bytes.
    #[must_use]
    pub fn new(sink: Box<dyn Write + Send>, level: Level, limit: u64) -> Self {
        let mut audit = Self::silent();
        (audit.sink, audit.level, audit.limit) = (Some(sink), level, limit);
        audit
    }

    /// Counts, and writes nothing.
    #[must_use]
    pub fn silent() -> Self {
        Self {
            sink: None,
            level: Level::Decisions,
            counts: HashMap::new(),
            sequence: 0,
            written: 0,
            limit: 0,
            dropped: 0,
            denied: 0,
            ended: false,
        }
    }

    /// The level.
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }

    /// Notes a decision; `fix` is asked for only when a line is written. Gives whether it is the first of its kind.
    pub fn note(&mut self, mut decision: Decision, fix: impl FnOnce() -> String) -> bool {
        decision.object.truncate(decision.object.floor_char_boundary(MAX_OBJECT));
        if decision.verdict == Verdict::Denied {
            self.denied = self.denied.saturating_add(1);
        }
        if let Some(count) = self.counts.get_mut(&decision) {
            *count = count.saturating_add(1);
            return false;
        }
        let full = self.counts.len() >= MAX_DISTINCT;
        let decision = if full { Decision { object: "(others)".into(), ..decision } } else { decision };
        let count = self.counts.entry(decision.clone()).or_insert(0);
        *count = count.saturating_add(1);
        if *count > 1 {
            return false;
        }
        let fix = fix();
        self.write(decision.verdict, &decision, 1, &fix, None);
        true
    }

    /// How many requests were refused.
    #[must_use]
    pub fn denied(&self) -> u64 {
        self.denied
    }

    /// How many lines did not fit or could not be written.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Writes the counts and the last line. What is noted later is not written.
    pub fn end(&mut self) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let mut repeated: Vec<_> = self.counts.iter().filter(|(_, count)| **count > 1).collect();
        repeated.sort_by(|a, b| (a.0.rule, &a.0.object).cmp(&(b.0.rule, &b.0.object)));
        let repeated: Vec<_> =
            repeated.into_iter().map(|(decision, count)| (decision.clone(), *count)).collect();
        for (decision, count) in repeated {
            self.write(Verdict::Repeated, &decision, count, "", None);
        }
        let last = Decision { verdict: Verdict::End, rule: "audit", operation: "end", object: String::new() };
        self.limit = self.limit.saturating_add(END_RESERVE);
        self.write(Verdict::End, &last, self.denied, "", Some(self.dropped));
        if let Some(sink) = &mut self.sink {
            let _ = sink.flush();
        }
        self.sink = None;
    }

    fn write(&mut self, verdict: Verdict, decision: &Decision, count: u64, fix: &str, dropped: Option<u64>) {
        let Some(sink) = &mut self.sink else { return };
        self.sequence = self.sequence.saturating_add(1);
        let Decision { rule, operation, object, .. } = decision;
        let (v, sequence, time) = (SCHEMA, self.sequence, now());
        let line = Line { v, sequence, time, verdict, rule, operation, object, count, fix, dropped };
        let Ok(mut text) = serde_json::to_vec(&line) else { return };
        text.push(b'\n');
        let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
        let room = self.limit.saturating_sub(self.written);
        if length > room || sink.write_all(&text).is_err() {
            self.dropped = self.dropped.saturating_add(1);
        } else {
            self.written = self.written.saturating_add(length);
        }
    }
}

impl Drop for Audit {
    fn drop(&mut self) {
        self.end();
    }
}

/// Seconds since 1970; zero when the clock stands before.
fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

/// Bytes of a guest or host as text: UTF-8 as it is, anything else and control characters as `\xNN`.
#[must_use]
pub fn printable(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            if character.is_control() {
                text.extend(character.escape_default());
            } else {
                text.push(character);
            }
        }
        text.extend(chunk.invalid().iter().flat_map(|byte| byte.escape_ascii()).map(char::from));
    }
    text
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("unpoisoned").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn denied(object: String) -> Decision {
        Decision { verdict: Verdict::Denied, rule: "test", operation: "open", object }
    }

    #[test]
    fn log_and_memory_are_bounded() {
        let sink = Sink::default();
        let mut audit = Audit::new(Box::new(sink.clone()), Level::Decisions, 10_000);
        for number in 0..10_000 {
            audit.note(denied(format!("{number}{}", "é".repeat(4096))), String::new);
        }
        assert!(audit.counts.len() <= MAX_DISTINCT + 1);
        assert!(audit.counts.keys().all(|decision| decision.object.len() <= MAX_OBJECT));
        let (denied, dropped) = (audit.denied(), audit.dropped());
        drop(audit);
        let text = sink.0.lock().expect("unpoisoned").clone();
        assert!(text.len() <= 10_512, "{} bytes", text.len());
        let last = text.split(|byte| *byte == b'\n').rfind(|line| !line.is_empty()).expect("a line");
        let last: serde_json::Value = serde_json::from_slice(last).expect("JSON");
        assert_eq!(last["verdict"], "end");
        assert_eq!(last["count"], denied);
        assert!(last["dropped"].as_u64() >= Some(dropped) && dropped > 0);
    }

    #[test]
    fn text_is_made_printable() {
        assert_eq!(printable("plain é".as_bytes()), "plain é");
        assert_eq!(printable(b"\xff\x1b[2J\n\x00\x7f"), "\\xff\\u{1b}[2J\\n\\u{0}\\u{7f}");
    }
}
