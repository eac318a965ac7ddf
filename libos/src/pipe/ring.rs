//! A ring of bytes that are copied in bulk, straight from and to their owners.

use alloc::vec::Vec;

use crate::error::{Error, ErrorKind, Result};
use crate::user::{Destination, Source};

/// A bounded queue of bytes. Its memory grows with what it holds, up to its capacity.
#[derive(Default)]
pub struct Ring {
    bytes: Vec<u8>,
    /// Where the oldest byte is.
    head: usize,
    length: usize,
}

/// Smallest piece of memory for bytes.
const FIRST: usize = 4096;

impl Ring {
    /// An empty ring without memory.
    pub const fn new() -> Self {
        Self { bytes: Vec::new(), head: 0, length: 0 }
    }

    /// Bytes held.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Make room for `wanted` bytes in all.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`].
    fn reserve(&mut self, wanted: usize) -> Result<()> {
        if wanted <= self.bytes.len() {
            return Ok(());
        }
        let size = wanted.next_power_of_two().max(FIRST);
        let mut grown = Vec::new();
        grown.try_reserve_exact(size).map_err(|_| Error::new(ErrorKind::NoMemory, "no memory for a ring"))?;
        let (first, second) = self.pieces(0, self.length);
        grown.extend_from_slice(first);
        grown.extend_from_slice(second);
        grown.resize(size, 0);
        self.bytes = grown;
        self.head = 0;
        Ok(())
    }

    /// The `count` bytes from the `skip`-th on, which may wrap around the end of the memory.
    fn pieces(&self, skip: usize, count: usize) -> (&[u8], &[u8]) {
        let start = self.place(skip);
        let first = count.min(self.bytes.len() - start);
        let (head, tail) = (self.bytes.get(start..start + first), self.bytes.get(..count - first));
        (head.unwrap_or_default(), tail.unwrap_or_default())
    }

    /// Where the byte `offset` after the oldest is. The memory's size is a power of two, or 0.
    fn place(&self, offset: usize) -> usize {
        (self.head + offset) & self.bytes.len().wrapping_sub(1).min(self.bytes.len())
    }

    /// Append at most `limit` bytes of `from`; how many.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`], or the source's if nothing could be had.
    pub fn write(&mut self, from: &mut dyn Source, limit: usize) -> Result<usize> {
        let count = limit.min(from.remaining());
        if count == 0 {
            return Ok(0);
        }
        self.reserve(self.length + count)?;
        let start = self.place(self.length);
        let first = count.min(self.bytes.len() - start);
        let mut written = from.take(self.bytes.get_mut(start..start + first).unwrap_or_default())?;
        if written == first && first < count {
            // A fault in the second piece shortens the write, as in `write(2)`.
            written += from.take(self.bytes.get_mut(..count - first).unwrap_or_default()).unwrap_or(0);
        }
        self.length += written;
        Ok(written)
    }

    /// Hand at most `limit` of the bytes from the `skip`-th on to `to`, and keep them; how many were taken.
    ///
    /// # Errors
    /// The destination's if nothing was taken.
    pub fn peek(&self, to: &mut dyn Destination, skip: usize, limit: usize) -> Result<usize> {
        let count = limit.min(to.remaining()).min(self.length.saturating_sub(skip));
        if count == 0 {
            return Ok(0);
        }
        let (first, second) = self.pieces(skip, count);
        let taken = to.put(first)?;
        if taken < first.len() || second.is_empty() {
            return Ok(taken);
        }
        Ok(taken + to.put(second).unwrap_or(0))
    }

    /// Forget the oldest `count` bytes.
    pub fn consume(&mut self, count: usize) {
        let count = count.min(self.length);
        self.head = self.place(count);
        self.length -= count;
        if self.length == 0 {
            self.head = 0;
        }
    }

    /// Forget the newest `count` bytes.
    pub fn retract(&mut self, count: usize) {
        self.length = self.length.saturating_sub(count);
    }

    /// Put `bytes` before the oldest byte.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`].
    pub fn put_back(&mut self, bytes: &[u8]) -> Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.reserve(self.length + bytes.len())?;
        // Going back is going on around the end of the memory.
        self.head = self.place(self.bytes.len() - bytes.len());
        let (first, second) = bytes.split_at(bytes.len().min(self.bytes.len() - self.head));
        for (at, part) in [(self.head, first), (0, second)] {
            if let Some(place) = self.bytes.get_mut(at..at + part.len()) {
                place.copy_from_slice(part);
            }
        }
        self.length += bytes.len();
        Ok(())
    }

    /// Hand at most `limit` of the oldest bytes to `to` and forget them; how many.
    ///
    /// # Errors
    /// The destination's if nothing was taken.
    pub fn read(&mut self, to: &mut dyn Destination, limit: usize) -> Result<usize> {
        let count = self.peek(to, 0, limit)?;
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_out_in_order_across_wraps_and_growth() {
        let mut ring = Ring::new();
        let (mut put, mut got) = (0_u8, 0_u8);
        for round in 1..2000_usize {
            let data: Vec<u8> = (0..round % 701)
                .map(|_| {
                    put = put.wrapping_add(7);
                    put
                })
                .collect();
            assert_eq!(ring.write(&mut data.as_slice(), usize::MAX).unwrap(), data.len());
            let mut out = alloc::vec![0; round % 653];
            let count = ring.read(&mut out.as_mut_slice(), usize::MAX).unwrap();
            for byte in out.iter().take(count) {
                got = got.wrapping_add(7);
                assert_eq!(*byte, got);
            }
        }
        assert!(!ring.is_empty());
    }

    #[test]
    fn bytes_put_back_come_out_first_across_the_end_of_the_memory() {
        let mut ring = Ring::new();
        let mut out = [0; 8];
        ring.put_back(b"cd").unwrap();
        ring.put_back(b"").unwrap();
        ring.put_back(b"ab").unwrap();
        ring.write(&mut b"ef".as_slice(), usize::MAX).unwrap();
        assert_eq!(ring.read(&mut &mut out[..3], usize::MAX).unwrap(), 3);
        assert_eq!(&out[..3], b"abc");
        let many = alloc::vec![7; 5000];
        ring.put_back(&many).unwrap();
        assert_eq!(ring.len(), 5003);
        ring.consume(5000);
        assert_eq!(ring.read(&mut out.as_mut_slice(), usize::MAX).unwrap(), 3);
        assert_eq!(&out[..3], b"def");
    }

    #[test]
    fn peeking_keeps_and_skips() {
        let mut ring = Ring::new();
        assert_eq!(ring.write(&mut b"abcdef".as_slice(), 5).unwrap(), 5);
        let mut out = [0; 8];
        assert_eq!(ring.peek(&mut out.as_mut_slice(), 2, 8).unwrap(), 3);
        assert_eq!(&out[..3], b"cde");
        assert_eq!(ring.len(), 5);
    }
}
