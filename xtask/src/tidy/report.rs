//! What the rules found.

use std::fmt;

/// One broken rule, at one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// From the workspace root.
    pub(crate) path: String,
    /// Counted from 1.
    pub(crate) line: usize,
    /// The rule's short name.
    pub(crate) rule: &'static str,
    /// What is wrong, in words.
    pub(crate) what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}: {}", self.path, self.line, self.rule, self.what)
    }
}

/// Collects findings.
#[derive(Debug, Default)]
pub(crate) struct Report {
    findings: Vec<Finding>,
}

impl Report {
    /// Notes a broken rule.
    pub(crate) fn add(&mut self, path: &str, line: usize, rule: &'static str, what: impl Into<String>) {
        self.findings.push(Finding { path: path.to_owned(), line, rule, what: what.into() });
    }

    /// All findings, by path and line.
    pub(crate) fn into_sorted(mut self) -> Vec<Finding> {
        self.findings.sort();
        self.findings
    }
}
