//! `semget(2)`, `semop(2)`, `semtimedop(2)`.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::time::Deadline;
use litebox_libos::ErrorKind;
use litebox_libos::ipc::semaphore::{MAX_OPERATIONS, Operation, Request};
use litebox_libos::user::UserPointer;

use super::{creation, identifier, ipc, mode, wait_error};
use crate::abi::ipc::{IPC_NOWAIT, SEM_UNDO, Sembuf};
use crate::abi::time::Timespec;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;
use crate::syscall::file::caller;

pub(crate) fn semget<H: LinuxHost>(call: &mut Call<'_, H>, key: i32, count: i32, flags: i32) -> Result<i32> {
    let count = usize::try_from(count).map_err(|_| Errno::EINVAL)?;
    Ok(ipc(call).semaphores.get(creation(key, flags), count, mode(flags), &caller(call))?)
}

pub(crate) fn semop<H: LinuxHost>(
    call: &mut Call<'_, H>,
    id: i32,
    operations: UserPointer<Sembuf>,
    count: usize,
) -> Result<()> {
    semtimedop(call, id, operations, count, UserPointer::new(0))
}

pub(crate) fn semtimedop<H: LinuxHost>(
    call: &mut Call<'_, H>,
    id: i32,
    operations: UserPointer<Sembuf>,
    count: usize,
    timeout: UserPointer<Timespec>,
) -> Result<()> {
    let timeout = timeout.non_null().map(|timeout| timeout.read(&call.host)).transpose()?;
    let id = identifier(id)?;
    // Linux takes the count as 32 bits.
    let count = u32::try_from(count & 0xffff_ffff).map_or(usize::MAX, |count| count as usize);
    match count {
        0 => return Err(Errno::EINVAL),
        1..=MAX_OPERATIONS => {}
        _ => return Err(Errno::E2BIG),
    }
    let request = read_request(call, operations, count)?;
    let deadline: Option<Deadline> = match timeout {
        Some(timeout) => Some(call.deadline_after(timeout.duration()?)),
        None => None,
    };
    let set = ipc(call).semaphores.sets().get(id)?;
    set.operate(&call.thread, &call.credentials, request, deadline).map_err(|error| match error.kind {
        ErrorKind::TimedOut => Errno::EAGAIN,
        _ => wait_error(error),
    })
}

fn read_request<H: LinuxHost>(
    call: &Call<'_, H>,
    from: UserPointer<Sembuf>,
    count: usize,
) -> Result<Request> {
    let mut operations = Vec::new();
    operations.try_reserve_exact(count).map_err(|_| Errno::ENOMEM)?;
    for index in 0..count {
        let operation = from.element(index).read(&call.host)?;
        operations.push(Operation {
            index: operation.num,
            change: operation.op,
            fails: i32::from(operation.flags) & IPC_NOWAIT != 0,
            undoes: operation.flags & SEM_UNDO != 0,
        });
    }
    Ok(Request { operations, process: call.process.id(), undo: Some(Arc::clone(&call.undo)) })
}
