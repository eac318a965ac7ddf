//! The host calls that neither std nor rustix has a safe form of. Nothing else in this crate is unsafe.
#![expect(
    unsafe_code,
    reason = "signal masks, and starting a process without a copy of this one, are not covered by std or rustix"
)]

use rustix::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::ffi::CStr;
use std::io;
use std::mem::MaybeUninit;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

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

fn every_signal() -> libc::sigset_t {
    let mut set = MaybeUninit::uninit();
    // SAFETY: the call initialises the local.
    unsafe { libc::sigfillset(set.as_mut_ptr()) };
    // SAFETY: initialised by the call above.
    unsafe { set.assume_init() }
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

/// Keeps the kernel from randomising the addresses of what this thread executes, until it is dropped: the image has
/// fixed places of its own, and on some kernels the vDSO would otherwise now and then lie in one of them. Where a
/// container's filter refuses the call, that risk stays. The guest's addresses are randomised by the library OS.
pub(crate) struct FixedLayout {
    before: Option<libc::c_ulong>,
}

impl FixedLayout {
    pub(crate) fn new() -> Self {
        /// Asks without a change (personality(2)).
        const ASK: libc::c_ulong = 0xffff_ffff;
        // SAFETY: with this value the call only asks and changes nothing.
        let before = u32::try_from(unsafe { libc::personality(ASK) }).ok().map(libc::c_ulong::from);
        if let Some(before) = before {
            let fixed = libc::c_ulong::from(libc::ADDR_NO_RANDOMIZE.unsigned_abs());
            // SAFETY: concerns this thread's next execve(2), which its children inherit, and nothing else.
            unsafe { libc::personality(before | fixed) };
        }
        Self { before }
    }
}

impl Drop for FixedLayout {
    fn drop(&mut self) {
        if let Some(before) = self.before {
            // SAFETY: puts back what this thread had.
            unsafe { libc::personality(before) };
        }
    }
}

/// The descriptors of a process that is to be started.
pub(crate) struct Descriptors(libc::posix_spawn_file_actions_t);

impl Descriptors {
    /// Those of this process that are not closed at execve(2).
    pub(crate) fn new() -> io::Result<Self> {
        let mut actions = MaybeUninit::uninit();
        // SAFETY: the call initialises the local when it succeeds.
        answer(unsafe { libc::posix_spawn_file_actions_init(actions.as_mut_ptr()) })?;
        // SAFETY: initialised by the call above.
        Ok(Self(unsafe { actions.assume_init() }))
    }

    /// One of this process's at `place`. No descriptor may be given after its number was a place.
    pub(crate) fn put(&mut self, descriptor: BorrowedFd<'_>, place: i32) -> io::Result<()> {
        // SAFETY: the actions are initialised; the call notes two numbers.
        let result =
            unsafe { libc::posix_spawn_file_actions_adddup2(&raw mut self.0, descriptor.as_raw_fd(), place) };
        answer(result)
    }

    /// None from `first` on but `kept`.
    pub(crate) fn end(&mut self, first: i32, kept: i32) -> io::Result<()> {
        for descriptor in first..kept {
            // SAFETY: the actions are initialised; the call notes a number, which need not be open.
            answer(unsafe { libc::posix_spawn_file_actions_addclose(&raw mut self.0, descriptor) })?;
        }
        let rest = first.max(kept.saturating_add(1));
        // SAFETY: the actions are initialised; the call notes a number.
        answer(unsafe { libc::posix_spawn_file_actions_addclosefrom_np(&raw mut self.0, rest) })
    }
}

impl Drop for Descriptors {
    fn drop(&mut self) {
        // SAFETY: initialised, and not used after this.
        unsafe { libc::posix_spawn_file_actions_destroy(&raw mut self.0) };
    }
}

/// A process group of its own; no signal blocked or ignored, but for 32 and 33, which the C library keeps to itself.
struct Attributes(libc::posix_spawnattr_t);

impl Attributes {
    fn new() -> io::Result<Self> {
        const FLAGS: i32 =
            libc::POSIX_SPAWN_SETPGROUP | libc::POSIX_SPAWN_SETSIGDEF | libc::POSIX_SPAWN_SETSIGMASK;
        let mut attributes = MaybeUninit::uninit();
        // SAFETY: the call initialises the local when it succeeds.
        answer(unsafe { libc::posix_spawnattr_init(attributes.as_mut_ptr()) })?;
        // SAFETY: initialised by the call above.
        let mut attributes = Self(unsafe { attributes.assume_init() });
        let at = &raw mut attributes.0;
        let flags = libc::c_short::try_from(FLAGS).map_err(|_| io::ErrorKind::InvalidInput)?;
        // SAFETY: the attributes are initialised; the call notes a number.
        answer(unsafe { libc::posix_spawnattr_setflags(at, flags) })?;
        // SAFETY: the attributes are initialised; the call notes a number.
        answer(unsafe { libc::posix_spawnattr_setpgroup(at, 0) })?;
        let (none, all) = (signal_set(&[]), every_signal());
        // SAFETY: the call copies the set, a local.
        answer(unsafe { libc::posix_spawnattr_setsigmask(at, &raw const none) })?;
        // SAFETY: the call copies the set, a local.
        answer(unsafe { libc::posix_spawnattr_setsigdefault(at, &raw const all) })?;
        Ok(attributes)
    }
}

impl Drop for Attributes {
    fn drop(&mut self) {
        // SAFETY: initialised, and not used after this.
        unsafe { libc::posix_spawnattr_destroy(&raw mut self.0) };
    }
}

/// Starts `executable` as a process of a group of its own, without environment, and gives its number. This process's
/// memory is not copied for it (posix_spawn(3)).
pub(crate) fn spawn(executable: &CStr, name: &CStr, descriptors: &Descriptors) -> io::Result<i32> {
    let attributes = Attributes::new()?;
    let arguments = [name.as_ptr().cast_mut(), std::ptr::null_mut()];
    let environment = [std::ptr::null_mut()];
    let mut number = 0;
    // SAFETY: the strings end with zeros and the vectors with null; actions and attributes are initialised; all of
    // them outlive the call, and the call writes only the number.
    let result = unsafe {
        libc::posix_spawn(
            &raw mut number,
            executable.as_ptr(),
            &raw const descriptors.0,
            &raw const attributes.0,
            arguments.as_ptr(),
            environment.as_ptr(),
        )
    };
    answer(result).map(|()| number)
}

/// What a call that gives its error number says.
fn answer(result: i32) -> io::Result<()> {
    if result == 0 { Ok(()) } else { Err(io::Error::from_raw_os_error(result)) }
}

/// Where the program headers of this process's executable lie (`AT_PHDR`, getauxval(3)).
pub(crate) fn program_headers() -> Option<usize> {
    // SAFETY: the call reads what the kernel has told of this process, and answers 0 for what it has not.
    let address = unsafe { libc::getauxval(libc::AT_PHDR) };
    usize::try_from(address).ok().filter(|address| *address != 0)
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
