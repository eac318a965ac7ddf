//! The command with real sandboxes: exit codes, the time limit, signals to the supervisor, and what is left behind.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A static program with many names, from the package `busybox-static`.
const BUSYBOX: &str = "/bin/busybox";

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

fn command(options: &[&str], program: &[&str]) -> Command {
    assert!(Path::new(BUSYBOX).exists(), "apt install busybox-static");
    let mut command = Command::new(env!("CARGO_BIN_EXE_litebox"));
    command.current_dir("/").stdin(Stdio::null());
    command.arg("run").args(options).arg("--").arg(BUSYBOX).args(program);
    command
}

fn run(options: &[&str], program: &[&str]) -> Output {
    command(options, program).output().unwrap()
}

fn code(options: &[&str], program: &[&str]) -> Option<i32> {
    run(options, program).status.code()
}

#[test]
fn the_programs_exit_code_is_the_commands() {
    for code in ["0", "1", "7", "124", "125", "126", "127", "255"] {
        let status = run(&[], &["sh", "-c", &format!("exit {code}")]).status;
        assert_eq!(status.code(), code.parse().ok());
    }
}

#[test]
fn a_signal_that_ends_the_program_is_128_and_its_number() {
    assert_eq!(code(&[], &["sh", "-c", "kill -TERM $$"]), Some(128 + 15));
    assert_eq!(code(&[], &["sh", "-c", "kill -KILL $$"]), Some(128 + 9));
}

#[test]
fn what_cannot_be_executed_is_126_and_what_is_not_there_127() {
    let litebox = |program: &str| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_litebox")).args(["run", "--", program]).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(error.starts_with("litebox: ") && error.contains(program), "{error}");
        output.status.code()
    };
    assert_eq!(litebox("/etc"), Some(126));
    assert_eq!(litebox("/etc/passwd"), Some(126));
    assert_eq!(litebox("/no/such/program"), Some(127));
}

#[test]
fn output_and_environment_pass() {
    let output = run(&["-e", "GIVEN=1"], &["sh", "-c", "echo $GIVEN; echo problem >&2"]);
    assert_eq!((output.stdout.as_slice(), output.stderr.as_slice()), (&b"1\n"[..], &b"problem\n"[..]));
    let environment = run(&[], &["env"]).stdout;
    let environment = String::from_utf8(environment).unwrap();
    assert!(environment.contains("PATH="), "{environment}");
    assert!(!environment.contains("CARGO"), "{environment}");
}

#[test]
fn the_time_limit_is_124() {
    let before = Instant::now();
    assert_eq!(code(&["--timeout", "200ms"], &["sleep", "1000"]), Some(124));
    assert!(before.elapsed() < PATIENCE);
    assert_eq!(code(&["--timeout", "1h"], &["true"]), Some(0));
}

/// The processes below one, however deep.
fn descendants(process: u32) -> Vec<u32> {
    let listed = fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
    let children: Vec<u32> = listed.split_whitespace().filter_map(|child| child.parse().ok()).collect();
    children.iter().flat_map(|child| [vec![*child], descendants(*child)].concat()).collect()
}

/// Whether a process runs; one that waits to be reaped does not.
fn runs(process: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    status.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with('Z'))
}

#[track_caller]
fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let before = Instant::now();
    while !is_so() {
        assert!(before.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A sandbox that sleeps, and its processes: the keeper and the first member.
fn sleeper() -> (Child, Vec<u32>) {
    // Whoever runs the tests may ignore signals, and a command that is started so keeps to that.
    let inner = command(&[], &["sleep", "1000"]);
    let mut outer = Command::new("env");
    outer.arg("--default-signal").arg(inner.get_program()).args(inner.get_args());
    let child = outer.spawn().unwrap();
    wait_until("the sandbox comes up", || descendants(child.id()).len() >= 2);
    let processes = descendants(child.id());
    (child, processes)
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args(["-s", name, &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

#[test]
fn a_signal_to_the_supervisor_ends_the_sandbox() {
    for (name, number) in [("INT", 2), ("TERM", 15), ("HUP", 1), ("QUIT", 3)] {
        let (mut child, processes) = sleeper();
        signal(&child, name);
        assert_eq!(child.wait().unwrap().code(), Some(128 + number), "{name}");
        wait_until("no process is left", || !processes.iter().any(|process| runs(*process)));
    }
}

#[test]
fn a_supervisor_that_is_killed_takes_the_sandbox_along() {
    let (mut child, processes) = sleeper();
    child.kill().unwrap();
    child.wait().unwrap();
    wait_until("no process is left", || !processes.iter().any(|process| runs(*process)));
}

#[test]
fn a_member_that_is_killed_ends_the_sandbox() {
    let (mut child, processes) = sleeper();
    let member = processes.last().unwrap().to_string();
    assert!(Command::new("kill").args(["-s", "KILL", &member]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(125));
    wait_until("no process is left", || !processes.iter().any(|process| runs(*process)));
}

#[test]
fn doctor_finds_that_sandboxes_run_here() {
    let output = Command::new(env!("CARGO_BIN_EXE_litebox")).args(["doctor", "--json"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&report["usable"], output.status.code()), (&true.into(), Some(0)), "{text}");
}
