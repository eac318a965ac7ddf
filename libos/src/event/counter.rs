//! An event counter (`eventfd(2)`).

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::file::{Attributes, FileKind};
use litebox_host::sync::Mutex;

use super::{Readiness, WaitQueue};
use crate::error::{Error, ErrorKind, Result};
use crate::file::{File, anonymous_attributes};
use crate::user::{Destination, Source};

/// What a read of a counter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taking {
    /// The whole count.
    All,
    /// One (`EFD_SEMAPHORE`).
    One,
}

/// An event counter: writes add to it, reads take from it and wait while it is 0.
pub struct EventCounter {
    count: Mutex<u64>,
    taking: Taking,
    queue: WaitQueue,
}

/// Bytes of a count, in the machine's order.
const SIZE: usize = size_of::<u64>();
/// The count stays below this.
const LIMIT: u64 = u64::MAX;

impl EventCounter {
    /// A counter that starts at `count`.
    pub fn new(count: u64, taking: Taking) -> Arc<Self> {
        Arc::new(Self { count: Mutex::new(count), taking, queue: WaitQueue::new() })
    }
}

const TOO_SHORT: Error = Error::new(ErrorKind::InvalidArgument, "fewer than the eight bytes of a count");

impl File for EventCounter {
    fn read(&self, _: Option<u64>, to: &mut dyn Destination) -> Result<usize> {
        if to.remaining() < SIZE {
            return Err(TOO_SHORT);
        }
        let mut count = self.count.lock();
        let taken = match self.taking {
            Taking::All => *count,
            Taking::One => (*count).min(1),
        };
        if taken == 0 {
            return Err(Error::new(ErrorKind::WouldBlock, "the counter is 0"));
        }
        *count -= taken;
        let more = *count > 0;
        drop(count);
        self.queue.wake(Readiness::WRITE);
        if more {
            self.queue.pass_on(Readiness::READ);
        }
        to.put(&taken.to_ne_bytes())
    }

    fn write(&self, _: Option<u64>, from: &mut dyn Source) -> Result<usize> {
        if from.remaining() < SIZE {
            return Err(TOO_SHORT);
        }
        let mut bytes = [0; SIZE];
        if from.peek(&mut bytes)? < SIZE {
            return Err(Error::new(ErrorKind::BadAddress, "guest memory is not accessible"));
        }
        let added = u64::from_ne_bytes(bytes);
        if added == LIMIT {
            return Err(Error::new(ErrorKind::InvalidArgument, "more than a counter can hold"));
        }
        let mut count = self.count.lock();
        if LIMIT - *count <= added {
            return Err(Error::new(ErrorKind::WouldBlock, "the counter is full"));
        }
        *count += added;
        drop(count);
        // The source moves on; what it says at this second look does not matter.
        from.take(&mut bytes)?;
        self.queue.wake(Readiness::READ);
        Ok(SIZE)
    }

    fn attributes(&self) -> Result<Attributes> {
        Ok(anonymous_attributes(FileKind::Regular, 0o600, self))
    }

    fn ignores_seek(&self) -> bool {
        true
    }

    fn readiness(&self) -> Readiness {
        let count = *self.count.lock();
        let mut ready = Readiness::empty();
        ready.set(Readiness::READ, count > 0);
        ready.set(Readiness::WRITE, count < LIMIT - 1);
        ready
    }

    fn queue(&self) -> Option<&WaitQueue> {
        Some(&self.queue)
    }

    fn label(&self) -> Vec<u8> {
        b"anon_inode:[eventfd]".to_vec()
    }
}
