//! The host calls that neither std nor rustix has a safe form of. Nothing else in this crate is unsafe.
#![expect(
    unsafe_code,
    reason = "signal masks and a child's descriptor table are not covered by std or rustix"
)]

use rustix::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::io;
use std::mem::MaybeUninit;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

/// The descriptor of the channel in the sandbox.
const CHANNEL: i32 = 3;

/// Signals numbers end here (`_NSIG`, signal(7)).
const SIGNALS_END: i32 = 65;

/// A set of signals that the calling thread has blocked; dropping it restores the mask from before.
pub(crate) struct Blocked {
    set: libc::sigset_t,
    before: libc::sigset_t,
}

impl Blocked {
    /// Blocks `signals` in the calling thread.
    pub(crate) fn new(signals: &[i32]) -> io::Result<Self> {
        let set = signal_set(signals);
        let mut before = MaybeUninit::uninit();
        // SAFETY: both point to locals of the right type; the call writes the second when it succeeds.
        let result = unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, before.as_mut_ptr()) };
        if result != 0 {
            return Err(io::Error::from_raw_os_error(result));
        }
        // SAFETY: written by the call above.
        let before = unsafe { before.assume_init() };
        Ok(Self { set, before })
    }

    /// A descriptor from which the blocked signals are read (signalfd(2)).
    pub(crate) fn descriptor(&self) -> io::Result<OwnedFd> {
        let flags = libc::SFD_CLOEXEC | libc::SFD_NONBLOCK;
        // SAFETY: the set is an initialised field; the call makes a new descriptor.
        let descriptor = unsafe { libc::signalfd(-1, &raw const self.set, flags) };
        if descriptor < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: it was just made, and nobody else knows it.
        Ok(unsafe { OwnedFd::from_raw_fd(descriptor) })
    }

    /// Lets a pending `signal` of the blocked ones take its effect now, then blocks it again.
    pub(crate) fn deliver(signal: i32) {
        let set = signal_set(&[signal]);
        let none = std::ptr::null_mut();
        // SAFETY: the set is a local; no old mask is asked for.
        unsafe { libc::pthread_sigmask(libc::SIG_UNBLOCK, &raw const set, none) };
        // SAFETY: the same set; no old mask is asked for.
        unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, none) };
    }
}

impl Drop for Blocked {
    fn drop(&mut self) {
        // SAFETY: restores a mask that this thread had; no old mask is asked for.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const self.before, std::ptr::null_mut()) };
    }
}

fn signal_set(signals: &[i32]) -> libc::sigset_t {
    let mut set = MaybeUninit::uninit();
    // SAFETY: the call initialises the local.
    unsafe { libc::sigemptyset(set.as_mut_ptr()) };
    // SAFETY: initialised by the call above.
    let mut set = unsafe { set.assume_init() };
    for signal in signals {
        // SAFETY: the set is an initialised local; numbers that are no signals are refused by the call.
        unsafe { libc::sigaddset(&raw mut set, *signal) };
    }
    set
}

/// Whether the caller's parent had this process ignore `signal`, as nohup(1) does.
pub(crate) fn is_ignored(signal: i32) -> bool {
    let mut action = MaybeUninit::<libc::sigaction>::uninit();
    // SAFETY: no new action is given; the call writes the old one when it succeeds.
    if unsafe { libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr()) } != 0 {
        return false;
    }
    // SAFETY: written by the call above.
    let action = unsafe { action.assume_init() };
    action.sa_sigaction == libc::SIG_IGN
}

/// Has the kernel not randomise the addresses of the next image of this process: the image has fixed places of its own,
/// and on some kernels the vDSO would otherwise now and then lie in one of them. Where a container's
/// filter refuses the call, that risk stays. The guest's addresses are randomised by the library OS.
fn fix_layout() {
    /// Asks without a change (personality(2)).
    const ASK: libc::c_ulong = 0xffff_ffff;
    // SAFETY: the call is async-signal-safe, and with this value it only asks and changes nothing.
    let personality = unsafe { libc::personality(ASK) };
    if personality >= 0 {
        let wanted = personality | libc::ADDR_NO_RANDOMIZE;
        // SAFETY: async-signal-safe; takes effect at the next execve(2).
        unsafe { libc::personality(libc::c_ulong::from(wanted.unsigned_abs())) };
    }
}

/// Has the child that `command` starts find `channel` as descriptor 3, no descriptor above it, and no signal blocked or
/// ignored (but for 32 and 33, which the C library keeps to itself). Descriptor 3 of this process must be in use, by the
/// channel itself or by anything else, until the child has been started.
pub(crate) fn prepare_child(command: &mut Command, channel: OwnedFd) {
    let none = signal_set(&[]);
    let prepare = move || {
        // SAFETY: async-signal-safe; the set is the closure's own, and no old mask is asked for.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const none, std::ptr::null_mut()) };
        for signal in 1..SIGNALS_END {
            // SAFETY: async-signal-safe; default actions need no handler. Refusals (SIGKILL) do not matter.
            unsafe { libc::signal(signal, libc::SIG_DFL) };
        }
        fix_layout();
        // SAFETY: async-signal-safe; marks what is above the channel to be closed by the execve that comes next. Where
        // it is refused the image closes it, as it does in any case.
        unsafe { libc::syscall(libc::SYS_close_range, CHANNEL + 1, u32::MAX, libc::CLOSE_RANGE_CLOEXEC) };
        if channel.as_raw_fd() == CHANNEL {
            // SAFETY: async-signal-safe; clears close-on-exec of a descriptor that is open.
            let result = unsafe { libc::fcntl(CHANNEL, libc::F_SETFD, 0) };
            return if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) };
        }
        // SAFETY: async-signal-safe. What 3 was before is closed in the child only, where nothing uses it: the
        // caller has seen to it that 3 was taken before std made its own descriptors.
        let result = unsafe { libc::dup2(channel.as_raw_fd(), CHANNEL) };
        if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    };
    // SAFETY: the closure makes async-signal-safe calls only and does not allocate.
    unsafe { command.pre_exec(prepare) };
}

/// The version of Landlock that the host has (landlock_create_ruleset(2)), or why there is none.
pub(crate) fn landlock_version() -> io::Result<u32> {
    const VERSION: libc::c_long = 1;
    let none = std::ptr::null::<u8>();
    // SAFETY: asks for a number; no attributes are given.
    let version = unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, none, 0_usize, VERSION) };
    u32::try_from(version).map_err(|_| io::Error::last_os_error())
}

/// Whether the host has mseal(2).
pub(crate) fn has_mseal() -> bool {
    const MSEAL: libc::c_long = 462;
    // SAFETY: a range of no length changes nothing.
    let result = unsafe { libc::syscall(MSEAL, 0_usize, 0_usize, 0_usize) };
    result == 0
}

/// Whether a child of this process can have a user namespace and a PID namespace of its own (user_namespaces(7)).
pub(crate) fn try_namespaces() -> io::Result<()> {
    let mut command = Command::new("/proc/self/exe");
    command.arg("--version").env_clear();
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let unshare = || {
        // SAFETY: async-signal-safe; the child has one thread and is only tried.
        let result = unsafe { libc::unshare(libc::CLONE_NEWUSER | libc::CLONE_NEWPID) };
        if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    };
    // SAFETY: the closure makes one async-signal-safe call and does not allocate.
    unsafe { command.pre_exec(unshare) };
    command.spawn()?.wait().map(|_| ())
}
