//! Printing: a stream that is closed is never a panic.

use std::fmt::Display;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

/// Prints an error, or a line about the run, on standard error.
pub(crate) fn complain(text: impl Display) {
    // There is nobody left to tell when this fails.
    let _ = writeln!(std::io::stderr(), "litebox: {text}");
}

/// Whether a person reads standard error.
pub(crate) fn is_watched() -> bool {
    std::io::stderr().is_terminal()
}

/// Prints a verb's whole answer on standard output. A reader that has gone, as `head` does, has had enough; any other
/// failure makes the verb fail.
pub(crate) fn answer(text: &str, code: u8) -> ExitCode {
    let mut output = std::io::stdout();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            complain(format_args!("cannot write the answer: {error}"));
            ExitCode::FAILURE
        }
        _ => ExitCode::from(code),
    }
}

/// A value as JSON, with a line end.
pub(crate) fn json(value: &impl serde::Serialize) -> String {
    // Only maps with keys that are no strings fail, and there are none here.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
