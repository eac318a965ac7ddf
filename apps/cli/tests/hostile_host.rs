//! Hosts that lack what a sandbox needs: it is refused with the reason, never run without.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const LITEBOX: &str = env!("CARGO_BIN_EXE_litebox");

/// The wrapper that forbids filters, built anew.
fn wrapper() -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/no_seccomp.c");
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no_seccomp");
    let built = Command::new("cc").arg("-o").arg(&program).arg(source).status().unwrap();
    assert!(built.success(), "the wrapper does not build");
    program
}

fn without_seccomp(wrapper: &Path, arguments: &[&str]) -> Output {
    Command::new(wrapper).arg(LITEBOX).args(arguments).output().unwrap()
}

#[test]
fn without_filters_nothing_runs_and_doctor_says_why() {
    let wrapper = wrapper();
    let run = without_seccomp(&wrapper, &["run", "--", "/bin/echo", "ran"]);
    assert_eq!((run.status.code(), run.stdout.as_slice()), (Some(125), &b""[..]));
    let told = String::from_utf8(run.stderr).unwrap();
    assert!(told.contains("seccomp") && told.contains("rule") && told.contains("fix"), "{told}");

    let doctor = without_seccomp(&wrapper, &["doctor"]);
    let report = String::from_utf8(doctor.stdout).unwrap();
    assert_eq!(doctor.status.code(), Some(1), "{report}");
    assert!(report.contains("this host cannot run a sandbox"), "{report}");

    // The wrapper itself is not what keeps programs from running.
    let control = Command::new(&wrapper).args(["/bin/echo", "ran"]).output().unwrap();
    assert_eq!((control.status.code(), control.stdout.as_slice()), (Some(0), &b"ran\n"[..]));
}
