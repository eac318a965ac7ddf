//! `getrlimit(2)`, `setrlimit(2)`, `prlimit(2)`.

use alloc::sync::Arc;

use litebox_libos::limit::{Limit, Resource};
use litebox_libos::process::Process;
use litebox_libos::user::UserPointer;

use crate::abi::limit::{Rlimit, resource};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

fn encode(limit: Limit) -> Rlimit {
    Rlimit { current: limit.soft, maximum: limit.hard }
}

fn set<H: LinuxHost>(call: &Call<'_, H>, process: &Process, resource: Resource, new: Rlimit) -> Result<()> {
    let limit = Limit { soft: new.current, hard: new.maximum };
    process.limits.set(resource, limit, call.credentials.may_change())?;
    if process.id() != call.process.id() {
        // What another process may map is looked up in its own limits.
        return Ok(());
    }
    let bytes = usize::try_from(new.current).unwrap_or(usize::MAX);
    call.memory.set_limits(|memory| match resource {
        Resource::AddressSpace => memory.address_space = bytes,
        Resource::Data => memory.data = bytes,
        Resource::Stack => memory.stack = bytes,
        Resource::LockedMemory => memory.locked = bytes,
        _ => {}
    });
    Ok(())
}

pub(crate) fn getrlimit<H: LinuxHost>(
    call: &mut Call<'_, H>,
    number: u32,
    limits: UserPointer<Rlimit>,
) -> Result<()> {
    let resource = resource(number).ok_or(Errno::EINVAL)?;
    Ok(limits.write(&call.host, &encode(call.process.limits.get(resource)))?)
}

pub(crate) fn setrlimit<H: LinuxHost>(
    call: &mut Call<'_, H>,
    number: u32,
    limits: UserPointer<Rlimit>,
) -> Result<()> {
    let new = limits.read(&call.host)?;
    let resource = resource(number).ok_or(Errno::EINVAL)?;
    set(call, &call.process, resource, new)
}

pub(crate) fn prlimit64<H: LinuxHost>(
    call: &mut Call<'_, H>,
    process: i32,
    number: u32,
    new: UserPointer<Rlimit>,
    old: UserPointer<Rlimit>,
) -> Result<()> {
    let resource = resource(number).ok_or(Errno::EINVAL)?;
    let new = new.non_null().map(|new| new.read(&call.host)).transpose()?;
    let target = find(call, process)?;
    check_rights(call, &target)?;
    let before = target.limits.get(resource);
    if let Some(new) = new {
        set(call, &target, resource, new)?;
    }
    Ok(old.write_if_some(&call.host, &encode(before))?)
}

/// Another process's limits are for those who have all its identities (`prlimit(2)`).
fn check_rights<H: LinuxHost>(call: &Call<'_, H>, target: &Process) -> Result<()> {
    if target.id() == call.process.id() || call.credentials.may_change() {
        return Ok(());
    }
    let own = &call.credentials;
    let theirs = target.threads().first().map(|thread| thread.credentials()).ok_or(Errno::ESRCH)?;
    let (user, group) = (theirs.user, theirs.group);
    let same = [user.real, user.effective, user.saved].iter().all(|id| *id == own.user.real)
        && [group.real, group.effective, group.saved].iter().all(|id| *id == own.group.real);
    if same { Ok(()) } else { Err(Errno::EPERM) }
}

fn find<H: LinuxHost>(call: &Call<'_, H>, process: i32) -> Result<Arc<Process>> {
    match u32::try_from(process).map_err(|_| Errno::ESRCH)? {
        0 => Ok(Arc::clone(&call.process)),
        id => call.process.registry().process_of(id).ok_or(Errno::ESRCH),
    }
}
