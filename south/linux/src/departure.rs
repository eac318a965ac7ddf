//! Leaving an address space for a new one.
//!
//! A process that has memory in common with another cannot load a program into it. Its thread departs: it leaves its
//! shim in the arena, and its host process ends with a code that the keeper knows. The keeper, which has no guest's
//! memory, makes a new member, and the member takes the shim. So the cost does not depend on how much memory is left
//! behind.
#![expect(unsafe_code, reason = "a shim is a raw pointer while nobody has it")]

use alloc::boxed::Box;

use litebox_host::HostError;
use litebox_host::regs::Registers;
use litebox_host::shim::Shim;
use litebox_host::sync::Ordering;

use crate::enter::block::{ShimCalls, ThreadBlock};
use crate::enter::dispatch;
use crate::{arena, process, thread};

/// A member that ends with this code has left a departure behind.
pub(crate) const DEPARTED: usize = 71;

/// A shim that waits for a process.
pub(crate) struct Departure {
    /// A `Box` turned into a pointer; its type is known to the functions in `calls`.
    shim: *mut (),
    calls: ShimCalls,
}

// SAFETY: a shim may be sent to another thread, and the pointer is a whole box in the arena.
unsafe impl Send for Departure {}

/// Have `shim` go on in a new process, once the calling thread, the last of its own, has ended.
pub(crate) fn depart<S: Shim>(shim: Box<S>) -> Result<(), HostError> {
    let mut departures = arena::header().departures.lock();
    departures.try_reserve(1).map_err(|_| HostError::NoMemory)?;
    departures.push(Departure { shim: Box::into_raw(shim).cast(), calls: dispatch::shim_calls::<S>() });
    process::current().departs.store(1, Ordering::Release);
    Ok(())
}

/// In a new member: go on with a shim that departed. Without one, which only a hostile member brings about, end.
pub(crate) fn arrive(block: &'static ThreadBlock) -> ! {
    let departure = arena::header().departures.lock().pop();
    let Some(Departure { shim, calls }) = departure else { process::end_quietly() };
    thread::load_erased(block, shim, calls, &Registers::default(), 0, [[0; 16]; 16]);
    dispatch::call_up_first(block);
    thread::run_guest(block)
}
