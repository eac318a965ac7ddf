//! The services that bind at link time: wait, wake, kick and log.
//!
//! A lock cannot carry a host handle if it is to read as in std, and neither can a wait queue whose waker may be
//! any thread. So these four are functions that the program's host defines once, with [`bind_ambient!`](crate::bind_ambient), as
//! `#[global_allocator]` does for memory. They are the only link-time coupling in the system.
#![expect(unsafe_code, reason = "the one place where symbols are bound at link time")]

use crate::sync::AtomicU32;
use crate::thread::HostThread;
use crate::time::Deadline;

/// A deadline passed before a wake-up came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimedOut;

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Log {
    /// One system call, where calls are to be shown.
    Trace,
    /// The guest asked for something that is not built.
    Unsupported,
    /// The guest asked for something that is refused.
    Denied,
    /// Anything else worth a line.
    Note,
}

/// What a host defines for everything above it. Implemented by one type per program, see [`bind_ambient!`](crate::bind_ambient).
pub trait Ambient {
    /// Sleep while `*word == expected`, until woken, until `deadline`, or spuriously.
    ///
    /// # Errors
    /// [`TimedOut`] once `deadline` has passed.
    fn wait(word: &AtomicU32, expected: u32, deadline: Option<Deadline>) -> Result<(), TimedOut>;
    /// Wake at most `count` sleepers of `word`.
    fn wake(word: &AtomicU32, count: u32);
    /// Make `thread` call [`Shim::interrupt`](crate::shim::Shim::interrupt) before it next runs guest code, and
    /// make the host request it may be blocked in return [`HostError::Interrupted`](crate::HostError).
    fn kick(thread: HostThread);
    /// Tell the person who runs the sandbox one line.
    fn log(kind: Log, line: &str);
}

unsafe extern "Rust" {
    safe fn litebox_ambient_wait(
        word: &AtomicU32,
        expected: u32,
        deadline: Option<Deadline>,
    ) -> Result<(), TimedOut>;
    safe fn litebox_ambient_wake(word: &AtomicU32, count: u32);
    safe fn litebox_ambient_kick(thread: HostThread);
    safe fn litebox_ambient_log(kind: Log, line: &str);
}

/// Sleep while `*word == expected`; see [`Ambient::wait`]. Callers re-check their condition.
///
/// # Errors
/// [`TimedOut`] once `deadline` has passed.
pub fn wait(word: &AtomicU32, expected: u32, deadline: Option<Deadline>) -> Result<(), TimedOut> {
    litebox_ambient_wait(word, expected, deadline)
}

/// Wake at most `count` sleepers of `word`.
pub fn wake(word: &AtomicU32, count: u32) {
    litebox_ambient_wake(word, count);
}

/// Kick `thread`; see [`Ambient::kick`].
pub fn kick(thread: HostThread) {
    litebox_ambient_kick(thread);
}

/// Tell the person who runs the sandbox one line of `kind`.
pub fn log(kind: Log, line: &str) {
    litebox_ambient_log(kind, line);
}

/// Define the four link-time functions by a type that implements [`Ambient`]. Once a program.
#[macro_export]
macro_rules! bind_ambient {
    ($host:ty) => {
        // SAFETY: the symbol is declared in `ambient.rs` with this signature, and is defined once a program.
        #[unsafe(no_mangle)]
        fn litebox_ambient_wait(
            word: &$crate::sync::AtomicU32,
            expected: u32,
            deadline: Option<$crate::time::Deadline>,
        ) -> ::core::result::Result<(), $crate::ambient::TimedOut> {
            <$host as $crate::ambient::Ambient>::wait(word, expected, deadline)
        }
        // SAFETY: as above.
        #[unsafe(no_mangle)]
        fn litebox_ambient_wake(word: &$crate::sync::AtomicU32, count: u32) {
            <$host as $crate::ambient::Ambient>::wake(word, count);
        }
        // SAFETY: as above.
        #[unsafe(no_mangle)]
        fn litebox_ambient_kick(thread: $crate::thread::HostThread) {
            <$host as $crate::ambient::Ambient>::kick(thread);
        }
        // SAFETY: as above.
        #[unsafe(no_mangle)]
        fn litebox_ambient_log(kind: $crate::ambient::Log, line: &str) {
            <$host as $crate::ambient::Ambient>::log(kind, line);
        }
    };
}
