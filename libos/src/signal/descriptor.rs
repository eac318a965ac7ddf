//! Signals read as data (`signalfd(2)`).

use alloc::sync::{Arc, Weak};

use litebox_host::file::{Attributes, FileKind};
use litebox_host::sync::{AtomicU64, Ordering};

use super::{SignalInfo, SignalSet};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, WaitQueue};
use crate::file::{File, anonymous_attributes};
use crate::process::Process;
use crate::thread::Thread;
use crate::user::Destination;

/// Bytes of one record.
pub const RECORD_SIZE: usize = 128;

/// A file that is read for pending signals of its process.
///
/// Of the signals that were sent to one thread it sees those of the thread that made it.
pub struct SignalFile {
    process: Weak<Process>,
    thread: Weak<Thread>,
    wanted: AtomicU64,
    encode: fn(&SignalInfo) -> [u8; RECORD_SIZE],
    arrivals: Arc<WaitQueue>,
}

const NOTHING: Error = Error::new(ErrorKind::WouldBlock, "none of the signals is pending");

impl SignalFile {
    /// A file for signals of `wanted`, made by `thread`; `encode` says what a reader gets of one.
    pub fn new(
        process: &Arc<Process>,
        thread: &Arc<Thread>,
        wanted: SignalSet,
        encode: fn(&SignalInfo) -> [u8; RECORD_SIZE],
    ) -> Arc<Self> {
        Arc::new(Self {
            process: Arc::downgrade(process),
            thread: Arc::downgrade(thread),
            wanted: AtomicU64::new(wanted.bits()),
            encode,
            arrivals: Arc::clone(process.signals.arrivals()),
        })
    }

    /// Read other signals from now on.
    pub fn set_wanted(&self, wanted: SignalSet) {
        self.wanted.store(wanted.bits(), Ordering::Release);
        self.arrivals.wake(Readiness::READ);
    }

    fn wanted(&self) -> SignalSet {
        SignalSet::from_bits(self.wanted.load(Ordering::Acquire)).difference(SignalSet::UNSTOPPABLE)
    }

    fn take(&self) -> Option<SignalInfo> {
        let (process, thread) = (self.process.upgrade()?, self.thread.upgrade());
        match thread {
            Some(thread) => process.take_signal(&thread, self.wanted()),
            None => process.take_shared_signal(self.wanted()),
        }
    }
}

impl File for SignalFile {
    fn read(&self, _: Option<u64>, to: &mut dyn Destination) -> Result<usize> {
        if to.remaining() < RECORD_SIZE {
            return Err(Error::new(ErrorKind::InvalidArgument, "less than one signal's record"));
        }
        let mut count = 0;
        while to.remaining() >= RECORD_SIZE {
            let Some(info) = self.take() else { break };
            count += to.put(&(self.encode)(&info))?;
        }
        if count == 0 { Err(NOTHING) } else { Ok(count) }
    }

    fn attributes(&self) -> Result<Attributes> {
        Ok(anonymous_attributes(FileKind::Regular, 0o600, self))
    }

    fn readiness(&self) -> Readiness {
        let pending =
            self.process.upgrade().map_or(SignalSet::EMPTY, |process| match self.thread.upgrade() {
                Some(thread) => process.pending(&thread),
                None => process.pending_shared(),
            });
        if pending.intersection(self.wanted()).is_empty() { Readiness::empty() } else { Readiness::READ }
    }

    fn queue(&self) -> Option<&WaitQueue> {
        Some(&self.arrivals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{Detail, Signal};

    fn record(info: &SignalInfo) -> [u8; RECORD_SIZE] {
        [info.signal.number(); RECORD_SIZE]
    }

    #[test]
    fn pending_signals_are_read_once() {
        let thread = Thread::new(1);
        let process = Process::new(1, 0, Arc::clone(&thread));
        process.set_mask(&thread, SignalSet::ALL);
        let wanted = SignalSet::of(&[Signal::SIGUSR1, Signal::SIGUSR2]);
        let file = SignalFile::new(&process, &thread, wanted, record);
        let read = |length: usize| {
            let mut bytes = [0; 4 * RECORD_SIZE];
            let (mut to, _) = bytes.split_at_mut(length);
            file.read(None, &mut to).map(|count| (count, bytes[0]))
        };
        assert_eq!(read(400).unwrap_err().kind, ErrorKind::WouldBlock);
        assert_eq!(file.readiness(), Readiness::empty());
        for signal in [Signal::SIGUSR2, Signal::SIGTERM] {
            let detail = Detail::Sender { process: 1, user: 0 };
            process.send(SignalInfo { signal, code: 0, detail }, 9).unwrap();
        }
        assert_eq!(file.readiness(), Readiness::READ);
        assert_eq!(read(RECORD_SIZE - 1).unwrap_err().kind, ErrorKind::InvalidArgument);
        assert_eq!(read(2 * RECORD_SIZE), Ok((RECORD_SIZE, 12)));
        assert_eq!(process.pending(&thread), SignalSet::of(&[Signal::SIGTERM]));
    }
}
