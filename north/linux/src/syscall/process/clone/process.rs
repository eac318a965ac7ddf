//! A new process.

use alloc::boxed::Box;
use alloc::sync::Arc;

use litebox_host::regs::Registers;
use litebox_host::thread::HostThread;
use litebox_libos::file::{DescriptorTable, FileStatus};
use litebox_libos::memory::AddressSpace;
use litebox_libos::process::{Birth, Inheritance, Process};
use litebox_libos::signal::Signal;
use litebox_libos::thread::Thread;
use litebox_libos::user::UserPointer;

use super::{Wanted, new_thread};
use crate::abi::thread::CloneFlags;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::information;
use crate::row::Call;
use crate::syscall::process::install_pidfd;
use crate::task::{Beginning, Own, Task};

/// What the child has of its own, or shares with its maker.
struct Parts {
    process: Arc<Process>,
    thread: Arc<Thread>,
    descriptors: Arc<DescriptorTable>,
    own: Own,
    beginning: Beginning,
}

pub(super) fn start<H: LinuxHost>(call: &mut Call<'_, H>, wanted: &Wanted<'_>) -> Result<u32> {
    let thread = new_thread(call)?;
    let process = match call.process.child(birth(call, wanted, &thread)) {
        Ok(process) => process,
        Err(error) => {
            call.process.registry().release();
            return Err(error.into());
        }
    };
    let started = start_known(call, wanted, &process, &thread);
    if started.is_err() {
        process.unmake();
    }
    started
}

fn birth<H: LinuxHost>(call: &Call<'_, H>, wanted: &Wanted<'_>, thread: &Arc<Thread>) -> Birth {
    let exit_signal = i32::try_from(wanted.arguments.exit_signal).ok().and_then(Signal::new);
    let actions = if wanted.flags.contains(CloneFlags::SIGHAND) {
        Inheritance::Shared
    } else if wanted.flags.contains(CloneFlags::CLEAR_SIGHAND) {
        Inheritance::Cleared
    } else {
        Inheritance::Copied
    };
    Birth {
        first: Arc::clone(thread),
        maker: Arc::clone(&call.thread),
        sibling: wanted.flags.contains(CloneFlags::PARENT),
        exit_signal,
        borrows: wanted.flags.contains(CloneFlags::VFORK),
        actions,
    }
}

/// Start the process that others know already.
fn start_known<H: LinuxHost>(
    call: &mut Call<'_, H>,
    wanted: &Wanted<'_>,
    process: &Arc<Process>,
    thread: &Arc<Thread>,
) -> Result<u32> {
    let id = process.id();
    let parts = parts(call, wanted, process, thread)?;
    let descriptor = describe(call, wanted, process)?;
    let mut registers = call.registers.clone();
    registers.rax = 0;
    if wanted.arguments.stack != 0 {
        registers.rsp = wanted.arguments.stack;
    }
    if wanted.flags.contains(CloneFlags::PARENT_SETTID) {
        // As in Linux, a word that cannot be written is left out.
        let _ = wanted.parent_tid.write(&call.host, &id);
    }
    let shares_descriptors = wanted.flags.contains(CloneFlags::FILES);
    if shares_descriptors {
        call.descriptors.share();
    }
    let started = if wanted.flags.contains(CloneFlags::VM) {
        share(call, wanted, parts, &registers)
    } else {
        fork(call, wanted, parts, &registers)
    };
    match started {
        Ok(host_thread) => thread.bind(host_thread),
        Err(errno) => {
            if shares_descriptors {
                call.descriptors.leave();
            }
            if let Some(number) = descriptor {
                // Another thread may have closed it meanwhile.
                let _ = call.descriptors.close(number);
            }
            return Err(errno);
        }
    }
    if wanted.flags.contains(CloneFlags::VFORK) {
        process.wait_for_memory(&call.process, &call.thread);
    }
    Ok(id)
}

fn parts<H: LinuxHost>(
    call: &Call<'_, H>,
    wanted: &Wanted<'_>,
    process: &Arc<Process>,
    thread: &Arc<Thread>,
) -> Result<Parts> {
    let descriptors = if wanted.flags.contains(CloneFlags::FILES) {
        Arc::clone(&call.descriptors)
    } else {
        Arc::new(call.descriptors.duplicate()?)
    };
    // A child on another stack in the same memory does not inherit the alternate stack (sigaltstack(2)).
    let keeps_stack = !wanted.flags.contains(CloneFlags::VM) || wanted.flags.contains(CloneFlags::VFORK);
    let mut own = call.own.fork(keeps_stack)?;
    if wanted.flags.contains(CloneFlags::CHILD_CLEARTID) {
        own.clear_child_tid = wanted.child_tid.address();
    }
    let number = wanted.flags.contains(CloneFlags::CHILD_SETTID).then_some(wanted.child_tid);
    let beginning = if wanted.flags.contains(CloneFlags::VM) {
        Beginning::Shared { number }
    } else {
        Beginning::Forked { number }
    };
    let (process, thread) = (Arc::clone(process), Arc::clone(thread));
    Ok(Parts { process, thread, descriptors, own, beginning })
}

/// Give the caller a descriptor of the child, if it asked for one.
fn describe<H: LinuxHost>(
    call: &mut Call<'_, H>,
    wanted: &Wanted<'_>,
    process: &Arc<Process>,
) -> Result<Option<u32>> {
    if !wanted.flags.contains(CloneFlags::PIDFD) {
        return Ok(None);
    }
    let at = usize::try_from(wanted.arguments.pidfd).map_err(|_| Errno::EFAULT)?;
    let fd = install_pidfd(call, process, FileStatus::empty())?;
    let number = fd.number()?;
    if let Err(fault) = UserPointer::<i32>::new(at).write(&call.host, &fd.0) {
        let _ = call.descriptors.close(number);
        return Err(fault.into());
    }
    Ok(Some(number))
}

fn task<H: LinuxHost>(
    call: &Call<'_, H>,
    wanted: &Wanted<'_>,
    parts: Parts,
    memory: Arc<AddressSpace<H>>,
) -> Result<Box<Task<H>>> {
    let Parts { process, thread, descriptors, own, beginning, .. } = parts;
    let place =
        if wanted.flags.contains(CloneFlags::FS) { Arc::clone(&call.place) } else { call.place.duplicate() };
    let mut child = Box::new(call.child(process, thread, memory, descriptors, place));
    child.own = own;
    child.beginning = beginning;
    if wanted.flags.contains(CloneFlags::SYSVSEM) {
        child.undo = Arc::clone(&call.undo);
    }
    information::inherit(&child, call.task)?;
    Ok(child)
}

/// A process in the caller's memory.
fn share<H: LinuxHost>(
    call: &Call<'_, H>,
    wanted: &Wanted<'_>,
    parts: Parts,
    registers: &Registers,
) -> Result<HostThread> {
    let child = task(call, wanted, parts, Arc::clone(&call.memory))?;
    call.memory.share();
    call.host.share(child, registers, wanted.thread_pointer).map_err(|_| {
        call.memory.leave();
        Errno::EAGAIN
    })
}

/// A process with a copy of the caller's memory.
fn fork<H: LinuxHost>(
    call: &Call<'_, H>,
    wanted: &Wanted<'_>,
    parts: Parts,
    registers: &Registers,
) -> Result<HostThread> {
    call.memory.fork(call.host.clone(), |memory| {
        let child = task(call, wanted, parts, memory)?;
        call.host.fork(child, registers, wanted.thread_pointer).map_err(|_| Errno::EAGAIN)
    })?
}
