//! Noun *process*: host processes of a sandbox, and the end of a guest process.
#![expect(unsafe_code, reason = "processes and threads end by host calls")]

use alloc::boxed::Box;
use alloc::sync::Arc;

use litebox_broker_protocol::Request;
use litebox_host::process::Process;
use litebox_host::regs::Registers;
use litebox_host::shim::Shim;
use litebox_host::sync::{AtomicU32, Ordering};
use litebox_host::thread::{HostThread, Thread};
use litebox_host::time::AlarmClock;
use litebox_host::{HostError, ambient};

use crate::calls::{CLONE_PROCESS, CLONE_SHARING_PROCESS};
use crate::departure::{self, DEPARTED};
use crate::enter::dispatch;
use crate::host::LinuxProcess;
use crate::region::{Region, Regions};
use crate::rewrite::Rewrites;
use crate::service::ServiceState;
use crate::{calls, channel, setup, thread};

/// What belongs to an address space of the host, whoever runs in it. In the arena.
pub(crate) struct Space {
    /// Its threads' regions.
    pub(crate) regions: Box<Regions>,
    /// What was rewritten in its code.
    pub(crate) rewrites: Rewrites,
}

impl Space {
    pub(crate) fn new() -> Self {
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
    pub(crate) alarm: AlarmClock,
    /// The library OS's own work.
    pub(crate) services: ServiceState,
    /// Its threads that run guest code. With the last of them the process ends.
    guests: AtomicU32,
    /// All its threads; whoever waits for them to end sleeps here.
    threads: AtomicU32,
    /// Not 0: its last thread goes on in another process.
    pub(crate) departs: AtomicU32,
}

impl HostProcess {
    /// A host process numbered `id` in the address space `space`, with one thread, which runs guest code.
    pub(crate) fn new(id: u32, space: Arc<Space>) -> Box<Self> {
        Box::new(Self {
            id: AtomicU32::new(id),
            space,
            alarm: AlarmClock::new(),
            services: ServiceState::new(),
            guests: AtomicU32::new(1),
            threads: AtomicU32::new(1),
            departs: AtomicU32::new(0),
        })
    }

    /// The host's number.
    pub(crate) fn number(&self) -> u32 {
        self.id.load(Ordering::Acquire)
    }

    /// Count a thread that `start` starts: before it runs, and no more if it was not started.
    pub(crate) fn counting_thread<T>(
        &self,
        is_guest: bool,
        start: impl FnOnce() -> Result<T, HostError>,
    ) -> Result<T, HostError> {
        let guests = u32::from(is_guest);
        self.threads.fetch_add(1, Ordering::AcqRel);
        self.guests.fetch_add(guests, Ordering::AcqRel);
        let started = start();
        if started.is_err() {
            self.threads.fetch_sub(1, Ordering::AcqRel);
            self.guests.fetch_sub(guests, Ordering::AcqRel);
        }
        started
    }

    /// Wait until the calling thread is the only one left. No other one runs guest code.
    fn wait_for_others(&self) {
        loop {
            let threads = self.threads.load(Ordering::Acquire);
            if threads <= 1 {
                return;
            }
            let _ = ambient::wait(&self.threads, threads, None);
        }
    }
}

/// The calling thread's host process.
pub(crate) fn current() -> &'static HostProcess {
    // SAFETY: the block was given a process that lives in the arena until its last thread has ended.
    unsafe { &*dispatch::current().process.get() }
}

/// Which side of a fork this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fork {
    /// The process that forked; the host's number of the new one.
    Parent(u32),
    /// The new process, with its own copy of all private memory.
    Child,
}

/// Split the calling host process in two: the new one has a copy of its private memory and this thread alone,
/// shares the arena and the descriptors, and is the keeper's child. It finds everything on its stack that the
/// calling thread has there, and must not drop any of it.
fn fork() -> Result<Fork, HostError> {
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
            let _ = setup::die_with_parent();
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

/// Start `shim` in a process with a copy of the calling one's memory.
fn start_process<S: Shim>(
    shim: Box<S>,
    registers: &Registers,
    thread_pointer: u64,
) -> Result<HostThread, HostError> {
    let shim = Box::into_raw(shim);
    match fork() {
        Ok(Fork::Parent(number)) => Ok(thread::host_thread(number, number)),
        // SAFETY: the pointer was a box's, and on this side of the fork nobody else has it.
        Ok(Fork::Child) => begin(unsafe { Box::from_raw(shim) }, registers, thread_pointer),
        Err(error) => {
            // SAFETY: no process came of it, so the pointer is still this side's.
            drop(unsafe { Box::from_raw(shim) });
            Err(error)
        }
    }
}

/// Go on, in a new process, with `shim` and nothing of what is on the stack.
fn begin<S: Shim>(shim: Box<S>, registers: &Registers, thread_pointer: u64) -> ! {
    let block = dispatch::current();
    // SAFETY: the frame of the calling thread, which was in a call from its guest.
    let vectors = unsafe { block.vectors().read() };
    block.trapped.set(None);
    thread::load(block, shim, registers, thread_pointer, vectors);
    LinuxProcess.set_thread_pointer(thread_pointer);
    dispatch::call_up_first(block);
    thread::run_guest(block)
}

/// End the calling thread, which ran guest code.
pub(crate) fn end_guest() -> ! {
    let process = current();
    if process.guests.fetch_sub(1, Ordering::AcqRel) == 1 {
        process.alarm.stop();
    }
    end_thread()
}

/// End the calling thread. The kernel clears its region's word, after which the region may be used again.
pub(crate) fn end_thread() -> ! {
    let process = current();
    let threads = process.threads.fetch_sub(1, Ordering::AcqRel) - 1;
    if threads == 0 {
        end_quietly()
    }
    if threads == 1 {
        // Whoever reads the word after this only finds that it has changed.
        ambient::wake(&process.threads, 1);
    }
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

/// End the calling host process, whose last thread this is, as a normal end. Its memory in the arena is free then.
pub fn end_quietly() -> ! {
    let region = Region { slot: dispatch::current().slot.get() };
    // SAFETY: the process was leaked for its threads, of which this is the last; nothing below asks for it.
    let process = *unsafe { Box::from_raw(core::ptr::from_ref(current()).cast_mut()) };
    let code = release(process, region);
    end_process(code)
}

/// Give back what a process has in the arena, while its last thread still runs, in `region`. The code that the process
/// ends with.
fn release(process: HostProcess, region: Region) -> usize {
    let code = if process.departs.load(Ordering::Acquire) == 0 { 0 } else { DEPARTED };
    if let Some(space) = Arc::into_inner(process.space) {
        // The kernel may still be about to clear the words of those that left before.
        space.regions.wait_for_others(region);
        // The word of this thread goes with the space: the kernel must not clear it later.
        // SAFETY: 0 is no address, so nothing is written when the thread ends.
        let _ = unsafe { calls::set_tid_address(0) };
    }
    code
}

/// The kernel does not return from an exit.
fn unreachable_after_exit() -> ! {
    loop {
        core::hint::spin_loop();
    }
}

impl Process for LinuxProcess {
    fn fork<S: Shim>(
        &self,
        shim: Box<S>,
        registers: &Registers,
        thread_pointer: u64,
    ) -> Result<HostThread, HostError> {
        start_process(shim, registers, thread_pointer)
    }

    fn share<S: Shim>(
        &self,
        shim: Box<S>,
        registers: &Registers,
        thread_pointer: u64,
    ) -> Result<HostThread, HostError> {
        let child = Box::into_raw(HostProcess::new(0, Arc::clone(&current().space)));
        // SAFETY: it was just made, and lives until the process that it describes has ended.
        let process: &'static HostProcess = unsafe { &*child };
        let number = Some(&process.id);
        let started = thread::new_block(process).and_then(|block| {
            dispatch::call_up_first(block);
            thread::start_on(block, shim, registers, thread_pointer, CLONE_SHARING_PROCESS, number)
        });
        if started.is_err() {
            // SAFETY: no process came of it, and nobody else has seen it.
            drop(unsafe { Box::from_raw(child) });
        }
        started.map(|number| thread::host_thread(number, number))
    }

    fn depart<S: Shim>(&self, shim: Box<S>) -> Result<(), HostError> {
        departure::depart(shim)
    }

    fn exit(&self, status: i32) -> ! {
        let process = current();
        process.alarm.stop();
        process.services.stop();
        // One that is ended with the process may hold a lock of the arena.
        process.wait_for_others();
        process.services.finish();
        channel::tell(&Request::Exit { status: status.cast_unsigned() });
        end_process(0)
    }
}
