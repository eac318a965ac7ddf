//! The sandbox's first process: it sets the sandbox up, starts the first member and keeps watch over all.
//!
//! The keeper runs no guest code. Every member, however deep its guest parenthood, is a host child of the keeper
//! (`CLONE_PARENT`), so it sees each death at once. A member that dies abnormally takes the sandbox with it.
#![expect(unsafe_code, reason = "the keeper makes processes and reads what the kernel passes on its stack")]

use alloc::boxed::Box;
use alloc::sync::Arc;

use litebox_host::regs::Registers;
use litebox_host::shim::Shim;

use crate::ambient::{FAIL_STOP, last_words};
use crate::calls::CLONE_MEMBER;
use crate::departure::DEPARTED;
use crate::enter::block::ThreadBlock;
use crate::error::{HostErrno, Result};
use crate::host::LinuxProcess;
use crate::process::{HostProcess, Space, end_process};
use crate::region::map_private;
use crate::setup::{self, SignalScope};
use crate::{arena, calls, departure, kicks, thread};

/// Makes the guest's first thread, inside the member that will run it; `None` if there is none to run, which it
/// has reported.
pub type MakeFirst<S> = fn(LinuxProcess, Machine) -> Option<First<S>>;

/// A guest's first thread.
pub struct First<S> {
    /// Its shim.
    pub shim: Box<S>,
    /// Its first registers.
    pub registers: Registers,
}

/// What the kernel's auxiliary vector (`getauxval(3)`) tells the image.
#[derive(Clone, Copy, Debug, Default)]
pub struct Machine {
    /// `AT_HWCAP`.
    pub capabilities: u64,
    /// `AT_HWCAP2`.
    pub capabilities2: u64,
    /// `AT_MINSIGSTKSZ`.
    pub minimum_signal_stack: u64,
}

/// Enter here from the image's `_start`, with the stack pointer the kernel gave it. `first` makes the guest's
/// first thread, inside the member that will run it; `None` if there is none to run, which it has reported.
///
/// # Safety
/// Called once, as the first code of a process, with the kernel's initial stack pointer.
pub unsafe fn main<S: Shim>(stack: *const usize, first: MakeFirst<S>) -> ! {
    // SAFETY: the stack pointer is the kernel's initial one, as the caller has promised.
    let machine = unsafe { read_auxiliary(stack) };
    let code = match keep(machine, first) {
        Ok(code) => code,
        Err((step, errno)) => {
            last_words(format_args!("cannot set up the sandbox: {step} failed with error {}", errno.0));
            FAIL_STOP
        }
    };
    end_process(code)
}

/// A step of the set-up, and how it failed.
type Failure = (&'static str, HostErrno);

fn step<T>(name: &'static str, outcome: Result<T>) -> core::result::Result<T, Failure> {
    outcome.map_err(|errno| (name, errno))
}

fn keep<S: Shim>(machine: Machine, first: MakeFirst<S>) -> core::result::Result<usize, Failure> {
    step("hardening", setup::harden())?;
    let moved = step("moving the vDSO", crate::vdso::host::settle())?;
    // From here on a failure can be told: messages leave through the gate.
    step("the gate", setup::map_gate())?;
    step("the arena", setup::map_arena())?;
    // SAFETY: the kernel's vDSO, if there is one, is now mapped where it was moved to.
    let vdso = moved.map(|range| unsafe { crate::vdso::host::find(range) }).unwrap_or_default();
    // SAFETY: the arena was just mapped, and nothing of the library OS has run.
    unsafe { arena::initialise(setup::processors(), vdso) };
    setup::inherit_image();
    step("the process group", setup::end_with_parent())?;
    let scope = step("Landlock", setup::restrict())?;
    arena::header().channel.open();
    if scope == SignalScope::Unbounded {
        step("the process that kicks", kicks::start())?;
    }
    step("signal handlers", setup::install_handlers())?;
    step("the filter", setup::install_filter(scope))?;
    match step("clone", make_member())? {
        Side::Keeper => Ok(watch()),
        Side::Member(number) => {
            let (step, errno) = match settle(number) {
                Ok(block) => on_own_stack(block, machine, first),
                Err(failure) => failure,
            };
            last_words(format_args!("cannot confine the program: {step} failed with error {}", errno.0));
            end_process(FAIL_STOP)
        }
    }
}

/// Which side of the keeper's clone this is.
enum Side {
    Keeper,
    /// The new member, and its number.
    Member(u32),
}

/// Make a process with a copy of this one's memory, which holds nothing of a guest's. It is confined as this one is.
fn make_member() -> Result<Side> {
    let mut number = 0_u32;
    // SAFETY: the new process goes on with a copy of this stack, on which the kernel has written its number.
    match unsafe { calls::clone(CLONE_MEMBER as usize, 0, 0, (&raw mut number).addr(), 0) }? {
        0 => {
            // SAFETY: the local lives; the kernel wrote it behind the compiler's back.
            Ok(Side::Member(unsafe { (&raw const number).read_volatile() }))
        }
        _ => Ok(Side::Keeper),
    }
}

/// Make this new process, numbered `number`, a member with one thread: the calling one, whose block is the answer.
fn settle(number: u32) -> core::result::Result<&'static ThreadBlock, Failure> {
    step("the parent's death signal", setup::die_with_parent())?;
    setup::populate(arena::first_used());
    let process: &'static HostProcess = Box::leak(HostProcess::new(number, Arc::new(Space::new())));
    let region =
        process.space.regions.take(map_private).ok_or(("the first thread's region", HostErrno(12)))?;
    process.space.regions.settle(region, number);
    step("the first thread's word", setup::clear_at_end(process.space.regions.word(region)))?;
    // SAFETY: the region was just taken, so it is mapped and nobody uses it.
    let block = unsafe { region.prepare(process) };
    // SAFETY: the block is prepared and becomes this thread's.
    unsafe { thread::adopt(block) };
    Ok(block)
}

/// Go on with `begin` on the thread's own library-OS stack.
fn on_own_stack<S: Shim>(block: &'static ThreadBlock, machine: Machine, first: MakeFirst<S>) -> ! {
    let mut arguments = (block, machine, first);
    // Below the frame's place, so that loading the frame later does not overwrite what runs.
    let stack = block.frame().addr() - 64;
    // SAFETY: the stack is this thread's own and empty; `begin` never returns, so the arguments stay alive on
    // the old stack.
    unsafe {
        core::arch::asm!("mov rsp, {stack}", "and rsp, -16", "call {begin}", "ud2", stack = in(reg) stack,
            in("rdi") &raw mut arguments, begin = sym begin::<S>, options(noreturn));
    }
}

extern "C" fn begin<S: Shim>(arguments: &(&'static ThreadBlock, Machine, MakeFirst<S>)) -> ! {
    let (block, machine, first) = *arguments;
    setup::forget_stack();
    match first(LinuxProcess, machine) {
        Some(First { shim, registers }) => {
            thread::load(block, shim, &registers, 0, [[0; 16]; 16]);
            thread::run_guest(block)
        }
        None => end_process(0),
    }
}

/// Reap members, whose ends SIGCHLD tells of, until none is left or one died abnormally, and make one for each that
/// departed; the keeper's own exit code.
fn watch() -> usize {
    const HAS_DEPARTED: u32 = (DEPARTED as u32) << 8;
    loop {
        let mut status = 0_u32;
        let any = usize::MAX;
        // SAFETY: the kernel writes the status to a local.
        let waited = unsafe { calls::wait4(any, (&raw mut status).addr(), 0, 0) };
        // SAFETY: the local lives; the kernel wrote it behind the compiler's back.
        match (waited, unsafe { (&raw const status).read_volatile() }) {
            (Ok(_), 0) | (Err(HostErrno::EINTR), _) => {}
            (Ok(_), HAS_DEPARTED) => receive(),
            (Ok(_), status) => end_sandbox(status),
            (Err(_), _) => return 0,
        }
    }
}

/// Make a member for a thread that departed. The keeper looks at nothing that a hostile member could have written.
fn receive() {
    match make_member() {
        Ok(Side::Keeper) => {}
        Ok(Side::Member(number)) => match settle(number) {
            Ok(block) => departure::arrive(block),
            Err((step, errno)) => {
                last_words(format_args!("cannot go on in new memory: {step} failed with error {}", errno.0));
                end_process(FAIL_STOP)
            }
        },
        Err(errno) => {
            last_words(format_args!("cannot make a process: error {}", errno.0));
            end_sandbox(0)
        }
    }
}

/// A member died abnormally: say so and end every process of the sandbox, this one included.
fn end_sandbox(status: u32) -> ! {
    let signal = status & 0x7f;
    // A member that stopped by itself has said why.
    if signal != 0 {
        last_words(format_args!("a process of the sandbox was killed by signal {signal}"));
    }
    // SAFETY: 0 names the own group, which is the sandbox's: set-up checked that this process leads it, and no row
    // can leave it.
    let _ = unsafe { calls::kill(0, 9) };
    end_process(FAIL_STOP)
}

/// What the kernel's initial stack says: argc, argv, NULL, envp, NULL, then pairs.
///
/// # Safety
/// `stack` is the kernel's initial stack pointer.
unsafe fn read_auxiliary(stack: *const usize) -> Machine {
    const NULL: usize = 0;
    const HWCAP: usize = 16;
    const HWCAP2: usize = 26;
    const MINSIGSTKSZ: usize = 51;
    // SAFETY: the caller's promise: the words up to the vector's end are there.
    let word = |index: usize| unsafe { stack.wrapping_add(index).read() };
    let mut index = word(0) + 2;
    while word(index) != 0 {
        index += 1;
    }
    index += 1;
    let mut machine = Machine::default();
    while word(index) != NULL {
        let value = word(index + 1);
        match word(index) {
            HWCAP => machine.capabilities = value as u64,
            HWCAP2 => machine.capabilities2 = value as u64,
            MINSIGSTKSZ => machine.minimum_signal_stack = value as u64,
            _ => {}
        }
        index += 2;
    }
    machine
}
