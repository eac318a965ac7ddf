//! Locks over [`crate::ambient`]. A value that holds one may lie in memory shared by several host processes.

mod atomic;
mod mutex;
mod once;

pub use atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
pub use mutex::{Mutex, MutexGuard};
pub use once::Once;
