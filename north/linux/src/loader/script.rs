//! Scripts: the line after `#!` (`execve(2)`, "Interpreter scripts").

use crate::error::{Errno, Result};

/// How many bytes of a file Linux looks at to tell what it is (`BINPRM_BUF_SIZE`).
pub(super) const HEAD: usize = 256;

/// How many scripts may interpret one another before a program must come.
pub(super) const MAX_DEPTH: usize = 5;

/// What a script's first line says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Script<'a> {
    /// The interpreter's path.
    pub(super) interpreter: &'a [u8],
    /// The rest of the line: one argument, spaces and all.
    pub(super) argument: Option<&'a [u8]>,
}

/// The first line of a script whose file starts with `head`, at most [`HEAD`] bytes; `None` if it is no script.
///
/// # Errors
/// `ENOEXEC` if no interpreter is named, or its name may go on beyond the bytes that are looked at.
pub(super) fn parse(head: &[u8]) -> Result<Option<Script<'_>>> {
    let Some(rest) = head.strip_prefix(b"#!") else { return Ok(None) };
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t');
    let newline = rest.iter().position(|byte| *byte == b'\n');
    let line = rest.get(..newline.unwrap_or(rest.len())).unwrap_or_default();
    let start = line.iter().position(|byte| !is_space(byte)).ok_or(Errno::ENOEXEC)?;
    let line = line.get(start..).unwrap_or_default();
    let name_end = line.iter().position(|byte| is_space(byte) || *byte == 0);
    // Without an end of line the name is whole only if something follows it, or the file ends with it.
    if newline.is_none() && name_end.is_none() && head.len() >= HEAD {
        return Err(Errno::ENOEXEC);
    }
    let (interpreter, rest) = line.split_at(name_end.unwrap_or(line.len()));
    if interpreter.is_empty() {
        return Err(Errno::ENOEXEC);
    }
    Ok(Some(Script { interpreter, argument: trimmed(rest, is_space) }))
}

/// `rest` up to its first NUL, without spaces around it; `None` if nothing is left.
fn trimmed(rest: &[u8], is_space: impl Fn(&u8) -> bool) -> Option<&[u8]> {
    let rest = rest.split(|byte| *byte == 0).next()?;
    let first = rest.iter().position(|byte| !is_space(byte))?;
    let last = rest.iter().rposition(|byte| !is_space(byte))?;
    rest.get(first..=last)
}
