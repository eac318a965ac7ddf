//! `rt_sigreturn(2)`: the return from a handler.

use litebox_libos::signal::{Signal, SignalSet};
use litebox_libos::user::UserPointer;

use super::{frame, sigaltstack};
use crate::abi::signal::{Frame, UContext};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// The restorer was returned to, so that the frame's first word is off the stack.
pub(crate) fn rt_sigreturn<H: LinuxHost>(call: &mut Call<'_, H>) -> Result<()> {
    call.keep_registers();
    let frame = call.registers.rsp.wrapping_sub(size_of::<u64>() as u64);
    match resume(call, frame) {
        Ok(()) => call.own.run_again = call.forget_restart(frame),
        Err(_) => call.force_segv(Signal::SIGSEGV),
    }
    Ok(())
}

fn resume<H: LinuxHost>(call: &mut Call<'_, H>, frame: u64) -> Result<()> {
    let at = usize::try_from(frame).map_err(|_| Errno::EFAULT)?;
    let context_at = at.wrapping_add(core::mem::offset_of!(Frame, context));
    let context = UserPointer::<UContext>::new(context_at).read(&call.host)?;
    call.process.set_mask(&call.thread, SignalSet::from_bits(context.mask));
    frame::restore(call.task, call.registers, &context)?;
    let stack_pointer = call.registers.rsp;
    // As in Linux, a stack that makes no sense is left out.
    let _ = sigaltstack::set(call.task, &context.stack, stack_pointer);
    Ok(())
}

impl<H: LinuxHost> Call<'_, H> {
    /// Whether the return from `frame` starts a call again.
    fn forget_restart(&mut self, frame: u64) -> bool {
        let frames = &mut self.own.restart_frames;
        let before = frames.len();
        frames.retain(|known| *known != frame);
        frames.len() < before
    }
}
