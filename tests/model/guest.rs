//! Guest processes on the fake host, whose code makes system calls.

#[path = "../../north/linux/tests/support/guest.rs"]
mod support;

use litebox_host::memory::{Memory, Protection};
use litebox_host_fake::Guest;

use support::RESTORER;
use support::program::{World, execve};
pub(crate) use support::{DATA, STACK, catch, get, get_word, put, start_thread};

pub(crate) const READ: u64 = 0;
pub(crate) const WRITE: u64 = 1;
pub(crate) const MMAP: u64 = 9;
pub(crate) const MUNMAP: u64 = 11;
pub(crate) const MASK: u64 = 14;
pub(crate) const PIPE: u64 = 22;
pub(crate) const MINCORE: u64 = 27;
pub(crate) const FORK: u64 = 57;
pub(crate) const VFORK: u64 = 58;
pub(crate) const EXIT: u64 = 60;
pub(crate) const WAIT: u64 = 61;
pub(crate) const KILL: u64 = 62;
pub(crate) const TAKE_SIGNAL: u64 = 128;
pub(crate) const SUSPEND: u64 = 130;
pub(crate) const PRCTL: u64 = 157;
pub(crate) const FUTEX: u64 = 202;
pub(crate) const EXIT_GROUP: u64 = 231;
pub(crate) const TGKILL: u64 = 234;

pub(crate) const ESRCH: i64 = -3;
pub(crate) const EINTR: i64 = -4;
pub(crate) const ECHILD: i64 = -10;

/// The first process's number; init has 1.
pub(crate) const FIRST: u64 = 2;
/// Where a word is that is 0 once a thread has ended.
pub(crate) const THREAD_WORD: u64 = DATA + 0x40;
/// A futex that nobody wakes.
const NEVER: u64 = DATA + 0x50;
/// Where the stacks of threads start.
const STACKS: u64 = DATA + 0x1_0000;
/// Below its stack pointer by so much, a thread puts what is for one call.
const SCRATCH: u64 = 0x1000;

/// Run process [`FIRST`] from `code` until it and all that it made have ended; its status. Nobody is left then.
pub(crate) fn run(code: impl Fn(&mut Guest<'_>) + Send + Sync + 'static) -> Option<i32> {
    run_with(code, |_| panic!("nobody starts another program"))
}

/// As [`run`], where `second` is the code of the program that [`execute_second`] starts.
pub(crate) fn run_with(
    code: impl Fn(&mut Guest<'_>) + Send + Sync + 'static,
    second: impl Fn(&mut Guest<'_>) + Send + Sync + 'static,
) -> Option<i32> {
    let world = World::new();
    let [low, high] = [STACKS, STACK].map(|address| usize::try_from(address).unwrap());
    world.host.map(low..high, Protection::READ | Protection::WRITE).unwrap();
    world.host.code(RESTORER, |guest| {
        guest.syscall(15, &[]);
    });
    let process = world.start(code, second);
    assert_eq!(u64::from(process.id()), FIRST);
    let status = world.host.join();
    // The sandbox ended with the first process, before that could be waited for.
    assert_eq!(process.registry().thread_count(), 1, "threads are counted that are gone");
    assert_eq!(process.registry().processes().len(), 2, "processes are known that are gone");
    status
}

/// Make a process that runs `code`, known at address `at`; its number.
pub(crate) fn fork(
    guest: &mut Guest<'_>,
    at: u64,
    code: impl Fn(&mut Guest<'_>) + Send + Sync + 'static,
) -> u64 {
    guest.host.code(at, code);
    guest.syscall_before(at, FORK, &[]).try_into().expect("a process can be made")
}

/// Start the second program. The thread ends if another was faster.
pub(crate) fn execute_second(guest: &mut Guest<'_>) {
    execve(guest, "/bin/second", &["second"]);
    panic!("the program could not be started");
}

/// Start a thread that runs `code`, known at address `at`, as the `index`th one.
pub(crate) fn thread(
    guest: &mut Guest<'_>,
    index: u64,
    at: u64,
    code: impl Fn(&mut Guest<'_>) + Send + Sync + 'static,
) -> u64 {
    let started = start_thread(guest, at, STACK - 0x8000 * (index + 1), THREAD_WORD + 8 * index, code);
    started.try_into().expect("a thread can be started")
}

/// Wait until the `index`th thread has ended.
pub(crate) fn join(guest: &mut Guest<'_>, index: u64) {
    let at = THREAD_WORD + 8 * index;
    loop {
        let number = get_word(guest, at);
        if number == 0 {
            return;
        }
        guest.syscall(FUTEX, &[at, 0, u64::from(number), 0]);
    }
}

/// Wait for child `process` with `options`: the call's result, and the status.
pub(crate) fn wait(guest: &mut Guest<'_>, process: i64, options: u64) -> (i64, u32) {
    let status = guest.registers.rsp - SCRATCH;
    let result = guest.syscall(WAIT, &[process.cast_unsigned(), status, options, 0]);
    (result, get_word(guest, status))
}

/// Sleep until the process ends.
pub(crate) fn sleep_for_ever(guest: &mut Guest<'_>) -> ! {
    loop {
        guest.syscall(FUTEX, &[NEVER, 0, 0, 0]);
    }
}

/// The set of `signals`, in memory.
fn set(guest: &Guest<'_>, signals: &[u64]) -> u64 {
    let at = guest.registers.rsp - SCRATCH;
    put(guest, at, signals.iter().map(|signal| 1 << (signal - 1)).sum());
    at
}

/// Block `signals`, and no others.
pub(crate) fn block(guest: &mut Guest<'_>, signals: &[u64]) {
    const SET_MASK: u64 = 2;
    let at = set(guest, signals);
    assert_eq!(guest.syscall(MASK, &[SET_MASK, at, 0, 8]), 0);
}

/// Sleep with only `signals` blocked until a handler has run.
pub(crate) fn suspend(guest: &mut Guest<'_>, signals: &[u64]) {
    let at = set(guest, signals);
    assert_eq!(guest.syscall(SUSPEND, &[at, 8]), EINTR);
}

/// Take one of `signals`, which are blocked.
pub(crate) fn take_signal(guest: &mut Guest<'_>, signals: &[u64]) -> i64 {
    let at = set(guest, signals);
    guest.syscall(TAKE_SIGNAL, &[at, 0, 0, 8])
}
