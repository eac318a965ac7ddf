//! Confining the broker itself: what it can reach when a flaw in it is exploited.
//!
//! Two layers, each as far as the host has it: Landlock limits files to the mounts and refuses TCP; a seccomp filter
//! admits the calls a server makes. Both hold for the calling thread and what it starts afterwards, for ever; so they
//! come last, after the sandbox has been started. Landlock cannot take a hidden file back out of a mount: that is the
//! server's own check.

use crate::filter::{self, Answer};
use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetStatus, Scope,
};
use rustix::fd::BorrowedFd;

/// The newest Landlock version whose rights are asked for; older hosts enforce those they know.
const LANDLOCK: ABI = ABI::V6;

/// What a server must still reach.
pub struct Confinement<'a> {
    /// The sources of the mounts.
    pub grants: Vec<Grant<'a>>,
    /// A directory below which empty directories may be removed, and nothing else.
    pub emptied: Option<BorrowedFd<'a>>,
}

/// One source of a mount.
#[derive(Clone, Copy, Debug)]
pub struct Grant<'a> {
    /// A descriptor of it.
    pub root: BorrowedFd<'a>,
    /// Whether it may be changed.
    pub is_writable: bool,
    /// Whether it is a directory, else a regular file.
    pub is_directory: bool,
}

/// How far a layer is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Layer {
    /// All that was asked for.
    Enforced,
    /// What this host knows of it.
    Partial,
    /// Not at all, and why.
    Absent(String),
}

/// The layers around the broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layers {
    /// Files and network by object.
    pub landlock: Layer,
    /// Calls by number.
    pub seccomp: Layer,
}

/// Confines the calling thread. `extra` names system calls that the caller needs beyond the server's own.
#[must_use]
pub fn apply(confinement: &Confinement<'_>, extra: &[i64]) -> Layers {
    let landlock = apply_landlock(confinement).unwrap_or_else(|error| Layer::Absent(error.to_string()));
    let seccomp = match apply_seccomp(extra) {
        Ok(()) => Layer::Enforced,
        Err(error) => Layer::Absent(error.to_string()),
    };
    Layers { landlock, seccomp }
}

fn apply_landlock(confinement: &Confinement<'_>) -> Result<Layer, landlock::RulesetError> {
    let all = AccessFs::from_all(LANDLOCK);
    let mut ruleset = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(all)?
        .handle_access(AccessNet::from_all(LANDLOCK))?
        .scope(Scope::AbstractUnixSocket)?
        .create()?;
    for grant in &confinement.grants {
        let rights =
            if grant.is_writable { all & !special() } else { AccessFs::ReadFile | AccessFs::ReadDir };
        let rights = if grant.is_directory { rights } else { rights & AccessFs::from_file(LANDLOCK) };
        ruleset = ruleset.add_rule(PathBeneath::new(grant.root, rights))?;
    }
    if let Some(directory) = confinement.emptied {
        ruleset = ruleset.add_rule(PathBeneath::new(directory, AccessFs::RemoveDir))?;
    }
    Ok(match ruleset.restrict_self()?.ruleset {
        RulesetStatus::FullyEnforced => Layer::Enforced,
        RulesetStatus::PartiallyEnforced => Layer::Partial,
        RulesetStatus::NotEnforced => Layer::Absent("the host has no Landlock".into()),
    })
}

/// Rights that no request needs, even on a read-write mount.
fn special() -> landlock::BitFlags<AccessFs> {
    AccessFs::Execute
        | AccessFs::MakeChar
        | AccessFs::MakeBlock
        | AccessFs::MakeSock
        | AccessFs::MakeFifo
        | AccessFs::IoctlDev
}

/// The calls a server makes, and those of its allocator, its clock, its signals, and of ending the sandbox.
const CALLS: &[i64] = &[
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_close,
    libc::SYS_poll,
    libc::SYS_ppoll,
    libc::SYS_sched_yield,
    libc::SYS_recvmsg,
    libc::SYS_sendmsg,
    libc::SYS_openat,
    libc::SYS_openat2,
    libc::SYS_statx,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_fstatfs,
    libc::SYS_lseek,
    libc::SYS_getdents64,
    libc::SYS_readlinkat,
    libc::SYS_fcntl,
    libc::SYS_ftruncate,
    libc::SYS_mkdirat,
    libc::SYS_symlinkat,
    libc::SYS_linkat,
    libc::SYS_renameat2,
    libc::SYS_unlinkat,
    libc::SYS_fchmodat,
    libc::SYS_fchownat,
    libc::SYS_utimensat,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_getgroups,
    libc::SYS_brk,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_futex,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_timerfd_settime,
    libc::SYS_getrandom,
    libc::SYS_sched_yield,
    libc::SYS_rt_sigreturn,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_kill,
    libc::SYS_tgkill,
    libc::SYS_tkill,
    libc::SYS_pidfd_send_signal,
    libc::SYS_wait4,
    libc::SYS_waitid,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// What may be asked of a terminal (ioctl_tty(2)), as isatty(3), tcgetattr(3), tcsetattr(3) at once, tcflush(3) and
/// tcgetwinsize(3) ask it: TCGETS, TCSETS, TCGETS2, TCSETS2, TCFLSH, TIOCGWINSZ; and tcgetpgrp(3) and tcsetpgrp(3), for
/// a supervisor to take the foreground back: TIOCGPGRP, TIOCSPGRP.
const IOCTLS: [u64; 8] = [0x5401, 0x5402, 0x802c_542a, 0x402c_542b, 0x540b, 0x5413, 0x540f, 0x5410];

/// Admits `CALLS`, terminal requests, and memory that is not executable; anything else is EPERM.
fn apply_seccomp(extra: &[i64]) -> Result<(), Box<dyn std::error::Error>> {
    let executable = libc::PROT_EXEC.unsigned_abs();
    let mut answers: Vec<_> = CALLS.iter().chain(extra).map(|call| (*call, Answer::Admit)).collect();
    answers.push((libc::SYS_ioctl, Answer::AdmitIfOneOf(&IOCTLS)));
    answers.push((libc::SYS_mmap, Answer::AdmitWithout(executable)));
    answers.push((libc::SYS_mprotect, Answer::AdmitWithout(executable)));
    let program = filter::program(&answers).ok_or("no filter can be made for this processor")?;
    seccompiler::apply_filter(&program)?;
    Ok(())
}
