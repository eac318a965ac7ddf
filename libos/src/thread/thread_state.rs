//! One guest thread.

use alloc::sync::Arc;

use litebox_host::ambient;
use litebox_host::sync::{AtomicBool, Ordering};
use litebox_host::thread::HostThread;

use crate::event::Parker;

/// One guest thread, shared with whoever signals or waits for it.
#[derive(Debug)]
pub struct Thread {
    id: u32,
    parker: Arc<Parker>,
    attention: AtomicBool,
}

impl Thread {
    /// The thread numbered `id`.
    pub fn new(id: u32) -> Arc<Self> {
        Arc::new(Self { id, parker: Parker::new(), attention: AtomicBool::new(false) })
    }

    /// The thread's number in the sandbox.
    pub fn id(&self) -> u32 {
        self.id
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

    /// The thread is about to look. Demands that come from now on count anew.
    pub fn clear_attention(&self) {
        self.attention.store(false, Ordering::SeqCst);
    }
}
