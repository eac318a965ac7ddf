//! How much is copied from an application's memory.

/// Bytes at a time: whole blocks of every cipher.
pub(super) const CHUNK: usize = 16 << 10;
/// The longest initialisation vector, key or other attribute.
pub(super) const MAX_ATTRIBUTE: usize = 4096;
