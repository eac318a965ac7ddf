//! The process outside that an attack is told of, and whether it still is as it was.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use crate::stage::lower;

/// How long the program in the other sandbox may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the other sandbox runs: it answers each line by a process of its own.
const ECHO: &str = "while read line; do /bin/busybox echo $line; done";

/// Ended when dropped.
pub(crate) struct Victim {
    child: Child,
    number: u32,
    /// The program in the other sandbox, if it is that one.
    talk: Option<Talk>,
}

/// A program that repeats what it is told.
struct Talk {
    to: ChildStdin,
    from: Receiver<String>,
}

impl Victim {
    /// A plain process that sleeps. `token` is in its memory.
    pub(crate) fn process(token: &str) -> Result<Self, String> {
        let mut sleeper = Command::new("sleep");
        sleeper.arg("600").env("SECRET", token).process_group(0);
        sleeper.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        lower(&mut sleeper);
        // SAFETY: between fork and exec this makes one system call and allocates nothing.
        unsafe { sleeper.pre_exec(keep_signals) };
        let child = sleeper.spawn().map_err(|error| format!("sleep: {error}"))?;
        let number = child.id();
        Ok(Self { child, number, talk: None })
    }

    /// The first member of another sandbox. `token` is in its memory.
    pub(crate) fn member(litebox: &Path, token: &str) -> Result<Self, String> {
        let mut command = Command::new(litebox);
        command.args(["run", "--quiet", "--timeout", "120s", "-e", &format!("SECRET={token}"), "--"]);
        command.args(["/bin/busybox", "sh", "-c", ECHO]).current_dir("/").env_clear().process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        lower(&mut command);
        let mut child = command.spawn().map_err(|error| format!("{}: {error}", litebox.display()))?;
        let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("the other sandbox has no pipes".into());
        };
        let talk = Some(Talk { to, from: lines(from) });
        let mut victim = Self { number: child.id(), child, talk };
        if !victim.answers() {
            return Err("the other sandbox did not come up: apt-get install busybox-static".into());
        }
        // The keeper, then its first member.
        for _ in 0..2 {
            victim.number = first_child(victim.number).ok_or("the other sandbox has no member")?;
        }
        Ok(victim)
    }

    /// Its number.
    pub(crate) fn number(&self) -> u32 {
        self.number
    }

    /// Whether it goes on as it was told to: neither ended, stopped nor signalled, and its program answers.
    pub(crate) fn is_well(&mut self) -> bool {
        let state = fs::read_to_string(format!("/proc/{}/status", self.number)).unwrap_or_default();
        let field = |name: &str| state.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(":\t"));
        let runs = field("State").is_some_and(|state| !state.starts_with(['T', 't', 'Z', 'X']));
        let pending = |name| field(name).is_some_and(|set| set.chars().any(|digit| digit != '0'));
        let is_signalled = self.talk.is_none() && (pending("SigPnd") || pending("ShdPnd"));
        matches!(self.child.try_wait(), Ok(None)) && runs && !is_signalled && self.answers()
    }

    /// Whether the program in the other sandbox, if it is that one, repeats a line.
    fn answers(&mut self) -> bool {
        let Some(talk) = &mut self.talk else { return true };
        let is_told = talk.to.write_all(b"ping\n").is_ok();
        is_told && talk.from.recv_timeout(PATIENCE).is_ok_and(|line| line == "ping")
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        // It may have been killed already, as the attack wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Hold SIGURG off: it would be ignored, and so leave no trace.
fn keep_signals() -> io::Result<()> {
    /// SIGURG's bit in the kernel's mask.
    const URGENT: u64 = 1 << (libc::SIGURG - 1);
    let mask = URGENT;
    // SAFETY: the kernel reads eight bytes from a local, and writes nothing.
    let result = unsafe {
        libc::syscall(libc::SYS_rt_sigprocmask, libc::SIG_BLOCK, &raw const mask, 0_usize, 8_usize)
    };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// The lines that come out of a pipe, for as long as somebody wants them.
fn lines(from: ChildStdout) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let lines = BufReader::new(from).lines().map_while(Result::ok);
        lines.map_while(|line| sender.send(line).ok()).for_each(drop);
    });
    receiver
}

fn first_child(number: u32) -> Option<u32> {
    let listed = fs::read_to_string(format!("/proc/{number}/task/{number}/children")).ok()?;
    listed.split_whitespace().next()?.parse().ok()
}
