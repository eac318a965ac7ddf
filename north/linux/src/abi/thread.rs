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
    pub struct CloneFlags: u64 {
        /// Share memory.
        const VM = 0x100;
        /// Share root, working directory and file mode mask.
        const FS = 0x200;
        /// Share the descriptor table.
        const FILES = 0x400;
        /// Share signal actions.
        const SIGHAND = 0x800;
        /// Give the parent a descriptor of the child.
        const PIDFD = 0x1000;
        /// A tracer goes on with the child.
        const PTRACE = 0x2000;
        /// The parent waits until the child has its own memory.
        const VFORK = 0x4000;
        /// The child is a sibling.
        const PARENT = 0x8000;
        /// The child is a thread.
        const THREAD = 0x1_0000;
        /// New mount namespace.
        const NEWNS = 0x2_0000;
        /// Share semaphore undo lists.
        const SYSVSEM = 0x4_0000;
        /// Set the thread pointer.
        const SETTLS = 0x8_0000;
        /// Tell the parent the number.
        const PARENT_SETTID = 0x10_0000;
        /// Clear a word when the child ends.
        const CHILD_CLEARTID = 0x20_0000;
        /// Without effect.
        const DETACHED = 0x40_0000;
        /// No tracer may follow.
        const UNTRACED = 0x80_0000;
        /// Tell the child its number.
        const CHILD_SETTID = 0x100_0000;
        /// New control-group namespace.
        const NEWCGROUP = 0x200_0000;
        /// New host-name namespace.
        const NEWUTS = 0x400_0000;
        /// New IPC namespace.
        const NEWIPC = 0x800_0000;
        /// New user namespace.
        const NEWUSER = 0x1000_0000;
        /// New process namespace.
        const NEWPID = 0x2000_0000;
        /// New network namespace.
        const NEWNET = 0x4000_0000;
        /// Share the input/output context.
        const IO = 0x8000_0000;
        /// Reset handlers (`clone3(2)`).
        const CLEAR_SIGHAND = 1 << 32;
        /// Start in a control group (`clone3(2)`).
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

/// Commands of `membarrier(2)`: which commands there are.
pub const MEMBARRIER_QUERY: i32 = 0;
/// A barrier on every thread of the system.
pub const MEMBARRIER_GLOBAL: i32 = 1;
/// A barrier on every thread of the process, at once.
pub const MEMBARRIER_PRIVATE_EXPEDITED: i32 = 8;
/// The process will use [`MEMBARRIER_PRIVATE_EXPEDITED`].
pub const MEMBARRIER_REGISTER_PRIVATE_EXPEDITED: i32 = 16;
