//! Noun *memory*: pages in a map.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use litebox_host::HostError;
use litebox_host::file::{FileBytes, HostFile};
use litebox_host::memory::{
    AccessFault, FileMemory, Memory, PAGE_SIZE, Protection, Rewrite, RewriteRequest, Rewritten, SharedMemory,
    SharedPage, Sharing, TrappedCall, UserAccess,
};

use crate::host::{FakeHost, lock};
use crate::pages::Blocks;

/// The lowest address a guest may use.
pub const LOWEST_ADDRESS: usize = 0x1_0000;
/// One more than the highest address a guest may use.
const END_ADDRESS: usize = 0x7fff_ffff_f000;

/// An address space.
pub(crate) struct Space {
    number: u64,
    pages: Mutex<Pages>,
}

impl Default for Space {
    fn default() -> Self {
        Self { number: 1, pages: Mutex::default() }
    }
}

impl Space {
    /// A new space with a copy of what this one has, or with nothing.
    pub(crate) fn another(&self, copied: bool) -> Arc<Self> {
        static LAST: AtomicU64 = AtomicU64::new(1);
        let pages = if copied { lock(&self.pages).clone() } else { Pages::default() };
        Arc::new(Self { number: LAST.fetch_add(1, Ordering::Relaxed) + 1, pages: Mutex::new(pages) })
    }
}

/// The pages of an address space, by page number.
#[derive(Clone, Default)]
pub(crate) struct Pages {
    pages: BTreeMap<usize, Page>,
}

#[derive(Clone)]
struct Page {
    protection: Protection,
    /// Shared with the pages that are copies of this one, until one of them is touched.
    bytes: Arc<[u8]>,
    /// The shared page that is seen instead of `bytes`: always, or until it is written.
    shared: Option<(SharedPage, Sharing)>,
    /// The shared page that was mapped here.
    mapped: Option<(SharedPage, Sharing)>,
    /// The bytes that the page goes back to when it is discarded; `None` for zeros.
    original: Option<Arc<[u8]>>,
    /// The page lies beyond the end of its file.
    beyond_end: bool,
}

/// The bytes of a page that nobody has written.
fn zeros() -> Arc<[u8]> {
    static ZEROS: OnceLock<Arc<[u8]>> = OnceLock::new();
    Arc::clone(ZEROS.get_or_init(|| vec![0; PAGE_SIZE].into()))
}

impl Page {
    fn zeroed(protection: Protection) -> Self {
        Self { protection, bytes: zeros(), shared: None, mapped: None, original: None, beyond_end: false }
    }

    /// The page's bytes, for an access that needs `need`.
    fn bytes<'a>(&'a mut self, blocks: &'a mut Blocks, need: Protection) -> Option<&'a mut [u8]> {
        match self.shared {
            None => Some(Arc::make_mut(&mut self.bytes)),
            Some((page, Sharing::Private)) if need.contains(Protection::WRITE) => {
                self.bytes = Arc::from(&*blocks.page(page)?);
                self.shared = None;
                Some(Arc::make_mut(&mut self.bytes))
            }
            Some((page, _)) => blocks.page(page),
        }
    }
}

fn numbers(range: &Range<usize>) -> Range<usize> {
    range.start / PAGE_SIZE..range.end.div_ceil(PAGE_SIZE)
}

impl Pages {
    /// The accessible bytes from `address` to the end of its page, at most `length`.
    fn slice<'a>(
        &'a mut self,
        blocks: &'a mut Blocks,
        address: usize,
        length: usize,
        need: Protection,
    ) -> Option<&'a mut [u8]> {
        let page = self.pages.get_mut(&(address / PAGE_SIZE))?;
        if page.beyond_end || !page.protection.contains(need) {
            return None;
        }
        let offset = address % PAGE_SIZE;
        let end = PAGE_SIZE.min(offset.saturating_add(length));
        page.bytes(blocks, need)?.get_mut(offset..end)
    }

    /// Run `act(offset, bytes)` over the pieces of `length` bytes at `address`.
    fn pieces(
        &mut self,
        blocks: &mut Blocks,
        address: usize,
        length: usize,
        need: Protection,
        mut act: impl FnMut(usize, &mut [u8]),
    ) -> Result<(), AccessFault> {
        let mut copied = 0;
        while copied < length {
            let at = address.checked_add(copied).ok_or(AccessFault { copied })?;
            let piece = self.slice(blocks, at, length - copied, need).ok_or(AccessFault { copied })?;
            act(copied, piece);
            copied += piece.len();
        }
        Ok(())
    }

    fn word<'a>(
        &'a mut self,
        blocks: &'a mut Blocks,
        at: usize,
        need: Protection,
    ) -> Result<&'a mut [u8; 4], AccessFault> {
        const FAULT: AccessFault = AccessFault { copied: 0 };
        if !at.is_multiple_of(4) {
            return Err(FAULT);
        }
        self.slice(blocks, at, 4, need).and_then(|bytes| bytes.try_into().ok()).ok_or(FAULT)
    }
}

impl Memory for FakeHost {
    fn range(&self) -> Range<usize> {
        LOWEST_ADDRESS..END_ADDRESS
    }

    fn map(&self, range: Range<usize>, protection: Protection) -> Result<(), HostError> {
        let space = self.space();
        let mut pages = lock(&space.pages);
        for number in numbers(&range) {
            pages.pages.insert(number, Page::zeroed(protection));
        }
        Ok(())
    }

    fn unmap(&self, range: Range<usize>) -> Result<(), HostError> {
        let space = self.space();
        let mut pages = lock(&space.pages);
        let wanted = numbers(&range);
        pages.pages.retain(|number, _| !wanted.contains(number));
        Ok(())
    }

    fn protect(&self, range: Range<usize>, protection: Protection) -> Result<(), HostError> {
        let space = self.space();
        let mut pages = lock(&space.pages);
        for (_, page) in pages.pages.range_mut(numbers(&range)) {
            page.protection = protection;
        }
        Ok(())
    }

    fn relocate(&self, from: Range<usize>, to: Range<usize>) -> Result<(), HostError> {
        let space = self.space();
        let mut pages = lock(&space.pages);
        let moved: Vec<_> = numbers(&from).map(|number| pages.pages.remove(&number)).collect();
        let protection = moved.iter().flatten().next().map_or(Protection::empty(), |page| page.protection);
        let mut moved = moved.into_iter();
        for number in numbers(&to) {
            match moved.next() {
                Some(Some(page)) => pages.pages.insert(number, page),
                Some(None) => pages.pages.remove(&number),
                None => pages.pages.insert(number, Page::zeroed(protection)),
            };
        }
        Ok(())
    }

    fn discard(&self, range: Range<usize>) -> Result<(), HostError> {
        let space = self.space();
        let mut pages = lock(&space.pages);
        for (_, page) in pages.pages.range_mut(numbers(&range)) {
            page.bytes = page.original.clone().unwrap_or_else(zeros);
            page.shared = page.mapped;
        }
        Ok(())
    }
}

impl FileMemory for FakeHost {
    fn map_file(
        &self,
        range: Range<usize>,
        file: HostFile,
        offset: u64,
        protection: Protection,
    ) -> Result<(), HostError> {
        let size = self.size(file)?;
        for (index, number) in numbers(&range).enumerate() {
            let start = offset + (index * PAGE_SIZE) as u64;
            let mut bytes = vec![0; PAGE_SIZE];
            self.read_at(file, start, &mut bytes)?;
            let bytes: Arc<[u8]> = bytes.into();
            let beyond_end = start >= size;
            let original = Some(bytes.clone());
            let page = Page { bytes, original, beyond_end, ..Page::zeroed(protection) };
            lock(&self.space().pages).pages.insert(number, page);
        }
        Ok(())
    }
}

impl SharedMemory for FakeHost {
    fn address_space(&self) -> u64 {
        self.space().number
    }

    fn map_shared(
        &self,
        range: Range<usize>,
        first: SharedPage,
        sharing: Sharing,
        protection: Protection,
    ) -> Result<(), HostError> {
        let space = self.space();
        let mut pages = lock(&space.pages);
        for (distance, number) in (0..).zip(numbers(&range)) {
            let shared = Some((first.advanced(distance), sharing));
            pages.pages.insert(number, Page { shared, mapped: shared, ..Page::zeroed(protection) });
        }
        Ok(())
    }

    fn map_absent(&self, range: Range<usize>, protection: Protection) -> Result<(), HostError> {
        let space = self.space();
        let mut pages = lock(&space.pages);
        for number in numbers(&range) {
            pages.pages.insert(number, Page { beyond_end: true, ..Page::zeroed(protection) });
        }
        Ok(())
    }
}

impl Rewrite for FakeHost {
    fn trapped(&self) -> Option<TrappedCall> {
        None
    }

    fn rewrite(&self, _: &RewriteRequest<'_>) -> Result<Rewritten, HostError> {
        Ok(Rewritten::Unsuitable)
    }

    fn forget_rewrites(&self) {}
}

impl UserAccess for FakeHost {
    fn read(&self, from: usize, to: &mut [u8]) -> Result<(), AccessFault> {
        let length = to.len();
        let mut blocks = lock(&self.state.blocks);
        lock(&self.space().pages).pieces(&mut blocks, from, length, Protection::READ, |offset, piece| {
            to[offset..offset + piece.len()].copy_from_slice(piece);
        })
    }

    fn write(&self, to: usize, from: &[u8]) -> Result<(), AccessFault> {
        let mut blocks = lock(&self.state.blocks);
        lock(&self.space().pages).pieces(&mut blocks, to, from.len(), Protection::WRITE, |offset, piece| {
            piece.copy_from_slice(&from[offset..offset + piece.len()]);
        })
    }

    fn clear(&self, to: usize, count: usize) -> Result<(), AccessFault> {
        let mut blocks = lock(&self.state.blocks);
        lock(&self.space().pages).pieces(&mut blocks, to, count, Protection::WRITE, |_, piece| piece.fill(0))
    }

    fn load(&self, at: usize) -> Result<u32, AccessFault> {
        let mut blocks = lock(&self.state.blocks);
        let space = self.space();
        let mut pages = lock(&space.pages);
        Ok(u32::from_le_bytes(*pages.word(&mut blocks, at, Protection::READ)?))
    }

    fn compare_exchange(&self, at: usize, current: u32, new: u32) -> Result<u32, AccessFault> {
        let mut blocks = lock(&self.state.blocks);
        let space = self.space();
        let mut pages = lock(&space.pages);
        let word = pages.word(&mut blocks, at, Protection::READ | Protection::WRITE)?;
        let found = u32::from_le_bytes(*word);
        if found == current {
            *word = new.to_le_bytes();
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accesses_stop_at_the_first_page_without_rights() {
        let host = FakeHost::new();
        let base = LOWEST_ADDRESS;
        host.map(base..base + 2 * PAGE_SIZE, Protection::READ | Protection::WRITE).unwrap();
        host.protect(base + PAGE_SIZE..base + 2 * PAGE_SIZE, Protection::READ).unwrap();
        let fault = host.write(base + PAGE_SIZE - 3, &[1; 8]).unwrap_err();
        assert_eq!(fault, AccessFault { copied: 3 });
        let mut bytes = [9; 4];
        host.read(base + PAGE_SIZE - 2, &mut bytes).unwrap();
        assert_eq!(bytes, [1, 1, 0, 0]);
        assert_eq!(host.load(base + 2).unwrap_err().copied, 0);
        assert_eq!(host.compare_exchange(base, 0, 7), Ok(0));
        assert_eq!(host.load(base), Ok(7));
        assert!(host.read(usize::MAX - 1, &mut bytes).is_err());
    }

    #[test]
    fn pages_move_and_grow() {
        let host = FakeHost::new();
        let base = LOWEST_ADDRESS;
        host.map(base..base + PAGE_SIZE, Protection::READ | Protection::WRITE).unwrap();
        host.write(base, b"moved").unwrap();
        let to = base + 16 * PAGE_SIZE;
        host.relocate(base..base + PAGE_SIZE, to..to + 2 * PAGE_SIZE).unwrap();
        let mut bytes = [0; 5];
        host.read(to, &mut bytes).unwrap();
        assert_eq!(&bytes, b"moved");
        host.write(to + PAGE_SIZE, b"more").unwrap();
        assert!(host.read(base, &mut bytes).is_err());
    }
}
