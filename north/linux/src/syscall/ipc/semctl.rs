//! `semctl(2)`.

use alloc::vec::Vec;

use litebox_host::memory::UserAccess;
use litebox_libos::ipc::semaphore::{
    MAX_OPERATIONS, MAX_SEMAPHORES, MAX_SETS, MAX_TOTAL, MAX_VALUE, SemaphoreSet, SemaphoreSetStatus, Waiting,
};
use litebox_libos::memory::buffer;
use litebox_libos::user::UserPointer;
use zerocopy::IntoBytes;

use super::{change, figure, identifier, ipc, place};
use crate::abi::ipc::{
    GETALL, GETNCNT, GETPID, GETVAL, GETZCNT, IPC_INFO, IPC_RMID, IPC_SET, IPC_STAT, IpcPerm, SEM_INFO,
    SEM_STAT, SEM_STAT_ANY, SETALL, SETVAL, SemidDs, Seminfo,
};
use crate::arg::Arg;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;
use crate::syscall::file::caller;

pub(crate) fn semctl<H: LinuxHost>(
    call: &mut Call<'_, H>,
    id: i32,
    index: i32,
    command: i32,
    argument: u64,
) -> Result<i32> {
    let id = identifier(id)?;
    match command {
        IPC_INFO | SEM_INFO => information(call, command, argument),
        IPC_STAT => {
            let status = set(call, id)?.status(&call.credentials, true)?;
            write(call, argument, &encode(id, &status))?;
            Ok(0)
        }
        SEM_STAT | SEM_STAT_ANY => {
            let (id, set) = ipc(call).semaphores.sets().at(id)?;
            let status = set.status(&call.credentials, command == SEM_STAT)?;
            write(call, argument, &encode(id, &status))?;
            Ok(id)
        }
        IPC_SET => {
            let new: SemidDs = pointer(argument)?.read(&call.host)?;
            set(call, id)?.change(&call.credentials, &change(&new.perm)?)?;
            Ok(0)
        }
        IPC_RMID => {
            ipc(call).semaphores.remove(id, &caller(call))?;
            Ok(0)
        }
        GETALL => get_all(call, id, argument),
        SETALL => set_all(call, id, argument),
        SETVAL => {
            let value = i32::decode(argument)?;
            set(call, id)?.set_value(&call.credentials, call.process.id(), index, value)?;
            Ok(0)
        }
        GETVAL | GETPID | GETNCNT | GETZCNT => one(call, id, index, command),
        _ => Err(Errno::EINVAL),
    }
}

fn set<H: LinuxHost>(call: &Call<'_, H>, id: i32) -> Result<alloc::sync::Arc<SemaphoreSet>> {
    Ok(ipc(call).semaphores.sets().get(id)?)
}

fn pointer<T>(argument: u64) -> Result<UserPointer<T>> {
    UserPointer::decode(argument)
}

fn write<H: LinuxHost, T: IntoBytes + zerocopy::Immutable>(
    call: &Call<'_, H>,
    argument: u64,
    value: &T,
) -> Result<()> {
    Ok(pointer(argument)?.write(&call.host, value)?)
}

fn encode(id: i32, status: &SemaphoreSetStatus) -> SemidDs {
    SemidDs {
        perm: IpcPerm::new(&status.permission, id),
        otime: status.operated,
        ctime: status.changed,
        nsems: status.count as u64,
        ..SemidDs::default()
    }
}

/// What there is of one semaphore.
fn one<H: LinuxHost>(call: &Call<'_, H>, id: i32, index: i32, command: i32) -> Result<i32> {
    let set = set(call, id)?;
    let credentials = &call.credentials;
    Ok(match command {
        GETVAL => set.semaphore(credentials, index)?.value,
        GETPID => figure(set.semaphore(credentials, index)?.process),
        GETNCNT => figure(set.waiting(credentials, index, Waiting::Increase)?),
        _ => figure(set.waiting(credentials, index, Waiting::Zero)?),
    })
}

fn get_all<H: LinuxHost>(call: &Call<'_, H>, id: i32, argument: u64) -> Result<i32> {
    let values = set(call, id)?.values(&call.credentials)?;
    let to = pointer::<u16>(argument)?;
    UserAccess::write(&call.host, to.address(), values.as_slice().as_bytes())?;
    Ok(0)
}

fn set_all<H: LinuxHost>(call: &Call<'_, H>, id: i32, argument: u64) -> Result<i32> {
    let set = set(call, id)?;
    set.check_settable(&call.credentials)?;
    let mut values: Vec<u16> = buffer::zeroed(set.count())?;
    let from = pointer::<u16>(argument)?;
    UserAccess::read(&call.host, from.address(), values.as_mut_slice().as_mut_bytes())?;
    set.set_values(&call.credentials, call.process.id(), &values)?;
    Ok(0)
}

/// The limits, or with [`SEM_INFO`] in two places what is in use.
fn information<H: LinuxHost>(call: &Call<'_, H>, command: i32, argument: u64) -> Result<i32> {
    /// Bytes of what Linux keeps for an undo (`SEMUSZ`).
    const UNDO_SIZE: i32 = 20;
    let semaphores = &ipc(call).semaphores;
    let in_use = command == SEM_INFO;
    let info = Seminfo {
        map: figure(MAX_TOTAL),
        mni: figure(MAX_SETS),
        mns: figure(MAX_TOTAL),
        mnu: figure(MAX_TOTAL),
        msl: figure(MAX_SEMAPHORES),
        opm: figure(MAX_OPERATIONS),
        ume: figure(MAX_OPERATIONS),
        usz: if in_use { figure(semaphores.sets().count()) } else { UNDO_SIZE },
        vmx: MAX_VALUE,
        aem: if in_use { figure(semaphores.used()) } else { MAX_VALUE },
    };
    write(call, argument, &info)?;
    place(semaphores.sets().highest())
}
