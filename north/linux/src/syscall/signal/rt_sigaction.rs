//! `rt_sigaction(2)`.

use litebox_libos::signal::{Action, ActionFlags, Disposition, Signal, SignalSet};
use litebox_libos::user::UserPointer;

use super::check_size;
use crate::abi::signal::{
    SA_EXPOSE_TAGBITS, SA_NOCLDSTOP, SA_NOCLDWAIT, SA_NODEFER, SA_ONSTACK, SA_RESETHAND, SA_RESTART,
    SA_RESTORER, SA_SIGINFO, SIG_DFL, SIG_IGN, SigAction,
};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn rt_sigaction<H: LinuxHost>(
    call: &mut Call<'_, H>,
    signal: i32,
    action: UserPointer<SigAction>,
    old: UserPointer<SigAction>,
    size: usize,
) -> Result<()> {
    check_size(size)?;
    let new = action.non_null().map(|action| action.read(&call.host)).transpose()?;
    let signal = Signal::new(signal).ok_or(Errno::EINVAL)?;
    let before = match new {
        Some(_) if signal.is_unstoppable() => return Err(Errno::EINVAL),
        Some(new) => call.process.set_action(signal, decode(&new)),
        None => call.process.signals.action(signal),
    };
    Ok(old.write_if_some(&call.host, &encode(&before))?)
}

const FLAGS: [(u64, ActionFlags); 9] = [
    (SA_NOCLDSTOP, ActionFlags::NO_CHILD_STOP),
    (SA_NOCLDWAIT, ActionFlags::NO_CHILD_WAIT),
    (SA_SIGINFO, ActionFlags::INFORMATION),
    (SA_EXPOSE_TAGBITS, ActionFlags::EXPOSE_TAG_BITS),
    (SA_RESTORER, ActionFlags::RESTORER),
    (SA_ONSTACK, ActionFlags::ON_STACK),
    (SA_RESTART, ActionFlags::RESTART),
    (SA_NODEFER, ActionFlags::NO_DEFER),
    (SA_RESETHAND, ActionFlags::RESET_HANDLER),
];

/// Unknown flags are forgotten, so that a program can ask by setting and reading back (`sigaction(2)`).
fn decode(action: &SigAction) -> Action {
    let disposition = match action.handler {
        SIG_DFL => Disposition::Default,
        SIG_IGN => Disposition::Ignore,
        handler => Disposition::Handler(handler),
    };
    let known = FLAGS.iter().filter(|(bit, _)| action.flags & bit != 0);
    Action {
        disposition,
        flags: known.fold(ActionFlags::empty(), |flags, (_, flag)| flags | *flag),
        mask: SignalSet::from_bits(action.mask),
        restorer: action.restorer,
    }
}

fn encode(action: &Action) -> SigAction {
    let known = FLAGS.iter().filter(|(_, flag)| action.flags.contains(*flag));
    SigAction {
        handler: match action.disposition {
            Disposition::Default => SIG_DFL,
            Disposition::Ignore => SIG_IGN,
            Disposition::Handler(handler) => handler,
        },
        flags: known.fold(0, |flags, (bit, _)| flags | bit),
        restorer: action.restorer,
        mask: action.mask.bits(),
    }
}
