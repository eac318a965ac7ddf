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

/// Options of `wait4(2)`: WNOHANG, WUNTRACED, WCONTINUED, and the three of Linux's own.
pub const WAIT_OPTIONS: u32 = 0xe000_000b;
/// Options of `waitid(2)`: those of `wait4(2)`, WEXITED and WNOWAIT.
pub const WAITID_OPTIONS: u32 = 0xe100_000f;
/// Children that ended, stopped or went on: `waitid(2)` needs one of these.
pub const WAITID_STATES: u32 = 0xe;
/// `P_PID` of `waitid(2)`: one child. `P_ALL` is below, `P_PGID` and `P_PIDFD` are above.
pub const P_PID: i32 = 1;
/// `P_PGID`.
pub const P_PGID: i32 = 2;
