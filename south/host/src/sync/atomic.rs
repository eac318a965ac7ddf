//! The atomics under the locks, in one place so that a model checker can take their place.

#[cfg(not(loom))]
pub use core::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};

#[cfg(loom)]
pub use shuttle::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};

/// How often a lock is looked at before its waiter sleeps: critical sections here are a few dozen instructions,
/// and on one processor spinning only keeps the holder from running. To a model checker each look is a step like any
/// other, so that one shows all there is to see.
pub(super) const SPINS: u32 = if cfg!(loom) { 1 } else { 40 };
