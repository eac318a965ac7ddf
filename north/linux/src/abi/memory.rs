//! Memory: `mmap(2)` and its family, and the auxiliary vector that a program finds on its stack.

/// `PROT_READ`.
pub const PROT_READ: u64 = 1;
/// `PROT_WRITE`.
pub const PROT_WRITE: u64 = 2;
/// `PROT_EXEC`.
pub const PROT_EXEC: u64 = 4;
/// `PROT_SEM`: without meaning on x86-64.
pub const PROT_SEM: u64 = 8;
/// `PROT_GROWSDOWN`: down to the start of the stack.
pub const PROT_GROWSDOWN: u64 = 0x0100_0000;
/// `PROT_GROWSUP`: for stacks of other architectures.
pub const PROT_GROWSUP: u64 = 0x0200_0000;

/// The bits of `mmap`'s flags that hold the kind of mapping.
pub const MAP_TYPE: u64 = 0xf;
/// `MAP_SHARED`.
pub const MAP_SHARED: u64 = 1;
/// `MAP_PRIVATE`.
pub const MAP_PRIVATE: u64 = 2;
/// `MAP_SHARED_VALIDATE`: shared, and unknown flags are refused.
pub const MAP_SHARED_VALIDATE: u64 = 3;
/// `MAP_FIXED`.
pub const MAP_FIXED: u64 = 0x10;
/// `MAP_ANONYMOUS`.
pub const MAP_ANONYMOUS: u64 = 0x20;
/// `MAP_32BIT`: below 2 GiB.
pub const MAP_32BIT: u64 = 0x40;
/// `MAP_GROWSDOWN`.
pub const MAP_GROWSDOWN: u64 = 0x100;
/// `MAP_LOCKED`.
pub const MAP_LOCKED: u64 = 0x2000;
/// `MAP_NORESERVE`.
pub const MAP_NORESERVE: u64 = 0x4000;
/// `MAP_HUGETLB`.
pub const MAP_HUGETLB: u64 = 0x4_0000;
/// `MAP_FIXED_NOREPLACE`.
pub const MAP_FIXED_NOREPLACE: u64 = 0x10_0000;
/// What `MAP_SHARED_VALIDATE` accepts: the flags that every file can be mapped with (`LEGACY_MAP_MASK`).
pub const MAP_VALIDATED: u64 = 0xf
    | 0x10
    | 0x20
    | 0x40
    | 0x100
    | 0x800
    | 0x1000
    | 0x2000
    | 0x4000
    | 0x8000
    | 0x1_0000
    | 0x2_0000
    | 0x4_0000
    | 0xfc00_0000;

/// `MREMAP_MAYMOVE`.
pub const MREMAP_MAYMOVE: u64 = 1;
/// `MREMAP_FIXED`.
pub const MREMAP_FIXED: u64 = 2;
/// `MREMAP_DONTUNMAP`.
pub const MREMAP_DONTUNMAP: u64 = 4;

/// `MS_ASYNC`.
pub const MS_ASYNC: i32 = 1;
/// `MS_INVALIDATE`.
pub const MS_INVALIDATE: i32 = 2;
/// `MS_SYNC`.
pub const MS_SYNC: i32 = 4;

/// `MCL_CURRENT`.
pub const MCL_CURRENT: i32 = 1;
/// `MCL_FUTURE`.
pub const MCL_FUTURE: i32 = 2;
/// `MCL_ONFAULT`.
pub const MCL_ONFAULT: i32 = 4;
/// `MLOCK_ONFAULT`.
pub const MLOCK_ONFAULT: u32 = 1;

/// The device number of `/dev/zero`, whose mappings are anonymous memory.
pub const DEVICE_ZERO: u64 = 0x105;

/// The values of `madvise(2)`.
#[expect(missing_docs, reason = "the names are those of madvise(2)")]
pub mod advice {
    pub const NORMAL: i32 = 0;
    pub const RANDOM: i32 = 1;
    pub const SEQUENTIAL: i32 = 2;
    pub const WILLNEED: i32 = 3;
    pub const DONTNEED: i32 = 4;
    pub const FREE: i32 = 8;
    pub const REMOVE: i32 = 9;
    pub const DONTFORK: i32 = 10;
    pub const DOFORK: i32 = 11;
    pub const MERGEABLE: i32 = 12;
    pub const UNMERGEABLE: i32 = 13;
    pub const HUGEPAGE: i32 = 14;
    pub const NOHUGEPAGE: i32 = 15;
    pub const DONTDUMP: i32 = 16;
    pub const DODUMP: i32 = 17;
    pub const WIPEONFORK: i32 = 18;
    pub const KEEPONFORK: i32 = 19;
    pub const COLD: i32 = 20;
    pub const PAGEOUT: i32 = 21;
    pub const POPULATE_READ: i32 = 22;
    pub const POPULATE_WRITE: i32 = 23;
    pub const DONTNEED_LOCKED: i32 = 24;
    pub const HWPOISON: i32 = 100;
    pub const SOFT_OFFLINE: i32 = 101;
}

/// The keys of the auxiliary vector (`getauxval(3)`).
#[expect(missing_docs, reason = "the names are those of getauxval(3)")]
pub mod auxiliary {
    pub const NULL: u64 = 0;
    pub const PHDR: u64 = 3;
    pub const PHENT: u64 = 4;
    pub const PHNUM: u64 = 5;
    pub const PAGESZ: u64 = 6;
    pub const BASE: u64 = 7;
    pub const FLAGS: u64 = 8;
    pub const ENTRY: u64 = 9;
    pub const UID: u64 = 11;
    pub const EUID: u64 = 12;
    pub const GID: u64 = 13;
    pub const EGID: u64 = 14;
    pub const PLATFORM: u64 = 15;
    pub const HWCAP: u64 = 16;
    pub const CLKTCK: u64 = 17;
    pub const SECURE: u64 = 23;
    pub const RANDOM: u64 = 25;
    pub const HWCAP2: u64 = 26;
    pub const EXECFN: u64 = 31;
    pub const SYSINFO_EHDR: u64 = 33;
    pub const MINSIGSTKSZ: u64 = 51;
}

/// The bit of `AT_HWCAP2` that says that programs may use `wrgsbase` and its like.
pub const HWCAP2_FSGSBASE: u64 = 2;
/// Clock ticks in a second, as programs see them (`AT_CLKTCK`).
pub const CLOCK_TICKS: u64 = 100;
/// The most bytes of one argument or environment string, its NUL included (`MAX_ARG_STRLEN`, execve(2)).
pub const MAX_ARGUMENT: usize = 131_072;
/// The longest path, its NUL included.
pub const PATH_MAX: usize = 4096;
