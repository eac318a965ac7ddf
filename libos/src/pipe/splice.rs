//! Moving bytes between pipes and other objects (`splice(2)`): the pipe's part.
//!
//! Bytes are taken out, handed on, and what nobody took is put back: so a pipe's lock is never held while another
//! object works.

use litebox_host::memory::PAGE_SIZE;

use super::end::{Slot, State, WOULD_BLOCK_EMPTY, WOULD_BLOCK_FULL};
use super::{ATOMIC, PipeEnd};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Readiness;

/// Bytes of a pipe, all of them one packet or of none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// How many.
    pub length: usize,
    /// Whether they are a packet, or part of one.
    pub is_packet: bool,
}

const END: Piece = Piece { length: 0, is_packet: false };
const NO_MEMORY: Error = Error::new(ErrorKind::NoMemory, "no memory for a page of a pipe");

impl PipeEnd {
    /// Take bytes out, as many as fit `to`; a packet's rest stays. None are the end.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`] if there are none yet.
    pub fn pull(&self, to: &mut [u8]) -> Result<Piece> {
        let mut state = self.pipe.state.lock();
        let was_full = !state.is_writable();
        let piece = state.look(to)?;
        state.consume(piece.length);
        let wake_writers = was_full && state.is_writable();
        drop(state);
        if wake_writers {
            self.pipe.writers.wake(Readiness::WRITE);
        }
        Ok(piece)
    }

    /// As [`PipeEnd::pull`], but the bytes stay.
    ///
    /// # Errors
    /// As [`PipeEnd::pull`].
    pub fn look(&self, to: &mut [u8]) -> Result<Piece> {
        self.pipe.state.lock().look(to)
    }

    /// Put bytes back that were just taken out.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`], and they are lost.
    pub fn put_back(&self, bytes: &[u8], is_packet: bool) -> Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        let mut state = self.pipe.state.lock();
        state.slots.try_reserve(bytes.len().div_ceil(PAGE_SIZE)).map_err(|_| NO_MEMORY)?;
        state.ring.put_back(bytes)?;
        let mut left = bytes.len();
        if let Some(first) = state.slots.front_mut().filter(|first| first.is_packet == is_packet)
            && first.length + left <= first.end
        {
            first.length += left;
            left = 0;
        }
        while left > 0 {
            let length = left.min(PAGE_SIZE);
            // The rest of a packet follows it in what is one slot for each page.
            state.slots.push_front(Slot { length, end: PAGE_SIZE, is_packet });
            left -= length;
        }
        drop(state);
        self.pipe.readers.wake(Readiness::READ);
        Ok(())
    }

    /// How many bytes can be pushed now without the pipe holding more than it should.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`] if none, [`ErrorKind::BrokenPipe`] without a reader.
    pub fn room(&self) -> Result<usize> {
        let state = self.pipe.state.lock();
        if state.readers == 0 {
            return Err(Error::new(ErrorKind::BrokenPipe, "the pipe has no reader"));
        }
        match state.free() {
            0 => Err(WOULD_BLOCK_FULL),
            pages => Ok(pages.saturating_mul(PAGE_SIZE)),
        }
    }

    /// Put bytes in, whether or not there is room: who asked for [`PipeEnd::room`] before has them in hand.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`].
    pub fn push(&self, bytes: &[u8], is_packet: bool) -> Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        let mut state = self.pipe.state.lock();
        state.slots.try_reserve(bytes.len().div_ceil(PAGE_SIZE)).map_err(|_| NO_MEMORY)?;
        let mut source = bytes;
        state.ring.write(&mut source, bytes.len())?;
        let mut left = bytes.len();
        while left > 0 {
            let length = left.min(PAGE_SIZE);
            state.slots.push_back(Slot { length, end: length, is_packet });
            left -= length;
        }
        drop(state);
        self.pipe.readers.wake(Readiness::READ);
        Ok(())
    }
}

impl State {
    /// Copy the oldest bytes that belong together.
    fn look(&self, to: &mut [u8]) -> Result<Piece> {
        let Some(first) = self.slots.front() else {
            return if self.writers > 0 { Err(WOULD_BLOCK_EMPTY) } else { Ok(END) };
        };
        let plain = self.slots.iter().take_while(|slot| !slot.is_packet).map(|slot| slot.length).sum();
        let limit = if first.is_packet { first.length.min(ATOMIC) } else { plain };
        let mut room = to;
        let length = self.ring.peek(&mut room, 0, limit)?;
        Ok(Piece { length, is_packet: first.is_packet })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::File;

    #[test]
    fn what_is_put_back_comes_out_again_and_takes_no_more_room() {
        let (reader, writer) = PipeEnd::pair();
        writer.write(None, &mut [1_u8; 65_536].as_slice()).unwrap();
        let mut bytes = [0; 6000];
        assert_eq!(reader.pull(&mut bytes), Ok(Piece { length: 6000, is_packet: false }));
        reader.put_back(&bytes[1000..], false).unwrap();
        assert_eq!(reader.available(), Some(64_536));
        assert_eq!(writer.room().unwrap_err().kind, ErrorKind::WouldBlock);
        let mut all = alloc::vec![0; 65_536];
        assert_eq!(reader.read(None, &mut all.as_mut_slice()), Ok(64_536));
        assert!(all.iter().take(64_536).all(|byte| *byte == 1));
        assert_eq!(writer.room(), Ok(65_536));
    }

    #[test]
    fn packets_stay_packets() {
        let (reader, writer) = PipeEnd::pair();
        writer.push(b"plain", false).unwrap();
        writer.push(b"packet", true).unwrap();
        let mut bytes = [0; 16];
        assert_eq!(reader.look(&mut bytes).unwrap().length, 5);
        assert_eq!(reader.pull(&mut bytes).unwrap().length, 5);
        assert_eq!(reader.pull(&mut bytes[..3]), Ok(Piece { length: 3, is_packet: true }));
        reader.put_back(b"pac", true).unwrap();
        assert_eq!(reader.read(None, &mut &mut bytes[..2]), Ok(2));
        assert_eq!(reader.look(&mut bytes).unwrap_err().kind, ErrorKind::WouldBlock);
        drop(writer);
        assert_eq!(reader.pull(&mut bytes), Ok(END));
    }
}
