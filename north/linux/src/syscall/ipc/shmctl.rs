//! `shmctl(2)`.

use litebox_host::memory::PAGE_SIZE;
use litebox_libos::ipc::{MAX_SEGMENTS, SegmentStatus};
use litebox_libos::user::UserPointer;

use super::{change, figure, identifier, ipc, place};
use crate::abi::ipc::{
    IPC_INFO, IPC_RMID, IPC_SET, IPC_STAT, IpcPerm, SHM_INFO, SHM_LOCK, SHM_STAT, SHM_STAT_ANY, SHM_UNLOCK,
    ShmInfo, ShmidDs, Shminfo,
};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn shmctl<H: LinuxHost>(
    call: &mut Call<'_, H>,
    id: i32,
    command: i32,
    buffer: UserPointer<ShmidDs>,
) -> Result<i32> {
    let id = identifier(id)?;
    match command {
        IPC_INFO => limits(call, buffer.cast()),
        SHM_INFO => in_use(call, buffer.cast()),
        IPC_STAT => {
            let status = ipc(call).segments.segments().get(id)?.status(&call.credentials, true)?;
            buffer.write(&call.host, &encode(id, &status))?;
            Ok(0)
        }
        SHM_STAT | SHM_STAT_ANY => {
            let (id, segment) = ipc(call).segments.segments().at(id)?;
            let status = segment.status(&call.credentials, command == SHM_STAT)?;
            buffer.write(&call.host, &encode(id, &status))?;
            Ok(id)
        }
        IPC_SET => {
            let new = buffer.read(&call.host)?;
            ipc(call).segments.segments().get(id)?.change(&call.credentials, &change(&new.perm)?)?;
            Ok(0)
        }
        IPC_RMID => {
            ipc(call).segments.segments().get(id)?.remove(&call.credentials)?;
            Ok(0)
        }
        SHM_LOCK | SHM_UNLOCK => {
            let segment = ipc(call).segments.segments().get(id)?;
            segment.set_locked(&call.credentials, command == SHM_LOCK)?;
            Ok(0)
        }
        _ => Err(Errno::EINVAL),
    }
}

fn encode(id: i32, status: &SegmentStatus) -> ShmidDs {
    ShmidDs {
        perm: IpcPerm { mode: status.mode(), ..IpcPerm::new(&status.permission, id) },
        segsz: status.size as u64,
        atime: status.attached,
        dtime: status.detached,
        ctime: status.changed,
        cpid: status.creator,
        lpid: status.last,
        nattch: status.attachments as u64,
        ..ShmidDs::default()
    }
}

fn limits<H: LinuxHost>(call: &Call<'_, H>, buffer: UserPointer<Shminfo>) -> Result<i32> {
    let ipc = ipc(call);
    let max = ipc.segments.limit();
    let info = Shminfo {
        max,
        min: 1,
        mni: MAX_SEGMENTS as u64,
        seg: MAX_SEGMENTS as u64,
        all: max / PAGE_SIZE as u64,
        ..Shminfo::default()
    };
    buffer.write(&call.host, &info)?;
    place(ipc.segments.segments().highest())
}

fn in_use<H: LinuxHost>(call: &Call<'_, H>, buffer: UserPointer<ShmInfo>) -> Result<i32> {
    let ipc = ipc(call);
    let pages = ipc.segments.used() / PAGE_SIZE as u64;
    let used_ids = figure(ipc.segments.segments().count());
    // What is touched is not counted: all of it.
    let info = ShmInfo { used_ids, total: pages, resident: pages, ..ShmInfo::default() };
    buffer.write(&call.host, &info)?;
    place(ipc.segments.segments().highest())
}
