//! `Report`: what the sandbox says for the user's eyes. Counted, without repetition, rate limited, and made printable.

use crate::audit::{Audit, Decision, Verdict, printable};
use litebox_broker_protocol::ReportKind;
use std::collections::BTreeMap;
use std::io::Write;
use std::time::{Duration, Instant};

/// The most different texts that are told apart; what else is said is only counted.
const MAX_TEXTS: usize = 256;

/// The longest part of a text that is kept, in bytes.
const MAX_KEPT: usize = 512;

/// How many lines can be printed at once, and how many more each second.
const BURST: u32 = 32;
const PER_SECOND: u32 = 8;

/// What the sandbox has said, for the line at the end of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Texts of unsupported requests, with how often each was reported.
    pub unsupported: Vec<(String, u64)>,
    /// Texts of refusals inside the sandbox.
    pub denied: Vec<(String, u64)>,
    /// Other texts.
    pub notes: Vec<(String, u64)>,
    /// Reports that were only counted.
    pub uncounted: u64,
}

pub(super) struct Reports {
    counts: BTreeMap<(ReportKind, String), u64>,
    uncounted: u64,
    printer: Option<Box<dyn Write + Send>>,
    /// Lines that can be printed now.
    tokens: u32,
    refilled: Instant,
}

impl Reports {
    /// Prints to `printer`, if there is one.
    pub(super) fn new(printer: Option<Box<dyn Write + Send>>) -> Self {
        let (counts, refilled) = (BTreeMap::new(), Instant::now());
        Self { counts, uncounted: 0, printer, tokens: BURST, refilled }
    }

    /// Takes a report; its first occurrence is printed and goes to the audit log.
    pub(super) fn take(&mut self, kind: ReportKind, text: &[u8], audit: &mut Audit) {
        if kind == ReportKind::Trace {
            return self.trace(text);
        }
        let text = printable(text.get(..MAX_KEPT).unwrap_or(text));
        if let Some(count) = self.counts.get_mut(&(kind, text.clone())) {
            *count = count.saturating_add(1);
            return;
        }
        if self.counts.len() >= MAX_TEXTS {
            self.uncounted = self.uncounted.saturating_add(1);
            return;
        }
        let (verdict, rule, word) = match kind {
            ReportKind::Unsupported => (Verdict::Reported, "unsupported", "unsupported"),
            ReportKind::Denied => (Verdict::Denied, "sandbox", "denied"),
            ReportKind::Note | ReportKind::Trace => (Verdict::Reported, "note", "note"),
        };
        self.print(word, &text);
        audit.note(Decision { verdict, rule, operation: "report", object: text.clone() }, String::new);
        self.counts.insert((kind, text), 1);
    }

    /// Prints a line that somebody asked for, however many there are.
    fn trace(&mut self, text: &[u8]) {
        if let Some(printer) = &mut self.printer {
            let _ = writeln!(printer, "{}", printable(text));
        }
    }

    /// Prints one line, if there is room for it now.
    fn print(&mut self, word: &str, text: &str) {
        self.refill();
        let Some(printer) = &mut self.printer else { return };
        let Some(left) = self.tokens.checked_sub(1) else { return };
        self.tokens = left;
        let _ = writeln!(printer, "litebox: {word}: {text}");
    }

    fn refill(&mut self) {
        let seconds = self.refilled.elapsed().as_secs();
        if seconds > 0 {
            let fresh = u32::try_from(seconds).unwrap_or(u32::MAX).saturating_mul(PER_SECOND);
            self.tokens = self.tokens.saturating_add(fresh).min(BURST);
            self.refilled += Duration::from_secs(seconds);
        }
    }

    pub(super) fn summary(&self) -> Summary {
        let of = |kind: ReportKind| {
            let texts = self.counts.iter().filter(|((at, _), _)| *at == kind);
            texts.map(|((_, text), count)| (text.clone(), *count)).collect()
        };
        Summary {
            unsupported: of(ReportKind::Unsupported),
            denied: of(ReportKind::Denied),
            notes: of(ReportKind::Note),
            uncounted: self.uncounted,
        }
    }
}
