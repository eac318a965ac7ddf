//! `kill(2)`, `tkill(2)`, `tgkill(2)`.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_libos::limit::Resource;
use litebox_libos::process::Process;
use litebox_libos::signal::Signal;

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

/// Whether the caller may send `signal` to `target` (`kill(2)`).
pub(super) fn may_signal<H: LinuxHost>(
    call: &Call<'_, H>,
    target: &Process,
    signal: Option<Signal>,
) -> Result<()> {
    if target.id() == call.process.id() || call.credentials.may_change() {
        return Ok(());
    }
    if signal == Some(Signal::SIGCONT) && target.session() == call.process.session() {
        return Ok(());
    }
    let own = call.credentials.user;
    // What has ended belongs to whoever it belonged to; what never ran anything, to user 0.
    let user = match target.threads().first() {
        Some(thread) => thread.credentials().user,
        None if target.is_init() => return Err(Errno::EPERM),
        None => return Ok(()),
    };
    let same = [own.real, own.effective].iter().any(|id| [user.real, user.saved].contains(id));
    if same { Ok(()) } else { Err(Errno::EPERM) }
}

/// Success if any process could be signalled; else what the last one said.
pub(crate) fn kill<H: LinuxHost>(call: &mut Call<'_, H>, process: i32, signal: i32) -> Result<()> {
    let targets = targets(call, process)?;
    let signal = decode(signal)?;
    let mut outcome = Err(Errno::ESRCH);
    for target in targets {
        let sent = may_signal(call, &target, signal).and_then(|()| match signal {
            Some(signal) => Ok(target.send(call.signal_info(signal, SI_USER), queue_limit(&target))?),
            None => Ok(()),
        });
        if outcome.is_err() {
            outcome = sent;
        }
    }
    outcome
}

/// The processes that `kill(2)` names by `number`.
fn targets<H: LinuxHost>(call: &Call<'_, H>, number: i32) -> Result<Vec<Arc<Process>>> {
    let registry = call.process.registry();
    let found: Vec<_> = match number {
        -1 => {
            let mut others = registry.processes();
            others.retain(|one| !one.is_init() && one.id() != call.process.id());
            others
        }
        0 => registry.group(call.process.group()),
        ..-1 => registry.group(number.unsigned_abs()),
        // The number of any thread names its process.
        1.. => registry.process_of(number.unsigned_abs()).into_iter().collect(),
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
    let number = thread.unsigned_abs();
    let Some((target, thread)) = call.process.registry().thread(number) else {
        return to_ended(call, process, number, signal);
    };
    if process.is_some_and(|process| process.unsigned_abs() != target.id()) {
        return Err(Errno::ESRCH);
    }
    let signal = decode(signal)?;
    may_signal(call, &target, signal)?;
    let Some(signal) = signal else { return Ok(()) };
    Ok(target.send_to_thread(&thread, call.signal_info(signal, SI_TKILL), queue_limit(&target))?)
}

/// A process that has ended and was not waited for takes signals as if it were there.
fn to_ended<H: LinuxHost>(call: &Call<'_, H>, process: Option<i32>, number: u32, signal: i32) -> Result<()> {
    let target = call.process.registry().process(number)?;
    if !target.has_finished() || process.is_some_and(|process| process.unsigned_abs() != number) {
        return Err(Errno::ESRCH);
    }
    decode(signal).map(|_| ())
}
