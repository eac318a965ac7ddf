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
    let words = line.split_whitespace().map(|word| match word.split_once(":@") {
        Some((kind, path)) if kind.starts_with("mem") => {
            let bytes = std::fs::read(path).map_err(|error| format!("{path} cannot be read: {error}"))?;
            let digits = bytes.iter().fold(String::new(), |mut digits, byte| {
                // As above.
                let _ = write!(digits, "{byte:02x}");
                digits
            });
            Ok(format!("{kind}:{digits}"))
        }
        _ => Ok(word.to_owned()),
    });
    Ok(words.collect::<Result<Vec<_>, String>>()?.join(" "))
}
