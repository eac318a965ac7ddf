//! Hosts that lack something: where a sandbox needs it, it is refused with the reason, never run without; where it does
//! not, the program runs and the doctor says what is missing. `hostile_host.c` makes such hosts.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

/// A static program with many names, from the package `busybox-static`.
const BUSYBOX: &str = "/bin/busybox";

/// The maker of hosts, built anew.
fn maker() -> &'static Path {
    static MAKER: OnceLock<PathBuf> = OnceLock::new();
    MAKER.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile_host.c");
        let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile_host");
        let mut compiler = Command::new("cc");
        let built = compiler.args(["-Wall", "-Wextra", "-o"]).args([&program, &source]).status().unwrap();
        assert!(built.success(), "{} does not build", source.display());
        program
    })
}

/// A command on a host without what `words` name, with nothing of this process's environment.
fn on_host(words: &str, command: &[&str]) -> Output {
    let mut host = Command::new(maker());
    host.args(words.split_whitespace()).arg("--").args(command);
    host.env_clear().current_dir("/").stdin(Stdio::null()).output().unwrap()
}

fn litebox(words: &str, arguments: &[&str]) -> Output {
    on_host(words, &[&[env!("CARGO_BIN_EXE_litebox")], arguments].concat())
}

fn run(words: &str, program: &[&str]) -> Output {
    assert!(Path::new(BUSYBOX).exists(), "apt install busybox-static");
    litebox(words, &[&["run", "--timeout", "20s", "--", BUSYBOX], program].concat())
}

/// What the doctor says, as JSON.
#[track_caller]
fn doctor(words: &str, code: i32) -> serde_json::Value {
    let output = litebox(words, &["doctor", "--json"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(code), "{text}");
    serde_json::from_str(&text).unwrap()
}

/// The state of one of the doctor's checks.
fn state<'a>(report: &'a serde_json::Value, name: &str) -> &'a str {
    let mut checks = report["checks"].as_array().unwrap().iter();
    checks.find(|check| check["name"] == name).unwrap()["state"].as_str().unwrap()
}

fn has(list: &serde_json::Value, text: &str) -> bool {
    list.as_array().unwrap().iter().any(|line| line.as_str().unwrap().contains(text))
}

/// A program with processes of its own, and signals between them, runs there.
#[track_caller]
fn runs(words: &str) {
    let script = "busybox echo a | busybox cat; busybox sleep 60 & busybox kill $!; wait $!; echo $?";
    let output = run(words, &["sh", "-c", script]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), &b"a\n143\n"[..]), "{told}");
}

/// Nothing runs there: the command says why, by which rule, and what helps; and so does the doctor.
#[track_caller]
fn refuses(words: &str, rule: &str, cause: &str, fix: &str) {
    let output = run(words, &["echo", "ran"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(125), &b""[..]), "{told}");
    let lines: Vec<_> = told.lines().collect();
    assert!(lines.first().is_some_and(|line| line.contains(cause)), "{told}");
    assert!(lines.contains(&format!("  rule     {rule}").as_str()), "{told}");
    assert!(lines.iter().any(|line| line.starts_with("  fix      ") && line.contains(fix)), "{told}");

    let report = doctor(words, 1);
    assert_eq!((&report["usable"], state(&report, "sandbox")), (&false.into(), "failed"), "{report:#}");
    assert_eq!(report["layers"].as_array().unwrap().len(), 0, "{report:#}");
    let text = litebox(words, &["doctor"]).stdout;
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains("this host cannot run a sandbox") && text.contains(fix), "{text}");

    // What makes the host is not what keeps programs from running.
    let control = on_host(words, &[BUSYBOX, "echo", "ran"]);
    assert_eq!((control.status.code(), control.stdout.as_slice()), (Some(0), &b"ran\n"[..]));
}

#[test]
fn without_filters() {
    refuses("no-filters", "host.seccomp", "cannot be confined", "allow seccomp(2)");
}

#[test]
fn without_files_in_memory() {
    refuses("no-memfd", "host.memfd", "files in memory", "allow memfd_create(2)");
}

#[test]
fn without_execution_of_files_in_memory() {
    refuses("no-memfd-execution", "host.memfd", "files in memory", "sysctl vm.memfd_noexec");
}

#[test]
fn without_bounded_paths() {
    refuses("no-openat2", "host.openat2", "resolve paths in bounds", "allow openat2(2)");
}

#[test]
fn without_proc() {
    refuses("container no-proc", "host.proc", "/proc/self/fd", "mount -t proc");
}

#[test]
fn without_user_namespaces() {
    runs("user no-namespaces");
    let report = doctor("user no-namespaces", 0);
    assert_eq!(state(&report, "namespaces"), "absent", "{report:#}");
}

/// In a container there is one layer less than outside: none that needs a privilege.
#[test]
fn in_a_container() {
    runs("container docker");
    let report = doctor("container docker", 0);
    assert_eq!((state(&report, "namespaces"), state(&report, "cgroup")), ("absent", "absent"), "{report:#}");
    assert!(has(&report["layers"], "seccomp filter around the program"), "{report:#}");
    assert!(has(&report["layers"], "seccomp filter around the broker"), "{report:#}");
}

#[test]
fn in_a_container_of_an_older_host() {
    for landlock in ["no-landlock", "landlock-off"] {
        let words = format!("container docker no-mseal {landlock}");
        runs(&words);
        let report = doctor(&words, 0);
        assert_eq!((state(&report, "landlock"), state(&report, "mseal")), ("absent", "absent"), "{report:#}");
        assert!(has(&report["missing"], "Landlock around the program"), "{report:#}");
        assert!(has(&report["missing"], "Landlock around the broker"), "{report:#}");
        assert!(!has(&report["layers"], "Landlock"), "{report:#}");
        let text = String::from_utf8(litebox(&words, &["doctor"]).stdout).unwrap();
        assert!(text.contains("no layer Landlock around the program"), "{text}");
    }
}
