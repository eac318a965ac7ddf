//! Futex words: their keys, and waiting on them.

use core::time::Duration;

use litebox_host::time::{Clock, Deadline};
use litebox_libos::futex::Key;
use litebox_libos::memory::{AreaFlags, Backing};
use litebox_libos::{Error, ErrorKind};

use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::task::Task;

/// Whether a word is one process's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    Private,
    Shared,
}

/// The futex at `address`.
///
/// # Errors
/// `EINVAL` if the word is not aligned, `EFAULT` if it lies outside the guest's addresses.
pub(crate) fn key<H: LinuxHost>(task: &Task<H>, address: usize, scope: Scope) -> Result<Key> {
    if !address.is_multiple_of(4) {
        return Err(Errno::EINVAL);
    }
    if address >= task.host.range().end {
        return Err(Errno::EFAULT);
    }
    let shared = if scope == Scope::Shared { shared_key(task, address) } else { None };
    Ok(shared.unwrap_or(Key::Private { space: task.host.address_space(), address }))
}

/// The word as a place in the file that is mapped shared at `address`; `None` where none is.
fn shared_key<H: LinuxHost>(task: &Task<H>, address: usize) -> Option<Key> {
    let area = task.memory.find(address).filter(|area| area.flags.contains(AreaFlags::SHARED))?;
    let Backing::File { file, offset, hold } = &area.backing else { return None };
    let distance = address.checked_sub(area.range.start)? as u64;
    // While a thread waits, its mapping keeps the file, so that the number is the file's alone.
    let object = match hold {
        Some(hold) => hold.object(),
        None => {
            let attributes = file.attributes().ok()?;
            attributes.inode ^ attributes.device.rotate_right(8)
        }
    };
    Some(Key::Shared { object, offset: offset.checked_add(distance)? })
}

/// Whether the word at `address` is `expected`.
pub(crate) fn is_expected<H: LinuxHost>(
    task: &Task<H>,
    address: usize,
    expected: u32,
) -> litebox_libos::Result<bool> {
    Ok(task.host.load(address).map_err(Error::from)? == expected)
}

/// When `clock` shows `time`, on the clock of deadlines.
pub(crate) fn deadline_at<H: LinuxHost>(task: &Task<H>, clock: Clock, time: Duration) -> Deadline {
    let left = time.saturating_sub(task.host.now(clock));
    Deadline(task.now().0.saturating_add(u64::try_from(left.as_nanos()).unwrap_or(u64::MAX)))
}

/// The error of a wait: one with a timeout is not started again after a handler, as Linux does.
pub(crate) fn wait_error(error: Error, deadline: Option<Deadline>) -> Errno {
    match error.kind {
        ErrorKind::Interrupted if deadline.is_some() => Errno::ERESTARTNOHAND,
        _ => error.into(),
    }
}
