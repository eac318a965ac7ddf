//! The client's script, from options or a file.

use super::RunOptions;
use litebox_north_optee::start::{Person, Script};
use std::fmt::Write;
use std::io::Read;
use std::path::Path;

/// The longest script, and the longest file that a parameter names.
const LIMIT: u64 = 16 << 20;

/// The lines of the script, which make sense.
///
/// # Errors
/// Why they do not.
pub(super) fn lines(options: &RunOptions) -> Result<Vec<String>, String> {
    let (text, name) = match &options.script {
        Some(path) => (read(path)?, path.display().to_string()),
        None => (simple(options), "the options".to_owned()),
    };
    let mut lines = text.lines().map(expand).collect::<Result<Vec<_>, _>>()?;
    let joined = lines.join("\n");
    Script::parse(&joined, Person::default()).map_err(|error| match options.script {
        Some(_) => format!("{name}: {error}"),
        None => error.cause,
    })?;
    if let Some(limit) = options.call_timeout {
        lines.push(format!("limit {}", limit.as_millis()));
    }
    Ok(lines)
}

/// One session, with one command if one was asked for.
fn simple(options: &RunOptions) -> String {
    let mut text = String::from("open session\n");
    if let Some(command) = &options.command {
        // Writing to a string does not fail.
        let _ = writeln!(text, "invoke session {command} {}", options.parameters.join(" "));
    }
    text.push_str("close session\n");
    text
}

fn read(path: &Path) -> Result<String, String> {
    let mut text = String::new();
    let outcome = if path == Path::new("-") {
        std::io::stdin().take(LIMIT).read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(LIMIT).read_to_string(&mut text))
    };
    outcome.map(|_| text).map_err(|error| format!("the script {} cannot be read: {error}", path.display()))
}

/// Puts the bytes of files where `@FILE` names them.
fn expand(line: &str) -> Result<String, String> {
    let mut expanded = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once(":@") {
        let (path, more) = after.split_at(after.find(char::is_whitespace).unwrap_or(after.len()));
        let bytes = std::fs::read(path).map_err(|error| format!("{path} cannot be read: {error}"))?;
        expanded.push_str(before);
        expanded.push(':');
        for byte in bytes {
            // As above.
            let _ = write!(expanded, "{byte:02x}");
        }
        rest = more;
    }
    expanded.push_str(rest);
    Ok(expanded)
}
