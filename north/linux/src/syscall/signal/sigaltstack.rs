//! `sigaltstack(2)`.

use litebox_libos::user::UserPointer;

use crate::abi::signal::{MINSIGSTKSZ, SS_AUTODISARM, SS_DISABLE, SS_ONSTACK, StackT};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;
use crate::task::Task;

pub(crate) fn sigaltstack<H: LinuxHost>(
    call: &mut Call<'_, H>,
    new: UserPointer<StackT>,
    old: UserPointer<StackT>,
) -> Result<()> {
    let stack_pointer = call.registers.rsp;
    let before = describe(&call.own.alternate_stack, stack_pointer);
    if let Some(new) = new.non_null() {
        let wanted = new.read(&call.host)?;
        set(call.task, &wanted, stack_pointer)?;
    }
    Ok(old.write_if_some(&call.host, &before)?)
}

/// Whether the thread is on the alternate stack. One that is forgotten while in use is never in use.
pub(super) fn is_on(stack: &StackT, stack_pointer: u64) -> bool {
    stack.flags & SS_AUTODISARM == 0 && holds(stack, stack_pointer)
}

/// Whether `stack_pointer` lies in the alternate stack.
pub(super) fn holds(stack: &StackT, stack_pointer: u64) -> bool {
    stack_pointer > stack.pointer && stack_pointer - stack.pointer <= stack.size
}

/// Whether there is an alternate stack.
pub(super) fn is_usable(stack: &StackT) -> bool {
    stack.size != 0
}

fn describe(stack: &StackT, stack_pointer: u64) -> StackT {
    let state = if !is_usable(stack) {
        SS_DISABLE
    } else if is_on(stack, stack_pointer) {
        SS_ONSTACK
    } else {
        0
    };
    StackT { flags: state | (stack.flags & SS_AUTODISARM), ..*stack }
}

/// Replace the alternate stack of a thread whose stack pointer is `stack_pointer`.
pub(super) fn set<H: LinuxHost>(task: &mut Task<H>, wanted: &StackT, stack_pointer: u64) -> Result<()> {
    if is_on(&task.own.alternate_stack, stack_pointer) {
        return Err(Errno::EPERM);
    }
    match wanted.flags & !SS_AUTODISARM {
        SS_DISABLE => {
            task.own.alternate_stack = StackT { flags: wanted.flags, ..StackT::default() };
        }
        0 | SS_ONSTACK if wanted.size < MINSIGSTKSZ => return Err(Errno::ENOMEM),
        0 | SS_ONSTACK => task.own.alternate_stack = StackT { padding: 0, ..*wanted },
        _ => return Err(Errno::EINVAL),
    }
    Ok(())
}
