//! `getpgid(2)`, `setpgid(2)`, `getsid(2)`, `setsid(2)`.

use alloc::sync::Arc;

use litebox_libos::process::Process;

use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// The process numbered `number`, or the caller's for 0.
fn find<H: LinuxHost>(call: &Call<'_, H>, number: i32) -> Result<Arc<Process>> {
    match u32::try_from(number).map_err(|_| Errno::ESRCH)? {
        0 => Ok(Arc::clone(&call.process)),
        id => call.process.registry().process_of(id).ok_or(Errno::ESRCH),
    }
}

pub(crate) fn getpgrp<H: LinuxHost>(call: &mut Call<'_, H>) -> Result<u32> {
    Ok(call.process.group())
}

pub(crate) fn getpgid<H: LinuxHost>(call: &mut Call<'_, H>, process: i32) -> Result<u32> {
    Ok(find(call, process)?.group())
}

pub(crate) fn getsid<H: LinuxHost>(call: &mut Call<'_, H>, process: i32) -> Result<u32> {
    Ok(find(call, process)?.session())
}

pub(crate) fn setpgid<H: LinuxHost>(call: &mut Call<'_, H>, process: i32, group: i32) -> Result<()> {
    let group = u32::try_from(group).map_err(|_| Errno::EINVAL)?;
    let target = find(call, process)?;
    let own = call.process.id();
    if target.id() != own {
        if target.parent() != own {
            return Err(Errno::ESRCH);
        }
        if target.session() == call.process.session() && target.has_program() {
            return Err(Errno::EACCES);
        }
    }
    if target.session() == target.id() || target.session() != call.process.session() {
        return Err(Errno::EPERM);
    }
    let group = if group == 0 { target.id() } else { group };
    let in_session = |one: &Arc<Process>| one.group() == group && one.session() == target.session();
    if group != target.id() && !call.process.registry().processes().iter().any(in_session) {
        return Err(Errno::EPERM);
    }
    target.set_group(group);
    Ok(())
}

pub(crate) fn setsid<H: LinuxHost>(call: &mut Call<'_, H>) -> Result<u32> {
    let id = call.process.id();
    if call.process.registry().processes().iter().any(|one| one.group() == id) {
        return Err(Errno::EPERM);
    }
    call.process.lead_session();
    Ok(id)
}
