//! `arch_prctl(2)`, `clone(2)`, scheduling.

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// Set the GS base.
pub const ARCH_SET_GS: i32 = 0x1001;
/// Set the FS base.
pub const ARCH_SET_FS: i32 = 0x1002;
/// Get the FS base.
pub const ARCH_GET_FS: i32 = 0x1003;
/// Get the GS base.
pub const ARCH_GET_GS: i32 = 0x1004;

bitflags::bitflags! {
    /// Flags of `clone(2)`, without the exit signal in their low byte.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    #[expect(missing_docs, reason = "the names are those of clone(2)")]
    pub struct CloneFlags: u64 {
        const VM = 0x100;
        const FS = 0x200;
        const FILES = 0x400;
        const SIGHAND = 0x800;
        const PIDFD = 0x1000;
        const PTRACE = 0x2000;
        const VFORK = 0x4000;
        const PARENT = 0x8000;
        const THREAD = 0x1_0000;
        const NEWNS = 0x2_0000;
        const SYSVSEM = 0x4_0000;
        const SETTLS = 0x8_0000;
        const PARENT_SETTID = 0x10_0000;
        const CHILD_CLEARTID = 0x20_0000;
        const DETACHED = 0x40_0000;
        const UNTRACED = 0x80_0000;
        const CHILD_SETTID = 0x100_0000;
        const NEWCGROUP = 0x200_0000;
        const NEWUTS = 0x400_0000;
        const NEWIPC = 0x800_0000;
        const NEWUSER = 0x1000_0000;
        const NEWPID = 0x2000_0000;
        const NEWNET = 0x4000_0000;
        const IO = 0x8000_0000;
        const CLEAR_SIGHAND = 1 << 32;
        const INTO_CGROUP = 1 << 33;
    }
}

/// The exit signal in the flags of `clone(2)`.
pub const CSIGNAL: u64 = 0xff;

/// `struct clone_args` (`clone3(2)`), whose size names its version.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of clone3(2)")]
pub struct CloneArgs {
    pub flags: u64,
    pub pidfd: u64,
    pub child_tid: u64,
    pub parent_tid: u64,
    pub exit_signal: u64,
    pub stack: u64,
    pub stack_size: u64,
    pub tls: u64,
    pub set_tid: u64,
    pub set_tid_size: u64,
    pub cgroup: u64,
}

/// The size of the first version.
pub const CLONE_ARGS_SIZE_VER0: usize = 64;
/// The most that any version may have: a page.
pub const CLONE_ARGS_SIZE_MAX: usize = 4096;

/// `SCHED_OTHER`.
pub const SCHED_OTHER: i32 = 0;
/// `SCHED_FIFO`.
pub const SCHED_FIFO: i32 = 1;
/// `SCHED_RR`.
pub const SCHED_RR: i32 = 2;
/// `SCHED_BATCH`.
pub const SCHED_BATCH: i32 = 3;
/// `SCHED_IDLE`.
pub const SCHED_IDLE: i32 = 5;
/// `SCHED_DEADLINE`.
pub const SCHED_DEADLINE: i32 = 6;
/// Children do not inherit the policy.
pub const SCHED_RESET_ON_FORK: i32 = 0x4000_0000;

/// `struct sched_attr` (`sched_setattr(2)`), first version.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of sched_setattr(2)")]
pub struct SchedAttr {
    pub size: u32,
    pub policy: u32,
    pub flags: u64,
    pub nice: i32,
    pub priority: u32,
    pub runtime: u64,
    pub deadline: u64,
    pub period: u64,
}

/// The size of the first version.
pub const SCHED_ATTR_SIZE_VER0: u32 = 48;

/// `MEMBARRIER_CMD_QUERY`: which commands there are.
pub const MEMBARRIER_QUERY: i32 = 0;
