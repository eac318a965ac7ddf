//! A row of any table, as it is printed.

use litebox_north_linux::row as linux;
use litebox_north_optee::error::TeeError;
use litebox_north_optee::row as optee;
use serde::Serialize;

/// A row, as the JSON says it.
#[derive(Serialize)]
pub(super) struct Entry {
    /// Who calls, where that chooses between tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) caller: Option<&'static str>,
    pub(super) number: u16,
    pub(super) name: &'static str,
    pub(super) noun: &'static str,
    pub(super) doc: &'static str,
    pub(super) arguments: Vec<Argument>,
    #[serde(flatten)]
    pub(super) support: Support,
}

#[derive(Serialize)]
pub(super) struct Argument {
    name: &'static str,
    kind: &'static str,
}

/// How far a call is built.
#[derive(Serialize)]
pub(super) struct Support {
    #[serde(rename = "support")]
    pub(super) word: &'static str,
    /// What is missing, or why it is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
    /// The error that the caller gets.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl Entry {
    /// The entry of a Linux system call.
    pub(super) fn linux(row: &linux::Row) -> Self {
        let linux::Row { number, name, noun, doc, .. } = *row;
        let argument = |argument: &linux::Argument| Argument { name: argument.name, kind: argument.kind };
        let arguments = row.arguments.iter().map(argument).collect();
        let support = match row.support {
            linux::Support::Full => Support::full(),
            linux::Support::Partial(missing) => Support::partial(missing),
            linux::Support::Planned => Support::planned("ENOSYS"),
            linux::Support::Refused(errno, why) => Support::refused(format!("{errno:?}"), why),
        };
        Self { caller: None, number, name, noun, doc: doc.trim(), arguments, support }
    }

    /// The entry of a call that `caller` makes of OP-TEE.
    pub(super) fn optee(caller: &'static str, row: &optee::Row) -> Self {
        let optee::Row { number, name, noun, doc, .. } = *row;
        let argument = |argument: &optee::Argument| Argument { name: argument.name, kind: argument.kind };
        let arguments = row.arguments.iter().map(argument).collect();
        let support = match row.support {
            optee::Support::Full => Support::full(),
            optee::Support::Partial(missing) => Support::partial(missing),
            optee::Support::Planned => Support::planned(TeeError::NOT_SUPPORTED),
            optee::Support::Refused(error, why) => Support::refused(error, why),
        };
        Self { caller: Some(caller), number, name, noun, doc: doc.trim(), arguments, support }
    }

    /// The call and its arguments, as the table writes them.
    pub(super) fn signature(&self) -> String {
        let arguments = self.arguments.iter().map(|argument| format!("{}: {}", argument.name, argument.kind));
        format!("{}({})", self.name, arguments.collect::<Vec<_>>().join(", "))
    }
}

impl Support {
    fn full() -> Self {
        Self { word: "full", note: None, error: None }
    }

    fn partial(missing: &'static str) -> Self {
        Self { word: "partial", note: Some(missing), error: None }
    }

    fn planned(error: impl ToString) -> Self {
        Self { word: "planned", note: None, error: Some(error.to_string()) }
    }

    fn refused(error: impl ToString, why: &'static str) -> Self {
        Self { word: "refused", note: Some(why), error: Some(error.to_string()) }
    }

    /// Support, error and note in one line.
    pub(super) fn verdict(&self) -> String {
        let error = self.error.as_ref().map(|error| format!(" {error}")).unwrap_or_default();
        let note = self.note.map(|note| format!(": {note}")).unwrap_or_default();
        format!("{}{error}{note}", self.word)
    }
}
