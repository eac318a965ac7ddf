//! `kill(2)`, `tkill(2)`, `tgkill(2)`.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_libos::limit::Resource;
use litebox_libos::process::Process;
use litebox_libos::signal::{Detail, Signal, SignalInfo};

use crate::abi::signal::{SI_TKILL, SI_USER};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// A signal's number from a guest; `None` for 0, which only asks whether the target is there.
pub(super) fn decode(signal: i32) -> Result<Option<Signal>> {
    match signal {
        0 => Ok(None),
        _ => Signal::new(signal).map(Some).ok_or(Errno::EINVAL),
    }
}

/// How many signals `process` may have queued.
pub(super) fn queue_limit(process: &Process) -> usize {
    usize::try_from(process.limits.soft(Resource::PendingSignals)).unwrap_or(usize::MAX)
}

pub(crate) fn kill<H: LinuxHost>(call: &mut Call<'_, H>, process: i32, signal: i32) -> Result<()> {
    let targets = targets(call, process)?;
    let Some(signal) = decode(signal)? else { return Ok(()) };
    let detail = Detail::Sender { process: call.process.id(), user: call.credentials.user.real };
    for target in targets {
        target.send(SignalInfo { signal, code: SI_USER, detail }, queue_limit(&target))?;
    }
    Ok(())
}

/// The processes that `kill(2)` names by `number`.
fn targets<H: LinuxHost>(call: &Call<'_, H>, number: i32) -> Result<Vec<Arc<Process>>> {
    let registry = call.process.registry();
    let own_group = call.process.group();
    let of_group =
        |group: u32| registry.processes().into_iter().filter(move |one| one.group() == group).collect();
    let found: Vec<_> = match number {
        -1 => registry
            .processes()
            .into_iter()
            .filter(|one| one.parent() != 0 && one.id() != call.process.id())
            .collect(),
        0 => of_group(own_group),
        ..-1 => of_group(number.unsigned_abs()),
        // The number of any thread names its process.
        1.. => registry.thread(number.unsigned_abs()).into_iter().map(|(process, _)| process).collect(),
    };
    if found.is_empty() { Err(Errno::ESRCH) } else { Ok(found) }
}

pub(crate) fn tkill<H: LinuxHost>(call: &mut Call<'_, H>, thread: i32, signal: i32) -> Result<()> {
    if thread <= 0 {
        return Err(Errno::EINVAL);
    }
    send_to_thread(call, None, thread, signal)
}

pub(crate) fn tgkill<H: LinuxHost>(
    call: &mut Call<'_, H>,
    process: i32,
    thread: i32,
    signal: i32,
) -> Result<()> {
    if process <= 0 || thread <= 0 {
        return Err(Errno::EINVAL);
    }
    send_to_thread(call, Some(process), thread, signal)
}

fn send_to_thread<H: LinuxHost>(
    call: &Call<'_, H>,
    process: Option<i32>,
    thread: i32,
    signal: i32,
) -> Result<()> {
    let (target, thread) = call.process.registry().thread(thread.unsigned_abs()).ok_or(Errno::ESRCH)?;
    if process.is_some_and(|process| process.unsigned_abs() != target.id()) {
        return Err(Errno::ESRCH);
    }
    let Some(signal) = decode(signal)? else { return Ok(()) };
    let detail = Detail::Sender { process: call.process.id(), user: call.credentials.user.real };
    let info = SignalInfo { signal, code: SI_TKILL, detail };
    Ok(target.send_to_thread(&thread, info, queue_limit(&target))?)
}
