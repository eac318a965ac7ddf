//! `msgget(2)`, `msgsnd(2)`, `msgrcv(2)`.

use litebox_host::memory::UserAccess;
use litebox_libos::ipc::{MAX_MESSAGE, Room, Selection};
use litebox_libos::memory::buffer;
use litebox_libos::user::UserPointer;

use super::{creation, identifier, ipc, mode, wait_error};
use crate::abi::ipc::{IPC_NOWAIT, MSG_COPY, MSG_EXCEPT, MSG_NOERROR};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;
use crate::syscall::file::caller;

pub(crate) fn msgget<H: LinuxHost>(call: &mut Call<'_, H>, key: i32, flags: i32) -> Result<i32> {
    Ok(ipc(call).messages.get(creation(key, flags), mode(flags), &caller(call))?)
}

/// Where the text of a message begins, after its kind.
fn text(message: UserPointer<i64>) -> usize {
    message.element(1).address()
}

pub(crate) fn msgsnd<H: LinuxHost>(
    call: &mut Call<'_, H>,
    id: i32,
    message: UserPointer<i64>,
    size: usize,
    flags: i32,
) -> Result<()> {
    let kind = message.read(&call.host)?;
    if size > MAX_MESSAGE || kind < 1 {
        return Err(Errno::EINVAL);
    }
    let id = identifier(id)?;
    let mut bytes = buffer::zeroed(size)?;
    UserAccess::read(&call.host, text(message), &mut bytes)?;
    let queue = ipc(call).messages.queues().get(id)?;
    let sent = queue.send(&call.thread, &caller(call), kind, bytes, flags & IPC_NOWAIT != 0);
    sent.map_err(wait_error)
}

pub(crate) fn msgrcv<H: LinuxHost>(
    call: &mut Call<'_, H>,
    id: i32,
    message: UserPointer<i64>,
    size: usize,
    kind: i64,
    flags: i32,
) -> Result<usize> {
    let id = identifier(id)?;
    // A size that is negative as ssize_t.
    i64::try_from(size).map_err(|_| Errno::EINVAL)?;
    let fails = flags & IPC_NOWAIT != 0;
    let selection = match kind {
        _ if flags & MSG_COPY != 0 => {
            if flags & MSG_EXCEPT != 0 || !fails {
                return Err(Errno::EINVAL);
            }
            Selection::Copy(kind)
        }
        0 => Selection::Any,
        // The lowest number has no positive one.
        ..0 => Selection::UpTo(kind.checked_neg().unwrap_or(i64::MAX)),
        _ if flags & MSG_EXCEPT != 0 => Selection::Not(kind),
        _ => Selection::Kind(kind),
    };
    let room = Room { bytes: size, cuts: flags & MSG_NOERROR != 0 };
    let queue = ipc(call).messages.queues().get(id)?;
    let taken = queue.receive(&call.thread, &caller(call), selection, room, fails);
    let (kind, bytes) = taken.map_err(wait_error)?;
    // As in Linux, a message that cannot be handed over is lost.
    message.write(&call.host, &kind)?;
    UserAccess::write(&call.host, text(message), &bytes)?;
    Ok(bytes.len())
}
