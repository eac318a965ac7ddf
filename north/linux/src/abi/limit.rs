//! Resource limits and usage.

use litebox_libos::limit::Resource;
use litebox_libos::process::Usage;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use super::time::Timeval;

/// `struct rlimit64`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of getrlimit(2)")]
pub struct Rlimit {
    pub current: u64,
    pub maximum: u64,
}

/// The resource with Linux's number (`asm-generic/resource.h`).
pub fn resource(number: u32) -> Option<Resource> {
    Some(match number {
        0 => Resource::Cpu,
        1 => Resource::FileSize,
        2 => Resource::Data,
        3 => Resource::Stack,
        4 => Resource::Core,
        5 => Resource::ResidentSet,
        6 => Resource::Processes,
        7 => Resource::Files,
        8 => Resource::LockedMemory,
        9 => Resource::AddressSpace,
        10 => Resource::Locks,
        11 => Resource::PendingSignals,
        12 => Resource::MessageQueues,
        13 => Resource::Nice,
        14 => Resource::RealtimePriority,
        15 => Resource::RealtimeTime,
        _ => return None,
    })
}

/// `struct rusage`.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Rusage {
    /// Processor time in user mode.
    pub user: Timeval,
    /// Processor time in the kernel.
    pub system: Timeval,
    /// Largest resident set in KiB, then counts of faults, switches and transfers.
    pub counts: [i64; 14],
}

impl From<Usage> for Rusage {
    fn from(usage: Usage) -> Self {
        let mut value = Self { user: usage.time.into(), ..Self::default() };
        let [largest, ..] = &mut value.counts;
        *largest = i64::try_from(usage.memory / 1024).unwrap_or(i64::MAX);
        value
    }
}

/// Of the process.
pub const RUSAGE_SELF: i32 = 0;
/// Of ended children.
pub const RUSAGE_CHILDREN: i32 = -1;
/// Of the thread.
pub const RUSAGE_THREAD: i32 = 1;

/// `struct sysinfo`.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of sysinfo(2)")]
pub struct Sysinfo {
    pub uptime: i64,
    pub loads: [u64; 3],
    pub memory: u64,
    pub memory_free: u64,
    pub memory_shared: u64,
    pub memory_buffers: u64,
    pub swap: u64,
    pub swap_free: u64,
    pub processes: u16,
    pub padding: [u16; 3],
    pub high: u64,
    pub high_free: u64,
    pub unit: u32,
    pub padding2: u32,
}

/// `PRIO_PROCESS`, `PRIO_PGRP`, `PRIO_USER`.
pub const PRIO_KINDS: core::ops::RangeInclusive<i32> = 0..=2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_are_the_kernels() {
        assert_eq!(size_of::<Rusage>(), 144);
        assert_eq!(size_of::<Sysinfo>(), 112);
    }
}
