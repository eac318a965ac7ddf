//! The client's script, from options or a file.

use super::RunOptions;
use litebox_north_optee::start::{Person, Script, words};
use std::fmt::Write;
use std::fs::File;
use std::io::{Error, Read};
use std::path::Path;

/// The longest script, and the longest file that a parameter names.
const LIMIT: u64 = 16 << 20;

/// The lines of the script, which make sense.
///
/// # Errors
/// Why they do not.
pub(super) fn lines(options: &RunOptions) -> Result<Vec<String>, String> {
    let text = match &options.script {
        Some(path) => read(path)?,
        None => simple(options)?,
    };
    let script = options.script.as_ref().map(|path| format!("script {}", path.display()));
    let at = |line: usize, cause: String| match &script {
        Some(script) => format!("{script}, line {line}: {cause}"),
        None => cause,
    };
    let numbered = (1..).zip(text.lines());
    let expanded = numbered.map(|(number, line)| expand(line).map_err(|cause| at(number, cause)));
    let mut lines = expanded.collect::<Result<Vec<_>, _>>()?;
    Script::parse(&lines.join("\n"), Person::default()).map_err(|error| at(error.line, error.cause))?;
    if let Some(limit) = options.call_timeout {
        lines.push(format!("limit {}", limit.as_millis()));
    }
    Ok(lines)
}

/// One session, with one command if one was asked for.
fn simple(options: &RunOptions) -> Result<String, String> {
    let mut text = String::from("open session\n");
    if let Some(odd) = options.parameters.iter().find(|parameter| words(parameter).len() != 1) {
        return Err(format!(
            "--param {odd:?} is not one parameter; a text with spaces stands in quotation marks"
        ));
    }
    if let Some(command) = &options.command {
        // Writing to a string does not fail.
        let _ = writeln!(text, "invoke session {command} {}", options.parameters.join(" "));
    }
    text.push_str("close session\n");
    Ok(text)
}

fn read(path: &Path) -> Result<String, String> {
    let bytes = if path == Path::new("-") { limited(std::io::stdin()) } else { contents(path) };
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).map_err(Error::other));
    text.map_err(|error| format!("the script {} cannot be read: {error}", path.display()))
}

fn contents(path: &Path) -> Result<Vec<u8>, Error> {
    File::open(path).and_then(limited)
}

/// All bytes of `source`, unless there are more than the limit.
fn limited(source: impl Read) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    source.take(LIMIT + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).is_ok_and(|count| count <= LIMIT) {
        return Ok(bytes);
    }
    Err(Error::other(format!("it has more than {LIMIT} bytes")))
}

/// Puts the bytes of files where parameters name them by `@FILE`.
fn expand(line: &str) -> Result<String, String> {
    Ok(words(line).into_iter().map(expand_word).collect::<Result<Vec<_>, _>>()?.join(" "))
}

fn expand_word(word: &str) -> Result<String, String> {
    let Some((kind @ ("mem" | "mem-inout"), named)) = word.split_once(":@") else {
        return Ok(word.to_owned());
    };
    let (path, room) = match named.rsplit_once('/') {
        // What ends in a number is a file's name if there is such a file.
        Some((path, room)) if room.parse::<u32>().is_ok() && !Path::new(named).exists() => (path, Some(room)),
        _ => (named, None),
    };
    let bytes = contents(Path::new(path));
    let bytes = bytes.map_err(|error| format!("the parameter's file {path} cannot be read: {error}"))?;
    let mut expanded = format!("{kind}:");
    for byte in bytes {
        // As above.
        let _ = write!(expanded, "{byte:02x}");
    }
    if let Some(room) = room {
        let _ = write!(expanded, "/{room}");
    }
    Ok(expanded)
}
