//! The few requests of `ptrace(2)` and `waitpid(2)` that the tracer makes.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Ask for what the tracer needs: system-call stops that can be told from signals, every new thread and process, and
/// the end of all tracees with the tracer.
const OPTIONS: libc::c_int = libc::PTRACE_O_TRACESYSGOOD
    | libc::PTRACE_O_TRACEFORK
    | libc::PTRACE_O_TRACEVFORK
    | libc::PTRACE_O_TRACECLONE
    | libc::PTRACE_O_TRACEEXEC
    | libc::PTRACE_O_EXITKILL;

/// Have the program that `command` starts traced by the thread that starts it; it stops at its first instruction.
pub(crate) fn trace_child(command: &mut Command) {
    // SAFETY: between fork and exec this makes one system call and allocates nothing.
    unsafe { command.pre_exec(trace_me) };
}

fn trace_me() -> io::Result<()> {
    // SAFETY: the request takes nothing.
    match unsafe { libc::ptrace(libc::PTRACE_TRACEME, 0, 0, 0) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// What happened to a tracee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Happening {
    /// It ended, with this wait status.
    Ended(i32),
    /// It enters or leaves a system call.
    Call,
    /// It stopped for one of the events that the options ask for.
    Event(i32),
    /// A signal is about to be delivered.
    Signal(i32),
}

/// Wait for any tracee of this thread; `None` when none is left.
pub(crate) fn wait() -> io::Result<Option<(i32, Happening)>> {
    loop {
        let mut status = 0;
        // SAFETY: the kernel writes the status to a local.
        let pid = unsafe { libc::waitpid(-1, &raw mut status, libc::__WALL | libc::__WNOTHREAD) };
        if pid > 0 {
            return Ok(Some((pid, happening(status))));
        }
        match io::Error::last_os_error() {
            error if error.raw_os_error() == Some(libc::ECHILD) => return Ok(None),
            error if error.kind() == io::ErrorKind::Interrupted => {}
            error => return Err(error),
        }
    }
}

fn happening(status: i32) -> Happening {
    if !libc::WIFSTOPPED(status) {
        return Happening::Ended(status);
    }
    match (libc::WSTOPSIG(status), status >> 16) {
        (signal, 0) if signal == libc::SIGTRAP | 0x80 => Happening::Call,
        (signal, 0) => Happening::Signal(signal),
        (_, event) => Happening::Event(event),
    }
}

/// Set the options of a tracee that was just started.
pub(crate) fn set_options(pid: i32) {
    // SAFETY: the request takes numbers. A tracee that is gone already is heard of by the next wait.
    unsafe { libc::ptrace(libc::PTRACE_SETOPTIONS, pid, 0, OPTIONS) };
}

/// Let a tracee go on, with `signal` delivered; up to its next system call if `watched`.
pub(crate) fn resume(pid: i32, signal: i32, watched: bool) {
    let request = if watched { libc::PTRACE_SYSCALL } else { libc::PTRACE_CONT };
    // SAFETY: as in `set_options`: the request takes numbers.
    unsafe { libc::ptrace(request, pid, 0, signal) };
}

/// The number of the process or thread that an event is about.
pub(crate) fn event_number(pid: i32) -> Option<i32> {
    let mut number: libc::c_ulong = 0;
    // SAFETY: the kernel writes one word to a local.
    let outcome = unsafe { libc::ptrace(libc::PTRACE_GETEVENTMSG, pid, 0, &raw mut number) };
    if outcome == 0 { i32::try_from(number).ok() } else { None }
}

/// Whether the signal about to be delivered is the filter's own (`SIGSYS` with `SYS_SECCOMP`); nothing if the tracee was
/// killed at its stop.
pub(crate) fn is_from_filter(pid: i32) -> Option<bool> {
    /// `SYS_SECCOMP`.
    const BY_FILTER: i32 = 1;
    // SAFETY: all-zero bytes are a valid value of this plain structure.
    let mut information: libc::siginfo_t = unsafe { std::mem::zeroed() };
    // SAFETY: the kernel writes the structure that the request names.
    let outcome = unsafe { libc::ptrace(libc::PTRACE_GETSIGINFO, pid, 0, &raw mut information) };
    (outcome == 0).then_some(information.si_signo == libc::SIGSYS && information.si_code == BY_FILTER)
}

/// A system call as the host sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HostCall {
    /// `AUDIT_ARCH_*`.
    pub(crate) architecture: u32,
    /// The address after the instruction.
    pub(crate) pointer: u64,
    /// Its number.
    pub(crate) number: u64,
    /// Its arguments.
    pub(crate) arguments: [u64; 6],
}

/// Which half of a system call a tracee stopped at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallStop {
    /// Before it is made, or refused.
    Entry(HostCall),
    /// After it, with its result.
    Exit(i64),
}

/// `struct ptrace_syscall_info`.
#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Information {
    kind: u8,
    padding: [u8; 3],
    architecture: u32,
    pointer: u64,
    stack: u64,
    /// Entry: number and arguments. Exit: the result.
    words: [u64; 8],
}

/// What a tracee in a system-call stop is doing.
pub(crate) fn call_stop(pid: i32) -> Option<CallStop> {
    const GET_SYSCALL_INFO: libc::c_uint = 0x420e;
    const ENTRY: u8 = 1;
    const EXIT: u8 = 2;
    let mut information = Information::default();
    let size = size_of::<Information>();
    // SAFETY: the kernel writes at most `size` bytes to a local of that size.
    let length = unsafe { libc::ptrace(GET_SYSCALL_INFO, pid, size, &raw mut information) };
    let Information { kind, architecture, pointer, words, .. } = information;
    let [number, arguments @ .., _] = words;
    match kind {
        _ if length <= 0 => None,
        ENTRY => Some(CallStop::Entry(HostCall { architecture, pointer, number, arguments })),
        EXIT => Some(CallStop::Exit(number.cast_signed())),
        _ => None,
    }
}

/// Kill a process that is traced.
pub(crate) fn kill(pid: i32) {
    // SAFETY: takes numbers; the caller names its own tracee.
    unsafe { libc::kill(pid, libc::SIGKILL) };
}
