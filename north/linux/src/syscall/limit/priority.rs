//! `getpriority(2)`, `setpriority(2)`: nice values are kept, the host's scheduler decides.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_libos::process::Process;

use crate::abi::limit::PRIO_KINDS;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// The processes that `kind` and `who` name: 0 is the caller's process, group or user.
fn named<H: LinuxHost>(call: &Call<'_, H>, kind: i32, who: i32) -> Result<Vec<Arc<Process>>> {
    if !PRIO_KINDS.contains(&kind) {
        return Err(Errno::EINVAL);
    }
    let id = who.unsigned_abs();
    let registry = call.process.registry();
    let named: Vec<_> = match kind {
        0 if who == 0 => alloc::vec![Arc::clone(&call.process)],
        0 => registry.process_of(id).into_iter().collect(),
        1 => registry.group(if who == 0 { call.process.group() } else { id }),
        _ => {
            let user = if who == 0 { call.credentials.user.real } else { id };
            let mut all = registry.processes();
            all.retain(|process| process.user() == Some(user));
            all
        }
    };
    if named.is_empty() { Err(Errno::ESRCH) } else { Ok(named) }
}

/// The kernel's answer is 20 minus the nice value, so that it is never negative.
pub(crate) fn getpriority<H: LinuxHost>(call: &mut Call<'_, H>, kind: i32, who: i32) -> Result<i32> {
    let lowest = named(call, kind, who)?.iter().map(|process| process.nice()).min();
    Ok(20 - lowest.unwrap_or(0))
}

pub(crate) fn setpriority<H: LinuxHost>(
    call: &mut Call<'_, H>,
    kind: i32,
    who: i32,
    priority: i32,
) -> Result<()> {
    let wanted = priority.clamp(-20, 19);
    let (privileged, own) = (call.credentials.may_change(), call.credentials.user.effective);
    let mut outcome = Ok(());
    for process in named(call, kind, who)? {
        if !privileged && process.user() != Some(own) {
            outcome = Err(Errno::EPERM);
        } else if !privileged && wanted < process.nice() {
            outcome = Err(Errno::EACCES);
        } else {
            process.set_nice(wanted);
        }
    }
    outcome
}
