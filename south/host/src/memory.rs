//! Noun *memory*: the guest's pages, and fallible access to them.
//!
//! Guest addresses are plain numbers here: *allegations*, never references. Ranges handed to [`Memory`] are
//! page-aligned, not empty, and lie inside [`Memory::range`]; the library OS has checked them.

use core::ops::Range;

use crate::HostError;
use crate::file::HostFile;

/// Bytes in a page.
pub const PAGE_SIZE: usize = 4096;

bitflags::bitflags! {
    /// What guest code may do with a page. Empty means no access.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
    pub struct Protection: u32 {
        /// Loads.
        const READ = 1;
        /// Stores.
        const WRITE = 2;
        /// Instruction fetches.
        const EXECUTE = 4;
    }
}

/// The pages of the current address space.
pub trait Memory {
    /// The addresses that a guest may use. Everything else belongs to the library OS or the host.
    fn range(&self) -> Range<usize>;
    /// Put fresh zeroed private pages at `range`, replacing what is there.
    ///
    /// # Errors
    /// [`HostError::NoMemory`] when the host or the sandbox's limit has none left.
    fn map(&self, range: Range<usize>, protection: Protection) -> Result<(), HostError>;
    /// Remove whatever is at `range`.
    ///
    /// # Errors
    /// [`HostError::NoMemory`] when the host cannot split a mapping.
    fn unmap(&self, range: Range<usize>) -> Result<(), HostError>;
    /// Change the protection of the pages at `range`, all of which exist.
    ///
    /// # Errors
    /// As [`Memory::unmap`].
    fn protect(&self, range: Range<usize>, protection: Protection) -> Result<(), HostError>;
    /// Move the pages of `from` to the start of `to`, replacing what is there. `to` may be longer: the rest is
    /// as the pages of `from` would be if that mapping had been longer. `from` is unmapped afterwards.
    ///
    /// # Errors
    /// As [`Memory::unmap`].
    fn relocate(&self, from: Range<usize>, to: Range<usize>) -> Result<(), HostError>;
    /// Throw away the contents of `range`: the next access finds zeros, or the file's bytes again.
    ///
    /// # Errors
    /// As [`Memory::unmap`].
    fn discard(&self, range: Range<usize>) -> Result<(), HostError>;
}

/// Mapping host files into the current address space.
pub trait FileMemory: Memory {
    /// Put private copy-on-write pages of `file` from `offset` (page-aligned) at `range`, replacing what is
    /// there. Pages wholly beyond the file's end raise a bus error when touched.
    ///
    /// # Errors
    /// [`HostError::NoMemory`], or [`HostError::NotSupported`] if the file cannot be mapped.
    fn map_file(
        &self,
        range: Range<usize>,
        file: HostFile,
        offset: u64,
        protection: Protection,
    ) -> Result<(), HostError>;
}

/// Pages in a block of shared memory.
pub const BLOCK_PAGES: usize = 16;

/// A page that several address spaces can map, by number. Pages come in blocks of [`BLOCK_PAGES`], which have
/// consecutive numbers from a multiple of that; a block is named by its first page. Any number is safe to pass: one
/// that no block has is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SharedPage(pub u64);

impl SharedPage {
    /// The page that lies `distance` pages further.
    pub const fn advanced(self, distance: u64) -> Self {
        Self(self.0.wrapping_add(distance))
    }
}

/// Memory of the library OS that can be mapped into address spaces. Guests may change mapped pages at any moment,
/// so there are no references to them, only copies.
pub trait SharedPages {
    /// Take a block of zeroed pages, best the one that follows the block `near`.
    ///
    /// # Errors
    /// [`HostError::NoMemory`].
    fn allocate_block(&self, near: Option<SharedPage>) -> Result<SharedPage, HostError>;
    /// Give a block back that is mapped nowhere. Its pages hold zeros still, but those whose bits are in `used`.
    fn free_block(&self, block: SharedPage, used: u16);
    /// Fill `to` from the bytes of `page` from `offset` on; they may go on in the pages that follow, in its block.
    /// What lies beyond the block is left as it is.
    fn read_page(&self, page: SharedPage, offset: usize, to: &mut [u8]);
    /// Copy `from` into `page` at `offset`, as [`SharedPages::read_page`] does the other way.
    ///
    /// # Errors
    /// [`HostError::NoMemory`] when the host has no memory left for the page.
    fn write_page(&self, page: SharedPage, offset: usize, from: &[u8]) -> Result<(), HostError>;
    /// Copy `count` bytes of `page` from `offset` on to guest memory at `to`.
    ///
    /// # Errors
    /// As [`UserAccess::write`].
    fn page_to_user(
        &self,
        page: SharedPage,
        offset: usize,
        to: usize,
        count: usize,
    ) -> Result<(), AccessFault>;
    /// Copy `count` bytes of guest memory at `from` into `page` from `offset` on.
    ///
    /// # Errors
    /// As [`UserAccess::read`].
    fn user_to_page(
        &self,
        page: SharedPage,
        offset: usize,
        from: usize,
        count: usize,
    ) -> Result<(), AccessFault>;
}

/// What the library OS itself uses, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct OwnMemory {
    /// Its state.
    pub state: u64,
    /// Blocks of pages that can be shared.
    pub shared: u64,
}

/// How much memory the library OS uses.
pub trait Footprint {
    /// What is in use at this moment.
    fn own_memory(&self) -> OwnMemory;
}

/// Who sees the stores to a mapping of shared pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// Everybody.
    Shared,
    /// The address space alone, which gets its own copy of a page at the first store.
    Private,
}

/// Mapping shared pages into the current address space.
pub trait SharedMemory: FileMemory + SharedPages {
    /// A number of the current address space, the same for all threads in it and for no other.
    fn address_space(&self) -> u64;
    /// Put the pages from `first` on, as many as go into `range`, at `range`, replacing what is there.
    ///
    /// # Errors
    /// As [`Memory::map`]; [`HostError::Invalid`] for pages that no block has.
    fn map_shared(
        &self,
        range: Range<usize>,
        first: SharedPage,
        sharing: Sharing,
        protection: Protection,
    ) -> Result<(), HostError>;
    /// Put at `range`, replacing what is there, pages that raise a bus error when touched, whatever `protection`
    /// allows.
    ///
    /// # Errors
    /// As [`Memory::map`].
    fn map_absent(&self, range: Range<usize>, protection: Protection) -> Result<(), HostError>;
}

/// Bytes of room that rewritten instructions near one another need for what they jump to.
pub const REWRITE_AREA: usize = 64 << 10;

/// A system-call instruction that trapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrappedCall {
    /// Its address.
    pub site: usize,
    /// The register with the call's number, as it was (`rax`).
    pub number: u64,
}

/// System-call instructions to be rewritten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RewriteRequest<'a> {
    /// The instructions: they trapped, in this address space or in another one with the same code.
    pub calls: &'a [TrappedCall],
    /// The mapping they lie in, all of one protection.
    pub code: Range<usize>,
    /// That protection.
    pub protection: Protection,
    /// Address of [`REWRITE_AREA`] bytes within reach of a jump, set aside for this host.
    pub room: usize,
}

/// What became of a rewrite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rewritten {
    /// The instructions are rewritten, or some of them.
    Done,
    /// None can be; they go on trapping.
    Unsuitable,
    /// For some of them the room does not suffice.
    NoRoom,
}

/// Rewriting system-call instructions of guest code, so that they reach the library OS without a trap. An
/// optimisation, never a need.
pub trait Rewrite: Memory {
    /// The instruction of the call being served, if it trapped and rewriting is wanted. Answers once a call.
    fn trapped(&self) -> Option<TrappedCall>;
    /// Rewrite instructions. Those that are rewritten already are left alone.
    ///
    /// # Errors
    /// [`HostError::NoMemory`]; the instructions are as they were.
    fn rewrite(&self, request: &RewriteRequest<'_>) -> Result<Rewritten, HostError>;
    /// Forget all rooms: the address space was emptied.
    fn forget_rewrites(&self);
}

/// An access to guest memory that did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessFault {
    /// How many bytes were copied before the fault.
    pub copied: usize,
}

/// Fallible access to the current address space, with the guest's own rights.
///
/// Addresses outside [`Memory::range`] fail without being touched. Another guest thread may change or unmap the
/// bytes at any moment: a caller copies once and validates the copy.
pub trait UserAccess {
    /// Copy guest memory at `from` into `to`.
    ///
    /// # Errors
    /// The fault, with the count of bytes copied before it.
    fn read(&self, from: usize, to: &mut [u8]) -> Result<(), AccessFault>;
    /// Copy `from` into guest memory at `to`.
    ///
    /// # Errors
    /// The fault, with the count of bytes copied before it.
    fn write(&self, to: usize, from: &[u8]) -> Result<(), AccessFault>;
    /// Write `count` zero bytes at `to`.
    ///
    /// # Errors
    /// The fault, with the count of bytes written before it.
    fn clear(&self, to: usize, count: usize) -> Result<(), AccessFault>;
    /// Load the aligned 32-bit word at `at` in one access.
    ///
    /// # Errors
    /// A fault, also if `at` is not aligned.
    fn load(&self, at: usize) -> Result<u32, AccessFault>;
    /// Replace the aligned word at `at` by `new` if it is `current`; returns the value found.
    ///
    /// # Errors
    /// A fault, also if `at` is not aligned.
    fn compare_exchange(&self, at: usize, current: u32, new: u32) -> Result<u32, AccessFault>;
}

/// The copies that [`UserAccess`] is made of, for hosts whose guest memory lies in their own address space: what a fault
/// stops, and no check of the addresses.
pub trait GuestCopies {
    /// Where guest memory may lie.
    const GUEST: Range<usize>;
    /// Copy guest memory at `from` into `to`; how many bytes could not be.
    fn copy_in(&self, from: usize, to: &mut [u8]) -> usize;
    /// Copy `from` into guest memory at `to`; how many bytes could not be.
    fn copy_out(&self, to: usize, from: &[u8]) -> usize;
    /// Clear `count` bytes of guest memory at `to`; how many could not be.
    fn copy_zeros(&self, to: usize, count: usize) -> usize;
    /// Load an aligned word; `None` after a fault.
    fn load_word(&self, at: usize) -> Option<u32>;
    /// Compare and exchange an aligned word; what was found, or `None` after a fault.
    fn exchange_word(&self, at: usize, current: u32, new: u32) -> Option<u32>;

    /// How many of `count` bytes at `address` lie where guest memory may.
    fn accessible(address: usize, count: usize) -> usize {
        if Self::GUEST.contains(&address) { count.min(Self::GUEST.end - address) } else { 0 }
    }
}

impl AccessFault {
    /// Fault unless everything was copied. `left` of `tried` was not, and `tried` may be less than was `wanted`.
    ///
    /// # Errors
    /// The fault.
    pub fn unless_all(wanted: usize, tried: usize, left: usize) -> Result<(), Self> {
        let copied = tried.saturating_sub(left);
        if copied == wanted { Ok(()) } else { Err(Self { copied }) }
    }
}

const NOTHING_COPIED: AccessFault = AccessFault { copied: 0 };

fn check_word<H: GuestCopies>(at: usize) -> Result<(), AccessFault> {
    if at.is_multiple_of(4) && H::accessible(at, 4) == 4 { Ok(()) } else { Err(NOTHING_COPIED) }
}

impl<H: GuestCopies> UserAccess for H {
    fn read(&self, from: usize, to: &mut [u8]) -> Result<(), AccessFault> {
        let (wanted, tried) = (to.len(), H::accessible(from, to.len()));
        let left = self.copy_in(from, to.get_mut(..tried).unwrap_or_default());
        AccessFault::unless_all(wanted, tried, left)
    }

    fn write(&self, to: usize, from: &[u8]) -> Result<(), AccessFault> {
        let tried = H::accessible(to, from.len());
        let left = self.copy_out(to, from.get(..tried).unwrap_or_default());
        AccessFault::unless_all(from.len(), tried, left)
    }

    fn clear(&self, to: usize, count: usize) -> Result<(), AccessFault> {
        let tried = H::accessible(to, count);
        AccessFault::unless_all(count, tried, self.copy_zeros(to, tried))
    }

    fn load(&self, at: usize) -> Result<u32, AccessFault> {
        check_word::<H>(at)?;
        self.load_word(at).ok_or(NOTHING_COPIED)
    }

    fn compare_exchange(&self, at: usize, current: u32, new: u32) -> Result<u32, AccessFault> {
        check_word::<H>(at)?;
        self.exchange_word(at, current, new).ok_or(NOTHING_COPIED)
    }
}
