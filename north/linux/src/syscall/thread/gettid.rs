//! `gettid(2)`, `set_tid_address(2)`.

use litebox_libos::user::UserPointer;

use crate::error::Result;
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn gettid<H: LinuxHost>(call: &mut Call<'_, H>) -> Result<u32> {
    Ok(call.thread.id())
}

pub(crate) fn set_tid_address<H: LinuxHost>(call: &mut Call<'_, H>, word: UserPointer<u32>) -> Result<u32> {
    call.own.clear_child_tid = word.address();
    Ok(call.thread.id())
}
