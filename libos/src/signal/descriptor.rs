//! Signals read as data (`signalfd(2)`).

use alloc::sync::Arc;

use litebox_host::file::{Attributes, FileKind};
use litebox_host::sync::{AtomicU64, Ordering};

use super::{SignalInfo, SignalSet};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, WaitQueue};
use crate::file::{Asker, File, PersonalFile, anonymous_attributes};
use crate::process::Process;
use crate::user::Destination;

/// Bytes of one record.
pub const RECORD_SIZE: usize = 128;

/// A file that is read for pending signals: those of the reading process, and of the thread that reads.
pub struct SignalFile {
    wanted: AtomicU64,
    encode: fn(&SignalInfo) -> [u8; RECORD_SIZE],
}

const NOTHING: Error = Error::new(ErrorKind::WouldBlock, "none of the signals is pending");

impl SignalFile {
    /// A file for signals of `wanted`; `encode` says what a reader gets of one.
    pub fn new(wanted: SignalSet, encode: fn(&SignalInfo) -> [u8; RECORD_SIZE]) -> Arc<Self> {
        Arc::new(Self { wanted: AtomicU64::new(wanted.bits()), encode })
    }

    /// Read other signals from now on; those of `process` who wait look again.
    pub fn set_wanted(&self, process: &Process, wanted: SignalSet) {
        self.wanted.store(wanted.bits(), Ordering::Release);
        process.signals.arrivals().wake(Readiness::READ);
    }

    fn wanted(&self) -> SignalSet {
        SignalSet::from_bits(self.wanted.load(Ordering::Acquire)).difference(SignalSet::UNSTOPPABLE)
    }
}

impl PersonalFile for SignalFile {
    fn read(&self, asker: Asker<'_>, _: Option<u64>, to: &mut dyn Destination) -> Result<usize> {
        if to.remaining() < RECORD_SIZE {
            return Err(Error::new(ErrorKind::InvalidArgument, "less than one signal's record"));
        }
        let mut count = 0;
        while to.remaining() >= RECORD_SIZE {
            let Some(info) = asker.process.take_signal(asker.thread, self.wanted()) else { break };
            count += to.put(&(self.encode)(&info))?;
        }
        if count == 0 { Err(NOTHING) } else { Ok(count) }
    }

    fn readiness(&self, asker: Asker<'_>) -> Readiness {
        let pending = asker.process.pending(asker.thread);
        if pending.intersection(self.wanted()).is_empty() { Readiness::empty() } else { Readiness::READ }
    }

    fn queue<'a>(&'a self, process: &'a Process) -> Option<&'a Arc<WaitQueue>> {
        Some(process.signals.arrivals())
    }
}

impl File for SignalFile {
    fn attributes(&self) -> Result<Attributes> {
        Ok(anonymous_attributes(FileKind::Regular, 0o600, self))
    }

    /// To nobody in particular.
    fn readiness(&self) -> Readiness {
        Readiness::empty()
    }

    fn is_watchable(&self) -> bool {
        true
    }

    fn personal(&self) -> Option<&dyn PersonalFile> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{Detail, Signal};
    use crate::thread::Thread;

    fn record(info: &SignalInfo) -> [u8; RECORD_SIZE] {
        [info.signal.number(); RECORD_SIZE]
    }

    #[test]
    fn pending_signals_are_read_once() {
        let thread = Thread::new(1);
        let process = Process::new(1, 0, Arc::clone(&thread));
        process.set_mask(&thread, SignalSet::ALL);
        let wanted = SignalSet::of(&[Signal::SIGUSR1, Signal::SIGUSR2]);
        let file = SignalFile::new(wanted, record);
        let asker = Asker { process: &process, thread: &thread };
        let readiness = || PersonalFile::readiness(&*file, asker);
        let read = |length: usize| {
            let mut bytes = [0; 4 * RECORD_SIZE];
            let (mut to, _) = bytes.split_at_mut(length);
            PersonalFile::read(&*file, asker, None, &mut to).map(|count| (count, bytes[0]))
        };
        assert_eq!(read(400).unwrap_err().kind, ErrorKind::WouldBlock);
        assert_eq!(readiness(), Readiness::empty());
        for signal in [Signal::SIGUSR2, Signal::SIGTERM] {
            let detail = Detail::Sender { process: 1, user: 0 };
            process.send(SignalInfo { signal, code: 0, detail }, 9).unwrap();
        }
        assert_eq!(readiness(), Readiness::READ);
        assert_eq!(read(RECORD_SIZE - 1).unwrap_err().kind, ErrorKind::InvalidArgument);
        assert_eq!(read(2 * RECORD_SIZE), Ok((RECORD_SIZE, 12)));
        assert_eq!(process.pending(&thread), SignalSet::of(&[Signal::SIGTERM]));
    }
}
