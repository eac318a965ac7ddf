//! Instances of applications.

use alloc::sync::Arc;

use litebox_host::sync::{AtomicBool, Ordering};

use super::worker::Worker;
use crate::abi::identity::Uuid;
use crate::abi::process::ApplicationFlags;
use crate::loader::Image;

/// One instance of an application: its name, and the thread that it lives on.
pub struct Instance {
    /// What is loaded.
    pub(crate) image: Arc<Image>,
    /// Its thread.
    pub(crate) worker: Arc<Worker>,
    dead: AtomicBool,
}

impl Instance {
    pub(crate) fn new(image: Arc<Image>, worker: Arc<Worker>) -> Arc<Self> {
        Arc::new(Self { image, worker, dead: AtomicBool::new(false) })
    }

    /// The application's name.
    pub fn uuid(&self) -> Uuid {
        self.image.head.uuid
    }

    /// What the application is like.
    pub fn flags(&self) -> ApplicationFlags {
        self.image.flags
    }

    /// Whether it has panicked.
    pub fn is_dead(&self) -> bool {
        self.dead.load(Ordering::Acquire)
    }

    /// It has panicked.
    pub(crate) fn die(&self) {
        self.dead.store(true, Ordering::Release);
    }

    /// Whether it stays when its last session is closed.
    pub(crate) fn is_kept(&self) -> bool {
        let kept = ApplicationFlags::SINGLE_INSTANCE | ApplicationFlags::INSTANCE_KEEP_ALIVE;
        self.flags().contains(kept)
    }
}
