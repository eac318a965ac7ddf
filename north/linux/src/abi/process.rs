//! `prctl(2)`, `wait4(2)`.

/// Options of `prctl(2)`: the signal at the parent's death.
pub const PR_SET_PDEATHSIG: i32 = 1;
/// See [`PR_SET_PDEATHSIG`].
pub const PR_GET_PDEATHSIG: i32 = 2;
/// Whether a core may be dumped.
pub const PR_GET_DUMPABLE: i32 = 3;
/// See [`PR_GET_DUMPABLE`].
pub const PR_SET_DUMPABLE: i32 = 4;
/// Whether capabilities survive leaving user 0.
pub const PR_GET_KEEPCAPS: i32 = 7;
/// See [`PR_GET_KEEPCAPS`].
pub const PR_SET_KEEPCAPS: i32 = 8;
/// The thread's name.
pub const PR_SET_NAME: i32 = 15;
/// See [`PR_SET_NAME`].
pub const PR_GET_NAME: i32 = 16;
/// Whether system calls are filtered.
pub const PR_GET_SECCOMP: i32 = 21;
/// Whether a capability is in the bounding set.
pub const PR_CAPBSET_READ: i32 = 23;
/// Take a capability out of the bounding set.
pub const PR_CAPBSET_DROP: i32 = 24;
/// Whether the time-stamp counter can be read.
pub const PR_GET_TSC: i32 = 25;
/// Flags about privileges of user 0.
pub const PR_GET_SECUREBITS: i32 = 27;
/// Default lateness of timers in nanoseconds.
pub const TIMER_SLACK: u64 = 50_000;
/// How late timers may be.
pub const PR_SET_TIMERSLACK: i32 = 29;
/// See [`PR_SET_TIMERSLACK`].
pub const PR_GET_TIMERSLACK: i32 = 30;
/// Whether orphans are given to this process.
pub const PR_SET_CHILD_SUBREAPER: i32 = 36;
/// See [`PR_SET_CHILD_SUBREAPER`].
pub const PR_GET_CHILD_SUBREAPER: i32 = 37;
/// No privileges by executing programs.
pub const PR_SET_NO_NEW_PRIVS: i32 = 38;
/// See [`PR_SET_NO_NEW_PRIVS`].
pub const PR_GET_NO_NEW_PRIVS: i32 = 39;
/// Where a thread's `set_tid_address(2)` word is.
pub const PR_GET_TID_ADDRESS: i32 = 40;
/// Whether memory is mapped in huge pages.
pub const PR_SET_THP_DISABLE: i32 = 41;
/// See [`PR_SET_THP_DISABLE`].
pub const PR_GET_THP_DISABLE: i32 = 42;
/// Who may trace this process.
pub const PR_SET_PTRACER: i32 = 0x5961_6d61;

/// The last capability that exists (`capabilities(7)`).
pub const LAST_CAPABILITY: u64 = 40;

bitflags::bitflags! {
    /// Options of `wait4(2)` and `waitid(2)`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct WaitOptions: u32 {
        /// Come back at once.
        const WNOHANG = 1;
        /// Children that stopped; `WSTOPPED` by its other name.
        const WUNTRACED = 2;
        /// Children that ended.
        const WEXITED = 4;
        /// Children that go on.
        const WCONTINUED = 8;
        /// The change is left for the next wait.
        const WNOWAIT = 0x0100_0000;
        /// Children of the calling thread only.
        const WNOTHREAD = 0x2000_0000;
        /// Children whatever signal tells of their end.
        const WALL = 0x4000_0000;
        /// Only children whose end is told by another signal than `SIGCHLD`.
        const WCLONE = 0x8000_0000;
    }
}

/// `P_ALL` of `waitid(2)`: all children.
pub const P_ALL: i32 = 0;
/// `P_PID`: one child.
pub const P_PID: i32 = 1;
/// `P_PGID`: the children in a group.
pub const P_PGID: i32 = 2;
/// `P_PIDFD`: the child behind a descriptor.
pub const P_PIDFD: i32 = 3;

/// The descriptor does not block in `waitid(2)` (`pidfd_open(2)`).
pub const PIDFD_NONBLOCK: u32 = 0o4000;

/// What `kcmp(2)` compares: open files.
pub const KCMP_FILE: i32 = 0;
/// Memory.
pub const KCMP_VM: i32 = 1;
/// One more than the last of them.
pub const KCMP_TYPES: i32 = 8;
/// The vector that the program was started with.
pub const PR_GET_AUXV: i32 = 0x4155_5856;
