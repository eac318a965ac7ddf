//! The bytes of a regular file: pages kept here, over the host's file or over nothing.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::ops::Range;

use litebox_host::file::HostFile;

use super::Tree;
use super::lower::LowerFile;
use crate::error::{Error, ErrorKind, Result};
use crate::file::{Allocation, SeekTo};
use crate::user::{Destination, Source};

/// Bytes in a page.
const PAGE: usize = 4096;
const PAGE_BYTES: u64 = PAGE as u64;
/// The same, in the units of `st_blocks`.
const BLOCKS_A_PAGE: u64 = 8;
/// The longest file (`MAX_LFS_FILESIZE`).
const MAX_SIZE: u64 = i64::MAX as u64;
/// Files of the host up to this size are kept in memory once they are read.
const MAX_CACHED_FILE: u64 = 4 << 20;
/// Bytes had from the host in one request.
const FETCH: u64 = 64 << 10;

static ZEROS: [u8; PAGE] = [0; PAGE];

/// The bytes of a file.
pub(super) struct Contents {
    pages: BTreeMap<u64, Page>,
    length: u64,
    lower: Option<LowerFile>,
    /// Up to here, pages that are not here are the host's; beyond, they are holes.
    lower_length: u64,
    /// The blocks of the host's file.
    lower_blocks: u64,
    /// How many pages were written, and how many of them lie beyond the host's bytes.
    owned: u64,
    beyond: u64,
    opens: u64,
}

/// A page of a file.
struct Page {
    bytes: Box<[u8]>,
    /// Whether it was written, or is only a copy of the host's bytes.
    owned: bool,
}

impl Contents {
    /// No bytes.
    pub(super) const fn empty() -> Self {
        Self {
            pages: BTreeMap::new(),
            length: 0,
            lower: None,
            lower_length: 0,
            lower_blocks: 0,
            owned: 0,
            beyond: 0,
            opens: 0,
        }
    }

    /// The bytes of `file`, which has `length` of them in `blocks`.
    pub(super) fn lower(file: LowerFile, length: u64, blocks: u64) -> Self {
        Self { length, lower: Some(file), lower_length: length, lower_blocks: blocks, ..Self::empty() }
    }

    /// The size in bytes, and in blocks of 512 bytes.
    pub(super) fn sizes(&self) -> (u64, u64) {
        let lower = if self.owned == 0 && self.lower_length == self.length {
            self.lower_blocks
        } else {
            self.lower_length.div_ceil(PAGE_BYTES) * BLOCKS_A_PAGE
        };
        (self.length, lower + self.beyond * BLOCKS_A_PAGE)
    }

    pub(super) const fn length(&self) -> u64 {
        self.length
    }

    /// One more opening of the file uses its bytes.
    pub(super) fn opened(&mut self) {
        self.opens += 1;
    }

    /// One less does: give the host's handle back if the tree has too many.
    pub(super) fn closed(&mut self, tree: &Tree) {
        self.opens -= 1;
        if self.opens == 0
            && !tree.may_idle()
            && let Some(lower) = &mut self.lower
        {
            lower.close(tree);
        }
    }

    /// The host's handle, while all bytes are the host's.
    pub(super) fn host_file(&mut self, tree: &Tree) -> Option<HostFile> {
        if self.owned > 0 || self.lower_length != self.length {
            return None;
        }
        self.lower.as_mut()?.handle(tree).ok()
    }

    /// Read from `position` on.
    pub(super) fn read(&mut self, tree: &Tree, position: u64, to: &mut dyn Destination) -> Result<usize> {
        let mut done = 0_usize;
        while to.remaining() > 0 {
            let at = position.saturating_add(done as u64);
            if at >= self.length {
                break;
            }
            match self.read_piece(tree, at, to) {
                Ok((put, wanted)) => {
                    done += put;
                    if put < wanted {
                        break;
                    }
                }
                Err(_) if done > 0 => break,
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }

    /// Hand over bytes from `at` on, of one page or of one request to the host; how many were taken, of how many.
    fn read_piece(&mut self, tree: &Tree, at: u64, to: &mut dyn Destination) -> Result<(usize, usize)> {
        let (index, offset) = split(at);
        let in_file = usize::try_from(self.length - at).unwrap_or(usize::MAX);
        let wanted = (PAGE - offset).min(in_file).min(to.remaining());
        if let Some(page) = self.pages.get(&index) {
            let bytes = page.bytes.get(offset..offset + wanted).unwrap_or_default();
            return Ok((to.put(bytes)?, wanted));
        }
        if index * PAGE_BYTES >= self.lower_length {
            return Ok((to.put(ZEROS.get(..wanted).unwrap_or_default())?, wanted));
        }
        let (start, bytes) = self.fetch(tree, index, at, to.remaining())?;
        let from = usize::try_from(at - start).unwrap_or(usize::MAX);
        let bytes = bytes.get(from..).unwrap_or_default();
        let wanted = bytes.len().min(in_file).min(to.remaining());
        Ok((to.put(bytes.get(..wanted).unwrap_or_default())?, wanted))
    }

    /// Get bytes from the host that are in no page, from page `index` on; where they begin. They are kept if the
    /// file is small.
    fn fetch(&mut self, tree: &Tree, index: u64, at: u64, wanted: usize) -> Result<(u64, Vec<u8>)> {
        let small = self.lower_length <= MAX_CACHED_FILE;
        let start = index * PAGE_BYTES;
        let asked = if small { FETCH } else { (at - start).saturating_add(wanted as u64).min(FETCH) };
        let next_page = self.pages.range(index..).next().map_or(u64::MAX, |(next, _)| *next * PAGE_BYTES);
        let end = start.saturating_add(asked).min(self.lower_length).min(next_page);
        let length = usize::try_from(end - start).unwrap_or(0);
        let mut bytes = zeroed(length)?;
        let lower = self.lower.as_mut().ok_or(NO_LOWER)?;
        lower.read_exact(tree, start, &mut bytes)?;
        if small {
            self.keep(tree, index, &bytes);
        }
        if end == self.lower_length {
            // The last page goes on with zeros: what the file gained after the host's bytes.
            let page_end = end.next_multiple_of(PAGE_BYTES);
            bytes.resize(length + usize::try_from(page_end - end).unwrap_or(0), 0);
        }
        Ok((start, bytes))
    }

    /// Keep copies of the host's `bytes`, which begin with page `index`, as far as there is room.
    fn keep(&mut self, tree: &Tree, index: u64, bytes: &[u8]) {
        for (index, bytes) in (index..).zip(bytes.chunks(PAGE)) {
            if self.pages.contains_key(&index) || tree.cache(PAGE_BYTES).is_none() {
                return;
            }
            let Ok(mut page) = zeroed(PAGE) else {
                tree.uncache(PAGE_BYTES);
                return;
            };
            page.get_mut(..bytes.len()).unwrap_or_default().copy_from_slice(bytes);
            self.pages.insert(index, Page { bytes: page.into_boxed_slice(), owned: false });
        }
    }

    /// Write at `position`.
    pub(super) fn write(&mut self, tree: &Tree, position: u64, from: &mut dyn Source) -> Result<usize> {
        if from.remaining() > 0 && position >= MAX_SIZE {
            return Err(Error::new(ErrorKind::FileTooBig, "the position is beyond the largest file"));
        }
        let mut done = 0_usize;
        while from.remaining() > 0 {
            let at = position.saturating_add(done as u64);
            let room = usize::try_from(MAX_SIZE.saturating_sub(at)).unwrap_or(usize::MAX);
            let (index, offset) = split(at);
            let wanted = (PAGE - offset).min(from.remaining()).min(room);
            if wanted == 0 {
                break;
            }
            let page = match self.own(tree, index) {
                Ok(page) => page,
                Err(_) if done > 0 => break,
                Err(error) => return Err(error),
            };
            let taken = match from.take(page.get_mut(offset..offset + wanted).unwrap_or_default()) {
                Ok(taken) => taken,
                Err(_) if done > 0 => break,
                Err(error) => return Err(error),
            };
            done += taken;
            self.length = self.length.max(at + taken as u64);
            if taken < wanted {
                break;
            }
        }
        Ok(done)
    }

    /// The bytes of page `index`, to be written.
    fn own(&mut self, tree: &Tree, index: u64) -> Result<&mut [u8]> {
        if !self.pages.get(&index).is_some_and(|page| page.owned) {
            tree.charge(PAGE_BYTES)?;
            if let Err(error) = self.make_owned(tree, index) {
                tree.release(PAGE_BYTES);
                return Err(error);
            }
        }
        let page = self.pages.get_mut(&index).ok_or(NO_LOWER)?;
        Ok(&mut page.bytes)
    }

    fn make_owned(&mut self, tree: &Tree, index: u64) -> Result<()> {
        let start = index * PAGE_BYTES;
        if let Some(page) = self.pages.get_mut(&index) {
            page.owned = true;
            tree.uncache(PAGE_BYTES);
        } else {
            let mut bytes = zeroed(PAGE)?;
            if start < self.lower_length {
                let have = usize::try_from(self.lower_length - start).unwrap_or(PAGE).min(PAGE);
                let lower = self.lower.as_mut().ok_or(NO_LOWER)?;
                lower.read_exact(tree, start, bytes.get_mut(..have).unwrap_or_default())?;
            }
            self.pages.insert(index, Page { bytes: bytes.into_boxed_slice(), owned: true });
        }
        self.owned += 1;
        self.beyond += u64::from(start >= self.lower_length);
        Ok(())
    }

    /// Cut the file or make it longer.
    pub(super) fn set_size(&mut self, tree: &Tree, size: u64) -> Result<()> {
        if size > MAX_SIZE {
            return Err(Error::new(ErrorKind::FileTooBig, "the size is beyond the largest file"));
        }
        if size < self.length {
            self.cut(tree, size);
        }
        self.length = size;
        Ok(())
    }

    fn cut(&mut self, tree: &Tree, size: u64) {
        for (index, page) in self.pages.split_off(&size.div_ceil(PAGE_BYTES)) {
            self.forget(tree, index, &page);
        }
        let (last, used) = split(size);
        if used > 0
            && let Some(page) = self.pages.get_mut(&last)
        {
            page.bytes.get_mut(used..).unwrap_or_default().fill(0);
        }
        self.lower_length = self.lower_length.min(size);
    }

    /// `page` has been taken out.
    fn forget(&mut self, tree: &Tree, index: u64, page: &Page) {
        if page.owned {
            tree.release(PAGE_BYTES);
            self.owned -= 1;
            self.beyond -= u64::from(index * PAGE_BYTES >= self.lower_length);
        } else {
            tree.uncache(PAGE_BYTES);
        }
    }

    /// Change how `range` is kept.
    pub(super) fn allocate(&mut self, tree: &Tree, range: Range<u64>, how: Allocation) -> Result<()> {
        if range.end > MAX_SIZE {
            return Err(Error::new(ErrorKind::FileTooBig, "the range is beyond the largest file"));
        }
        match how {
            Allocation::Extend | Allocation::Reserve => self.reserve(tree, &range)?,
            Allocation::Zero | Allocation::ZeroInside | Allocation::Punch => self.zero(tree, &range)?,
        }
        if matches!(how, Allocation::Extend | Allocation::Zero) {
            self.length = self.length.max(range.end);
        }
        Ok(())
    }

    /// Own the pages of `range` that are holes.
    fn reserve(&mut self, tree: &Tree, range: &Range<u64>) -> Result<()> {
        let first = (range.start / PAGE_BYTES).max(self.lower_length.div_ceil(PAGE_BYTES));
        let indices = first..range.end.div_ceil(PAGE_BYTES).max(first);
        // Nothing is taken if there is not enough for all.
        let here = self.pages.range(indices.clone()).count() as u64;
        let missing = (indices.end - indices.start).saturating_sub(here) * PAGE_BYTES;
        tree.charge(missing)?;
        tree.release(missing);
        for index in indices {
            self.own(tree, index)?;
        }
        Ok(())
    }

    fn zero(&mut self, tree: &Tree, range: &Range<u64>) -> Result<()> {
        // Beyond the end and in holes there are zeros already.
        let end = range.end.min(self.length);
        let lower_end = self.lower_length.div_ceil(PAGE_BYTES);
        let mut index = range.start / PAGE_BYTES;
        while index * PAGE_BYTES < end {
            if index >= lower_end {
                // Only pages that are here hold anything.
                match self.pages.range(index..).next() {
                    Some((next, _)) if *next * PAGE_BYTES < end => index = *next,
                    _ => break,
                }
            }
            let start = index * PAGE_BYTES;
            let whole = range.start <= start && start + PAGE_BYTES <= range.end;
            if whole && index >= lower_end {
                if let Some(page) = self.pages.remove(&index) {
                    self.forget(tree, index, &page);
                }
            } else {
                let from = usize::try_from(range.start.saturating_sub(start)).unwrap_or(PAGE);
                let to = usize::try_from(end - start).unwrap_or(PAGE).min(PAGE);
                self.own(tree, index)?.get_mut(from..to).unwrap_or_default().fill(0);
            }
            index += 1;
        }
        Ok(())
    }

    /// The first offset from `from` on that lies in data, or in a hole.
    pub(super) fn seek(&self, from: u64, to: SeekTo) -> Result<u64> {
        let none = Error::new(ErrorKind::NoSuchDevice, "nothing like it before the end of the file");
        if from >= self.length {
            return Err(none);
        }
        let is_data = |index: u64| index * PAGE_BYTES < self.lower_length || self.pages.contains_key(&index);
        let (first, _) = split(from);
        let found = match to {
            SeekTo::Data if is_data(first) => first,
            SeekTo::Data => *self.pages.range(first..).next().ok_or(none)?.0,
            SeekTo::Hole if !is_data(first) => first,
            SeekTo::Hole => {
                let mut index = first.max(self.lower_length.div_ceil(PAGE_BYTES));
                while self.pages.contains_key(&index) {
                    index += 1;
                }
                index
            }
        };
        let offset = (found * PAGE_BYTES).max(from);
        match to {
            SeekTo::Data if offset >= self.length => Err(none),
            SeekTo::Data => Ok(offset),
            SeekTo::Hole => Ok(offset.min(self.length)),
        }
    }

    /// Give everything back.
    pub(super) fn clear(&mut self, tree: &Tree) {
        self.cut(tree, 0);
        self.length = 0;
        if let Some(mut lower) = self.lower.take() {
            lower.close(tree);
        }
    }
}

const NO_LOWER: Error = Error::new(ErrorKind::InputOutput, "the file has no such page");

/// The page that holds `offset`, and the offset in it.
const fn split(offset: u64) -> (u64, usize) {
    (offset / PAGE_BYTES, (offset % PAGE_BYTES) as usize)
}

/// `length` zero bytes.
fn zeroed(length: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    bytes
        .try_reserve_exact(length)
        .map_err(|_| Error::new(ErrorKind::NoMemory, "no memory for a file's bytes"))?;
    bytes.resize(length, 0);
    Ok(bytes)
}
