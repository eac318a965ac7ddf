use crate::{Builder, Error, MountMode, Sandbox, Status, Stdio};
use litebox_broker_protocol::{StartFlags, StartView};
use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A directory of a test's own, removed with everything in it.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("litebox-sandbox-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path.canonicalize().unwrap())
    }

    fn file(&self, name: &str, mode: u32) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, "#!/bin/sh\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn builder(program: impl AsRef<std::ffi::OsStr>) -> Builder {
    Builder::new(b"").directory("/").program(program)
}

fn start_of(builder: Builder) -> litebox_broker_protocol::Start {
    builder.build().unwrap().start().clone()
}

/// The code and the rule of a refusal.
fn refusal(builder: Builder) -> (u8, &'static str, String) {
    let error = builder.build().unwrap_err();
    let code = error.code();
    match error {
        Error::Refused(refusal) | Error::Program { refusal, .. } => {
            (code, refusal.rule, format!("{}; {}", refusal.cause, refusal.fix))
        }
        other => panic!("{other}"),
    }
}

#[test]
fn a_name_is_looked_up_in_the_programs_path() {
    let scratch = Scratch::new("path");
    let (first, second) = (scratch.0.join("a"), scratch.0.join("b"));
    fs::create_dir(&first).unwrap();
    fs::create_dir(&second).unwrap();
    scratch.file("a/tool", 0o644);
    let wanted = scratch.file("b/tool", 0o755);
    let path = format!("/nowhere:{}:{}", first.display(), second.display());
    let start = start_of(builder("tool").argument("x").variable("PATH", &path));
    assert_eq!(start.executable, wanted.as_os_str().as_encoded_bytes());
    assert_eq!(start.arguments, [b"tool".to_vec(), b"x".to_vec()]);
    let (code, ..) = refusal(builder("tool").variable("PATH", first));
    assert_eq!(code, 126);
    let (code, rule, text) = refusal(builder("tool").variable("PATH", "/nowhere"));
    assert_eq!((code, rule), (127, "program"));
    assert!(text.contains("tool") && text.contains("/nowhere"), "{text}");
}

#[test]
fn an_empty_entry_of_path_is_the_working_directory() {
    let scratch = Scratch::new("empty-entry");
    let wanted = scratch.file("tool", 0o755);
    let start =
        start_of(Builder::new(b"").directory(&scratch.0).program("tool").variable("PATH", "/nowhere:"));
    assert_eq!(start.executable, wanted.as_os_str().as_encoded_bytes());
}

#[test]
fn a_program_with_a_slash_is_left_to_the_library_os() {
    for program in ["./no/such", "/no/such", "/", "/bin/sh"] {
        assert_eq!(start_of(builder(program)).executable, program.as_bytes());
    }
    let (code, ..) = refusal(builder(""));
    assert_eq!(code, 127);
}

#[test]
fn programs_are_found_through_mounts_and_roots() {
    let scratch = Scratch::new("mounts");
    scratch.file("tool", 0o755);
    let mounted =
        builder("tool").mount(&scratch.0, "/a/b", MountMode::ReadOnly).variable("PATH", "/bin:/a/b");
    assert_eq!(start_of(mounted).executable, b"/a/b/tool");
    // An absolute link inside a root stays in the root.
    std::os::unix::fs::symlink("/tool", scratch.0.join("link")).unwrap();
    let rooted = builder("link").root(&scratch.0).variable("PATH", "/");
    assert_eq!(start_of(rooted).executable, b"/link");
    let file = builder("/one").mount(scratch.0.join("tool"), "/one", MountMode::ReadOnly);
    assert_eq!(start_of(file).executable, b"/one");
}

#[test]
fn what_is_hidden_names_see() {
    let scratch = Scratch::new("hidden");
    let home = std::env::home_dir().unwrap();
    let secret = home.join(".ssh");
    if !secret.is_dir() {
        // Nothing to hide: the same is shown with a directory that the policy does not know of.
        assert!(builder("sh").build().is_ok());
        return;
    }
    let (code, rule, text) = refusal(Builder::new(b"").program("sh").directory(&secret));
    assert_eq!((code, rule), (125, "hidden"));
    assert!(text.contains("--see"), "{text}");
    assert!(Builder::new(b"").program("sh").directory(&secret).see(&secret).build().is_ok());
    let (code, _, text) = refusal(builder(secret.join("tool")).mount(&scratch.0, "/x", MountMode::ReadOnly));
    assert_eq!(code, 127);
    assert!(text.contains("--see"), "{text}");
}

#[test]
fn working_directories_must_be_there() {
    assert_eq!(refusal(Builder::new(b"").program("sh").directory("/no/such")).1, "directory");
    assert_eq!(refusal(Builder::new(b"").program("sh").directory("/etc/passwd")).1, "directory");
    assert_eq!(start_of(builder("sh").directory("/proc/self")).directory, b"/proc/self");
    let here = std::env::current_dir().unwrap();
    assert_eq!(start_of(Builder::new(b"").program("sh")).directory, here.as_os_str().as_encoded_bytes());
    let scratch = Scratch::new("root-directory");
    let rooted = Builder::new(b"").root(&scratch.0).program("/x");
    assert_eq!(start_of(rooted).directory, b"/");
}

#[test]
fn deeper_mounts_come_later() {
    let scratch = Scratch::new("order");
    let mount = |builder: Builder, target| builder.mount(&scratch.0, target, MountMode::ReadWrite);
    let sandbox = mount(mount(mount(builder("sh"), "/a/b/c/"), "/z"), "//a//b").build().unwrap();
    let targets: Vec<_> = sandbox.start().mounts.iter().map(|mount| mount.target.clone()).collect();
    assert_eq!(targets, [b"/".to_vec(), b"/z".to_vec(), b"/a/b".to_vec(), b"/a/b/c".to_vec()]);
    let indices: Vec<_> = sandbox.start().mounts.iter().map(|mount| mount.index).collect();
    assert_eq!(indices, [0, 1, 2, 3]);
}

#[test]
fn mounts_without_meaning_are_refused() {
    for targets in [&["relative"][..], &["/a/../b"], &["/"], &["/a", "/a/"], &[""]] {
        let all = targets
            .iter()
            .fold(builder("sh"), |builder, target| builder.mount("/tmp", *target, MountMode::ReadOnly));
        assert_eq!(refusal(all).1, "mount.target", "{targets:?}");
    }
}

#[test]
fn only_the_caller_runs_over_the_hosts_files() {
    let (uid, gid) = (rustix::process::getuid().as_raw(), rustix::process::getgid().as_raw());
    assert!(builder("sh").user(uid, gid).build().is_ok());
    let other = uid.wrapping_add(1);
    assert_eq!(refusal(builder("sh").user(other, gid)).1, "identity");
    let scratch = Scratch::new("identity");
    let start = start_of(builder("/x").root(&scratch.0).user(other, 7));
    assert_eq!((start.identity.euid, start.identity.sgid), (other, 7));
    assert!(start.groups.is_empty());
}

#[test]
fn limits_that_nothing_enforces_are_refused() {
    assert_eq!(refusal(builder("sh").memory(1)).1, "limits.memory");
    assert_eq!(refusal(builder("sh").processors(0)).1, "limits.cpus");
    assert_eq!(refusal(builder("sh").processors(u32::MAX)).1, "limits.cpus");
    assert_eq!(refusal(builder("sh").processes(0)).1, "limits.processes");
    let start = start_of(builder("sh").memory(64 << 20).processors(1).processes(5));
    assert_eq!((start.memory_limit, start.cpus, start.pids), (64 << 20, 1, 5));
    assert!(start_of(builder("sh")).memory_limit > 64 << 20);
}

#[test]
fn names_without_meaning_are_refused() {
    assert_eq!(refusal(builder("sh").variable("A=B", "c")).1, "environment");
    assert_eq!(refusal(builder("sh").variable("", "c")).1, "environment");
    assert_eq!(refusal(builder("sh").hostname("")).1, "hostname");
    assert_eq!(refusal(builder("sh").hostname("x".repeat(65))).1, "hostname");
}

#[test]
fn the_start_block_can_be_read_by_the_sandbox() {
    let sandbox =
        builder("sh").arguments(["-c", "true"]).trace().without_rewriting().quiet().build().unwrap();
    let bytes = sandbox.start().encode().unwrap();
    let view = StartView::decode(&bytes).unwrap();
    assert_eq!(view.arguments.iter().collect::<Vec<_>>(), [&b"sh"[..], b"-c", b"true"]);
    assert_eq!(view.flags, StartFlags::TRACE | StartFlags::NO_REWRITE | StartFlags::QUIET);
    assert!(view.umask <= 0o777);
}

#[test]
fn later_variables_replace_earlier_ones() {
    let start = start_of(builder("/x").environment([]).variable("A", "1").variable("A", "2"));
    assert_eq!(start.environment, [b"A=2"]);
}

/// A shell of the host as image: what it finds is what an image finds. It reads its commands from descriptor 0.
fn shell(script: &str) -> Builder {
    let image: &'static [u8] = Box::leak(fs::read("/bin/sh").unwrap().into_boxed_slice());
    let (reader, mut writer) = std::io::pipe().unwrap();
    writer.write_all(script.as_bytes()).unwrap();
    Builder::new(image)
        .directory("/")
        .program("/x")
        .stdin(Stdio::Descriptor(reader.into()))
        .stderr(Stdio::Null)
}

/// Runs a script; what it printed, and how the sandbox ended.
fn run(script: &str) -> (String, Result<crate::Exit, Error>) {
    let (mut reader, writer) = std::io::pipe().unwrap();
    let result = shell(script).stdout(Stdio::Descriptor(writer.into())).build().and_then(Sandbox::run);
    let mut text = String::new();
    reader.read_to_string(&mut text).unwrap();
    (text, result)
}

#[test]
fn an_image_starts_with_nothing_but_its_descriptors() {
    let _other = fs::File::open("/etc/passwd").unwrap();
    let script = "cd /proc/$$/fd; for f in *; do [ -e $f ] || [ -L $f ] && echo fd $f; done
        tr '\\0' '\\n' </proc/$$/environ | sed 's/^/env /'
        read -r pid comm state parent group rest </proc/$$/stat; [ $pid = $group ] && echo leader
        while read -r line; do case $line in Sig*) echo $line; esac; done </proc/$$/status
        tr '\\0' '\\n' </proc/$$/cmdline | sed 's/^/arg /'\n";
    let (text, result) = run(script);
    let descriptors: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("fd ")).collect();
    // The shell holds a copy at 10.
    assert!(matches!(descriptors.as_slice(), ["0", "1", "10", "2", "3"] | ["0", "1", "2", "3"]), "{text}");
    assert!(!text.contains("env "), "{text}");
    assert!(text.contains("leader") && text.contains("arg litebox-sandbox"), "{text}");
    let mask = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        u64::from_str_radix(line.trim(), 16).unwrap()
    };
    let of_the_c_library = 0b11 << 31;
    assert_eq!((mask("SigBlk:"), mask("SigIgn:") & !of_the_c_library), (0, 0), "{text}");
    // A shell does not say how it ended.
    assert!(matches!(result, Err(Error::Stopped(_))), "{result:?}");
}

#[test]
fn a_command_passes_no_blocked_signal_on() {
    let script = "while read -r line; do case $line in SigBlk:*) echo $line; esac; done </proc/$$/status\n";
    let (mut reader, writer) = std::io::pipe().unwrap();
    let sandbox = shell(script).stdout(Stdio::Descriptor(writer.into())).as_command().build().unwrap();
    // On a thread of its own, for the thread is confined.
    std::thread::spawn(move || sandbox.run()).join().unwrap().unwrap_err();
    let mut text = String::new();
    reader.read_to_string(&mut text).unwrap();
    assert_eq!(text, "SigBlk: 0000000000000000\n");
}

#[test]
fn the_whole_group_ends_at_the_time_limit() {
    let before = Instant::now();
    let (mut reader, writer) = std::io::pipe().unwrap();
    let script = "sleep 1000 & sleep 1000\n";
    let builder = shell(script).stdout(Stdio::Descriptor(writer.into())).timeout(Duration::from_millis(100));
    let exit = builder.build().unwrap().run().unwrap();
    assert_eq!((exit.status, exit.code()), (Status::TimedOut, 124));
    // Both sleepers held the pipe.
    assert_eq!(reader.read_to_end(&mut Vec::new()).unwrap(), 0);
    assert!(before.elapsed() < Duration::from_secs(20));
}

#[test]
fn an_image_that_is_killed_says_so() {
    let (_, result) = run("kill -9 $$\n");
    assert!(matches!(&result, Err(Error::Stopped(why)) if why.contains("killed by signal 9")), "{result:?}");
}

#[test]
fn noise_on_the_channel_ends_the_sandbox() {
    let (_, result) = run("i=0; while [ $i -lt 100 ]; do echo noise >&3; i=$((i+1)); done; sleep 1000\n");
    assert!(matches!(&result, Err(Error::Stopped(_))), "{result:?}");
}

#[test]
fn what_is_no_image_is_an_error() {
    let image: &'static [u8] = b"not an executable";
    let error = Builder::new(image).directory("/").program("/x").build().unwrap().run().unwrap_err();
    assert_eq!(error.code(), 125);
}

#[test]
fn a_mount_whose_source_is_missing_is_refused() {
    let (code, rule, text) = refusal(builder("/x").mount("/no/such/source", "/a", MountMode::ReadOnly));
    assert_eq!((code, rule), (125, "mount.source"));
    assert!(text.contains("/no/such/source"), "{text}");
}

#[test]
fn the_audit_file_is_made_only_by_a_run() {
    let scratch = Scratch::new("audit");
    let file = scratch.0.join("audit.jsonl");
    let sandbox = shell("echo noise >&3\n").audit(&file).stdout(Stdio::Null).build().unwrap();
    assert!(!file.exists());
    assert!(sandbox.run().is_err());
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.lines().any(|line| line.contains("\"denied\"")), "{text}");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let refused = shell("").audit(Path::new("/no/such/dir/file")).build().unwrap().run();
    assert!(matches!(&refused, Err(Error::Refused(refusal)) if refusal.rule == "audit.file"));
}

#[test]
fn statuses_are_those_of_wait() {
    assert_eq!(Status::from_wait(0), Status::Code(0));
    assert_eq!(Status::from_wait(3 << 8), Status::Code(3));
    assert_eq!(Status::from_wait(11), Status::Signal(11));
    assert_eq!(Status::from_wait(0x80 | 6), Status::Signal(6));
}
