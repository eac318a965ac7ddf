//! The two ends of a pipe.

use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::file::{Attributes, FileKind};
use litebox_host::memory::PAGE_SIZE;
use litebox_host::sync::Mutex;

use super::Ring;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, WaitQueue};
use crate::file::{File, anonymous_attributes, anonymous_label};
use crate::user::{Destination, Source};

/// Bytes that a new pipe holds (`pipe(7)`, Pipe capacity).
pub const DEFAULT_CAPACITY: usize = 65536;
/// The most that an unprivileged process may ask for (`/proc/sys/fs/pipe-max-size`).
pub const MAX_CAPACITY: usize = 1 << 20;
/// A write of at most this many bytes is one piece: `PIPE_BUF` of `pipe(7)`.
pub const ATOMIC: usize = 4096;

/// Which end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Bytes come out here.
    Read,
    /// Bytes go in here.
    Write,
}

/// One end of a pipe.
pub struct PipeEnd {
    pub(super) pipe: Arc<Pipe>,
    side: Side,
}

pub(super) struct Pipe {
    /// The user and the group.
    owner: (u32, u32),
    pub(super) state: Mutex<State>,
    pub(super) readers: WaitQueue,
    pub(super) writers: WaitQueue,
}

pub(super) struct State {
    pub(super) ring: Ring,
    capacity: usize,
    /// What of the ring each page would hold in Linux, where a write takes new pages unless its last part fits
    /// the last one: what a guest sees as the pipe being full.
    pub(super) slots: VecDeque<Slot>,
    packet_mode: bool,
    /// Ends that are open.
    pub(super) readers: usize,
    pub(super) writers: usize,
}

/// A page's worth of bytes.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    /// Bytes that are still there.
    pub(super) length: usize,
    /// Where in the page they end.
    pub(super) end: usize,
    /// One read takes it, and what that leaves of it is thrown away.
    pub(super) is_packet: bool,
}

const WRONG_END: Error = Error::new(ErrorKind::BadDescriptor, "the other end of the pipe");
pub(super) const WOULD_BLOCK_EMPTY: Error = Error::new(ErrorKind::WouldBlock, "the pipe is empty");
pub(super) const WOULD_BLOCK_FULL: Error = Error::new(ErrorKind::WouldBlock, "the pipe is full");

impl PipeEnd {
    /// A new pipe of nobody in particular: its read end and its write end.
    pub fn pair() -> (Arc<Self>, Arc<Self>) {
        Self::pair_of(0, 0)
    }

    /// A new pipe of a user and a group, who may open it through `/proc/self/fd`.
    pub fn pair_of(user: u32, group: u32) -> (Arc<Self>, Arc<Self>) {
        let state = State {
            ring: Ring::new(),
            capacity: DEFAULT_CAPACITY,
            slots: VecDeque::new(),
            packet_mode: false,
            readers: 1,
            writers: 1,
        };
        let pipe = Arc::new(Pipe {
            owner: (user, group),
            state: Mutex::new(state),
            readers: WaitQueue::new(),
            writers: WaitQueue::new(),
        });
        let end = |side| Arc::new(Self { pipe: Arc::clone(&pipe), side });
        (end(Side::Read), end(Side::Write))
    }

    /// One more end of the same pipe, at `side` (opening `/proc/self/fd/N`).
    pub fn reopen(&self, side: Side) -> Arc<Self> {
        let mut state = self.pipe.state.lock();
        match side {
            Side::Read => state.readers += 1,
            Side::Write => state.writers += 1,
        }
        drop(state);
        Arc::new(Self { pipe: Arc::clone(&self.pipe), side })
    }

    /// Which end this is.
    pub fn side(&self) -> Side {
        self.side
    }

    /// Whether the two are ends of one pipe.
    pub fn is_same_pipe(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.pipe, &other.pipe)
    }

    /// Bytes that the pipe holds at most.
    pub fn capacity(&self) -> usize {
        self.pipe.state.lock().capacity
    }

    /// Change the capacity to at least `wanted`; what it is then.
    ///
    /// # Errors
    /// [`ErrorKind::NotPermitted`] beyond [`MAX_CAPACITY`], [`ErrorKind::InvalidArgument`] for what no pipe can
    /// hold, [`ErrorKind::Busy`] if the pipe holds more bytes now.
    pub fn set_capacity(&self, wanted: usize) -> Result<usize> {
        if wanted > 1 << 31 {
            return Err(Error::new(ErrorKind::InvalidArgument, "no pipe is that large"));
        }
        let capacity = wanted.max(PAGE_SIZE).next_power_of_two();
        let mut state = self.pipe.state.lock();
        if capacity > MAX_CAPACITY && capacity > state.capacity {
            return Err(Error::new(ErrorKind::NotPermitted, "larger than an unprivileged pipe may be"));
        }
        if state.slots.len() > capacity / PAGE_SIZE {
            return Err(Error::new(ErrorKind::Busy, "the pipe holds more"));
        }
        let was_full = !state.is_writable();
        state.capacity = capacity;
        let wake = was_full && state.is_writable();
        drop(state);
        if wake {
            self.pipe.writers.wake(Readiness::WRITE);
        }
        Ok(capacity)
    }

    /// Whether each write from now on is a packet (`O_DIRECT` of `pipe2(2)`).
    pub fn set_packet_mode(&self, packets: bool) {
        self.pipe.state.lock().packet_mode = packets;
    }
}

impl State {
    fn count(&self, side: Side) -> usize {
        match side {
            Side::Read => self.readers,
            Side::Write => self.writers,
        }
    }

    /// Pages that are free.
    pub(super) fn free(&self) -> usize {
        (self.capacity / PAGE_SIZE).saturating_sub(self.slots.len())
    }

    /// Whether a write of [`ATOMIC`] bytes would succeed.
    pub(super) fn is_writable(&self) -> bool {
        self.free() > 0
    }

    fn read(&mut self, to: &mut dyn Destination) -> Result<usize> {
        if let Some(packet) = self.slots.front().copied().filter(|slot| slot.is_packet) {
            let count = self.ring.peek(to, 0, packet.length)?;
            self.consume(packet.length);
            return Ok(count);
        }
        let plain = self.slots.iter().take_while(|slot| !slot.is_packet).map(|slot| slot.length).sum();
        let count = self.ring.peek(to, 0, plain)?;
        self.consume(count);
        Ok(count)
    }

    pub(super) fn consume(&mut self, count: usize) {
        self.ring.consume(count);
        let mut left = count;
        while let Some(slot) = self.slots.front_mut() {
            let part = slot.length.min(left);
            slot.length -= part;
            left -= part;
            if slot.length > 0 {
                return;
            }
            self.slots.pop_front();
        }
    }

    /// How much of a write of `wanted` bytes goes to the last page that is there: its odd part, or nothing.
    fn merged(&self, wanted: usize) -> usize {
        let odd = wanted % PAGE_SIZE;
        match self.slots.back() {
            Some(last) if !last.is_packet && last.end + odd <= PAGE_SIZE => odd,
            _ => 0,
        }
    }

    fn write(&mut self, from: &mut dyn Source) -> Result<usize> {
        let wanted = from.remaining();
        let merged = self.merged(wanted);
        // What is at most a page fits the last one or needs another, so it is never cut.
        let room = merged + self.free() * PAGE_SIZE;
        if room == 0 {
            return Err(WOULD_BLOCK_FULL);
        }
        let no_memory = |_| Error::new(ErrorKind::NoMemory, "no memory for a page of a pipe");
        self.slots.try_reserve(wanted.min(room).div_ceil(PAGE_SIZE)).map_err(no_memory)?;
        let count = self.ring.write(from, if self.packet_mode { room.min(ATOMIC) } else { room })?;
        let mut left = count;
        if let Some(last) = self.slots.back_mut().filter(|_| merged > 0) {
            let part = merged.min(left);
            last.length += part;
            last.end += part;
            left -= part;
        }
        while left > 0 {
            let length = left.min(PAGE_SIZE);
            self.slots.push_back(Slot { length, end: length, is_packet: self.packet_mode });
            left -= length;
        }
        Ok(count)
    }
}

impl File for PipeEnd {
    fn read(&self, _: Option<u64>, to: &mut dyn Destination) -> Result<usize> {
        if self.side != Side::Read {
            return Err(WRONG_END);
        }
        if to.remaining() == 0 {
            return Ok(0);
        }
        let mut state = self.pipe.state.lock();
        if state.ring.is_empty() {
            return if state.writers > 0 { Err(WOULD_BLOCK_EMPTY) } else { Ok(0) };
        }
        let was_full = !state.is_writable();
        let outcome = state.read(to);
        let wake_writers = was_full && state.is_writable();
        let more = !state.ring.is_empty();
        drop(state);
        if wake_writers {
            self.pipe.writers.wake(Readiness::WRITE);
        }
        if more {
            // One wake-up announced all the bytes: hand it on to the next reader.
            self.pipe.readers.pass_on(Readiness::READ);
        }
        outcome
    }

    fn write(&self, _: Option<u64>, from: &mut dyn Source) -> Result<usize> {
        if self.side != Side::Write {
            return Err(WRONG_END);
        }
        if from.remaining() == 0 {
            return Ok(0);
        }
        let mut state = self.pipe.state.lock();
        if state.readers == 0 {
            return Err(Error::new(ErrorKind::BrokenPipe, "the pipe has no reader"));
        }
        let outcome = state.write(from);
        let more = state.is_writable();
        drop(state);
        if outcome.is_ok() {
            self.pipe.readers.wake(Readiness::READ);
            if more {
                self.pipe.writers.pass_on(Readiness::WRITE);
            }
        }
        outcome
    }

    fn attributes(&self) -> Result<Attributes> {
        let (uid, gid) = self.pipe.owner;
        Ok(Attributes { uid, gid, ..anonymous_attributes(FileKind::Fifo, 0o600, &*self.pipe) })
    }

    fn readiness(&self) -> Readiness {
        let state = self.pipe.state.lock();
        let mut ready = Readiness::empty();
        match self.side {
            Side::Read => {
                ready.set(Readiness::READ, !state.ring.is_empty());
                ready.set(Readiness::HANG_UP, state.writers == 0);
            }
            Side::Write => {
                ready.set(Readiness::WRITE, state.is_writable());
                ready.set(Readiness::ERROR, state.readers == 0);
            }
        }
        ready
    }

    fn queue(&self) -> Option<&WaitQueue> {
        Some(match self.side {
            Side::Read => &self.pipe.readers,
            Side::Write => &self.pipe.writers,
        })
    }

    fn label(&self) -> Vec<u8> {
        anonymous_label("pipe", self.attributes())
    }

    fn is_byte_stream(&self) -> bool {
        true
    }

    fn available(&self) -> Option<usize> {
        Some(self.pipe.state.lock().ring.len())
    }
}

impl Drop for PipeEnd {
    fn drop(&mut self) {
        let mut state = self.pipe.state.lock();
        match self.side {
            Side::Read => state.readers -= 1,
            Side::Write => state.writers -= 1,
        }
        let last = state.count(self.side) == 0;
        drop(state);
        match self.side {
            _ if !last => {}
            Side::Read => self.pipe.writers.wake(Readiness::ERROR | Readiness::WRITE),
            Side::Write => self.pipe.readers.wake(Readiness::HANG_UP | Readiness::READ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(end: &PipeEnd, size: usize) -> Result<Vec<u8>> {
        let mut bytes = alloc::vec![0; size];
        let count = end.read(None, &mut bytes.as_mut_slice())?;
        bytes.truncate(count);
        Ok(bytes)
    }

    fn kind<T>(outcome: Result<T>) -> Option<ErrorKind> {
        outcome.err().map(|error| error.kind)
    }

    #[test]
    fn an_atomic_write_is_all_or_nothing() {
        let (reader, writer) = PipeEnd::pair();
        let bytes = alloc::vec![1; DEFAULT_CAPACITY - 10];
        assert_eq!(writer.write(None, &mut bytes.as_slice()), Ok(DEFAULT_CAPACITY - 10));
        assert_eq!(kind(writer.write(None, &mut [0_u8; 11].as_slice())), Some(ErrorKind::WouldBlock));
        assert_eq!(writer.write(None, &mut [0_u8; 10].as_slice()), Ok(10));
        assert_eq!(read(&reader, 4095).map(|bytes| bytes.len()), Ok(4095));
        // The first page is not free yet.
        assert_eq!(kind(writer.write(None, &mut [0_u8; 1].as_slice())), Some(ErrorKind::WouldBlock));
        assert!(writer.readiness().is_empty());
        assert_eq!(read(&reader, 1).map(|bytes| bytes.len()), Ok(1));
        assert_eq!(writer.readiness(), Readiness::WRITE);
        assert_eq!(writer.write(None, &mut [0_u8; 5000].as_slice()), Ok(4096));
    }

    #[test]
    fn the_end_comes_after_the_bytes() {
        let (reader, writer) = PipeEnd::pair();
        assert_eq!(writer.write(None, &mut b"ab".as_slice()), Ok(2));
        drop(writer);
        assert_eq!(reader.readiness(), Readiness::READ | Readiness::HANG_UP);
        assert_eq!(read(&reader, 9), Ok(b"ab".to_vec()));
        assert_eq!(read(&reader, 9), Ok(Vec::new()));
    }

    #[test]
    fn without_reader_a_write_breaks() {
        let (reader, writer) = PipeEnd::pair();
        drop(reader);
        assert_eq!(writer.readiness(), Readiness::WRITE | Readiness::ERROR);
        assert_eq!(kind(writer.write(None, &mut b"x".as_slice())), Some(ErrorKind::BrokenPipe));
        assert_eq!(writer.write(None, &mut b"".as_slice()), Ok(0));
    }

    #[test]
    fn a_packet_is_read_once() {
        let (reader, writer) = PipeEnd::pair();
        assert_eq!(writer.write(None, &mut b"plain".as_slice()), Ok(5));
        writer.set_packet_mode(true);
        // What fits the last page of plain bytes joins them, as in Linux.
        assert_eq!(writer.write(None, &mut b"+".as_slice()), Ok(1));
        assert_eq!(read(&reader, 100), Ok(b"plain+".to_vec()));
        assert_eq!(writer.write(None, &mut b"packet".as_slice()), Ok(6));
        assert_eq!(writer.write(None, &mut b"next".as_slice()), Ok(4));
        assert_eq!(read(&reader, 3), Ok(b"pac".to_vec()));
        assert_eq!(read(&reader, 100), Ok(b"next".to_vec()));
    }

    #[test]
    fn the_capacity_rounds_up_and_keeps_what_is_there() {
        let (_reader, writer) = PipeEnd::pair();
        assert_eq!(writer.set_capacity(5000), Ok(8192));
        assert_eq!(writer.write(None, &mut [0_u8; 9000].as_slice()), Ok(8192));
        assert_eq!(kind(writer.set_capacity(4096)), Some(ErrorKind::Busy));
        assert_eq!(kind(writer.set_capacity(MAX_CAPACITY + 1)), Some(ErrorKind::NotPermitted));
    }
}
