//! Noun *process*: host processes of a sandbox, and the end of a guest process.
#![expect(unsafe_code, reason = "processes and threads end by host calls")]

use alloc::boxed::Box;
use alloc::sync::Arc;

use litebox_broker_protocol::Request;
use litebox_host::HostError;
use litebox_host::process::Process;
use litebox_host::regs::Registers;
use litebox_host::shim::Shim;
use litebox_host::sync::{AtomicU32, Ordering};

use crate::alarm::AlarmState;
use crate::calls::{CLONE_PROCESS, CLONE_SHARING_PROCESS};
use crate::enter::dispatch;
use crate::host::LinuxProcess;
use crate::region::{Region, Regions};
use crate::rewrite::Rewrites;
use crate::{calls, channel, thread};

/// What belongs to an address space of the host, whoever runs in it. In the arena.
pub(crate) struct Space {
    /// Its threads' regions.
    pub(crate) regions: Regions,
    /// What was rewritten in its code.
    pub(crate) rewrites: Rewrites,
}

impl Space {
    pub(crate) const fn new() -> Self {
        Self { regions: Regions::new(), rewrites: Rewrites::new() }
    }
}

/// What the threads of one host process share. In the arena, for as long as a thread of it lives.
pub(crate) struct HostProcess {
    /// The host's number of the process.
    pub(crate) id: AtomicU32,
    /// The address space, which a `vfork` child shares with its parent.
    pub(crate) space: Arc<Space>,
    /// The process's alarm.
    pub(crate) alarm: AlarmState,
}

impl HostProcess {
    /// A host process numbered `id` in the address space `space`.
    pub(crate) fn new(id: u32, space: Arc<Space>) -> Box<Self> {
        Box::new(Self { id: AtomicU32::new(id), space, alarm: AlarmState::new() })
    }

    /// The host's number.
    pub(crate) fn number(&self) -> u32 {
        self.id.load(Ordering::Acquire)
    }
}

/// The calling thread's host process.
pub(crate) fn current() -> &'static HostProcess {
    // SAFETY: the block was given a process that lives in the arena until its last thread has ended.
    unsafe { &*dispatch::current().process.get() }
}

/// Which side of a fork this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fork {
    /// The process that forked; the host's number of the new one.
    Parent(u32),
    /// The new process, with its own copy of all private memory.
    Child,
}

/// Split the calling host process in two: the new one has a copy of its private memory and this thread alone,
/// shares the arena and the descriptors, and is the keeper's child.
///
/// # Errors
/// [`HostError::NoMemory`] if the host has no process or memory left.
pub fn fork() -> Result<Fork, HostError> {
    let block = dispatch::current();
    let region = Region { slot: block.slot.get() };
    let parent = current();
    // Made here, in shared memory, so that nothing in the child can fail.
    let regions = Regions::forked(&parent.space.regions, region);
    let (rewrites, held) = parent.space.rewrites.duplicate();
    let space = Arc::new(Space { regions, rewrites });
    let child = Box::leak(HostProcess::new(0, space));
    let number = core::ptr::from_ref(&child.id).addr();
    let word = child.space.regions.word(region).map_or(0, |word| core::ptr::from_ref(word).addr());
    let mask = thread::set_signal_mask(thread::ALL_SIGNALS);
    // SAFETY: the child goes on with a copy of this stack, and with this thread's region for its own.
    let cloned = unsafe { calls::clone(CLONE_PROCESS as usize, 0, number, word, 0) };
    let outcome = match cloned {
        Ok(0) => {
            // SAFETY: asks for a signal at the keeper's death; it is not inherited.
            let _ = unsafe { calls::prctl(1, 9) };
            core::mem::forget(held);
            block.process.set(child);
            child.space.regions.settle(region, child.number());
            Ok(Fork::Child)
        }
        Ok(number) => u32::try_from(number).map(Fork::Parent).map_err(|_| HostError::Unknown),
        Err(_) => {
            // SAFETY: it was leaked above and nobody else has seen it.
            drop(unsafe { Box::from_raw(child) });
            Err(HostError::NoMemory)
        }
    };
    thread::set_signal_mask(mask);
    outcome
}

/// Start a host process in the calling one's address space: `shim` runs from `registers`.
///
/// # Errors
/// [`HostError::NoMemory`] if the host has no process or memory left.
pub fn spawn_sharing<S: Shim>(
    shim: Box<S>,
    registers: &Registers,
    thread_pointer: u64,
) -> Result<u32, HostError> {
    let child = Box::into_raw(HostProcess::new(0, Arc::clone(&current().space)));
    // SAFETY: it was just made, and lives until the process that it describes has ended.
    let process: &'static HostProcess = unsafe { &*child };
    let number = Some(&process.id);
    let started = thread::new_block(process).and_then(|block| {
        thread::start_on(block, shim, registers, thread_pointer, CLONE_SHARING_PROCESS, number)
    });
    if started.is_err() {
        // SAFETY: no process came of it, and nobody else has seen it.
        drop(unsafe { Box::from_raw(child) });
    }
    started
}

/// End the calling thread. The kernel clears its region's word, after which the region may be used again.
pub(crate) fn end_thread() -> ! {
    // SAFETY: nothing of this thread is used any more; the kernel ends it without touching its stack.
    let _ = unsafe { calls::exit(0) };
    unreachable_after_exit()
}

/// End the calling host process at once.
pub(crate) fn end_process(code: usize) -> ! {
    // SAFETY: ends every thread of this process; callers have seen to the others.
    let _ = unsafe { calls::exit_group(code) };
    unreachable_after_exit()
}

/// End the calling host process, whose guest process is not the sandbox's first, as a normal end.
pub fn end_quietly() -> ! {
    end_process(0)
}

/// The kernel does not return from an exit.
fn unreachable_after_exit() -> ! {
    loop {
        core::hint::spin_loop();
    }
}

impl Process for LinuxProcess {
    fn exit(&self, status: i32) -> ! {
        let block = dispatch::current();
        current().alarm.stop();
        // Threads that left before may still be on their way through the allocator's lock.
        current().space.regions.wait_for_others(Region { slot: block.slot.get() });
        channel::tell(&Request::Exit { status: status.cast_unsigned() });
        end_process(0)
    }
}
