//! The bytes of a regular file: pages kept here, over the host's file or over nothing.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Range;

use litebox_host::file::HostFile;
use litebox_host::memory::{BLOCK_PAGES, SharedPage};

use super::Tree;
use super::lower::LowerFile;
use super::mapped::Mapped;
use super::pages::PageTable;
use crate::error::{Error, ErrorKind, Result};
use crate::file::{Mapper, Seals};
use crate::memory::buffer::zeroed;
use crate::user::{Destination, PageBytes, Source};

mod holes;

/// Bytes in a page.
pub(super) const PAGE: usize = 4096;
pub(super) const PAGE_BYTES: u64 = PAGE as u64;
/// The same, in the units of `st_blocks`.
const BLOCKS_A_PAGE: u64 = 8;
/// The longest file (`MAX_LFS_FILESIZE`).
const MAX_SIZE: u64 = i64::MAX as u64;
/// Files of the host up to this size are kept in memory once they are read.
const MAX_CACHED_FILE: u64 = 4 << 20;
/// Bytes had from the host in one request.
const FETCH: u64 = 64 << 10;
/// The same, for a first page: whoever looks at a program's header often maps the rest.
const FIRST_FETCH: u64 = 16 << 10;

pub(super) const ZEROS: &[u8; PAGE] = &[0; PAGE];

/// The bytes of a file.
pub(super) struct Contents {
    pages: PageTable,
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
    mapped: Mapped,
    seals: Seals,
}

/// Pages of a mapped file came or went.
pub(super) struct Resized {
    /// The address spaces that map the file.
    pub(super) spaces: Vec<Arc<dyn Mapper>>,
    /// The pages, by their numbers in the file.
    pub(super) pages: Range<u64>,
}

impl Contents {
    /// No bytes.
    pub(super) const fn empty() -> Self {
        Self {
            pages: PageTable::new(),
            length: 0,
            lower: None,
            lower_length: 0,
            lower_blocks: 0,
            owned: 0,
            beyond: 0,
            opens: 0,
            mapped: Mapped::nowhere(),
            seals: Seals::SEAL,
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

    /// The host's file is open already, for reading. Whether it is kept.
    pub(super) fn know_file(&mut self, tree: &Tree, file: HostFile) -> bool {
        self.lower.as_mut().is_some_and(|lower| lower.know(tree, file))
    }

    /// Where the file is mapped.
    pub(super) const fn mapped(&mut self) -> &mut Mapped {
        &mut self.mapped
    }

    pub(super) const fn seals(&self) -> Seals {
        self.seals
    }

    /// Replace all seals.
    pub(super) const fn set_seals(&mut self, seals: Seals) {
        self.seals = seals;
    }

    /// Who has to know that the file went from `before` bytes to what it has now.
    pub(super) fn resized(&self, before: u64) -> Option<Resized> {
        let (old, new) = (before.div_ceil(PAGE_BYTES), self.length.div_ceil(PAGE_BYTES));
        let changed = old != new && self.mapped.is_mapped();
        changed.then(|| Resized { spaces: self.mapped.spaces(), pages: old.min(new)..old.max(new) })
    }

    /// Make those of `pages` that lie within the file, to be mapped, and hand them to `sink` in runs: a page's number
    /// in the file, the page, and how many follow one another from there.
    pub(super) fn map_pages(
        &mut self,
        tree: &Tree,
        pages: Range<u64>,
        sink: &mut dyn FnMut(u64, SharedPage, usize) -> Result<()>,
    ) -> Result<()> {
        let end = pages.end.min(self.length.div_ceil(PAGE_BYTES));
        self.check_room(tree, pages.start..end)?;
        let mut index = pages.start;
        while index < end {
            let (page, count) = self.own(tree, index, usize::try_from(end - index).unwrap_or(usize::MAX))?;
            sink(index, page, count)?;
            index += count as u64;
        }
        Ok(())
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

    /// Hand over bytes from `at` on, of one block or of one request to the host; how many were taken, of how many.
    fn read_piece(&mut self, tree: &Tree, at: u64, to: &mut dyn Destination) -> Result<(usize, usize)> {
        let (index, offset) = split(at);
        let in_file = usize::try_from(self.length - at).unwrap_or(usize::MAX);
        if let Some((page, count)) = self.pages.run(index) {
            let length = (count * PAGE - offset).min(in_file).min(to.remaining());
            return Ok((to.put_shared(PageBytes { host: tree.pages(), page, offset, length })?, length));
        }
        if index * PAGE_BYTES >= self.lower_length {
            let wanted = (PAGE - offset).min(in_file).min(to.remaining());
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
        let asked = if small && index == 0 && wanted <= PAGE {
            FIRST_FETCH
        } else if small {
            FETCH
        } else {
            (at - start).saturating_add(wanted as u64).min(FETCH)
        };
        let next_page = self.pages.next(index).map_or(u64::MAX, |next| next * PAGE_BYTES);
        let end = start.saturating_add(asked).min(self.lower_length).min(next_page);
        let length = usize::try_from(end - start).unwrap_or(0);
        let mut bytes = zeroed(length)?;
        let lower = self.lower.as_mut().ok_or(NO_PAGE)?;
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
            if self.pages.is_here(index) || tree.cache(PAGE_BYTES).is_none() {
                return;
            }
            let added = self.pages.add(tree.pages(), index);
            if added.and_then(|page| Ok(tree.pages().write_page(page, 0, bytes)?)).is_err() {
                self.drop_page(tree, index);
                tree.uncache(PAGE_BYTES);
                return;
            }
        }
    }

    /// Take page `index` out, uncounted.
    fn drop_page(&mut self, tree: &Tree, index: u64) {
        if let Some(block) = self.pages.remove(index) {
            self.mapped.free(tree, block);
        }
    }

    /// Write at `position`.
    pub(super) fn write(&mut self, tree: &Tree, position: u64, from: &mut dyn Source) -> Result<usize> {
        if from.remaining() > 0 {
            if position >= MAX_SIZE {
                return Err(Error::new(ErrorKind::FileTooBig, "the position is beyond the largest file"));
            }
            self.check_seals(Seals::WRITE | Seals::FUTURE_WRITE)?;
        }
        let mut done = 0_usize;
        while from.remaining() > 0 {
            let at = position.saturating_add(done as u64);
            match self.write_piece(tree, at, from) {
                Ok((0, _)) => break,
                Ok((taken, wanted)) => {
                    done += taken;
                    self.length = self.length.max(at + taken as u64);
                    if taken < wanted {
                        break;
                    }
                }
                Err(_) if done > 0 => break,
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }

    /// Take bytes for `at` on, of one block; how many were taken, of how many.
    fn write_piece(&mut self, tree: &Tree, at: u64, from: &mut dyn Source) -> Result<(usize, usize)> {
        let room = usize::try_from(MAX_SIZE.saturating_sub(at)).unwrap_or(usize::MAX);
        let (index, offset) = split(at);
        let mut wanted = from.remaining().min(room);
        if wanted == 0 {
            return Ok((0, 0));
        }
        if self.seals.contains(Seals::GROW) {
            // As in Linux, the seal is looked at page by page, so that the pages before are written.
            wanted = wanted.min(PAGE - offset);
        }
        if at.saturating_add(wanted as u64) > self.length {
            self.check_seals(Seals::GROW)?;
        }
        let (page, count) = self.own(tree, index, (offset.saturating_add(wanted)).div_ceil(PAGE))?;
        let length = (count * PAGE - offset).min(wanted);
        Ok((from.take_shared(PageBytes { host: tree.pages(), page, offset, length })?, length))
    }

    /// # Errors
    /// [`ErrorKind::NotPermitted`] if the file has one of `seals`.
    pub(super) fn check_seals(&self, seals: Seals) -> Result<()> {
        if self.seals.intersects(seals) {
            return Err(Error::new(ErrorKind::NotPermitted, "the file is sealed against this"));
        }
        Ok(())
    }

    /// Page `index`, to be written, and how many of the `count` pages from it on lie in its block and can be written
    /// too: at least one.
    fn own(&mut self, tree: &Tree, index: u64, count: usize) -> Result<(SharedPage, usize)> {
        let in_block = BLOCK_PAGES - usize::try_from(index % BLOCK_PAGES as u64).unwrap_or(0);
        let count = count.clamp(1, in_block);
        let mut owned = self.pages.owned_run(index);
        if owned.is_none_or(|(_, here)| here < count) {
            if self.own_holes(tree, index, count).is_some() {
                return self.pages.owned_run(index).map(|(page, _)| (page, count)).ok_or(NO_PAGE);
            }
            for page in index..index.saturating_add(count as u64) {
                match self.own_page(tree, page) {
                    Err(error) if page == index => return Err(error),
                    Err(_) => break,
                    Ok(()) => {}
                }
            }
            owned = self.pages.owned_run(index);
        }
        let (page, here) = owned.ok_or(NO_PAGE)?;
        Ok((page, here.min(count)))
    }

    /// Make the `count` pages from `index` on, all of one block, at once, if all of them are holes.
    fn own_holes(&mut self, tree: &Tree, index: u64, count: usize) -> Option<()> {
        let bytes = count as u64 * PAGE_BYTES;
        if index * PAGE_BYTES < self.lower_length || !self.pages.all_missing(index, count) {
            return None;
        }
        tree.charge(bytes).ok()?;
        if self.pages.add_zeros(tree.pages(), index, count).is_err() {
            tree.release(bytes);
            return None;
        }
        self.owned += count as u64;
        self.beyond += count as u64;
        Some(())
    }

    fn own_page(&mut self, tree: &Tree, index: u64) -> Result<()> {
        if self.pages.is_owned(index) {
            return Ok(());
        }
        tree.charge(PAGE_BYTES)?;
        if let Err(error) = self.make_owned(tree, index) {
            tree.release(PAGE_BYTES);
            return Err(error);
        }
        Ok(())
    }

    fn make_owned(&mut self, tree: &Tree, index: u64) -> Result<()> {
        let start = index * PAGE_BYTES;
        if self.pages.is_here(index) {
            tree.uncache(PAGE_BYTES);
        } else {
            let mut bytes = Vec::new();
            if start < self.lower_length {
                let have = usize::try_from(self.lower_length - start).unwrap_or(PAGE).min(PAGE);
                bytes = zeroed(have)?;
                self.lower.as_mut().ok_or(NO_PAGE)?.read_exact(tree, start, &mut bytes)?;
            }
            let page = self.pages.add(tree.pages(), index)?;
            if let Err(error) = tree.pages().write_page(page, 0, &bytes) {
                self.drop_page(tree, index);
                return Err(error.into());
            }
        }
        self.pages.set_owned(index);
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
            self.check_seals(Seals::SHRINK)?;
            self.cut(tree, size);
        } else if size > self.length {
            self.check_seals(Seals::GROW)?;
        }
        self.length = size;
        Ok(())
    }

    fn cut(&mut self, tree: &Tree, size: u64) {
        let Self { pages, mapped, owned, beyond, lower_length, .. } = self;
        pages.cut(size.div_ceil(PAGE_BYTES), |start, lost, whole| {
            let (written, copies) = lost.counts();
            tree.release(written * PAGE_BYTES);
            tree.uncache(copies * PAGE_BYTES);
            *owned -= written;
            let is_beyond = |page: &u64| (start + page) * PAGE_BYTES >= *lower_length;
            *beyond -= lost.owned_pages().filter(is_beyond).count() as u64;
            if let Some(block) = whole {
                mapped.free(tree, block);
            }
        });
        let (last, used) = split(size);
        if used > 0
            && let Some((page, _)) = self.pages.run(last)
        {
            // The page is here, so the host has memory for it.
            let _ = tree.pages().write_page(page, used, ZEROS.get(used..).unwrap_or_default());
        }
        self.lower_length = self.lower_length.min(size);
    }

    /// Give everything back.
    pub(super) fn clear(&mut self, tree: &Tree) {
        self.cut(tree, 0);
        self.length = 0;
        self.mapped.free_loose(tree);
        if let Some(mut lower) = self.lower.take() {
            lower.close(tree);
        }
    }
}

pub(super) const NO_PAGE: Error = Error::new(ErrorKind::InputOutput, "the file has no such page");

/// The page that holds `offset`, and the offset in it.
const fn split(offset: u64) -> (u64, usize) {
    (offset / PAGE_BYTES, (offset % PAGE_BYTES) as usize)
}
