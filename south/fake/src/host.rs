//! The handle to a fake host, and what is behind it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::console::Streams;
use crate::file::Disk;
use crate::memory::Space;
use crate::pages::Blocks;
use crate::process::Ending;
use crate::random::Generator;
use crate::service::ServiceThreads;
use crate::terminal::Terminals;
use crate::thread::{Code, Threads};
use crate::time::{AlarmClock, VirtualClock};

/// A host for tests. Clones are handles to the same host.
#[derive(Clone)]
pub struct FakeHost {
    pub(crate) state: Arc<State>,
}

/// Everything behind a [`FakeHost`]. Each field has its own lock, and none is held while another is taken,
/// but a space's pages while `blocks` is.
#[derive(Default)]
pub(crate) struct State {
    /// The address space of threads that were given no other.
    pub(crate) space: Arc<Space>,
    pub(crate) blocks: Mutex<Blocks>,
    pub(crate) disk: Mutex<Disk>,
    pub(crate) streams: Streams,
    pub(crate) terminals: Mutex<Terminals>,
    pub(crate) clock: VirtualClock,
    pub(crate) alarm: AlarmClock,
    pub(crate) vdso: OnceLock<Box<[u8]>>,
    pub(crate) generator: Mutex<Generator>,
    pub(crate) code: Mutex<HashMap<u64, Code>>,
    pub(crate) threads: Threads,
    pub(crate) services: Mutex<ServiceThreads>,
    pub(crate) ending: Mutex<Ending>,
}

impl FakeHost {
    /// A host with no memory mapped, empty streams, no mounts, at a fixed time. The calling thread is its from
    /// now on: timed waits of this thread follow the host's clock.
    #[expect(clippy::new_without_default, reason = "it binds the calling thread, which a default would not")]
    pub fn new() -> Self {
        let host = Self { state: Arc::default() };
        host.bind_this_thread();
        host
    }
}

/// Lock `mutex`, also after a test's thread panicked with it.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
