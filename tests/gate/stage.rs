//! A sandbox made from the gate test's image, with this process for supervisor and broker.

use std::fs;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::mem::ManuallyDrop;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use litebox_broker_protocol::{MAX_DATAGRAM, Reply, Request};
use rustix::io::Errno;
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recv, send, socketpair};
use rustix::process::{Pid, Signal, kill_process, kill_process_group, test_kill_process_group};

/// How a sandbox ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The status that the sandbox itself reported.
    Exited(u32),
    /// It ended without reporting one; the keeper's code or signal.
    Broken(Option<i32>, Option<i32>),
}

/// A running sandbox.
pub(crate) struct Stage {
    scene: String,
    channel: OwnedFd,
    keeper: Child,
    status: Option<u32>,
}

/// The image, built once.
fn image() -> &'static Path {
    static IMAGE: OnceLock<PathBuf> = OnceLock::new();
    IMAGE.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests lie in the workspace");
        let target = root.join("target/image");
        let built = Command::new(env!("CARGO"))
            .current_dir(root)
            .env_remove("RUSTFLAGS")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .args([
                "build",
                "--quiet",
                "--package",
                "litebox-gate-image",
                "--bin",
                "gate-test",
                "--profile",
                "image",
            ])
            .arg("--target-dir")
            .arg(&target)
            .status()
            .expect("cargo runs");
        assert!(built.success(), "the image does not build");
        target.join("image/gate-test")
    })
}

/// In the new process: make descriptor `number` the channel's.
fn place_channel(number: RawFd) -> std::io::Result<()> {
    const CHANNEL: RawFd = 3;
    // SAFETY: the descriptor is open in the parent for as long as it spawns this child.
    let ours = unsafe { BorrowedFd::borrow_raw(number) };
    // SAFETY: the number is nobody's here or is replaced; nothing is closed when the value goes.
    let mut channel = ManuallyDrop::new(unsafe { OwnedFd::from_raw_fd(CHANNEL) });
    Ok(rustix::io::dup2(ours, &mut channel)?)
}

impl Stage {
    /// Start `scene`.
    pub(crate) fn open(scene: &str) -> Self {
        let (ours, theirs) =
            socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)
                .expect("a socket pair");
        let mut command = Command::new(image());
        command.env_clear().stdin(Stdio::null()).process_group(0);
        let number = theirs.as_raw_fd();
        // SAFETY: between fork and exec the closure makes one system call and allocates nothing.
        unsafe { command.pre_exec(move || place_channel(number)) };
        let keeper = command.spawn().expect("the image starts");
        Self { scene: scene.to_owned(), channel: ours, keeper, status: None }
    }

    /// The sandbox's process group.
    pub(crate) fn group(&self) -> Pid {
        Pid::from_child(&self.keeper)
    }

    /// Send `signal` to every process of the sandbox.
    pub(crate) fn signal_group(&self, signal: Signal) {
        kill_process_group(self.group(), signal).expect("the group exists");
    }

    /// The keeper and the members.
    pub(crate) fn members(&self) -> Vec<u32> {
        let mut found = vec![self.keeper.id()];
        found.extend(children(self.keeper.id()));
        found
    }

    /// Kill the first member.
    pub(crate) fn kill_member(&self) {
        let member = children(self.keeper.id()).first().copied().expect("a member");
        let member = Pid::from_raw(member.cast_signed()).expect("not 0");
        kill_process(member, Signal::KILL).expect("the member exists");
    }

    /// Answer requests up to the next note; `None` if the sandbox ends first.
    pub(crate) fn next_note(&mut self) -> Option<String> {
        let mut datagram = vec![0; MAX_DATAGRAM];
        loop {
            let (length, _) = match recv(&self.channel, &mut datagram, RecvFlags::empty()) {
                Ok(received) => received,
                // The sandbox ended with an answer unread; what it said before that is still to be had.
                Err(Errno::CONNRESET) => continue,
                Err(_) => (0, 0),
            };
            if length == 0 {
                return None;
            }
            let request = Request::decode(&datagram[..length]).expect("a well-formed request");
            let (reply, note) = self.answer(&request);
            let mut answer = [0; 4096];
            let length = reply.encode(&mut answer).expect("a short answer");
            // The sandbox may be gone already.
            let _ = send(&self.channel, &answer[..length], SendFlags::NOSIGNAL);
            if note.is_some() {
                return note;
            }
        }
    }

    fn answer(&mut self, request: &Request<'_>) -> (Reply<'_>, Option<String>) {
        let text = |bytes: &[u8]| Some(String::from_utf8_lossy(bytes).into_owned());
        match request {
            Request::Start { .. } => {
                let data = self.scene.as_bytes();
                (Reply::Bytes { total: u32::try_from(data.len()).expect("short"), data }, None)
            }
            Request::Exit { status } => {
                self.status = Some(*status);
                (Reply::Done, None)
            }
            Request::Report { text: note, .. } | Request::Fatal { text: note } => (Reply::Done, text(note)),
            other => panic!("unexpected request {other:?}"),
        }
    }

    /// Answer everything until the sandbox ends; its notes.
    pub(crate) fn run_to_end(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.next_note()).collect()
    }

    /// How it ended. After [`Stage::run_to_end`].
    pub(crate) fn ending(&mut self) -> Ending {
        let status = self.keeper.wait().expect("the keeper is a child");
        match self.status {
            Some(reported) if status.success() => Ending::Exited(reported),
            _ => Ending::Broken(status.code(), status.signal()),
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = kill_process_group(self.group(), Signal::KILL);
        let _ = self.keeper.wait();
    }
}

fn children(process: u32) -> Vec<u32> {
    let list = fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
    list.split_whitespace().filter_map(|number| number.parse().ok()).collect()
}

/// Whether the last process of `group` is gone before `patience` is over.
pub(crate) fn is_gone(group: Pid, patience: Duration) -> bool {
    let until = Instant::now() + patience;
    while Instant::now() < until {
        if !has_living_member(group) {
            return true;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    false
}

/// Whether a process of the group is more than a zombie.
fn has_living_member(group: Pid) -> bool {
    if test_kill_process_group(group).is_err() {
        return false;
    }
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes.filter_map(|entry| fs::read_to_string(entry.path().join("stat")).ok()).any(|stat| {
        // State, parent and group are the fields after the name, which is in brackets.
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        let number = group.as_raw_nonzero().to_string();
        fields.first().is_some_and(|state| *state != "Z")
            && fields.get(2).is_some_and(|found| *found == number)
    })
}

/// Run the test `name` of this program again, as the supervisor of a sandbox whose group it prints, and kill it.
pub(crate) fn supervise_and_kill(name: &str) -> Pid {
    let program = std::env::current_exe().expect("this program has a path");
    let mut supervisor = Command::new(program)
        .args(["--exact", name, "--nocapture"])
        .env("LITEBOX_GATE_SUPERVISOR", "1")
        .stdout(Stdio::piped())
        .spawn()
        .expect("this program starts again");
    let output = BufReader::new(supervisor.stdout.take().expect("piped"));
    let group = output
        .lines()
        .map_while(Result::ok)
        .find_map(|line| line.rsplit("group ").next()?.trim().parse().ok().and_then(Pid::from_raw))
        .expect("the supervisor names its sandbox");
    supervisor.kill().expect("the supervisor is a child");
    supervisor.wait().expect("the supervisor is a child");
    group
}

/// Whether `needle` is anywhere in the private or shared memory of `process`.
pub(crate) fn memory_contains(process: u32, needle: &[u8]) -> bool {
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).expect("the process exists");
    let mut memory = fs::File::open(format!("/proc/{process}/mem")).expect("the process is ours");
    maps.lines().filter_map(range).any(|(start, end)| {
        // The arena is large and empty: what was never touched is skipped by its own shape, a hole of zeros.
        let length = (end - start).min(64 << 20);
        let mut bytes = Vec::new();
        memory.seek(SeekFrom::Start(start)).is_ok()
            && memory.by_ref().take(length).read_to_end(&mut bytes).is_ok()
            && bytes.windows(needle.len()).any(|window| window == needle)
    })
}

/// The range of a readable line of `maps`.
fn range(line: &str) -> Option<(u64, u64)> {
    let mut fields = line.split(' ');
    let (start, end) = fields.next()?.split_once('-')?;
    fields.next()?.starts_with('r').then_some(())?;
    Some((u64::from_str_radix(start, 16).ok()?, u64::from_str_radix(end, 16).ok()?))
}
