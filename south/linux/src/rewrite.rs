//! Rewriting of trapped system calls: from a site's bytes to a jump.
//!
//! A site is known to be an instruction because it trapped. The code cannot be run while it is changed.

use alloc::vec::Vec;

use litebox_host::HostError;
use litebox_host::memory::{
    Memory, Protection, REWRITE_AREA, Rewrite, RewriteRequest, Rewritten, TrappedCall, UserAccess,
};
use litebox_host::sync::{Mutex, MutexGuard, Ordering};
use litebox_rewriter::{AREA_SIZE, Entry, JUMP_LENGTH, Patch, Reason, Trampolines, Window, patch};

use crate::enter::block;
use crate::enter::dispatch;
use crate::host::LinuxProcess;
use crate::{arena, process};

const _: () = assert!(REWRITE_AREA as u64 == AREA_SIZE);

/// Bytes looked at on either side of a site.
const AROUND: usize = 32;

/// What was rewritten in one address space.
pub(crate) struct Rewrites {
    /// A leaf in the lock order.
    rooms: Mutex<Vec<Trampolines>>,
}

impl Rewrites {
    /// Nothing.
    pub(crate) fn new() -> Self {
        Self { rooms: Mutex::new(Vec::new()) }
    }

    /// The same, for a copy of the address space that is made while the guard is held: nothing is rewritten meanwhile.
    /// The guard is the parent's; a child that finds a copy of it on its stack forgets it.
    pub(crate) fn duplicate(&self) -> (Self, MutexGuard<'_, Vec<Trampolines>>) {
        let rooms = self.rooms.lock();
        let copy = Self::new();
        copy.rooms.lock().clone_from(&rooms);
        (copy, rooms)
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
    fn trapped(&self) -> Option<TrappedCall> {
        let (site, number) = dispatch::current().trapped.take()?;
        is_wanted().then_some(TrappedCall { site, number })
    }

    fn rewrite(&self, request: &RewriteRequest<'_>) -> Result<Rewritten, HostError> {
        if !is_wanted() {
            return Ok(Rewritten::Unsuitable);
        }
        let mut rooms = process::current().space.rewrites.rooms.lock();
        change(*self, request, find_room(&mut rooms, request.room)?)
    }

    fn forget_rewrites(&self) {
        process::current().space.rewrites.rooms.lock().clear();
    }
}

fn is_wanted() -> bool {
    arena::header().rewriting.load(Ordering::Relaxed)
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

/// Change what can be changed.
fn change(
    host: LinuxProcess,
    request: &RewriteRequest<'_>,
    room: &mut Trampolines,
) -> Result<Rewritten, HostError> {
    let mut patches = Vec::new();
    patches.try_reserve_exact(request.calls.len()).map_err(|_| HostError::NoMemory)?;
    let mut is_short = false;
    for call in request.calls {
        match prepare(host, request, call, room) {
            Ok(patch) => patches.push(patch),
            Err(Reason::Full | Reason::Reach) => is_short = true,
            Err(_) => {}
        }
    }
    if !patches.is_empty() {
        store(host, request, &patches)?;
    }
    Ok(match patches.as_slice() {
        _ if is_short => Rewritten::NoRoom,
        [] => Rewritten::Unsuitable,
        _ => Rewritten::Done,
    })
}

/// Find out how a site can be changed, and write what it will jump to.
fn prepare(
    host: LinuxProcess,
    request: &RewriteRequest<'_>,
    call: &TrappedCall,
    room: &mut Trampolines,
) -> Result<Patch, Reason> {
    let start = call.site.saturating_sub(AROUND).max(request.code.start);
    let end = call.site.saturating_add(AROUND).min(request.code.end);
    let mut bytes = [0; 2 * AROUND];
    let code = end.checked_sub(start).and_then(|length| bytes.get_mut(..length)).ok_or(Reason::Window)?;
    host.read(start, code).map_err(|_| Reason::Window)?;
    let window = Window { address: start as u64, code };
    let entry = u32::try_from(block::ENTRY).ok().and_then(Entry::new).ok_or(Reason::Reach)?;
    let patch = patch(window, call.site - start, Some(call.number), room, entry)?;
    host.write(patch.slot as usize, &patch.trampoline).map_err(|_| Reason::Window)?;
    Ok(patch)
}

/// Write `patches` into code. Taking the right to execute stops every thread that is in the pages between two
/// instructions; whoever comes to them before they are as they were faults, and is told to try again.
fn store(host: LinuxProcess, request: &RewriteRequest<'_>, patches: &[Patch]) -> Result<(), HostError> {
    let sites = || patches.iter().map(|patch| patch.site as usize);
    let (first, last) = sites().min().zip(sites().max()).ok_or(HostError::Invalid)?;
    let pages = first & !4095..(last + JUMP_LENGTH).next_multiple_of(4096);
    host.protect(pages.clone(), Protection::READ | Protection::WRITE)?;
    let written = patches.iter().try_for_each(|patch| host.write(patch.site as usize, &patch.new));
    host.protect(pages, request.protection)?;
    written.map_err(|_| HostError::Invalid)
}
