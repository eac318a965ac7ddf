//! One guest thread.

use alloc::sync::Arc;

use litebox_host::ambient;
use litebox_host::sync::{AtomicBool, AtomicU32, Mutex, Ordering};
use litebox_host::thread::HostThread;

use crate::event::Parker;
use crate::identity::Credentials;
use crate::signal::ThreadSignals;

/// One guest thread, shared with whoever signals or waits for it.
pub struct Thread {
    id: AtomicU32,
    parker: Arc<Parker>,
    attention: AtomicBool,
    signals: ThreadSignals,
    name: Mutex<[u8; NAME_LENGTH]>,
    credentials: Mutex<Credentials>,
}

/// Bytes of a thread's name with its NUL (`PR_SET_NAME`).
pub const NAME_LENGTH: usize = 16;

impl Thread {
    /// The thread numbered `id`.
    pub fn new(id: u32) -> Arc<Self> {
        Arc::new(Self {
            id: AtomicU32::new(id),
            parker: Parker::new(),
            attention: AtomicBool::new(false),
            signals: ThreadSignals::default(),
            name: Mutex::new([0; NAME_LENGTH]),
            credentials: Mutex::default(),
        })
    }

    /// The thread's number in the sandbox. It changes once at most: when the thread starts a new program, it
    /// becomes its process's first.
    pub fn id(&self) -> u32 {
        self.id.load(Ordering::Acquire)
    }

    /// Give it another number.
    pub(crate) fn set_id(&self, id: u32) {
        self.id.store(id, Ordering::Release);
    }

    /// On whose behalf it acts, for others to see: what it said last.
    pub fn credentials(&self) -> Credentials {
        self.credentials.lock().clone()
    }

    /// Let others see on whose behalf it acts.
    pub fn show_credentials(&self, credentials: Credentials) {
        let before = core::mem::replace(&mut *self.credentials.lock(), credentials);
        drop(before);
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
