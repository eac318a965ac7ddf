//! `uname(2)`, `capget(2)`.

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// The Linux whose behaviour the calls follow, as `uname -r` and `/proc/sys/kernel/osrelease` tell it.
pub const RELEASE: &[u8] = b"6.18.0-litebox";
/// How it was built, as `uname -v` tells it.
pub const VERSION: &[u8] = b"#1 SMP";

/// `struct new_utsname`.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of uname(2)")]
pub struct Utsname {
    pub system: [u8; 65],
    pub node: [u8; 65],
    pub release: [u8; 65],
    pub version: [u8; 65],
    pub machine: [u8; 65],
    pub domain: [u8; 65],
}

/// `struct __user_cap_header_struct`.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of capget(2)")]
pub struct CapHeader {
    pub version: u32,
    pub process: i32,
}

/// `struct __user_cap_data_struct`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of capget(2)")]
pub struct CapData {
    pub effective: u32,
    pub permitted: u32,
    pub inheritable: u32,
}

/// The first version, with one set of data.
pub const CAP_VERSION_1: u32 = 0x1998_0330;
/// The second version, with two.
pub const CAP_VERSION_2: u32 = 0x2007_1026;
/// The third version, with two.
pub const CAP_VERSION_3: u32 = 0x2008_0522;
/// Most supplementary groups.
pub const NGROUPS_MAX: i32 = 65_536;
