//! `kcmp(2)`.

use alloc::sync::Arc;

use litebox_libos::file::Description;

use crate::abi::process::{KCMP_FILE, KCMP_TYPES, KCMP_VM};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// Open files are compared between any processes that the caller could look into, memory within its own.
pub(crate) fn kcmp<H: LinuxHost>(
    call: &mut Call<'_, H>,
    first: i32,
    second: i32,
    kind: i32,
    first_index: u64,
    second_index: u64,
) -> Result<i32> {
    let numbers = [process(call, first)?, process(call, second)?];
    match kind {
        KCMP_FILE => {
            let one = open_file(call, numbers[0], first_index)?;
            let other = open_file(call, numbers[1], second_index)?;
            Ok(order(Arc::as_ptr(&one).addr(), Arc::as_ptr(&other).addr()))
        }
        KCMP_VM if numbers == [call.process.id(); 2] => Ok(0),
        KCMP_VM..KCMP_TYPES => Err(Errno::EPERM),
        _ => Err(Errno::EINVAL),
    }
}

/// The number of the process that has a thread numbered `number`.
fn process<H: LinuxHost>(call: &Call<'_, H>, number: i32) -> Result<u32> {
    let number = u32::try_from(number).map_err(|_| Errno::ESRCH)?;
    Ok(call.process.registry().process_of(number).ok_or(Errno::ESRCH)?.id())
}

fn open_file<H: LinuxHost>(call: &Call<'_, H>, process: u32, index: u64) -> Result<Arc<Description>> {
    let number = u32::try_from(index).map_err(|_| Errno::EBADF)?;
    if process == call.process.id() {
        return Ok(call.descriptors.get(number)?);
    }
    let shown = call.place.namespace().processes().get(process).map_err(|_| Errno::ESRCH)?;
    let own = &call.credentials;
    if !own.may_change() && (own.user.effective, own.group.effective) != shown.owner() {
        return Err(Errno::EPERM);
    }
    let found = shown.descriptors().into_iter().find(|(other, _)| *other == number);
    Ok(found.ok_or(Errno::EBADF)?.1)
}

/// Equal, less or greater, as the call answers it.
fn order(one: usize, other: usize) -> i32 {
    match one.cmp(&other) {
        core::cmp::Ordering::Equal => 0,
        core::cmp::Ordering::Less => 1,
        core::cmp::Ordering::Greater => 2,
    }
}
