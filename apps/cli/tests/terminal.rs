//! The command on a terminal: the program has one of its own, keys and sizes reach it, and the caller's is as it was
//! afterwards, whatever happens.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Termios, Winsize, tcgetattr, tcsetwinsize};

/// A static program with many names, from the package `busybox-static`.
const BUSYBOX: &str = "/bin/busybox";
const LITEBOX: &str = env!("CARGO_BIN_EXE_litebox");

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// A terminal with a program on it that leads its session.
struct Terminal {
    master: OwnedFd,
    slave: OwnedFd,
    before: String,
    child: Child,
    shown: String,
}

impl Terminal {
    fn new(argv: &[&str]) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
        let open = || fs::File::options().read(true).write(true).open(&name).unwrap();
        resize(&master, 33, 101);
        let mut command = Command::new("setsid");
        command.args(["--ctty", "--"]).args(argv).current_dir("/").env("TERM", "dumb").env("PS1", "> ");
        command.stdin(open()).stdout(open()).stderr(open());
        let slave: OwnedFd = open().into();
        let before = settings(&slave);
        let child = command.spawn().unwrap();
        Self { master, slave, before, child, shown: String::new() }
    }

    /// `litebox run <options> -- busybox <program>`.
    fn run(options: &[&str], program: &[&str]) -> Self {
        let argv = [&[LITEBOX, "run"], options, &["--", BUSYBOX], program].concat();
        Self::new(&argv)
    }

    fn type_in(&self, keys: &str) {
        assert_eq!(rustix::io::write(&self.master, keys.as_bytes()), Ok(keys.len()));
    }

    /// Reads until `wanted` has been shown since what the last call found; what was shown up to its end.
    fn expect(&mut self, wanted: &str) -> String {
        let end = Instant::now() + PATIENCE;
        while !self.shown.contains(wanted) {
            assert!(Instant::now() < end && self.read(), "wanted {wanted:?}, shown {:?}", self.shown);
        }
        let end = self.shown.find(wanted).unwrap() + wanted.len();
        let rest = self.shown.split_off(end);
        std::mem::replace(&mut self.shown, rest)
    }

    /// Reads what there is within a moment; false at the end.
    fn read(&mut self) -> bool {
        let mut polls = [PollFd::from_borrowed_fd(self.master.as_fd(), PollFlags::IN)];
        poll(&mut polls, Some(&Timespec { tv_sec: 0, tv_nsec: 50_000_000 })).unwrap();
        if polls.iter().all(|poll| poll.revents().is_empty()) {
            return true;
        }
        let mut buffer = [0; 4096];
        match rustix::io::read(&self.master, &mut buffer) {
            Ok(count) if count > 0 => {
                self.shown.push_str(&String::from_utf8_lossy(buffer.get(..count).unwrap()));
                true
            }
            _ => false,
        }
    }

    fn is_raw(&self) -> bool {
        let modes = tcgetattr(&self.slave).unwrap().local_modes;
        !modes.intersects(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG)
    }

    fn wait_until_raw(&self) {
        let end = Instant::now() + PATIENCE;
        while !self.is_raw() {
            assert!(Instant::now() < end, "the terminal does not become raw");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// Waits for the end: the exit code, and that the terminal is as it was.
    fn end(&mut self) -> Option<i32> {
        let end = Instant::now() + PATIENCE;
        let status = loop {
            self.read();
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < end, "it does not end; shown: {:?}", self.shown);
        };
        assert_eq!(settings(&self.slave), self.before);
        status.code()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn settings(terminal: &OwnedFd) -> String {
    let Termios { input_modes, output_modes, local_modes, special_codes, .. } = tcgetattr(terminal).unwrap();
    format!("{input_modes:?} {output_modes:?} {local_modes:?} {special_codes:?}")
}

fn resize(terminal: &OwnedFd, rows: u16, columns: u16) {
    tcsetwinsize(terminal, Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
}

#[test]
fn the_program_has_a_terminal_of_its_own() {
    let mut terminal =
        Terminal::run(&[], &["sh", "-c", "tty; stty size; tty <&2; ls -l /proc/self/fd/; exit 7"]);
    assert_eq!(terminal.end(), Some(7));
    let shown = terminal.shown.clone();
    assert!(shown.starts_with("/dev/pts/0\r\n33 101\r\n/dev/pts/0\r\n"), "{shown}");
    assert_eq!(shown.matches("-> /dev/pts/0").count(), 3, "{shown}");
}

#[test]
fn what_is_typed_is_echoed_by_the_programs_terminal_alone() {
    let mut terminal = Terminal::run(&[], &["cat"]);
    terminal.wait_until_raw();
    terminal.type_in("hellp\x7fo\n");
    assert_eq!(terminal.expect("\r\nhello\r\n"), "hellp\x08 \x08o\r\nhello\r\n");
    terminal.type_in("\x04");
    assert_eq!(terminal.end(), Some(0));
    assert_eq!(terminal.shown, "");
}

#[test]
fn keys_send_signals_to_the_foreground() {
    for (key, code) in [("\x03", 130), ("\x1c", 131)] {
        // Not a shell, which ignores some of them at times.
        let mut terminal = Terminal::run(&[], &["cat"]);
        terminal.wait_until_raw();
        terminal.type_in("ready\n");
        terminal.expect("\r\nready\r\n");
        terminal.type_in(key);
        assert_eq!(terminal.end(), Some(code));
    }
}

#[test]
fn a_change_of_the_windows_size_is_seen() {
    let script = "trap 'stty size; exit 4' WINCH; echo ready; while :; do sleep 0.1; done";
    let mut terminal = Terminal::run(&[], &["sh", "-c", script]);
    terminal.expect("ready\r\n");
    resize(&terminal.master, 50, 120);
    terminal.expect("50 120\r\n");
    assert_eq!(terminal.end(), Some(4));
}

#[test]
fn much_output_arrives_in_order_before_the_end() {
    let mut terminal = Terminal::run(&[], &["seq", "1", "20000"]);
    assert_eq!(terminal.end(), Some(0));
    terminal.read();
    let wanted: String = (1..=20000).map(|number| format!("{number}\r\n")).collect();
    assert!(terminal.shown == wanted, "{} bytes of {}", terminal.shown.len(), wanted.len());
}

#[test]
fn settings_are_put_back_when_the_command_is_told_to_end() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let mut terminal = Terminal::run(&[], &["sh", "-c", "echo ready; exec sleep 100"]);
        terminal.expect("ready\r\n");
        assert!(terminal.is_raw());
        kill_process(terminal.pid(), signal).unwrap();
        assert_eq!(terminal.end(), Some(128 + signal.as_raw()));
    }
    let mut terminal = Terminal::run(&["--timeout", "1s"], &["sh", "-c", "stty raw; exec sleep 100"]);
    assert_eq!(terminal.end(), Some(124));
}

/// The processes below the one numbered `pid`.
fn descendants(pid: i32) -> Vec<i32> {
    let mut found = Vec::new();
    let Ok(threads) = fs::read_dir(format!("/proc/{pid}/task")) else { return found };
    for thread in threads.filter_map(Result::ok) {
        let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        for child in children.split_whitespace().filter_map(|word| word.parse().ok()) {
            found.push(child);
            found.extend(descendants(child));
        }
    }
    found
}

#[test]
fn settings_are_put_back_when_the_sandbox_is_killed() {
    let mut terminal = Terminal::run(&[], &["sh", "-c", "echo ready; exec sleep 100"]);
    terminal.expect("ready\r\n");
    let members = descendants(terminal.pid().as_raw_nonzero().get());
    assert!(!members.is_empty());
    kill_process(Pid::from_raw(*members.last().unwrap()).unwrap(), Signal::KILL).unwrap();
    assert_ne!(terminal.end(), Some(0));
}

#[test]
fn the_command_can_be_stopped_as_a_job() {
    let mut terminal = Terminal::new(&["bash", "--norc", "--noediting", "-i"]);
    terminal.expect("> ");
    let command = format!("{LITEBOX} run -- {BUSYBOX} sh -c 'echo rea''dy; read x; echo got $x; exit 9'\n");
    for _ in 0..2 {
        terminal.type_in(&command);
        terminal.expect("ready\r\n");
        assert!(terminal.is_raw());
        terminal.type_in("\x1a");
        terminal.expect("Stopped");
        terminal.expect("> ");
        assert!(!terminal.is_raw());
        resize(&terminal.master, 44, 88);
        terminal.type_in("fg\n");
        terminal.expect("\n");
        terminal.wait_until_raw();
        terminal.type_in("word\n");
        terminal.expect("got word\r\n");
        terminal.expect("> ");
        terminal.type_in("echo code $?\n");
        terminal.expect("code 9\r\n");
    }
    terminal.type_in("exit\n");
    assert_eq!(terminal.end(), Some(0));
}

#[test]
fn a_shell_in_the_sandbox_controls_its_jobs() {
    let mut terminal = Terminal::run(&["-e", "PS1=% "], &["sh"]);
    terminal.expect("% ");
    terminal.type_in("sleep 100\n");
    terminal.expect("sleep 100\r\n");
    std::thread::sleep(Duration::from_millis(300));
    terminal.type_in("\x1a");
    terminal.expect("Stopped");
    terminal.type_in("fg\n");
    terminal.expect("sleep 100\r\n");
    std::thread::sleep(Duration::from_millis(300));
    terminal.type_in("\x03");
    terminal.expect("^C");
    terminal.type_in("exit 6\n");
    assert_eq!(terminal.end(), Some(6));
}

#[test]
fn descriptors_pass_when_that_is_asked_for() {
    let mut terminal =
        Terminal::run(&["--no-tty"], &["sh", "-c", "test -t 0 && test -t 1 && tty; echo ready; read x"]);
    let shown = terminal.expect("ready\r\n");
    assert!(!shown.contains("/dev/pts/0"), "{shown}");
    assert!(!terminal.is_raw());
    terminal.type_in("\n");
    assert_eq!(terminal.end(), Some(0));
}

fn apart(options: &[&str], script: &str) -> (String, String, Option<i32>) {
    let mut command = Command::new(LITEBOX);
    command.arg("run").args(options).args(["--", BUSYBOX, "sh", "-c", script]).current_dir("/");
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code())
}

#[test]
fn a_terminal_can_be_had_without_one() {
    let script = "tty; echo apart >&2; cat; exit 3";
    assert_eq!(apart(&["-t"], script), ("/dev/pts/0\r\n".into(), "apart\n".into(), Some(3)));
    assert_eq!(apart(&[], "test -t 0 || test -t 1 || echo none"), ("none\n".into(), String::new(), Some(0)));
}
