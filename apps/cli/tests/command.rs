//! The command from outside: what it refuses, and how it says so. No test here starts a sandbox.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_litebox"));
    command.current_dir("/").stdin(Stdio::null());
    command
}

fn litebox<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Output {
    command().args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Asserts that the command refuses with `code`, that its error has the product's form, and that each of `words` is
/// in it.
#[track_caller]
fn refused<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>, code: i32, words: &[&str]) {
    let output = litebox(arguments);
    let error = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{error}");
    assert!(error.starts_with("litebox: "), "{error}");
    assert!(output.stdout.is_empty() && !error.contains("panicked"), "{error}");
    for word in words {
        assert!(error.contains(word), "no `{word}` in: {error}");
    }
}

#[track_caller]
fn answered<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> String {
    let output = litebox(arguments);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// A directory of a test's own.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("litebox-cli-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn bad_options_are_125_and_one_error() {
    refused(["run"], 125, &["PROG"]);
    refused(["run", "--no-such", "x"], 125, &["--no-such"]);
    refused(["no-such-verb"], 125, &["no-such-verb"]);
    refused(["run", "--mem", "lots", "x"], 125, &["--mem", "lots"]);
    refused(["run", "--timeout=-1", "x"], 125, &["--timeout"]);
    refused(["run", "-v", "nothing", "x"], 125, &["SRC:DST"]);
    refused(["run", "-v", "/a:/b:rwx", "x"], 125, &["rwx", "ro"]);
    refused(["run", "-e", "=", "x"], 125, &["NAME"]);
    refused(["run", "-u", "root", "x"], 125, &["root"]);
}

#[test]
fn what_is_not_built_is_refused_and_not_ignored() {
    refused(["run", "--net", "host", "x"], 125, &["--net", "none"]);
    refused(["run", "--net=allow=example.org", "x"], 125, &["none"]);
    refused(["run", "--cpus", "1.5", "x"], 125, &["enforces"]);
    refused(["run", "--cpus", "4000000", "/bin/true"], 125, &["rule", "limits.cpus", "fix"]);
    refused(["run", "-u", "4242", "/bin/true"], 125, &["rule", "identity", "fix", "--root"]);
}

#[test]
fn refusals_name_rule_and_fix() {
    refused(["run", "-v", "/tmp:relative", "/bin/true"], 125, &["rule", "mount.target", "fix"]);
    refused(["run", "-v", "/no/such:/x", "/bin/true"], 125, &["/no/such", "rule", "fix"]);
    refused(["run", "--root", "/no/such", "/bin/true"], 125, &["/no/such", "rule", "fix"]);
    refused(["run", "-w", "/no/such", "/bin/true"], 125, &["/no/such", "rule", "fix"]);
    refused(["run", "--audit", "/no/such/file", "/bin/true"], 125, &["/no/such/file", "rule", "fix"]);
    refused(["run", "--mem", "1K", "/bin/true"], 125, &["limits.memory", "fix"]);
    refused(["run", "--hostname", "", "/bin/true"], 125, &["hostname", "fix"]);
}

#[test]
fn a_program_that_is_not_there_is_127_and_one_that_is_no_program_126() {
    refused(["run", "no-such-program-at-all"], 127, &["no-such-program-at-all", "PATH"]);
    refused(["run", "--", ""], 127, &["not found"]);
    let scratch = Scratch::new("not-executable");
    let file = scratch.0.join("plain-file");
    fs::write(&file, "text").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    refused(["run", "-e", &format!("PATH={}", scratch.0.display()), "plain-file"], 126, &["plain-file"]);
}

#[test]
fn hidden_places_name_see() {
    let scratch = Scratch::new("home");
    let secret = scratch.0.canonicalize().unwrap().join(".ssh");
    fs::create_dir_all(&secret).unwrap();
    let output =
        command().env("HOME", secret.parent().unwrap()).args(["run", "-w"]).arg(&secret).arg("true").output();
    let output = output.unwrap();
    let error = text(&output.stderr);
    assert_eq!(output.status.code(), Some(125), "{error}");
    assert!(error.contains("--see") && error.contains(".ssh"), "{error}");
}

#[test]
fn bytes_that_are_no_text_are_no_panic() {
    let odd = OsStr::from_bytes(b"\xff\xfe");
    refused([OsStr::new("run"), odd], 127, &[]);
    refused([odd], 125, &[]);
    refused([OsStr::new("compat"), odd], 125, &[]);
    refused([OsStr::new("run"), OsStr::new("-v"), odd, OsStr::new("x")], 125, &[]);
    refused([OsStr::new("run"), OsStr::new("--mem"), odd, OsStr::new("x")], 125, &[]);
}

#[test]
fn an_argument_list_that_is_too_long_is_refused() {
    // execve(2) takes 128 KiB a string; the environment is the caller's own limit.
    let long = "x".repeat(100_000);
    let arguments = std::iter::repeat_n(long.as_str(), 10);
    let output = litebox(["run", "--dry-run", "/bin/true"].into_iter().chain(arguments));
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[test]
fn a_dry_run_starts_nothing_and_writes_nothing() {
    let scratch = Scratch::new("dry");
    let audit = scratch.0.join("audit");
    let arguments = ["run", "--dry-run", "--audit", audit.to_str().unwrap(), "/bin/true"];
    assert_eq!(answered(arguments), "");
    assert!(!audit.exists());
}

#[test]
fn the_policy_is_printed_with_what_enforces_it() {
    let page = answered(["run", "--print-policy", "-v", "/tmp:/data:rw", "--mem", "64M", "/bin/true"]);
    for part in ["/tmp:/data:rw", "network.mode", "67108864", "/etc/shadow", "broker", "flag", "default"] {
        assert!(page.contains(part), "no `{part}` in: {page}");
    }
    let json = answered(["run", "--print-policy=json", "/bin/true"]);
    let lines: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    assert!(lines.iter().any(|line| line["key"] == "mount" && line["value"] == "/:/:ov"));
}

#[test]
fn the_environment_is_cleaned() {
    let policy = |arguments: &[&str]| {
        let mut command = command();
        command.env_clear().envs([("PATH", "/bin"), ("SECRET", "1"), ("LC_ALL", "C"), ("LC", "1")]);
        let output =
            command.args(["run", "--print-policy=json"]).args(arguments).arg("/bin/true").output().unwrap();
        let lines: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
        let line = lines.iter().find(|line| line["key"] == "environment").unwrap();
        let mut names: Vec<_> = line["value"].as_str().unwrap().split(' ').map(str::to_owned).collect();
        names.sort();
        names
    };
    assert_eq!(policy(&[]), ["LC_ALL", "PATH"]);
    assert_eq!(
        policy(&["-e", "SECRET", "-e", "NEW=1", "-e", "NOT_THERE"]),
        ["LC_ALL", "NEW", "PATH", "SECRET"]
    );
    assert_eq!(policy(&["--env-all"]), ["LC", "LC_ALL", "PATH", "SECRET"]);
}

#[test]
fn compat_answers_by_name_and_number() {
    assert!(answered(["compat"]).contains("system calls:"));
    let page = answered(["compat", "write"]);
    assert!(page.starts_with("1 write(") && page.contains("support"), "{page}");
    assert_eq!(answered(["compat", "1"]), page);
    let one: serde_json::Value = serde_json::from_str(&answered(["compat", "write", "--json"])).unwrap();
    assert_eq!((&one["number"], &one["name"]), (&1.into(), &"write".into()));
    assert_eq!(one["doc"], "Write to a descriptor.");
    let all: Vec<serde_json::Value> = serde_json::from_str(&answered(["compat", "--json"])).unwrap();
    assert!(all.len() > 350);
    assert!(all.iter().all(|row| row["support"] == "full"
        || row["support"] == "partial"
        || row["support"] == "planned"
        || row["support"] == "refused"));
    refused(["compat", "writ"], 125, &["writ", "write"]);
    refused(["compat", "99999999999"], 125, &[]);
}

#[test]
fn tee_compat_answers_for_both_tables() {
    let page = answered(["tee", "compat"]);
    assert!(page.contains("71 calls of application:") && page.contains("12 calls of ldelf:"), "{page}");
    let one = answered(["tee", "compat", "hash_update"]);
    assert!(one.starts_with("19 hash_update(state: u32,") && one.contains("caller    application"), "{one}");
    let both = answered(["tee", "compat", "11"]);
    assert!(both.contains("mask_cancellation") && both.contains("caller    ldelf"), "{both}");
    let entry: serde_json::Value =
        serde_json::from_str(&answered(["tee", "compat", "map_zeros", "--json"])).unwrap();
    assert_eq!((&entry["caller"], &entry["number"]), (&"ldelf".into(), &3.into()));
    assert_eq!((&entry["support"], &entry["error"]), (&"planned".into(), &"TEE_ERROR_NOT_SUPPORTED".into()));
    let all: Vec<serde_json::Value> = serde_json::from_str(&answered(["tee", "compat", "--json"])).unwrap();
    assert_eq!(all.len(), 83);
    refused(["tee", "compat", "generat"], 125, &["OP-TEE has no call `generat`", "generate, generate_key\n"]);
    refused(["tee", "compat", "4242"], 125, &["4242"]);
}

#[test]
fn help_and_versions_are_answers() {
    for arguments in
        [&["--help"][..], &["help"], &["run", "--help"], &["--version"], &["version", "--verbose"]]
    {
        assert!(answered(arguments).contains("litebox"), "{arguments:?}");
    }
    assert!(answered(["run", "--help"]).contains("Exit codes"));
    let output = litebox::<&str>([]);
    assert_eq!(output.status.code(), Some(125));
    assert!(text(&output.stderr).contains("Usage"));
}

#[test]
fn completions_are_printed_for_each_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(answered(["completions", shell]).contains("print-policy"), "{shell}");
    }
    refused(["completions", "tcsh"], 125, &["tcsh"]);
}

#[test]
fn a_closed_output_is_no_panic() {
    for arguments in
        [&["compat"][..], &["tee", "compat"], &["completions", "bash"], &["--help"], &["version"]]
    {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = command().args(arguments).stdout(writer).output().unwrap();
        assert!(output.stderr.is_empty(), "{arguments:?}: {}", text(&output.stderr));
        assert!(output.status.code().is_some_and(|code| code < 2), "{arguments:?}");
    }
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command().arg("compat").stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).starts_with("litebox: "));
}
