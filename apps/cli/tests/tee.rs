//! `litebox tee run` from outside: what it refuses, and how it says so. No test here starts a sandbox.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A directory of a test's own, with a file in it that would do as an application until it is loaded.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("litebox-tee-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("any.ta"), "no application").unwrap();
        Self(path)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> &Self {
        fs::write(self.0.join(name), bytes).unwrap();
        self
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Asserts that `litebox tee run` in `folder` refuses with code 125 before anything starts, and that each of `words` is
/// in its error.
#[track_caller]
fn refused(folder: &Path, arguments: &[&str], input: &str, words: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_litebox"));
    command.current_dir(folder).args(["tee", "run"]).args(arguments);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that refuses its options does not read.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(125), "{error}");
    assert!(error.starts_with("litebox: ") && !error.contains("panicked"), "{error}");
    assert_eq!(error.matches("litebox: ").count(), 1, "more than one message: {error}");
    assert!(output.stdout.is_empty(), "{error}");
    for word in words {
        assert!(error.contains(word), "no `{word}` in: {error}");
    }
}

#[test]
fn an_application_that_is_not_there_is_refused_with_cause_and_fix() {
    let scratch = Scratch::new("missing");
    refused(&scratch.0, &["gone.ta"], "", &["gone.ta", "No such file", "rule", "application", "fix"]);
    refused(&scratch.0, &["no/folder/gone.ta"], "", &["no/folder/gone.ta", "No such file", "fix"]);
    refused(&scratch.0, &["any.ta/below"], "", &["any.ta/below", "Not a directory", "fix"]);
    refused(&scratch.0, &["."], "", &["it is no regular file", "fix"]);
    refused(&scratch.0, &["/dev/null"], "", &["/dev/null", "it is no regular file", "fix"]);
    refused(&scratch.0, &[""], "", &["TA"]);
    refused(&scratch.0, &[], "", &["TA"]);
}

#[test]
fn a_script_that_makes_no_sense_is_refused_by_its_line() {
    let scratch = Scratch::new("script");
    let steps = |text: &str, words: &[&str]| {
        scratch.write("steps", text.as_bytes());
        refused(&scratch.0, &["any.ta", "--script", "steps"], "", words);
        refused(&scratch.0, &["any.ta", "--script", "-"], text, words);
    };
    steps("open s\n\ndance s\n", &["line 3", "dance", "open, invoke, close"]);
    steps("open s\ninvoke t 0\n", &["line 2", "session t was never opened"]);
    steps("open s\ninvoke s many\n", &["line 2", "number of a command"]);
    steps("open s uuid=1234\n", &["line 1", "1234", "UUID"]);
    steps("open s login=root\n", &["line 1", "root", "public, user, group"]);
    steps("open s\nrepeat 2\nclose s\n", &["line 3", "no end"]);
    steps("open s\ninvoke s 0 none none none none none\n", &["line 2", "5 parameters are more than 4"]);
    steps("open s\ninvoke s 0 mem:@gone\n", &["line 2", "gone cannot be read"]);
}

#[test]
fn a_script_that_cannot_be_read_is_refused() {
    let scratch = Scratch::new("unread");
    refused(&scratch.0, &["any.ta", "--script", "gone"], "", &["the script gone", "No such file"]);
    refused(&scratch.0, &["any.ta", "--script", "."], "", &["the script .", "directory"]);
    refused(&scratch.0, &["any.ta", "--script", "/dev/zero"], "", &["/dev/zero", "more than 16777216 bytes"]);
    scratch.write("odd", b"open \xff\n");
    refused(&scratch.0, &["any.ta", "--script", "odd"], "", &["the script odd", "utf-8"]);
}

#[test]
fn parameters_that_make_no_sense_are_refused() {
    let scratch = Scratch::new("parameters");
    let command = |parameters: &[&str], words: &[&str]| {
        let mut arguments = vec!["any.ta", "--cmd", "0"];
        for parameter in parameters {
            arguments.extend(["--param", parameter]);
        }
        refused(&scratch.0, &arguments, "", words);
    };
    command(&["none"; 5], &["5 parameters are more than 4"]);
    command(&["pointer:1"], &["pointer:1", "value:A,B", "mem:BYTES"]);
    command(&["value:1"], &["value:1", "A,B"]);
    command(&["mem:abc"], &["mem:abc", "hexadecimal"]);
    command(&["mem-out:99999999999"], &["99999999999", "size"]);
    refused(&scratch.0, &["any.ta", "--cmd", "first"], "", &["number of a command"]);
}

#[test]
fn options_that_contradict_one_another_are_refused() {
    let scratch = Scratch::new("options");
    scratch.write("steps", b"open s\nclose s\n");
    let both = ["any.ta", "--script", "steps", "--cmd", "0"];
    refused(&scratch.0, &both, "", &["--script", "--cmd", "cannot be used with"]);
    refused(&scratch.0, &["any.ta", "--param", "none"], "", &["--cmd"]);
    refused(&scratch.0, &["any.ta", "--script", "steps", "--param", "none"], "", &["--param"]);
}

#[test]
fn a_file_is_a_parameter_by_its_bytes() {
    let scratch = Scratch::new("file");
    // The line below is the one that is refused, so the parameters were read.
    scratch.write("bytes", &[0xa5; 300]).write("steps", b"open s\ninvoke s 0 mem:@bytes mem:@bytes\ndance\n");
    refused(&scratch.0, &["any.ta", "--script", "steps"], "", &["line 3", "dance"]);
    let parameter = |parameter: &str, words: &[&str]| {
        refused(&scratch.0, &["any.ta", "--cmd", "0", "--param", parameter], "", words);
    };
    parameter("mem:@gone", &["gone cannot be read", "No such file"]);
    parameter("mem:@.", &[". cannot be read", "directory"]);
    parameter("mem:@/dev/zero", &["/dev/zero cannot be read", "more than 16777216 bytes"]);
    parameter("value:@bytes", &["value:@bytes", "A,B"]);
    parameter("mem-inout:@bytes/3", &["300 bytes do not fit into 3"]);
}
