//! `wait4(2)`, `waitid(2)`: there are no child processes, so there is none to wait for.

use litebox_libos::user::UserPointer;

use crate::abi::process::{P_PGID, P_PID, WAIT_OPTIONS, WAITID_OPTIONS, WAITID_STATES};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn wait4<H: LinuxHost>(
    _: &mut Call<'_, H>,
    process: i32,
    _status: UserPointer<i32>,
    options: i32,
    _usage: UserPointer<u8>,
) -> Result<u32> {
    if options.cast_unsigned() & !WAIT_OPTIONS != 0 {
        return Err(Errno::EINVAL);
    }
    // The number of its group cannot be written.
    if process == i32::MIN { Err(Errno::ESRCH) } else { Err(Errno::ECHILD) }
}

pub(crate) fn waitid<H: LinuxHost>(
    _: &mut Call<'_, H>,
    kind: i32,
    id: i32,
    _info: UserPointer<u8>,
    options: i32,
    _usage: UserPointer<u8>,
) -> Result<()> {
    let options = options.cast_unsigned();
    if options & !WAITID_OPTIONS != 0 || options & WAITID_STATES == 0 || !(0..=P_PGID).contains(&kind) {
        return Err(Errno::EINVAL);
    }
    let makes_sense = match kind {
        P_PID => id > 0,
        P_PGID => id >= 0,
        _ => true,
    };
    if makes_sense { Err(Errno::ECHILD) } else { Err(Errno::EINVAL) }
}
