//! What this host offers a sandbox, found out by trying.

use crate::{cgroup, native};
use rustix::fs::{CWD, MemfdFlags, Mode, OFlags, ResolveFlags};
use rustix::io::Errno;
use std::io;
use std::path::PathBuf;

/// The bit of `AT_HWCAP2` that says that user code may use the FSGSBASE instructions.
const FSGSBASE: usize = 1 << 1;

/// The version of Landlock.
///
/// # Errors
/// The host's answer, when it has none.
pub fn landlock() -> io::Result<u32> {
    native::landlock_version()
}

/// Whether parts of an address space can be sealed (mseal(2)).
#[must_use]
pub fn mseal() -> bool {
    native::has_mseal()
}

/// Whether an ordinary user's process can have user and PID namespaces. Starts this process's executable with
/// `--version` to find out.
///
/// # Errors
/// The host's answer, when it cannot.
pub fn namespaces() -> io::Result<()> {
    native::try_namespaces()
}

/// Whether files in memory can be made to be executed.
///
/// # Errors
/// The host's answer, when they cannot.
pub fn memory_files() -> io::Result<()> {
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    match rustix::fs::memfd_create("litebox-probe", flags | MemfdFlags::EXEC) {
        // Before Linux 6.3.
        Err(Errno::INVAL) => rustix::fs::memfd_create("litebox-probe", flags)?,
        made => made?,
    };
    Ok(())
}

/// What has files in memory made and executed where the host answered `error` to it: a sysctl where it is against its
/// rules (memfd_create(2)), the profile of a container where there is no such call.
#[must_use]
pub fn fix_memory_files(error: &io::Error) -> &'static str {
    match error.raw_os_error() {
        Some(libc::EACCES) => "sysctl vm.memfd_noexec=1 or 0",
        _ => "allow memfd_create(2) in the container's seccomp profile",
    }
}

/// What has paths resolved in bounds where they are not.
pub const FIX_BOUNDED_PATHS: &str = "allow openat2(2) in the container's seccomp profile";

/// Whether paths can be resolved in bounds (openat2(2)).
///
/// # Errors
/// The host's answer, when they cannot.
pub fn bounded_paths() -> io::Result<()> {
    let flags = OFlags::PATH | OFlags::CLOEXEC;
    let resolve = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS;
    rustix::fs::openat2(CWD, ".", flags, Mode::empty(), resolve)?;
    Ok(())
}

/// Whether a process finds itself in `/proc` (proc(5)).
///
/// # Errors
/// The host's answer, when it does not.
pub fn process_files() -> io::Result<()> {
    std::fs::read_dir("/proc/self/fd").map(|_| ())
}

/// What has a process find itself in `/proc`.
pub const FIX_PROCESS_FILES: &str = "mount -t proc proc /proc";

/// Whether user code may set the FS and GS bases.
#[must_use]
pub fn fsgsbase() -> bool {
    let (_, capabilities) = rustix::param::linux_hwcap();
    capabilities & FSGSBASE != 0
}

/// The cgroup in which each sandbox gets a group of its own (cgroups(7), version 2).
///
/// # Errors
/// Why there is none.
pub fn cgroup() -> Result<PathBuf, String> {
    cgroup::place()
}
