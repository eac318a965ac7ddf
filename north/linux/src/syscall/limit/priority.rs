//! `getpriority(2)`, `setpriority(2)`: nice values are kept, the host's scheduler decides.

use litebox_host::sync::Ordering;

use crate::abi::limit::PRIO_KINDS;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// Check that `kind` and `who` name something: 0 is the caller's process, group or user.
fn check<H: LinuxHost>(call: &Call<'_, H>, kind: i32, who: i32) -> Result<()> {
    if !PRIO_KINDS.contains(&kind) {
        return Err(Errno::EINVAL);
    }
    let id = who.unsigned_abs();
    let registry = call.process.registry();
    let exists = match kind {
        _ if who == 0 => true,
        0 => registry.thread(id).is_some(),
        1 => registry.processes().iter().any(|process| process.group() == id),
        _ => call.credentials.user.real == id,
    };
    if exists { Ok(()) } else { Err(Errno::ESRCH) }
}

/// The kernel's answer is 20 minus the nice value, so that it is never negative.
pub(crate) fn getpriority<H: LinuxHost>(call: &mut Call<'_, H>, kind: i32, who: i32) -> Result<i32> {
    check(call, kind, who)?;
    Ok(20 - call.settings.nice.load(Ordering::Relaxed).cast_signed())
}

pub(crate) fn setpriority<H: LinuxHost>(
    call: &mut Call<'_, H>,
    kind: i32,
    who: i32,
    priority: i32,
) -> Result<()> {
    check(call, kind, who)?;
    let wanted = priority.clamp(-20, 19);
    let now = call.settings.nice.load(Ordering::Relaxed).cast_signed();
    if wanted < now && !call.credentials.may_change() {
        return Err(Errno::EACCES);
    }
    call.settings.nice.store(wanted.cast_unsigned(), Ordering::Relaxed);
    Ok(())
}
