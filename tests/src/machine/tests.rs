use std::process::Command;
use std::time::{Duration, Instant};

use super::*;

/// A folder of the test's own, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("litebox-machine-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Builds a kernel that says `control` and stops the machine with `last`, and runs a program on it.
fn boot(folder: &Folder, control: &str, last: Option<u8>) -> Result<Finished, String> {
    let kernel = folder.0.join("probe");
    let link =
        "-nostdlib -static -no-pie -Wl,--build-id=none -Wl,-z,noexecstack -Wl,-Ttext=0x100000 -Wl,-e,start";
    let built = Command::new("gcc")
        .args(link.split(' '))
        .arg(format!("-DCONTROL={control:?}"))
        .args(last.map(|last| format!("-DLAST={last}")))
        .arg("-o")
        .arg(&kernel)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/machine/probe.S"))
        .status()
        .unwrap();
    assert!(built.success());
    require_qemu()?;
    Machine::new(kernel, folder.0.clone()).run(&job(), &[])
}

fn job() -> Job {
    Job {
        argv: vec!["/bin/true".into(), "argument".into()],
        env: vec![("NAME".to_owned(), "value".to_owned())],
        cwd: "/tmp/scratch".into(),
        timeout: Duration::from_secs(5),
    }
}

#[test]
fn a_machine_boots_with_its_archive_and_says_how_the_program_ended() {
    let folder = Folder::new("boots");
    let finished = boot(&folder, "log hello\nstatus 768\n", Some(0x10)).unwrap();
    assert_eq!(finished.ending, Ending::Exit(3));
    assert!(finished.stdout.starts_with(b".litebox/start\0"));
    assert!(finished.stdout.windows(10).any(|window| window == b"NAME=value"));
    assert_eq!(finished.stderr, b"err\n");
    assert!(finished.log.starts_with("log hello\n"));
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 1, "only the kernel is left");
}

#[test]
fn a_death_by_signal_is_one() {
    let finished = boot(&Folder::new("signal"), "status 139\n", Some(0x10)).unwrap();
    assert_eq!(finished.ending, Ending::Signal(11));
}

#[test]
fn a_kernel_that_breaks_the_protocol_is_quoted() {
    for (name, control, last, wanted) in [
        ("panic", "log a\npanic no memory\nstatus 0\n", 0x10, "panicked"),
        ("stop", "log b\nstatus 0\n", 0x11, "QEMU ended with Exit(35)"),
        ("status", "log c\n", 0x10, "without a `status N`"),
        ("order", "status 0\nlog d\n", 0x10, "without a `status N`"),
    ] {
        let error = boot(&Folder::new(name), control, Some(last)).unwrap_err();
        assert!(error.contains(wanted) && error.contains(control), "{error}");
    }
}

#[test]
fn a_machine_that_does_not_stop_is_killed() {
    let start = Instant::now();
    let error = boot(&Folder::new("hangs"), "log waiting\n", None).unwrap_err();
    assert!(error.contains("within its time") && error.contains("log waiting"), "{error}");
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[test]
fn the_archive_holds_the_program_its_libraries_and_the_usual_folders() {
    let bytes = archive::root(b"block", &job(), &["/bin/cat".into()]).unwrap();
    let mut archive = tar::Archive::new(bytes.as_slice());
    let members: Vec<(String, u32)> = archive
        .entries()
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.path().unwrap().to_string_lossy().into_owned(), entry.header().mode().unwrap()))
        .collect();
    assert_eq!(members[0].0, ".litebox/start");
    for wanted in ["bin/true", "bin/cat", "lib64/ld-linux-x86-64.so.2", "etc/passwd", "tmp/scratch"] {
        assert_eq!(members.iter().filter(|(path, _)| path == wanted).count(), 1, "{wanted}: {members:?}");
    }
    assert!(members.contains(&("tmp".to_owned(), 0o1777)));
}
