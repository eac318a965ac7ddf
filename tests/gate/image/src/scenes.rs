//! The scenes, and the shim that plays them.

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::fmt::Write;

use litebox_host::ambient::{self, Log};
use litebox_host::memory::{Memory, Protection, UserAccess};
use litebox_host::process::Process;
use litebox_host::regs::Registers;
use litebox_host::shim::{Action, Exception, Fault, Shim};
use litebox_host::sync::{AtomicU32, Ordering};
use litebox_host::thread::Thread;
use litebox_host::time::{Clock, Deadline, Time};
use litebox_host_linux::keeper::{First, Machine};
use litebox_host_linux::{LinuxProcess, start};

use crate::guest::{self, CODE, DATA, DONE, Piece};

/// The state of a scene, in the arena: every actor sees it.
#[derive(Default)]
struct Stage {
    count: AtomicU32,
    done: AtomicU32,
}

/// One actor: a guest thread.
pub(crate) struct Actor {
    scene: Scene,
    stage: Arc<Stage>,
}

/// What the test outside asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scene {
    /// Live registers over trapped calls.
    Registers,
    /// Forked processes share the arena and not the guest's memory.
    Fork,
    /// A process in its parent's memory.
    Share,
    /// Kicks to a thread that computes.
    Kick,
    /// A timed wait, during which the test outside stops and continues the sandbox.
    Sleep,
    /// Processes that fork and end, until the sandbox is ended.
    Chain,
    /// A member dies in the library OS's own code.
    Crash,
    /// Guest faults arrive as faults.
    Faults,
    /// A thread of its own stack and an alarm-like wake.
    Threads,
}

impl Scene {
    const ALL: [(&'static str, Self); 9] = [
        ("registers", Self::Registers),
        ("fork", Self::Fork),
        ("share", Self::Share),
        ("kick", Self::Kick),
        ("sleep", Self::Sleep),
        ("chain", Self::Chain),
        ("crash", Self::Crash),
        ("faults", Self::Faults),
        ("threads", Self::Threads),
    ];
}

/// The first actor of the scene that the test outside names in place of a start block.
pub(crate) fn first(host: LinuxProcess, _: Machine) -> Option<First<Actor>> {
    let name = start::block().ok()?;
    let (_, scene) = Scene::ALL.iter().find(|(known, _)| known.as_bytes() == name)?;
    prepare(host)?;
    let piece = match scene {
        Scene::Registers => Piece::Registers,
        _ => Piece::Call,
    };
    let shim = Box::new(Actor { scene: *scene, stage: Arc::default() });
    let mut registers = at(piece);
    registers.rdi = 1000;
    registers.r15 = guest::NEXT;
    Some(First { shim, registers })
}

fn prepare(host: LinuxProcess) -> Option<()> {
    let code = CODE..CODE + 4096;
    host.map(code.clone(), Protection::READ | Protection::WRITE).ok()?;
    host.write(CODE, guest::code()).ok()?;
    host.protect(code, Protection::READ | Protection::EXECUTE).ok()?;
    host.map(DATA..DATA + 0x1_0000, Protection::READ | Protection::WRITE).ok()
}

/// Registers of a guest thread that starts at `piece`.
fn at(piece: Piece) -> Registers {
    Registers {
        rip: guest::address(piece),
        rsp: (DATA + 0x1_0000) as u64,
        rflags: 0x202,
        ..Registers::default()
    }
}

/// Tell the test outside, and end the sandbox.
fn finish(ok: bool, what: &str, figure: u64) -> ! {
    let mut line = alloc::string::String::new();
    // Writing to a string cannot fail.
    let _ = write!(line, "{}: {what} {figure}", if ok { "ok" } else { "FAILED" });
    ambient::log(Log::Note, &line);
    LinuxProcess.exit(if ok { 0 } else { 1 << 8 })
}

/// Wait until `word` is at least `value`.
fn wait_for(word: &AtomicU32, value: u32) {
    loop {
        let seen = word.load(Ordering::Acquire);
        if seen >= value {
            return;
        }
        let _ = ambient::wait(word, seen, None);
    }
}

fn add(word: &AtomicU32) {
    word.fetch_add(1, Ordering::AcqRel);
    ambient::wake(word, 1);
}

fn now() -> u64 {
    u64::try_from(LinuxProcess.now(Clock::Monotonic).as_nanos()).unwrap_or_default()
}

impl Shim for Actor {
    fn begin(&mut self, _: &mut Registers) -> Action {
        if self.scene != Scene::Fork {
            return Action::Resume;
        }
        let _ = LinuxProcess.write(DATA, &[1]);
        add(&self.stage.count);
        Action::Exit
    }

    fn syscall(&mut self, registers: &mut Registers) -> Action {
        match (self.scene, registers.rax) {
            (Scene::Registers, guest::NEXT) => self.register_round(),
            (Scene::Registers, _) => finish(registers.rdi == 0, "registers kept", registers.rdi),
            (Scene::Share, DONE) => {
                add(&self.stage.done);
                return Action::Exit;
            }
            (Scene::Fork, _) => self.fork(),
            (Scene::Share, _) => self.share(),
            (Scene::Kick, _) => self.kick(),
            (Scene::Sleep, _) => sleep(),
            (Scene::Chain, _) => return self.chain(),
            (Scene::Crash, _) => crash(registers),
            (Scene::Faults, _) => self.next_fault(registers),
            (Scene::Threads, _) => return self.threads(),
        }
        Action::Resume
    }

    fn fault(&mut self, fault: &Fault, registers: &mut Registers) -> Action {
        let expected = match self.stage.count.load(Ordering::Acquire) {
            1 => (Exception::NotMapped, 0x1234_5000),
            2 => (Exception::Protection, 0),
            _ => (Exception::AccessDenied, DATA as u64),
        };
        if (fault.exception, fault.address) != expected {
            finish(false, "fault", fault.address);
        }
        *registers = at(Piece::Call);
        Action::Resume
    }

    fn interrupt(&mut self, _: &mut Registers) -> Action {
        add(&self.stage.count);
        if self.stage.done.load(Ordering::Acquire) != 0 { Action::Exit } else { Action::Resume }
    }
}

impl Actor {
    fn register_round(&self) {
        // A copy long enough for a vectorised memcpy, had the image one.
        let from = [7_u8; 500];
        let mut to = [0_u8; 500];
        to.copy_from_slice(core::hint::black_box(&from));
        core::hint::black_box(&to);
    }

    fn another(&self) -> Box<Self> {
        Box::new(Self { scene: self.scene, stage: Arc::clone(&self.stage) })
    }

    /// 100 children, each of which changes its own copy of the guest's memory and the shared count.
    fn fork(&self) {
        let before = now();
        for round in 1..=100 {
            if LinuxProcess.fork(self.another(), &at(Piece::Call), 0).is_err() {
                finish(false, "fork", 0);
            }
            wait_for(&self.stage.count, round);
        }
        let mut byte = [9];
        let read = LinuxProcess.read(DATA, &mut byte);
        finish(read.is_ok() && byte == [0], "ns a fork", (now() - before) / 100)
    }

    /// 100 children that store in this process's memory.
    fn share(&self) {
        let before = now();
        for round in 1..=100 {
            let _ = LinuxProcess.write(DATA, &[0]);
            if LinuxProcess.share(self.another(), &at(Piece::Store), 0).is_err() {
                finish(false, "sharing process", 0);
            }
            wait_for(&self.stage.done, round);
            let mut byte = [0];
            if LinuxProcess.read(DATA, &mut byte).is_err() || byte != [42] {
                finish(false, "store seen", u64::from(byte[0]));
            }
        }
        finish(true, "ns a sharing process", (now() - before) / 100)
    }

    /// 1000 kicks to a thread that computes, each seen before the next.
    fn kick(&self) {
        let Ok(thread) = LinuxProcess.spawn(self.another(), &at(Piece::Spin), 0) else {
            finish(false, "thread", 0);
        };
        let before = now();
        for round in 1..=1000 {
            ambient::kick(thread);
            wait_for(&self.stage.count, round);
        }
        let each = (now() - before) / 1000;
        self.stage.done.store(1, Ordering::Release);
        ambient::kick(thread);
        finish(true, "ns a kick", each)
    }

    /// A chain of processes, each the next one's parent and gone at once; a bounded one, whatever happens.
    fn chain(&self) -> Action {
        const LONGEST: u32 = 20_000;
        if self.stage.count.load(Ordering::Acquire) == 0 {
            ambient::log(Log::Note, "chain");
        }
        if self.stage.count.fetch_add(1, Ordering::AcqRel) < LONGEST {
            while LinuxProcess.fork(self.another(), &at(Piece::Call), 0).is_err() {
                LinuxProcess.yield_now();
            }
        }
        Action::Exit
    }

    fn next_fault(&self, registers: &mut Registers) {
        let round = self.stage.count.fetch_add(1, Ordering::AcqRel) + 1;
        match round {
            1 => registers.rip = 0x1234_5000,
            2 => registers.rip = 0x8000_0000_0000_0000,
            3 => {
                let _ = LinuxProcess.protect(DATA..DATA + 4096, Protection::READ);
                registers.rip = guest::address(Piece::Store);
            }
            _ => finish(true, "faults", u64::from(round)),
        }
    }

    /// Nine threads that make calls until they made 9000 together; the one that makes the last ends the sandbox.
    fn threads(&mut self) -> Action {
        let made = self.stage.count.fetch_add(1, Ordering::AcqRel);
        if made == 0 {
            for _ in 0..8 {
                if LinuxProcess.spawn(self.another(), &at(Piece::Call), 0).is_err() {
                    finish(false, "thread", 0);
                }
            }
        }
        if made == 9000 {
            finish(true, "calls by nine threads", u64::from(made))
        }
        if made > 9000 { Action::Exit } else { Action::Resume }
    }
}

fn sleep() {
    let word = AtomicU32::new(0);
    ambient::log(Log::Note, "sleeping");
    let before = now();
    let outcome = ambient::wait(&word, 0, Some(Deadline(before + 1_500_000_000)));
    let slept = (now() - before) / 1_000_000;
    finish(outcome.is_err() && (1500..3000).contains(&slept), "ms slept", slept)
}

fn crash(registers: &Registers) {
    let nowhere = core::hint::black_box(registers.rbx);
    let bytes = [0_u8; 8];
    // An index out of bounds: the image's panic handler ends the sandbox.
    let index = usize::try_from(nowhere).unwrap_or_default() + 8;
    let _ = core::hint::black_box(bytes[core::hint::black_box(index)]);
}
