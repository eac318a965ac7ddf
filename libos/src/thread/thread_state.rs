//! One guest thread.

use alloc::sync::Arc;

use litebox_host::ambient;
use litebox_host::sync::{AtomicBool, Mutex, Ordering};
use litebox_host::thread::HostThread;

use crate::event::Parker;
use crate::signal::ThreadSignals;

/// One guest thread, shared with whoever signals or waits for it.
pub struct Thread {
    id: u32,
    parker: Arc<Parker>,
    attention: AtomicBool,
    signals: ThreadSignals,
    name: Mutex<[u8; NAME_LENGTH]>,
}

/// Bytes of a thread's name with its NUL (`PR_SET_NAME`).
pub const NAME_LENGTH: usize = 16;

impl Thread {
    /// The thread numbered `id`.
    pub fn new(id: u32) -> Arc<Self> {
        Arc::new(Self {
            id,
            parker: Parker::new(),
            attention: AtomicBool::new(false),
            signals: ThreadSignals::default(),
            name: Mutex::new([0; NAME_LENGTH]),
        })
    }

    /// The thread's number in the sandbox.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Its signals.
    pub fn signals(&self) -> &ThreadSignals {
        &self.signals
    }

    /// Its name, which debuggers and process lists show.
    pub fn name(&self) -> [u8; NAME_LENGTH] {
        *self.name.lock()
    }

    /// Change its name. The last byte is made NUL.
    pub fn set_name(&self, mut name: [u8; NAME_LENGTH]) {
        name[NAME_LENGTH - 1] = 0;
        *self.name.lock() = name;
    }

    /// Where the thread sleeps.
    pub fn parker(&self) -> &Arc<Parker> {
        &self.parker
    }

    /// Say which host thread this is. Demands for attention that came before reach it now.
    pub fn bind(&self, host_thread: HostThread) {
        self.parker.bind(host_thread);
        if self.needs_attention() {
            ambient::kick(host_thread);
        }
    }

    /// Whether the thread has to look at its signals, or at the end of its process, before it goes on.
    pub fn needs_attention(&self) -> bool {
        self.attention.load(Ordering::SeqCst)
    }

    /// Make the thread look: out of a wait with [`Interrupted`](crate::ErrorKind::Interrupted), or out of guest
    /// code.
    pub fn demand_attention(&self) {
        if !self.attention.swap(true, Ordering::SeqCst) {
            self.parker.interrupt();
        }
    }

    /// The calling thread itself will look before it next runs guest code.
    pub fn note_attention(&self) {
        self.attention.store(true, Ordering::SeqCst);
    }

    /// The thread is about to look. Demands that come from now on count anew.
    pub fn clear_attention(&self) {
        self.attention.store(false, Ordering::SeqCst);
    }
}
