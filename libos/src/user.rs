//! Allegations about guest memory.
//!
//! A guest's pointer is a number that the guest says is an address. Holding one of these types proves nothing:
//! not that the memory exists, nor that it will hold the same bytes at the next look. So there are no references
//! here, only copies: read once into a value of ours, validate that value, act on it.

use alloc::vec::Vec;
use core::marker::PhantomData;

use litebox_host::memory::{AccessFault, Memory, SharedPage, SharedPages, UserAccess};
use zerocopy::{FromBytes, IntoBytes};

use crate::error::{Error, ErrorKind, Result};

impl From<AccessFault> for Error {
    fn from(_: AccessFault) -> Self {
        Self::new(ErrorKind::BadAddress, "guest memory is not accessible")
    }
}

/// Where the guest says a `T` is. `T` is any plain-data type whose every bit pattern is valid.
#[derive(Debug, PartialEq, Eq)]
pub struct UserPointer<T> {
    address: usize,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for UserPointer<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for UserPointer<T> {}

impl<T> UserPointer<T> {
    /// The allegation that a `T` is at `address`.
    pub const fn new(address: usize) -> Self {
        Self { address, kind: PhantomData }
    }

    /// The address itself.
    pub const fn address(self) -> usize {
        self.address
    }

    /// Whether the guest passed a null pointer, which many calls take for "none".
    pub const fn is_null(self) -> bool {
        self.address == 0
    }

    /// The pointer, or `None` if it is null.
    pub const fn non_null(self) -> Option<Self> {
        if self.is_null() { None } else { Some(self) }
    }

    /// The same address as the place of another type.
    pub const fn cast<U>(self) -> UserPointer<U> {
        UserPointer::new(self.address)
    }

    /// The `index`-th element of an array that starts here; wraps, and then fails when it is accessed.
    pub const fn element(self, index: usize) -> Self {
        Self::new(self.address.wrapping_add(index.wrapping_mul(size_of::<T>())))
    }
}

impl<T: FromBytes + IntoBytes> UserPointer<T> {
    /// Copy the value in.
    ///
    /// # Errors
    /// [`ErrorKind::BadAddress`].
    pub fn read(self, memory: &impl UserAccess) -> Result<T> {
        let mut value = T::new_zeroed();
        memory.read(self.address, value.as_mut_bytes())?;
        Ok(value)
    }
}

impl<T: IntoBytes + zerocopy::Immutable> UserPointer<T> {
    /// Copy a value out.
    ///
    /// # Errors
    /// [`ErrorKind::BadAddress`].
    pub fn write(self, memory: &impl UserAccess, value: &T) -> Result<()> {
        Ok(memory.write(self.address, value.as_bytes())?)
    }

    /// Copy a value out unless the pointer is null.
    ///
    /// # Errors
    /// [`ErrorKind::BadAddress`].
    pub fn write_if_some(self, memory: &impl UserAccess, value: &T) -> Result<()> {
        if self.is_null() { Ok(()) } else { self.write(memory, value) }
    }
}

/// Where the guest says a NUL-terminated string is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserString {
    address: usize,
}

impl UserString {
    /// The allegation that a string starts at `address`.
    pub const fn new(address: usize) -> Self {
        Self { address }
    }

    /// The address itself.
    pub const fn address(self) -> usize {
        self.address
    }

    /// Copy the string in, without its NUL.
    ///
    /// # Errors
    /// [`ErrorKind::BadAddress`], or `too_long` when no NUL comes within `limit` bytes.
    pub fn read(self, memory: &impl UserAccess, limit: usize, too_long: ErrorKind) -> Result<Vec<u8>> {
        /// Bytes looked at a time: never across an aligned block, so never into a page beyond the NUL's.
        const BLOCK: usize = 64;
        let mut bytes = Vec::new();
        let mut block = [0_u8; BLOCK];
        while bytes.len() < limit {
            let at = self.address.wrapping_add(bytes.len());
            let (part, _) = block.split_at_mut(BLOCK - at % BLOCK);
            memory.read(at, part)?;
            let end = part.iter().position(|byte| *byte == 0);
            let found = part.get(..end.unwrap_or(part.len())).unwrap_or_default();
            bytes.try_reserve(found.len()).map_err(|_| NO_MEMORY)?;
            bytes.extend_from_slice(found);
            if end.is_some() && bytes.len() < limit {
                return Ok(bytes);
            }
        }
        Err(Error::new(too_long, "string is too long"))
    }
}

const NO_MEMORY: Error = Error::new(ErrorKind::NoMemory, "no memory for a copy of guest memory");

/// One piece of guest memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct UserRange {
    /// Where it starts.
    pub address: usize,
    /// Its length in bytes.
    pub length: usize,
}

impl UserRange {
    /// The range, if a guest could have memory up to its end: calls look at this before they transfer anything.
    /// It says nothing about what is there.
    ///
    /// # Errors
    /// [`ErrorKind::BadAddress`].
    pub fn reachable(self, memory: &impl Memory) -> Result<Self> {
        let end = self.address.checked_add(self.length).filter(|end| *end <= memory.range().end);
        end.map(|_| self).ok_or(Error::new(ErrorKind::BadAddress, "the range leaves the guest's addresses"))
    }
}

/// Bytes in shared pages, all of one block.
#[derive(Clone, Copy)]
pub struct PageBytes<'a> {
    /// The host of the sandbox, whose pages they are.
    pub host: &'a dyn SharedPages,
    /// The page they begin in.
    pub page: SharedPage,
    /// Where in the page.
    pub offset: usize,
    /// How many they are.
    pub length: usize,
}

/// Bytes of shared pages that are copied at a time where there is no direct way.
const CHUNK: usize = 1024;

/// Bytes going to whoever asked for them: a reader's memory.
pub trait Destination {
    /// Hand over `bytes`; how many were taken. Fewer than all means that no more will be.
    ///
    /// # Errors
    /// [`ErrorKind::BadAddress`] if none could be taken.
    fn put(&mut self, bytes: &[u8]) -> Result<usize>;
    /// Hand over bytes of shared pages, as [`Destination::put`] does.
    ///
    /// # Errors
    /// [`ErrorKind::BadAddress`] if none could be taken.
    fn put_shared(&mut self, bytes: PageBytes<'_>) -> Result<usize> {
        let mut chunk = [0; CHUNK];
        let mut done = 0;
        while done < bytes.length {
            let wanted = CHUNK.min(bytes.length - done);
            let part = chunk.get_mut(..wanted).unwrap_or_default();
            bytes.host.read_page(bytes.page, bytes.offset + done, part);
            match self.put(part) {
                Ok(count) => done += count,
                Err(error) => return if done > 0 { Ok(done) } else { Err(error) },
            }
            if !done.is_multiple_of(CHUNK) {
                break;
            }
        }
        Ok(done)
    }
    /// How many bytes are still wanted.
    fn remaining(&self) -> usize;
}

/// Bytes coming from whoever writes them.
pub trait Source {
    /// Fill `bytes` from the front; how many were had. Fewer than all means that no more will be.
    ///
    /// # Errors
    /// [`ErrorKind::BadAddress`] if none could be had.
    fn take(&mut self, bytes: &mut [u8]) -> Result<usize>;
    /// Fill bytes of shared pages, as [`Source::take`] does.
    ///
    /// # Errors
    /// [`ErrorKind::BadAddress`] if none could be had; [`ErrorKind::NoMemory`] if the host has none for the pages.
    fn take_shared(&mut self, bytes: PageBytes<'_>) -> Result<usize> {
        let mut chunk = [0; CHUNK];
        let mut done = 0;
        while done < bytes.length {
            let wanted = CHUNK.min(bytes.length - done);
            let part = chunk.get_mut(..wanted).unwrap_or_default();
            let count = match self.take(part) {
                Ok(count) => count,
                Err(error) => return if done > 0 { Ok(done) } else { Err(error) },
            };
            let taken = part.get(..count).unwrap_or_default();
            bytes.host.write_page(bytes.page, bytes.offset + done, taken)?;
            done += count;
            if count < wanted {
                break;
            }
        }
        Ok(done)
    }
    /// As [`Source::take`], but the bytes are still to come: another look may see other bytes.
    ///
    /// # Errors
    /// [`ErrorKind::BadAddress`] if none could be had.
    fn peek(&self, bytes: &mut [u8]) -> Result<usize>;
    /// How many bytes are still to come.
    fn remaining(&self) -> usize;
}

/// Guest memory as a destination or a source: the pieces of an `iovec` array, one after another.
#[derive(Debug)]
pub struct UserBuffer<'a, H> {
    memory: &'a H,
    ranges: &'a [UserRange],
    /// Bytes of the first range that are done.
    done: usize,
    remaining: usize,
}

impl<'a, H: UserAccess> UserBuffer<'a, H> {
    /// The bytes of `ranges`, in order. Lengths that overflow a `usize` are cut to it.
    pub fn new(memory: &'a H, ranges: &'a [UserRange]) -> Self {
        let remaining = ranges.iter().fold(0_usize, |sum, range| sum.saturating_add(range.length));
        Self { memory, ranges, done: 0, remaining }
    }

    /// Run `copy(address, offset, length)` over the next `wanted` bytes, piece by piece.
    fn advance(
        &mut self,
        wanted: usize,
        mut copy: impl FnMut(&H, usize, usize, usize) -> core::result::Result<(), AccessFault>,
    ) -> Result<usize> {
        let mut copied = 0;
        while copied < wanted {
            let Some((first, rest)) = self.ranges.split_first() else { break };
            let length = (first.length - self.done).min(wanted - copied);
            let outcome = copy(self.memory, first.address.wrapping_add(self.done), copied, length);
            let count = outcome.map_or_else(|fault| fault.copied.min(length), |()| length);
            copied += count;
            self.done += count;
            self.remaining -= count;
            if outcome.is_err() {
                self.remaining = 0;
                self.ranges = &[];
                return if copied == 0 { Err(AccessFault { copied: 0 }.into()) } else { Ok(copied) };
            }
            if self.done == first.length {
                self.ranges = rest;
                self.done = 0;
            }
        }
        Ok(copied)
    }
}

impl<H: UserAccess> Destination for UserBuffer<'_, H> {
    fn put(&mut self, bytes: &[u8]) -> Result<usize> {
        self.advance(bytes.len(), |memory, address, offset, length| {
            memory.write(address, bytes.get(offset..offset + length).unwrap_or_default())
        })
    }

    fn put_shared(&mut self, bytes: PageBytes<'_>) -> Result<usize> {
        self.advance(bytes.length, |_, address, offset, length| {
            bytes.host.page_to_user(bytes.page, bytes.offset + offset, address, length)
        })
    }

    fn remaining(&self) -> usize {
        self.remaining
    }
}

impl<H: UserAccess> Source for UserBuffer<'_, H> {
    fn take(&mut self, bytes: &mut [u8]) -> Result<usize> {
        self.advance(bytes.len(), |memory, address, offset, length| {
            memory.read(address, bytes.get_mut(offset..offset + length).unwrap_or_default())
        })
    }

    fn take_shared(&mut self, bytes: PageBytes<'_>) -> Result<usize> {
        self.advance(bytes.length, |_, address, offset, length| {
            bytes.host.user_to_page(bytes.page, bytes.offset + offset, address, length)
        })
    }

    fn peek(&self, bytes: &mut [u8]) -> Result<usize> {
        let (memory, ranges) = (self.memory, self.ranges);
        Self { memory, ranges, done: self.done, remaining: self.remaining }.take(bytes)
    }

    fn remaining(&self) -> usize {
        self.remaining
    }
}

impl Destination for &mut [u8] {
    fn put(&mut self, bytes: &[u8]) -> Result<usize> {
        let count = bytes.len().min(self.len());
        let (head, tail) = core::mem::take(self).split_at_mut(count);
        head.copy_from_slice(bytes.get(..count).unwrap_or_default());
        *self = tail;
        Ok(count)
    }

    fn put_shared(&mut self, bytes: PageBytes<'_>) -> Result<usize> {
        let count = bytes.length.min(self.len());
        let (head, tail) = core::mem::take(self).split_at_mut(count);
        bytes.host.read_page(bytes.page, bytes.offset, head);
        *self = tail;
        Ok(count)
    }

    fn remaining(&self) -> usize {
        self.len()
    }
}

impl Source for &[u8] {
    fn take(&mut self, bytes: &mut [u8]) -> Result<usize> {
        let count = bytes.len().min(self.len());
        let (head, tail) = self.split_at(count);
        bytes.get_mut(..count).unwrap_or_default().copy_from_slice(head);
        *self = tail;
        Ok(count)
    }

    fn peek(&self, bytes: &mut [u8]) -> Result<usize> {
        let mut copy = *self;
        copy.take(bytes)
    }

    fn remaining(&self) -> usize {
        self.len()
    }
}
