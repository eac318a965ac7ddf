//! Making an instance's memory from an image.

use litebox_host::memory::{PAGE_SIZE, Protection, UserAccess};
use litebox_libos::memory::{
    AddressSpace, AreaFlags, Backing, Layout, MapRequest, Placement, Span, round_up,
};
use litebox_libos::user::UserPointer;
use zerocopy::{Immutable, IntoBytes};

use super::elf::{Image, Segment};
use super::relocation::long;
use crate::error::{Result, TeeError};
use crate::host::TeeHost;

/// An instance's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// Where it is entered.
    pub entry: usize,
    /// The end of its stack.
    pub stack: usize,
    /// What its FS base is to be.
    pub thread_pointer: u64,
}

/// Load `image` into `memory`, which is the current address space. What was in it is removed.
///
/// # Errors
/// `OUT_OF_MEMORY`, and the host's when it has no random bytes.
pub fn commit<H: TeeHost>(host: &H, memory: &AddressSpace<H>, image: &Image) -> Result<Loaded> {
    let bounds = memory.bounds();
    let mut random = [0; 16];
    host.fill(&mut random)?;
    let [distance, canary] = [0, 8].map(|at| long(&random, at).unwrap_or_default());
    // Anywhere in the lower half of what there is, so that there is room above for all else.
    let choices = (bounds.end - bounds.start) / 2 / PAGE_SIZE;
    let hint = bounds.start + usize::try_from(distance).unwrap_or_default() % choices.max(1) * PAGE_SIZE;
    memory.reset(Layout { top: bounds.end, heap: bounds.start })?;
    let span = image.span();
    let base = memory.find_room(Placement::Near(hint), span.end - span.start)?.wrapping_sub(span.start);
    for segment in &image.segments {
        load(host, memory, image, segment, base)?;
    }
    for relocation in &image.relocations {
        let value = relocation.addend.wrapping_add(base as u64);
        UserPointer::new(base.wrapping_add(relocation.address)).write(host, &value)?;
    }
    let stack = stack(memory, image.head.stack_size as usize)?;
    let thread_pointer = tell(host, memory, image, base, canary)? as u64;
    for segment in &image.segments {
        let pages = segment.pages();
        memory.protect(
            base.wrapping_add(pages.start),
            pages.end - pages.start,
            segment.protection,
            Span::Exact,
        )?;
    }
    Ok(Loaded { entry: base.wrapping_add(image.entry), stack, thread_pointer })
}

const WRITABLE: Protection = Protection::READ.union(Protection::WRITE);

/// Zeroed memory that can be read and written.
pub(crate) fn map_zeros<H: TeeHost>(
    memory: &AddressSpace<H>,
    placement: Placement,
    length: usize,
    label: &'static str,
) -> Result<usize> {
    let request = MapRequest {
        placement,
        length,
        protection: WRITABLE,
        flags: AreaFlags::empty(),
        backing: Backing::Anonymous,
        label: Some(label),
    };
    Ok(memory.map(request)?)
}

fn load<H: TeeHost>(
    host: &H,
    memory: &AddressSpace<H>,
    image: &Image,
    segment: &Segment,
    base: usize,
) -> Result<()> {
    let pages = segment.pages();
    let at = base.wrapping_add(pages.start);
    map_zeros(memory, Placement::Empty(at), pages.end - pages.start, "[application]")?;
    let bytes = image.bytes.get(segment.file.clone()).ok_or(TeeError::BAD_FORMAT)?;
    Ok(UserAccess::write(host, base.wrapping_add(segment.start), bytes)?)
}

/// The end of a stack of `size` bytes, below which nothing can be accessed.
fn stack<H: TeeHost>(memory: &AddressSpace<H>, size: usize) -> Result<usize> {
    let length =
        round_up(size).and_then(|size| size.checked_add(PAGE_SIZE)).ok_or(TeeError::OUT_OF_MEMORY)?;
    let start = map_zeros(memory, Placement::Near(0), length, "[stack]")?;
    memory.protect(start, PAGE_SIZE, Protection::empty(), Span::Exact)?;
    Ok(start + length)
}

/// What an application is told, in a page that it cannot write. The processor's FS base points to its start, where
/// compilers look for the stack's canary.
#[derive(IntoBytes, Immutable)]
#[repr(C)]
struct Told {
    /// The page's own address, which is what code finds at its FS base.
    own: u64,
    reserved: [u64; 4],
    /// At `%fs:0x28`.
    canary: u64,
    more: [u64; 2],
    /// A `dl_phdr_info` (`dl_iterate_phdr(3)`): place, name, headers, their number, modules added and removed, storage.
    base: u64,
    name: u64,
    headers: u64,
    count: u64,
    added: u64,
    removed: u64,
    storage: [u64; 2],
    /// The application's name: empty.
    empty: u64,
}

/// What `__elf_phdr_info` holds.
#[derive(IntoBytes, Immutable)]
#[repr(C)]
struct Information {
    reserved: u32,
    count: u16,
    zeros: u16,
    modules: u64,
}

/// Offset of the program headers in the page.
const HEADERS: usize = 256;

fn tell<H: TeeHost>(
    host: &H,
    memory: &AddressSpace<H>,
    image: &Image,
    base: usize,
    canary: u64,
) -> Result<usize> {
    let page = map_zeros(memory, Placement::Near(0), PAGE_SIZE, "[told]")?;
    let headers = image.bytes.get(image.headers.clone()).ok_or(TeeError::BAD_FORMAT)?;
    let told = Told {
        own: page as u64,
        reserved: [0; 4],
        canary,
        more: [0; 2],
        base: base as u64,
        name: (page + core::mem::offset_of!(Told, empty)) as u64,
        headers: (page + HEADERS) as u64,
        count: (headers.len() / 56) as u64,
        added: 1,
        removed: 0,
        storage: [0; 2],
        empty: 0,
    };
    UserPointer::new(page).write(host, &told)?;
    UserAccess::write(host, page + HEADERS, headers)?;
    if let Some(place) = image.information {
        let modules = (page + core::mem::offset_of!(Told, base)) as u64;
        let information = Information { reserved: 0, count: 1, zeros: 0, modules };
        UserPointer::new(base.wrapping_add(place)).write(host, &information)?;
    }
    memory.protect(page, PAGE_SIZE, Protection::READ, Span::Exact)?;
    Ok(page)
}
