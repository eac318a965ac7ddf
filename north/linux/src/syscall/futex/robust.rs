//! `set_robust_list(2)`, `get_robust_list(2)`, and what a thread leaves behind when it ends.

use litebox_libos::user::UserPointer;

use super::{Scope, key};
use crate::abi::futex::{FUTEX_OWNER_DIED, FUTEX_TID_MASK, FUTEX_WAITERS, RobustListHead};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;
use crate::task::Task;

pub(crate) fn set_robust_list<H: LinuxHost>(
    call: &mut Call<'_, H>,
    head: UserPointer<RobustListHead>,
    length: usize,
) -> Result<()> {
    if length != size_of::<RobustListHead>() {
        return Err(Errno::EINVAL);
    }
    call.own.robust_list = head.address();
    Ok(())
}

pub(crate) fn get_robust_list<H: LinuxHost>(
    call: &mut Call<'_, H>,
    thread: i32,
    head: UserPointer<usize>,
    length: UserPointer<usize>,
) -> Result<()> {
    let own = thread == 0 || thread.unsigned_abs() == call.thread.id();
    if !own {
        let exists = call.process.registry().thread(thread.unsigned_abs()).is_some();
        return Err(if exists { Errno::EPERM } else { Errno::ESRCH });
    }
    length.write(&call.host, &size_of::<RobustListHead>())?;
    Ok(head.write(&call.host, &call.own.robust_list)?)
}

/// Tell those who wait for the ending thread: owners of its robust locks, and whoever joins it.
pub(crate) fn release_on_exit<H: LinuxHost>(task: &mut Task<H>) {
    let robust_list = core::mem::take(&mut task.own.robust_list);
    if robust_list != 0 {
        // A list that makes no sense is walked as far as it does.
        let _ = walk(task, robust_list);
    }
    let word = core::mem::take(&mut task.own.clear_child_tid);
    if word != 0 && UserPointer::new(word).write(&task.host, &0_u32).is_ok() {
        wake_one(task, word);
    }
}

fn wake_one<H: LinuxHost>(task: &Task<H>, word: usize) {
    if let Ok(key) = key(task, word, Scope::Shared) {
        task.futexes.wake(key, u32::MAX, 1);
    }
}

fn walk<H: LinuxHost>(task: &Task<H>, head: usize) -> Result<()> {
    /// The longest list that Linux walks (`ROBUST_LIST_LIMIT`).
    const LIMIT: usize = 2048;
    /// The low bit of an entry's address marks a lock with priority inheritance.
    const PRIORITY_BIT: u64 = 1;
    let list = UserPointer::<RobustListHead>::new(head).read(&task.host)?;
    let pending = list.pending & !PRIORITY_BIT;
    let mut entry = list.first;
    for _ in 0..LIMIT {
        let at = usize::try_from(entry & !PRIORITY_BIT).map_err(|_| Errno::EFAULT)?;
        if at == head {
            break;
        }
        // Read before the lock is given up: its next owner may change the entry.
        let next = UserPointer::<u64>::new(at).read(&task.host);
        if at as u64 != pending {
            mark_dead(task, at as u64, list.offset, Entry::Listed)?;
        }
        entry = next?;
    }
    if pending != 0 {
        mark_dead(task, pending, list.offset, Entry::Pending)?;
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Entry {
    Listed,
    Pending,
}

/// Mark the lock of an entry as one whose owner died, if the ending thread owns it.
fn mark_dead<H: LinuxHost>(task: &Task<H>, entry: u64, offset: i64, kind: Entry) -> Result<()> {
    let word = usize::try_from(entry.wrapping_add_signed(offset)).map_err(|_| Errno::EFAULT)?;
    if !word.is_multiple_of(4) {
        return Err(Errno::EFAULT);
    }
    let mut value = task.host.load(word)?;
    // The thread may have died between giving the lock up and waking the next owner.
    if kind == Entry::Pending && value & FUTEX_TID_MASK == 0 {
        wake_one(task, word);
        return Ok(());
    }
    while value & FUTEX_TID_MASK == task.thread.id() {
        let dead = (value & FUTEX_WAITERS) | FUTEX_OWNER_DIED;
        let found = task.host.compare_exchange(word, value, dead)?;
        if found == value {
            if value & FUTEX_WAITERS != 0 {
                wake_one(task, word);
            }
            break;
        }
        value = found;
    }
    Ok(())
}
