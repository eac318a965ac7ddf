//! `unshare(2)`.

use litebox_libos::ipc::semaphore::UndoList;

use crate::abi::thread::CloneFlags;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::information;
use crate::row::Call;

use super::clone::NAMESPACES;

/// What a caller can have for itself again.
const KNOWN: CloneFlags = CloneFlags::FILES
    .union(CloneFlags::FS)
    .union(CloneFlags::SYSVSEM)
    .union(CloneFlags::VM)
    .union(CloneFlags::SIGHAND)
    .union(CloneFlags::THREAD)
    .union(NAMESPACES);

pub(crate) fn unshare<H: LinuxHost>(call: &mut Call<'_, H>, flags: u64) -> Result<()> {
    let flags = CloneFlags::from_bits(flags).filter(|flags| KNOWN.contains(*flags)).ok_or(Errno::EINVAL)?;
    let of_process = CloneFlags::VM | CloneFlags::SIGHAND | CloneFlags::THREAD;
    if flags.intersects(of_process) && (!call.process.is_single_threaded() || call.memory.is_shared()) {
        return Err(Errno::EINVAL);
    }
    if flags.intersects(NAMESPACES) {
        return Err(Errno::EPERM);
    }
    if flags.contains(CloneFlags::FILES) {
        call.task.unshare_descriptors()?;
    }
    if flags.contains(CloneFlags::FS) {
        call.task.place = call.place.duplicate();
    }
    if flags.contains(CloneFlags::SYSVSEM) {
        call.task.undo = UndoList::new();
    }
    information::follow(call.task)
}
