//! `socket(2)`, `send(2)`, `recv(2)`, `socket(7)`, `unix(7)`.

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// `AF_UNSPEC`.
pub const AF_UNSPEC: u16 = 0;
/// `AF_UNIX`.
pub const AF_UNIX: u16 = 1;
/// One more than the largest family that Linux knows (`AF_MAX`).
pub const AF_MAX: i32 = 46;
/// `SOCK_STREAM`.
pub const SOCK_STREAM: i32 = 1;
/// `SOCK_DGRAM`.
pub const SOCK_DGRAM: i32 = 2;
/// `SOCK_RAW`, which `AF_UNIX` takes for `SOCK_DGRAM`.
pub const SOCK_RAW: i32 = 3;
/// `SOCK_SEQPACKET`.
pub const SOCK_SEQPACKET: i32 = 5;
/// The bits of a socket's type that are a number.
pub const SOCK_TYPE_MASK: i32 = 0xf;

crate::flag_argument! {
    /// The other bits of a socket's type.
    pub struct SocketFlags: u32 {
        /// Operations do not block.
        const SOCK_NONBLOCK = 0o4000;
        /// Closed when a new program is started.
        const SOCK_CLOEXEC = 0o2000000;
    }
}

bitflags::bitflags! {
    /// Flags of a message. Others are ignored.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
    pub struct MessageFlags: u32 {
        /// Urgent data.
        const OOB = 1;
        /// What is received stays.
        const PEEK = 2;
        /// Ancillary data was cut.
        const CTRUNC = 8;
        /// The message was cut; or: its whole length is to be answered.
        const TRUNC = 0x20;
        /// This operation does not block.
        const DONTWAIT = 0x40;
        /// Wait for all that was asked for.
        const WAITALL = 0x100;
        /// No SIGPIPE.
        const NOSIGNAL = 0x4000;
        /// Only the first of several receives blocks.
        const WAITFORONE = 0x1_0000;
        /// Descriptors that arrive are closed when a new program is started.
        const CMSG_CLOEXEC = 0x4000_0000;
    }
}

/// `struct msghdr`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct MessageHeader {
    /// Where an address is.
    pub name: u64,
    /// Its length.
    pub name_length: u32,
    padding: u32,
    /// Where an array of `struct iovec` is.
    pub ranges: u64,
    /// Its length.
    pub range_count: u64,
    /// Where ancillary data is.
    pub control: u64,
    /// Its length.
    pub control_length: u64,
    /// Flags of the result.
    pub flags: u32,
    more_padding: u32,
}

/// `struct mmsghdr`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct ManyHeader {
    /// The message.
    pub header: MessageHeader,
    /// Bytes transferred.
    pub length: u32,
    padding: u32,
}

/// `struct iovec`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Range {
    /// Where bytes are.
    pub address: u64,
    /// How many.
    pub length: u64,
}

/// `UIO_MAXIOV`.
pub const MAX_RANGES: u64 = 1024;

/// `struct ucred`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Credentials {
    pub process: u32,
    pub uid: u32,
    pub gid: u32,
}

/// `struct cmsghdr`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct PartHeader {
    /// Bytes, with these.
    pub length: u64,
    /// Whose it is.
    pub level: i32,
    /// What it is.
    pub kind: i32,
}

/// Ancillary data: descriptors.
pub const SCM_RIGHTS: i32 = 1;
/// Ancillary data: the sender.
pub const SCM_CREDENTIALS: i32 = 2;

/// `SOL_SOCKET`.
pub const SOL_SOCKET: i32 = 1;

/// Options at `SOL_SOCKET`.
#[expect(missing_docs, reason = "the names are those of socket(7)")]
pub mod option {
    pub const SO_REUSEADDR: i32 = 2;
    pub const SO_TYPE: i32 = 3;
    pub const SO_ERROR: i32 = 4;
    pub const SO_DONTROUTE: i32 = 5;
    pub const SO_BROADCAST: i32 = 6;
    pub const SO_SNDBUF: i32 = 7;
    pub const SO_RCVBUF: i32 = 8;
    pub const SO_KEEPALIVE: i32 = 9;
    pub const SO_OOBINLINE: i32 = 10;
    pub const SO_PRIORITY: i32 = 12;
    pub const SO_LINGER: i32 = 13;
    pub const SO_PASSCRED: i32 = 16;
    pub const SO_PEERCRED: i32 = 17;
    pub const SO_RCVLOWAT: i32 = 18;
    pub const SO_RCVTIMEO: i32 = 20;
    pub const SO_SNDTIMEO: i32 = 21;
    pub const SO_ACCEPTCONN: i32 = 30;
    pub const SO_SNDBUFFORCE: i32 = 32;
    pub const SO_RCVBUFFORCE: i32 = 33;
    pub const SO_PROTOCOL: i32 = 38;
    pub const SO_DOMAIN: i32 = 39;
    pub const SO_PEERPIDFD: i32 = 77;
}

/// `SHUT_RD`.
pub const SHUT_RD: i32 = 0;
/// `SHUT_WR`.
pub const SHUT_WR: i32 = 1;
/// `SHUT_RDWR`.
pub const SHUT_RDWR: i32 = 2;
