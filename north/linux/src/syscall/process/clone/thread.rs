//! A new thread of the calling process.

use alloc::boxed::Box;

use litebox_libos::ipc::semaphore::UndoList;
use litebox_libos::process::ExitStatus;

use super::{Wanted, new_thread};
use crate::abi::thread::CloneFlags;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(super) fn start<H: LinuxHost>(call: &mut Call<'_, H>, wanted: &Wanted<'_>) -> Result<u32> {
    let thread = new_thread(call)?;
    let id = thread.id();
    call.information.serve(&thread);
    let mut child = call.sibling(thread.clone());
    if wanted.flags.contains(CloneFlags::CHILD_CLEARTID) {
        child.own.clear_child_tid = wanted.child_tid.address();
    }
    if !wanted.flags.contains(CloneFlags::SYSVSEM) {
        child.undo = UndoList::new();
    }
    let mut registers = call.registers.clone();
    registers.rax = 0;
    if wanted.arguments.stack != 0 {
        registers.rsp = wanted.arguments.stack;
    }
    if let Err(error) = call.process.add(thread.clone()) {
        call.process.registry().release();
        return Err(error.into());
    }
    // Both words are in memory that parent and child share, so they are set before either goes on. As in Linux,
    // one that cannot be written is left out.
    let words =
        [(CloneFlags::PARENT_SETTID, wanted.parent_tid), (CloneFlags::CHILD_SETTID, wanted.child_tid)];
    for (_, address) in words.into_iter().filter(|(flag, _)| wanted.flags.contains(*flag)) {
        let _ = address.write(&call.host, &id);
    }
    call.descriptors.share();
    let Ok(host_thread) = call.host.spawn(Box::new(child), &registers, wanted.thread_pointer) else {
        call.descriptors.leave();
        // The calling thread is still there, so this is never the last.
        call.process.remove(id, ExitStatus::Exited(0));
        return Err(Errno::EAGAIN);
    };
    thread.bind(host_thread);
    Ok(id)
}
