//! `futex(2)` and robust lists.

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// Operations; the low bits of the operation argument.
pub const FUTEX_WAIT: i32 = 0;
/// Wake waiters.
pub const FUTEX_WAKE: i32 = 1;
/// Wake some waiters and move others.
pub const FUTEX_REQUEUE: i32 = 3;
/// As [`FUTEX_REQUEUE`], if the word is as expected.
pub const FUTEX_CMP_REQUEUE: i32 = 4;
/// Change a second word, wake waiters of both.
pub const FUTEX_WAKE_OP: i32 = 5;
/// As [`FUTEX_WAIT`], for some kinds of wake-ups, with an absolute timeout.
pub const FUTEX_WAIT_BITSET: i32 = 9;
/// As [`FUTEX_WAKE`], for some kinds of waiters.
pub const FUTEX_WAKE_BITSET: i32 = 10;
/// The word is used by one process only.
pub const FUTEX_PRIVATE_FLAG: i32 = 128;
/// The timeout is on the wall clock.
pub const FUTEX_CLOCK_REALTIME: i32 = 256;

/// Somebody waits for a robust lock.
pub const FUTEX_WAITERS: u32 = 0x8000_0000;
/// The owner of a robust lock died.
pub const FUTEX_OWNER_DIED: u32 = 0x4000_0000;
/// The owner's thread number.
pub const FUTEX_TID_MASK: u32 = 0x3fff_ffff;

/// Flags of the newer calls: size of the word, 2 for 32 bits.
pub const FUTEX2_SIZE_U32: u32 = 2;
/// The word is used by one process only.
pub const FUTEX2_PRIVATE: u32 = 128;

/// `struct futex_waitv`.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of futex_waitv(2)")]
pub struct FutexWaitv {
    pub value: u64,
    pub address: u64,
    pub flags: u32,
    pub reserved: u32,
}

/// Most words of one `futex_waitv(2)`.
pub const FUTEX_WAITV_MAX: u32 = 128;

/// `struct robust_list_head`.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct RobustListHead {
    /// The first entry, or the head itself.
    pub first: u64,
    /// From an entry to its futex word.
    pub offset: i64,
    /// An entry that is being added or removed; 0 for none.
    pub pending: u64,
}
