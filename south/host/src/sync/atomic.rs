//! The atomics under the locks, in one place so that a model checker can take their place.

pub use core::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
