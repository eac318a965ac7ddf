//! `msgctl(2)`.

use litebox_libos::ipc::{MAX_BYTES, MAX_MESSAGE, MAX_QUEUES, MessageQueueStatus};
use litebox_libos::user::UserPointer;

use super::{change, figure, identifier, ipc, place};
use crate::abi::ipc::{
    IPC_INFO, IPC_RMID, IPC_SET, IPC_STAT, IpcPerm, MSG_INFO, MSG_STAT, MSG_STAT_ANY, Msginfo, MsqidDs,
};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;
use crate::syscall::file::caller;

pub(crate) fn msgctl<H: LinuxHost>(
    call: &mut Call<'_, H>,
    id: i32,
    command: i32,
    buffer: UserPointer<MsqidDs>,
) -> Result<i32> {
    let id = identifier(id)?;
    match command {
        IPC_INFO | MSG_INFO => information(call, command, buffer.cast()),
        IPC_STAT => {
            let status = ipc(call).messages.queues().get(id)?.status(&call.credentials, true)?;
            buffer.write(&call.host, &encode(id, &status))?;
            Ok(0)
        }
        MSG_STAT | MSG_STAT_ANY => {
            let (id, queue) = ipc(call).messages.queues().at(id)?;
            let status = queue.status(&call.credentials, command == MSG_STAT)?;
            buffer.write(&call.host, &encode(id, &status))?;
            Ok(id)
        }
        IPC_SET => {
            let new = buffer.read(&call.host)?;
            let limit = usize::try_from(new.qbytes).map_err(|_| Errno::EINVAL)?;
            let queue = ipc(call).messages.queues().get(id)?;
            queue.change(&call.credentials, &change(&new.perm)?, limit)?;
            Ok(0)
        }
        IPC_RMID => {
            ipc(call).messages.remove(id, &caller(call))?;
            Ok(0)
        }
        _ => Err(Errno::EINVAL),
    }
}

fn encode(id: i32, status: &MessageQueueStatus) -> MsqidDs {
    MsqidDs {
        perm: IpcPerm::new(&status.permission, id),
        stime: status.sent,
        rtime: status.received,
        ctime: status.changed,
        cbytes: status.bytes as u64,
        qnum: status.messages as u64,
        qbytes: status.limit as u64,
        lspid: status.sender,
        lrpid: status.receiver,
        ..MsqidDs::default()
    }
}

/// The limits, or with [`MSG_INFO`] in three places what is in use.
fn information<H: LinuxHost>(call: &Call<'_, H>, command: i32, buffer: UserPointer<Msginfo>) -> Result<i32> {
    let ipc = ipc(call);
    let queues = ipc.messages.queues();
    let mut info = Msginfo {
        pool: figure(MAX_QUEUES * MAX_BYTES / 1024),
        map: figure(MAX_BYTES),
        max: figure(MAX_MESSAGE),
        mnb: figure(MAX_BYTES),
        mni: figure(MAX_QUEUES),
        ssz: 16,
        tql: figure(MAX_BYTES),
        seg: u16::MAX,
        padding: 0,
    };
    if command == MSG_INFO {
        let (messages, bytes) = ipc.messages.used()?;
        info.pool = figure(queues.count());
        info.map = figure(messages);
        info.tql = figure(bytes);
    }
    buffer.write(&call.host, &info)?;
    place(queues.highest())
}
