//! `arch_prctl(2)`.

/// Set the GS base.
pub const ARCH_SET_GS: i32 = 0x1001;
/// Set the FS base.
pub const ARCH_SET_FS: i32 = 0x1002;
/// Get the FS base.
pub const ARCH_GET_FS: i32 = 0x1003;
/// Get the GS base.
pub const ARCH_GET_GS: i32 = 0x1004;
