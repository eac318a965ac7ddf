//! An application's head, and the functions of its entry (OP-TEE's `ta_head` and `utee_entry_func`).

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use super::identity::Uuid;

/// What the first loaded segment of an application begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Head {
    /// Its name.
    pub uuid: Uuid,
    /// Bytes of stack that it needs.
    pub stack_size: u32,
    /// [`ApplicationFlags`].
    pub flags: u32,
    /// All ones: the entry is the file's.
    pub deprecated_entry: u64,
}

bitflags::bitflags! {
    /// What an application is like.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
    pub struct ApplicationFlags: u32 {
        /// There is at most one instance.
        const SINGLE_INSTANCE = 1 << 2;
        /// A single instance may have several sessions.
        const MULTI_SESSION = 1 << 3;
        /// A single instance outlives its last session.
        const INSTANCE_KEEP_ALIVE = 1 << 4;
        /// It handles protected data paths.
        const SECURE_DATA_PATH = 1 << 5;
        /// It may clean caches.
        const CACHE_MAINTENANCE = 1 << 7;
        /// For what is part of the trusted operating system alone.
        const CONCURRENT = 1 << 8;
        /// Listed as a device.
        const DEVICE_ENUM = 1 << 9;
        /// Listed as a device, later.
        const DEVICE_ENUM_SUPPLICANT = 1 << 10;
        /// Damaged objects stay open.
        const KEEP_CORRUPT_OBJECTS = 1 << 11;
        /// Listed as a device once there is storage.
        const DEVICE_ENUM_STORAGE = 1 << 12;
        /// A kept instance that panicked is not replaced.
        const INSTANCE_KEEP_CRASHED = 1 << 13;
    }
}

/// What an application is entered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// A session begins.
    Open = 0,
    /// A session ends.
    Close = 1,
    /// A command of a session.
    Invoke = 2,
}
