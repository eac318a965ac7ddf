//! Noun *memory*: guest pages are pages of this process.
#![expect(unsafe_code, reason = "guest pages are mapped and accessed here")]

use core::ops::Range;

use litebox_host::HostError;
use litebox_host::file::HostFile;
use litebox_host::memory::{
    FileMemory, GuestCopies, Memory, PAGE_SIZE, Protection, SharedMemory, SharedPage, Sharing,
};

use crate::calls;
use crate::enter::copy;
use crate::host::LinuxProcess;
use crate::layout::{ARENA, ARENA_DESCRIPTOR, ARENA_SIZE, GUEST};
use crate::pages;

const MAP_SHARED: usize = 0x1;
const MAP_PRIVATE: usize = 0x2;
const MAP_FIXED: usize = 0x10;
const MAP_ANONYMOUS: usize = 0x20;
const MAP_NORESERVE: usize = 0x4000;
const MREMAP_MAYMOVE_FIXED: usize = 3;
const MADV_DONTNEED: usize = 4;

/// Whether guest pages may lie at `range`: a last check of ours, whatever the library OS thinks.
fn check(range: &Range<usize>) -> Result<(), HostError> {
    let inside = GUEST.start <= range.start && range.start < range.end && range.end <= GUEST.end;
    if inside { Ok(()) } else { Err(HostError::Invalid) }
}

/// The host's bits; they have the same values.
fn bits(protection: Protection) -> usize {
    protection.bits() as usize
}

impl Memory for LinuxProcess {
    fn range(&self) -> Range<usize> {
        GUEST
    }

    fn map(&self, range: Range<usize>, protection: Protection) -> Result<(), HostError> {
        check(&range)?;
        let flags = MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | MAP_NORESERVE;
        // SAFETY: the range is the guest's; nothing of ours lies there or refers to it.
        unsafe { calls::mmap(range.start, range.len(), bits(protection), flags, usize::MAX, 0) }?;
        Ok(())
    }

    fn unmap(&self, range: Range<usize>) -> Result<(), HostError> {
        check(&range)?;
        // SAFETY: the range is the guest's, so nothing of ours lies there or refers to what does.
        unsafe { calls::munmap(range.start, range.len()) }?;
        Ok(())
    }

    fn protect(&self, range: Range<usize>, protection: Protection) -> Result<(), HostError> {
        check(&range)?;
        // SAFETY: the range is the guest's, so nothing of ours lies there or refers to what does.
        unsafe { calls::mprotect(range.start, range.len(), bits(protection)) }?;
        Ok(())
    }

    fn relocate(&self, from: Range<usize>, to: Range<usize>) -> Result<(), HostError> {
        check(&from)?;
        check(&to)?;
        // SAFETY: both ranges are the guest's, so nothing of ours lies there or refers to what does.
        unsafe { calls::mremap(from.start, from.len(), to.len(), MREMAP_MAYMOVE_FIXED, to.start) }?;
        Ok(())
    }

    fn discard(&self, range: Range<usize>) -> Result<(), HostError> {
        check(&range)?;
        // SAFETY: the range is the guest's, so nothing of ours lies there or refers to what does.
        unsafe { calls::madvise(range.start, range.len(), MADV_DONTNEED) }?;
        Ok(())
    }
}

impl FileMemory for LinuxProcess {
    fn map_file(
        &self,
        range: Range<usize>,
        file: HostFile,
        offset: u64,
        protection: Protection,
    ) -> Result<(), HostError> {
        check(&range)?;
        let offset = usize::try_from(offset).map_err(|_| HostError::Invalid)?;
        let flags = MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE;
        // SAFETY: the range is the guest's, so nothing of ours lies there; the descriptor is one that the broker
        // gave us.
        unsafe { calls::mmap(range.start, range.len(), bits(protection), flags, file.0 as usize, offset) }?;
        Ok(())
    }
}

impl SharedMemory for LinuxProcess {
    fn address_space(&self) -> u64 {
        core::ptr::from_ref(&*crate::process::current().space).addr() as u64
    }

    fn map_shared(
        &self,
        range: Range<usize>,
        first: SharedPage,
        sharing: Sharing,
        protection: Protection,
    ) -> Result<(), HostError> {
        check(&range)?;
        let address = pages::address(first, 0, range.len()).ok_or(HostError::Invalid)?;
        let kind = match sharing {
            Sharing::Shared => MAP_SHARED,
            Sharing::Private => MAP_PRIVATE,
        };
        map_arena(&range, address - ARENA, kind, protection)
    }

    fn map_absent(&self, range: Range<usize>, protection: Protection) -> Result<(), HostError> {
        check(&range)?;
        // The arena's memory is sealed against growing, so there is never anything beyond its end. Places differ
        // by address, so that what is next to each other is one mapping for the host.
        map_arena(&range, ARENA_SIZE.next_multiple_of(PAGE_SIZE) + range.start, MAP_PRIVATE, protection)
    }
}

/// Map the arena's memory from `offset` on.
fn map_arena(
    range: &Range<usize>,
    offset: usize,
    kind: usize,
    protection: Protection,
) -> Result<(), HostError> {
    let flags = kind | MAP_FIXED | MAP_NORESERVE;
    let descriptor = ARENA_DESCRIPTOR as usize;
    // SAFETY: as in `Memory::map`; of the arena's memory, only pages that are meant for guests lie at the offset.
    unsafe { calls::mmap(range.start, range.len(), bits(protection), flags, descriptor, offset) }?;
    Ok(())
}

impl GuestCopies for LinuxProcess {
    const GUEST: Range<usize> = GUEST;

    fn copy_in(&self, from: usize, to: &mut [u8]) -> usize {
        // SAFETY: `to` is borrowed; the source is where guest memory may lie, nothing of ours.
        unsafe { copy::copy(to.as_mut_ptr().addr(), from, to.len()) }
    }

    fn copy_out(&self, to: usize, from: &[u8]) -> usize {
        // SAFETY: `from` is borrowed; the target is where guest memory may lie, nothing of ours.
        unsafe { copy::copy(to, from.as_ptr().addr(), from.len()) }
    }

    fn copy_zeros(&self, to: usize, count: usize) -> usize {
        // SAFETY: the target is where guest memory may lie, nothing of ours.
        unsafe { copy::clear(to, count) }
    }

    fn load_word(&self, at: usize) -> Option<u32> {
        copy::load(at)
    }

    fn exchange_word(&self, at: usize, current: u32, new: u32) -> Option<u32> {
        // SAFETY: the word is where guest memory may lie, nothing of ours.
        unsafe { copy::exchange(at, current, new) }
    }
}
