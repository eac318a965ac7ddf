//! Rewriting of trapped system calls: from a site's bytes to a jump.
//!
//! A site is known to be an instruction because it trapped. It is rewritten once it has trapped a few times: most
//! sites of a program's start are passed once, and rewriting costs as much as several traps. The code cannot be run while
//! it is changed.

use alloc::boxed::Box;
use alloc::vec::Vec;

use litebox_host::HostError;
use litebox_host::memory::{Memory, Protection, REWRITE_AREA, Rewrite, RewriteSite, Rewritten, UserAccess};
use litebox_host::sync::{AtomicU32, Mutex, MutexGuard, Ordering};
use litebox_rewriter::{AREA_SIZE, Entry, Reason, Trampolines, Window, patch};

use crate::enter::block;
use crate::enter::dispatch;
use crate::host::LinuxProcess;
use crate::{arena, process};

const _: () = assert!(REWRITE_AREA as u64 == AREA_SIZE);

/// Traps of a site before it is rewritten.
const WORTHWHILE: u32 = 3;
/// Counters of traps; sites that share one are rewritten earlier, which is harmless.
const COUNTERS: usize = 1024;
/// A counter that says: not suitable, do not try again.
const NEVER: u32 = u32::MAX;
/// Bytes looked at on either side of a site.
const AROUND: usize = 32;

/// What was rewritten in one address space.
pub(crate) struct Rewrites {
    /// A leaf in the lock order.
    rooms: Mutex<Vec<Trampolines>>,
    traps: Box<[AtomicU32]>,
}

impl Rewrites {
    /// Nothing. The counters are in a box from the start, as in [`crate::region::Regions`].
    pub(crate) fn new() -> Self {
        let traps = (0..COUNTERS).map(|_| AtomicU32::new(0)).collect();
        Self { rooms: Mutex::new(Vec::new()), traps }
    }

    /// The same, for a copy of the address space that is made while the guard is held: nothing is rewritten meanwhile.
    /// The guard is the parent's; a child that finds a copy of it on its stack forgets it.
    pub(crate) fn duplicate(&self) -> (Self, MutexGuard<'_, Vec<Trampolines>>) {
        let rooms = self.rooms.lock();
        let copy = Self::new();
        copy.rooms.lock().clone_from(&rooms);
        (copy, rooms)
    }

    fn counter(&self, site: usize) -> Option<&AtomicU32> {
        self.traps.get((site >> 1).wrapping_mul(0x9e37_79b9) >> 7 & (COUNTERS - 1))
    }
}

/// Where a thread goes on that is about to run the middle of a rewritten site.
pub(crate) fn resume(rip: u64) -> Option<u64> {
    let rooms = process::current().space.rewrites.rooms.lock();
    rooms.iter().find_map(|room| room.resume(rip, read))
}

fn read(address: u64, to: &mut [u8]) -> bool {
    usize::try_from(address).is_ok_and(|address| LinuxProcess.read(address, to).is_ok())
}

impl Rewrite for LinuxProcess {
    fn trapped(&self) -> Option<usize> {
        let (site, _) = dispatch::current().trapped.get()?;
        if !arena::header().rewriting.load(Ordering::Relaxed) {
            return None;
        }
        let counter = process::current().space.rewrites.counter(site)?;
        let before = counter.load(Ordering::Relaxed);
        if before != NEVER {
            counter.store(before + 1, Ordering::Relaxed);
        }
        let worthwhile = before != NEVER && before + 1 >= WORTHWHILE;
        if !worthwhile {
            dispatch::current().trapped.set(None);
        }
        worthwhile.then_some(site)
    }

    fn rewrite(&self, request: &RewriteSite) -> Result<Rewritten, HostError> {
        let rewrites = &process::current().space.rewrites;
        let Some((site, rax)) = dispatch::current().trapped.get() else { return Ok(Rewritten::Unsuitable) };
        let mut rooms = rewrites.rooms.lock();
        let room = find_room(&mut rooms, request.room)?;
        let outcome = change(*self, request, rax, room);
        if outcome != Ok(Rewritten::NoRoom) {
            dispatch::current().trapped.set(None);
        }
        if outcome == Ok(Rewritten::Unsuitable)
            && let Some(counter) = rewrites.counter(site)
        {
            counter.store(NEVER, Ordering::Relaxed);
        }
        outcome
    }

    fn forget_rewrites(&self) {
        let rewrites = &process::current().space.rewrites;
        rewrites.rooms.lock().clear();
        for counter in rewrites.traps.iter() {
            counter.store(0, Ordering::Relaxed);
        }
    }
}

fn find_room(rooms: &mut Vec<Trampolines>, base: usize) -> Result<&mut Trampolines, HostError> {
    let known = rooms.iter().position(|room| room.base() == base as u64);
    let index = match known {
        Some(index) => index,
        None => {
            rooms.try_reserve(1).map_err(|_| HostError::NoMemory)?;
            rooms.push(Trampolines::new(base as u64, AREA_SIZE).ok_or(HostError::Invalid)?);
            rooms.len() - 1
        }
    };
    rooms.get_mut(index).ok_or(HostError::Invalid)
}

/// Find out how the site can be changed, and change it.
fn change(
    host: LinuxProcess,
    request: &RewriteSite,
    rax: u64,
    room: &mut Trampolines,
) -> Result<Rewritten, HostError> {
    let start = (request.site - AROUND).max(request.code.start);
    let end = (request.site + AROUND).min(request.code.end);
    let mut bytes = [0; 2 * AROUND];
    let code = bytes.get_mut(..end - start).ok_or(HostError::Invalid)?;
    host.read(start, code).map_err(|_| HostError::Invalid)?;
    let window = Window { address: start as u64, code };
    let at = request.site - start;
    let entry = u32::try_from(block::ENTRY).ok().and_then(Entry::new).ok_or(HostError::Invalid)?;
    match patch(window, at, Some(rax), room, entry) {
        Ok(patch) => {
            host.write(patch.slot as usize, &patch.trampoline).map_err(|_| HostError::Invalid)?;
            store(host, request, patch.site as usize, &patch.new)?;
            Ok(Rewritten::Done)
        }
        Err(Reason::Full | Reason::Reach) => Ok(Rewritten::NoRoom),
        Err(_) => Ok(Rewritten::Unsuitable),
    }
}

/// Write `bytes` into code at `address`. Taking the right to execute stops every thread that is in the pages between two
/// instructions; whoever comes to them before they are as they were faults, and is told to try again.
fn store(host: LinuxProcess, request: &RewriteSite, address: usize, bytes: &[u8]) -> Result<(), HostError> {
    let pages = address & !4095..(address + bytes.len()).next_multiple_of(4096);
    host.protect(pages.clone(), Protection::READ | Protection::WRITE)?;
    let written = host.write(address, bytes);
    host.protect(pages, request.protection)?;
    written.map_err(|_| HostError::Invalid)
}
