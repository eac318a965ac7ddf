//! What the calls share.

use alloc::sync::Arc;

use litebox_libos::ErrorKind;
use litebox_libos::ipc::{Change, Creation, Ipc};

use crate::abi::ipc::{IPC_CREAT, IPC_EXCL, IpcPerm};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// The sandbox's interprocess communication.
pub(super) fn ipc<H: LinuxHost>(call: &Call<'_, H>) -> Arc<Ipc> {
    Arc::clone(call.place.namespace().ipc())
}

/// How an object is asked for.
pub(super) fn creation(key: i32, flags: i32) -> Creation {
    Creation { key, create: flags & IPC_CREAT != 0, exclusive: flags & IPC_EXCL != 0 }
}

/// The permission bits among `flags`.
pub(super) fn mode(flags: i32) -> u32 {
    flags.cast_unsigned() & 0o777
}

/// An object's number, which is not negative.
pub(super) fn identifier(id: i32) -> Result<i32> {
    if id < 0 { Err(Errno::EINVAL) } else { Ok(id) }
}

/// What `IPC_SET` changes; the numbers -1 are nobody's.
pub(super) fn change(perm: &IpcPerm) -> Result<Change> {
    if perm.uid == u32::MAX || perm.gid == u32::MAX {
        return Err(Errno::EINVAL);
    }
    Ok(Change { user: perm.uid, group: perm.gid, mode: perm.mode })
}

/// A place as the result that `IPC_INFO` and its like give.
pub(super) fn place(highest: usize) -> Result<i32> {
    i32::try_from(highest).map_err(|_| Errno::EINVAL)
}

/// A figure in an `int`, cut to what that can hold.
pub(super) fn figure(value: impl TryInto<i32>) -> i32 {
    value.try_into().unwrap_or(i32::MAX)
}

/// The error of a wait that a handler always ends (`signal(7)`).
pub(super) fn wait_error(error: litebox_libos::Error) -> Errno {
    match error.kind {
        ErrorKind::Interrupted => Errno::ERESTARTNOHAND,
        _ => error.into(),
    }
}
