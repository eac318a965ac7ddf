//! Noun *process*: host processes of a sandbox, and the end of a guest process.
#![expect(unsafe_code, reason = "processes and threads end by host calls")]

use alloc::boxed::Box;

use litebox_broker_protocol::Request;
use litebox_host::process::Process;

use crate::{calls, channel};
use crate::enter::block::ThreadBlock;
use crate::enter::dispatch;
use crate::host::LinuxProcess;
use crate::region::{Region, Regions};

/// What the threads of one host process share. In the arena.
pub(crate) struct HostProcess {
    /// The host's number of the process.
    pub(crate) id: u32,
    pub(crate) regions: Regions,
}

impl HostProcess {
    /// The calling host process, numbered `id`, without threads yet.
    pub(crate) fn new(id: u32) -> Box<Self> {
        Box::new(Self { id, regions: Regions::new() })
    }
}

/// The calling thread's host process.
pub(crate) fn current() -> &'static HostProcess {
    // SAFETY: the block was given a process that lives in the arena until its last thread has ended.
    unsafe { &*dispatch::current().process.get() }
}

/// End the calling thread. The kernel clears its region's word, after which the region may be used again.
pub(crate) fn end_thread(block: &ThreadBlock) -> ! {
    // SAFETY: nothing of this thread is used any more; the kernel ends it without touching its stack.
    let _ = unsafe { calls::exit(0) };
    let _ = block;
    unreachable_after_exit()
}

/// End the calling host process at once.
pub(crate) fn end_process(code: usize) -> ! {
    // SAFETY: ends every thread of this process; callers have seen to the others.
    let _ = unsafe { calls::exit_group(code) };
    unreachable_after_exit()
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
        // Threads that left before may still be on their way through the allocator's lock.
        current().regions.wait_for_others(Region { slot: block.slot.get() });
        channel::tell(&Request::Exit { status: status.cast_unsigned() });
        end_process(0)
    }
}
