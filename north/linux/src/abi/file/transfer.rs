//! Moving bytes: `iovec`, flags of `preadv2(2)`, `fallocate(2)`, `lseek(2)`.

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// `struct iovec`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Iovec {
    /// Where.
    pub base: u64,
    /// How many bytes.
    pub length: u64,
}

/// The most pieces that one call takes (`UIO_MAXIOV`).
pub const MAX_PIECES: usize = 1024;
/// The most bytes that one call transfers (`MAX_RW_COUNT`).
pub const MAX_COUNT: usize = 0x7fff_f000;

bitflags::bitflags! {
    /// Flags of `preadv2(2)` and `pwritev2(2)`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
    pub struct TransferFlags: u32 {
        /// Ask the device again and again.
        const RWF_HIPRI = 0x1;
        /// As `O_DSYNC`, for this write.
        const RWF_DSYNC = 0x2;
        /// As `O_SYNC`, for this write.
        const RWF_SYNC = 0x4;
        /// Do not wait for what is not at hand.
        const RWF_NOWAIT = 0x8;
        /// As `O_APPEND`, for this write.
        const RWF_APPEND = 0x10;
    }
}

/// Position 0 is the start of the file.
pub const SEEK_SET: i32 = 0;
/// Position 0 is where the offset is.
pub const SEEK_CUR: i32 = 1;
/// Position 0 is the end of the file.
pub const SEEK_END: i32 = 2;
/// The next data from a position on.
pub const SEEK_DATA: i32 = 3;
/// The next hole from a position on.
pub const SEEK_HOLE: i32 = 4;

bitflags::bitflags! {
    /// Modes of `fallocate(2)`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
    pub struct AllocateMode: u32 {
        /// The length stays.
        const FALLOC_FL_KEEP_SIZE = 0x1;
        /// Make a hole.
        const FALLOC_FL_PUNCH_HOLE = 0x2;
        /// Make zeros.
        const FALLOC_FL_ZERO_RANGE = 0x10;
    }
}
