//! `rt_sigprocmask(2)`.

use litebox_libos::signal::SignalSet;
use litebox_libos::user::UserPointer;

use super::check_size;
use crate::abi::signal::{SIG_BLOCK, SIG_SETMASK, SIG_UNBLOCK};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn rt_sigprocmask<H: LinuxHost>(
    call: &mut Call<'_, H>,
    how: i32,
    set: UserPointer<u64>,
    old: UserPointer<u64>,
    size: usize,
) -> Result<()> {
    check_size(size)?;
    let before = call.thread.signals().mask();
    if let Some(set) = set.non_null() {
        let set = SignalSet::from_bits(set.read(&call.host)?);
        let mask = match how {
            SIG_BLOCK => before.union(set),
            SIG_UNBLOCK => before.difference(set),
            SIG_SETMASK => set,
            _ => return Err(Errno::EINVAL),
        };
        call.process.set_mask(&call.thread, mask);
    }
    Ok(old.write_if_some(&call.host, &before.bits())?)
}
