//! Sandboxes whose processes are killed, are many, or want to stay: they end whole, soon, and say why.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The guest of these tests, built anew.
fn guest() -> &'static str {
    static GUEST: OnceLock<PathBuf> = OnceLock::new();
    let program = GUEST.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/crash_guest.c");
        let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("crash_guest");
        let mut compiler = Command::new("cc");
        compiler.args(["-O1", "-Wall", "-Wextra", "-static", "-o"]).args([&program, &source]);
        assert!(compiler.status().unwrap().success(), "{} does not build", source.display());
        program
    });
    program.to_str().unwrap()
}

/// A running sandbox and its host processes.
struct Running {
    child: Child,
    /// The keeper, which leads the sandbox's process group.
    keeper: u32,
}

/// Starts a sandbox with `options` that runs the guest, and waits for its first line.
fn start(options: &[&str], kind: &str, count: u32) -> Running {
    // Whoever runs the tests may ignore signals, and a command that is started so keeps to that.
    let mut command = Command::new("env");
    command.args(["--default-signal", env!("CARGO_BIN_EXE_litebox"), "run"]).args(options);
    command.args(["--", guest(), kind, &count.to_string()]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, format!("up {count}\n"));
    let children = fs::read_to_string(format!("/proc/{0}/task/{0}/children", child.id())).unwrap();
    let keeper = children.split_whitespace().next().unwrap().parse().unwrap();
    Running { child, keeper }
}

/// The processes of a group that have not ended.
fn group(leader: u32) -> Vec<u32> {
    let in_group = |number: &u32| {
        let stat = fs::read_to_string(format!("/proc/{number}/stat")).unwrap_or_default();
        // After the name: state, parent, group.
        let fields: Vec<_> = stat.rsplit(") ").next().unwrap_or_default().split_whitespace().collect();
        fields.first() != Some(&"Z") && fields.get(2) == Some(&leader.to_string().as_str())
    };
    let numbers = fs::read_dir("/proc").unwrap().flatten();
    numbers.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).filter(in_group).collect()
}

fn kill(process: u32) {
    assert!(Command::new("kill").args(["-s", "KILL", &process.to_string()]).status().unwrap().success());
}

#[track_caller]
fn within(time: Duration, what: &str, mut is_so: impl FnMut() -> bool) {
    let before = Instant::now();
    while !is_so() {
        assert!(before.elapsed() < time, "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

impl Running {
    fn processes(&self) -> Vec<u32> {
        group(self.keeper)
    }

    #[track_caller]
    fn wait_for(&self, count: usize) {
        within(Duration::from_secs(20), "the processes come up", || self.processes().len() >= count);
    }

    /// The command has ended within a second, with this code; what it said.
    #[track_caller]
    fn ends_at_once(mut self, code: i32) -> String {
        within(Duration::from_secs(1), "the command ends", || self.child.try_wait().unwrap().is_some());
        assert_eq!(self.child.wait().unwrap().code(), Some(code));
        self.leaves_nothing();
        let mut told = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        told
    }

    /// The supervisor is killed, and two seconds later nothing of the sandbox is left.
    #[track_caller]
    fn dies_with_its_supervisor(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.leaves_nothing();
    }

    /// All processes have ended two seconds later: whoever kills them does not wait for each.
    #[track_caller]
    fn leaves_nothing(&self) {
        within(Duration::from_secs(2), "no process is left", || self.processes().is_empty());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended if the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_member_that_is_killed_takes_all_along() {
    let sandbox = start(&[], "crowd", 10);
    sandbox.wait_for(12);
    // The last one made, which is neither the keeper nor the program itself.
    let member = sandbox.processes().into_iter().max().unwrap();
    kill(member);
    let told = sandbox.ends_at_once(125);
    assert!(told.contains("a process of the sandbox was killed by signal 9"), "{told}");
}

#[test]
fn the_first_process_that_is_killed_takes_all_along() {
    let sandbox = start(&[], "crowd", 10);
    sandbox.wait_for(12);
    kill(sandbox.keeper);
    let told = sandbox.ends_at_once(125);
    assert!(told.contains("its first process was killed by signal 9"), "{told}");
}

#[test]
fn a_supervisor_that_is_killed_takes_fifty_along() {
    let sandbox = start(&[], "crowd", 50);
    sandbox.wait_for(52);
    sandbox.dies_with_its_supervisor();
}

#[test]
fn a_supervisor_that_is_killed_takes_those_along_that_resist() {
    let sandbox = start(&[], "outlive", 50);
    sandbox.wait_for(52);
    sandbox.dies_with_its_supervisor();
}

#[test]
fn a_fork_bomb_stays_within_its_limit() {
    let mut sandbox = start(&["--pids", "64", "--timeout", "3s"], "bomb", 100_000);
    let mut most = 0;
    within(Duration::from_secs(10), "the time limit ends it", || {
        most = most.max(sandbox.processes().len());
        sandbox.child.try_wait().unwrap().is_some()
    });
    // The keeper, and whoever makes kicks, come on top.
    assert!((60..=66).contains(&most), "{most} processes");
    assert_eq!(sandbox.child.wait().unwrap().code(), Some(124));
    sandbox.leaves_nothing();
}

/// How many children a program can have, by what it says itself.
fn children(options: &[&str], tried: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_litebox"));
    command.arg("run").args(options).args(["--timeout", "50s", "--", guest(), "fill", tried]);
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

#[test]
fn the_number_of_processes_is_limited() {
    assert_eq!(children(&["--pids", "64"], "200"), "refused after 63\n");
    assert_eq!(children(&["--pids", "300"], "200"), "never refused 200\n");
    // Without a limit of the user's.
    assert_eq!(children(&[], "1500"), "refused after 1023\n");
}

/// Where the host lets this process make cgroups, each sandbox has one while it runs; elsewhere the doctor says why not.
#[test]
fn a_sandbox_has_a_cgroup_where_the_host_gives_one() {
    let doctor = Command::new(env!("CARGO_BIN_EXE_litebox")).args(["doctor", "--json"]).output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&doctor.stdout).unwrap();
    let has = |list: &str| {
        report[list].as_array().unwrap().iter().any(|line| line.as_str().unwrap().starts_with("cgroup"))
    };
    assert_ne!(has("layers"), has("missing"), "{report:#}");
    let mut sandbox = start(&[], "crowd", 4);
    sandbox.wait_for(6);
    let cgroup = |process: &u32| fs::read_to_string(format!("/proc/{process}/cgroup")).unwrap();
    let name = format!("/litebox-{}\n", sandbox.keeper);
    assert!(sandbox.processes().iter().all(|process| cgroup(process).contains(&name) == has("layers")));
    let folder = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"].map(|root| {
        let line = cgroup(&sandbox.keeper);
        let path = line.lines().find_map(|line| line.strip_prefix("0::/")).unwrap_or_default();
        Path::new(root).join(path)
    });
    assert!(
        Command::new("kill")
            .args(["-s", "TERM", &sandbox.child.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(sandbox.child.wait().unwrap().code(), Some(128 + 15));
    assert!(!has("layers") || !folder.iter().any(|folder| folder.exists()), "the group is left");
}
