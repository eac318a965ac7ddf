//! The second half of loading: from the point of no return to the first instruction.

use alloc::vec::Vec;
use core::ops::Range;

use litebox_host::memory::{PAGE_SIZE, Protection, Rewrite};
use litebox_host::random::Random;
use litebox_host::regs::Registers;
use litebox_host::time::Vdso;
use litebox_libos::memory::{
    AddressSpace, AreaFlags, Backing, Layout, MapRequest, MemoryHost, Placement, Span,
};

use super::elf::{Image, Segment};
use super::layout::Places;
use super::prepare::Prepared;
use super::program::Program;
use super::stack::{self, Addresses, Owner, Processor};
use crate::error::{Errno, Result};

/// RFLAGS of a new program: interrupts on, and the bit that is always set.
const FLAGS: u64 = 0x202;

/// A program in memory.
pub struct Loaded {
    /// The path as the caller named it, of the script for a script.
    pub path: Vec<u8>,
    /// The registers of its first instruction.
    pub registers: Registers,
    /// The program; for a script, its interpreter.
    pub program: Program,
    /// Where the argument strings are (`/proc/self/cmdline`).
    pub arguments: Range<usize>,
    /// Where the environment strings are (`/proc/self/environ`).
    pub environment: Range<usize>,
    /// The auxiliary vector (`/proc/self/auxv`).
    pub auxiliary: Vec<u64>,
    /// Where the stack starts, counted downwards: the stack pointer of the first instruction.
    pub stack: usize,
}

/// Empty `memory` and load `prepared` into it, in the address space that `host` is in. No other thread of the
/// process runs guest code any more.
///
/// # Errors
/// `ENOMEM`, `EFAULT` for a file that is shorter than its headers say, and the host's. The old program is gone
/// all the same: the caller ends the process by `SIGSEGV`, as Linux does.
pub fn commit<H: MemoryHost + Rewrite + Random + Vdso>(
    host: &H,
    memory: &AddressSpace<H>,
    prepared: Prepared,
    processor: &Processor,
    owner: &Owner,
) -> Result<Loaded> {
    let Prepared { path, program, image, interpreter, arguments } = prepared;
    let bounds = memory.bounds();
    let places = Places::choose(host, &bounds, memory.limits().stack)?;
    let mut random = [0; 16];
    host.fill(&mut random)?;
    host.forget_rewrites();
    memory.reset(Layout { top: places.top, heap: places.program })?;
    let loader = Loader { host, memory };
    loader.map_stack(&places.stack, image.executable_stack)?;
    let place = if interpreter.is_some() { places.program } else { 0 };
    let offset = loader.load(&program, &image, place)?;
    // A program that is its own interpreter lies among the mappings, where a heap would soon be in the way.
    let end = if image.is_movable && interpreter.is_none() {
        places.program
    } else {
        offset.wrapping_add(image.span.end)
    };
    memory.set_heap_start(end.saturating_add(places.heap_distance));
    let mut addresses = Addresses {
        headers: if image.headers == 0 { 0 } else { offset.wrapping_add(image.headers) },
        header_count: image.header_count,
        interpreter: 0,
        entry: offset.wrapping_add(image.entry),
        vdso: None,
    };
    let mut entry = addresses.entry;
    if let Some((program, image)) = interpreter {
        addresses.interpreter = loader.load(&program, &image, 0)?;
        entry = addresses.interpreter.wrapping_add(image.entry);
    }
    addresses.vdso = host.vdso().map(|image| loader.map_vdso(image)).transpose()?;
    let values = (&addresses, processor, owner);
    let strings = (path.as_slice(), &arguments);
    let built = stack::build(host, places.stack.end, places.stack_offset, strings, random, values)?;
    let registers =
        Registers { rip: entry as u64, rsp: built.pointer as u64, rflags: FLAGS, ..Registers::default() };
    Ok(Loaded {
        path,
        registers,
        program,
        arguments: built.arguments,
        environment: built.environment,
        auxiliary: built.auxiliary,
        stack: built.pointer,
    })
}

struct Loader<'a, H> {
    host: &'a H,
    memory: &'a AddressSpace<H>,
}

impl<H: MemoryHost> Loader<'_, H> {
    /// Map the stack as long as it may become: the host gives pages only when they are touched.
    fn map_stack(&self, range: &Range<usize>, is_executable: bool) -> Result<()> {
        let mut protection = Protection::READ | Protection::WRITE;
        protection.set(Protection::EXECUTE, is_executable);
        self.memory.map(MapRequest {
            placement: Placement::Exact(range.start),
            length: range.end.saturating_sub(range.start),
            protection,
            flags: AreaFlags::GROWS_DOWN,
            backing: Backing::Anonymous,
            label: Some("[stack]"),
        })?;
        Ok(())
    }

    /// Map the guest's vDSO wherever there is room; where it is.
    fn map_vdso(&self, image: &[u8]) -> Result<usize> {
        let start = self.memory.map(MapRequest {
            placement: Placement::Near(0),
            length: image.len(),
            protection: Protection::READ | Protection::WRITE,
            flags: AreaFlags::empty(),
            backing: Backing::Anonymous,
            label: Some("[vdso]"),
        })?;
        self.host.write(start, image)?;
        self.memory.protect(start, image.len(), Protection::READ | Protection::EXECUTE, Span::Exact)?;
        Ok(start)
    }

    /// Load all segments of `image`, near `place` if it can be moved. What to add to its addresses, modulo 2^64.
    fn load(&self, program: &Program, image: &Image, place: usize) -> Result<usize> {
        let length = image.span.end.saturating_sub(image.span.start);
        let offset = if image.is_movable {
            let length = length.saturating_add(image.alignment - PAGE_SIZE);
            let start = self.memory.find_room(Placement::Near(place), length)?;
            let offset = start.wrapping_sub(image.span.start);
            offset.wrapping_add(offset.wrapping_neg() % image.alignment)
        } else {
            self.memory.find_room(Placement::Empty(image.span.start), length)?;
            0
        };
        for segment in &image.segments {
            self.load_segment(program, segment, offset)?;
        }
        Ok(offset)
    }

    fn load_segment(&self, program: &Program, segment: &Segment, offset: usize) -> Result<()> {
        let start = offset.wrapping_add(segment.start);
        let pages = segment.pages();
        let pages = offset.wrapping_add(pages.start)..offset.wrapping_add(pages.end);
        let lead = start.checked_sub(pages.start).ok_or(Errno::ENOMEM)?;
        let file_end = start.checked_add(segment.file_size).ok_or(Errno::ENOMEM)?;
        let mut zeros = pages.start;
        if segment.file_size > 0 {
            zeros = file_end.checked_next_multiple_of(PAGE_SIZE).ok_or(Errno::ENOMEM)?;
            let file_offset = segment.offset.saturating_sub(lead as u64);
            let backing = Backing::from((program.file.clone(), file_offset));
            self.map(pages.start..zeros, segment.protection, backing)?;
        }
        if zeros < pages.end {
            self.map(zeros..pages.end, segment.protection, Backing::Anonymous)?;
        }
        // Linux clears the rest of the last file page only where the program could have done so itself.
        let tail = zeros.saturating_sub(file_end);
        if segment.file_size > 0
            && segment.memory_size > segment.file_size
            && segment.protection.contains(Protection::WRITE)
        {
            self.host.clear(file_end, tail)?;
        }
        Ok(())
    }

    fn map(&self, range: Range<usize>, protection: Protection, backing: Backing) -> Result<()> {
        let request = MapRequest {
            placement: Placement::Exact(range.start),
            length: range.end.saturating_sub(range.start),
            protection,
            flags: AreaFlags::empty(),
            backing,
            label: None,
        };
        self.memory.map(request)?;
        Ok(())
    }
}
