//! FIFOs: pipes with a name (`fifo(7)`).
//!
//! The pipe hangs off the name's vnode while somebody has it open. Its two ends are held here, and who reads and
//! who writes is counted, so that an end is only gone when the last opening of its side is.

use alloc::sync::Arc;

use litebox_host::file::Attributes;
use litebox_host::sync::Mutex;

use super::{File, FileStatus, Location, Opening};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, WaitQueue};
use crate::pipe::{PipeEnd, Side as PipeSide};
use crate::user::{Destination, Source};

/// The pipe behind a name. Lock order: the counts are a leaf.
#[derive(Default)]
pub(super) struct Fifo {
    state: Mutex<State>,
    /// Announces openings.
    opened: WaitQueue,
}

#[derive(Default)]
struct State {
    /// The reading and the writing end, while somebody has the FIFO open.
    ends: Option<(Arc<PipeEnd>, Arc<PipeEnd>)>,
    readers: Side,
    writers: Side,
}

/// The openings of one side.
#[derive(Clone, Copy, Default)]
struct Side {
    now: u64,
    ever: u64,
}

impl Side {
    fn enter(&mut self, enters: bool) {
        self.now += u64::from(enters);
        self.ever += u64::from(enters);
    }

    /// The openings that a newcomer at the other side has missed. Who is there now is met, even if gone when it looks.
    fn missed(self) -> u64 {
        if self.now > 0 { self.ever.saturating_sub(1) } else { self.ever }
    }
}

/// An opening of a FIFO.
pub struct FifoFile {
    fifo: Arc<Fifo>,
    read_end: Arc<PipeEnd>,
    write_end: Arc<PipeEnd>,
    status: FileStatus,
    location: Location,
    /// How often each side had been opened, and left again, before.
    readers_before: u64,
    writers_before: u64,
}

impl FifoFile {
    /// Open the FIFO `fifo`. The caller waits for [`FifoFile::has_met`] where `open(2)` does.
    pub(super) fn open(fifo: Arc<Fifo>, opening: Opening<'_>) -> Arc<dyn File> {
        let status = opening.status;
        let mut state = fifo.state.lock();
        let (read_end, write_end) = state.ends.get_or_insert_with(PipeEnd::pair).clone();
        let (readers_before, writers_before) = (state.readers.missed(), state.writers.missed());
        state.readers.enter(status.contains(FileStatus::READ));
        state.writers.enter(status.contains(FileStatus::WRITE));
        drop(state);
        fifo.opened.wake(Readiness::READ | Readiness::WRITE);
        let location = opening.location;
        Arc::new(Self { fifo, read_end, write_end, status, location, readers_before, writers_before })
    }

    /// Whether somebody has opened the other side, now or since this opening.
    pub fn has_met(&self) -> bool {
        let state = self.fifo.state.lock();
        let met = |side: Side, before: u64| side.now > 0 || side.ever > before;
        (!self.reads() || met(state.writers, self.writers_before))
            && (!self.writes() || met(state.readers, self.readers_before))
    }

    /// Where openings are announced.
    pub fn openings(&self) -> &WaitQueue {
        &self.fifo.opened
    }

    /// The pipe's end for `side`, and whether nobody has the FIFO open at the other side; `None` if this opening is
    /// not of that side.
    pub fn end(&self, side: PipeSide) -> Option<(&PipeEnd, bool)> {
        match side {
            PipeSide::Read => self.reads().then(|| (&*self.read_end, self.writers().now == 0)),
            PipeSide::Write => self.writes().then(|| (&*self.write_end, self.readers() == 0)),
        }
    }

    fn reads(&self) -> bool {
        self.status.contains(FileStatus::READ)
    }

    fn writes(&self) -> bool {
        self.status.contains(FileStatus::WRITE)
    }

    fn readers(&self) -> u64 {
        self.fifo.state.lock().readers.now
    }

    fn writers(&self) -> Side {
        self.fifo.state.lock().writers
    }
}

impl File for FifoFile {
    fn read(&self, _: Option<u64>, to: &mut dyn Destination) -> Result<usize> {
        match self.read_end.read(None, to) {
            Err(error) if error.kind == ErrorKind::WouldBlock && self.writers().now == 0 => Ok(0),
            outcome => outcome,
        }
    }

    fn write(&self, _: Option<u64>, from: &mut dyn Source) -> Result<usize> {
        if self.readers() == 0 {
            return Err(Error::new(ErrorKind::BrokenPipe, "nobody reads the FIFO"));
        }
        self.write_end.write(None, from)
    }

    fn attributes(&self) -> Result<Attributes> {
        self.location.vnode.attributes()
    }

    fn readiness(&self) -> Readiness {
        let mut ready = Readiness::empty();
        if self.reads() {
            let writers = self.writers();
            ready |= self.read_end.readiness();
            // A hang-up only if somebody wrote since: not before the first writer comes (poll(2)).
            ready.set(Readiness::HANG_UP, writers.now == 0 && writers.ever > self.writers_before);
        }
        if self.writes() {
            ready |= self.write_end.readiness();
            ready.set(Readiness::ERROR, self.readers() == 0);
        }
        ready
    }

    fn queue(&self) -> Option<&WaitQueue> {
        if self.reads() { self.read_end.queue() } else { self.write_end.queue() }
    }

    fn location(&self) -> Option<&Location> {
        Some(&self.location)
    }
}

impl Drop for FifoFile {
    fn drop(&mut self) {
        let mut state = self.fifo.state.lock();
        state.readers.now -= u64::from(self.reads());
        state.writers.now -= u64::from(self.writes());
        let (readers, writers) = (state.readers.now, state.writers.now);
        // What nobody has read when the last opening goes is lost.
        let ends = if readers + writers == 0 { state.ends.take() } else { None };
        drop(state);
        drop(ends);
        for (left, end) in [(readers, &self.write_end), (writers, &self.read_end)] {
            if left == 0
                && let Some(queue) = end.queue()
            {
                queue.wake(Readiness::HANG_UP | Readiness::ERROR);
            }
        }
    }
}
