//! What happens before guest code runs again: signals are taken, handlers entered, interrupted calls started again.
//!
//! If a handler runs after an interrupted call that is to be started again, its frame holds the call's number in
//! `rax` and an instruction pointer that makes the call once more: two bytes back, if a `syscall` instruction is
//! there. Where none is (the host replaced it), the frame keeps its instruction pointer, and the thread remembers
//! the frame: `rt_sigreturn(2)` of it makes the call here.

use litebox_host::memory::UserAccess;
use litebox_host::regs::Registers;
use litebox_libos::limit::Resource;
use litebox_libos::process::ExitStatus;
use litebox_libos::signal::{Action, ActionFlags, DefaultAction, Detail, Disposition, Signal, SignalInfo};

use super::frame;
use crate::abi::signal::SI_KERNEL;
use crate::error::Errno;
use crate::host::LinuxHost;
use crate::task::Task;

/// A call that was interrupted, with `rax` still its number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Interrupted {
    pub(crate) number: u64,
    pub(crate) errno: Errno,
}

impl Interrupted {
    /// A call that a return from a handler is about to make once more: it has not begun, so whatever handler comes
    /// first, it is made after that one.
    const fn not_begun(number: u64) -> Self {
        Self { number, errno: Errno::ERESTARTNOINTR }
    }
}

/// How the thread goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Run guest code.
    Resume,
    /// Run the call in the registers once more.
    Again,
    /// End the thread.
    Exit,
}

/// The most frames that a thread remembers for [`Own::restart_frames`](crate::task::Own).
const MOST_RESTART_FRAMES: usize = 16;

impl<H: LinuxHost> Task<H> {
    /// Everything that has to be looked at before guest code runs again. `interrupted` is the call that was
    /// interrupted, if one was.
    pub(crate) fn before_resume(
        &mut self,
        registers: &mut Registers,
        mut interrupted: Option<Interrupted>,
    ) -> Outcome {
        if core::mem::take(&mut self.own.run_again) {
            interrupted = Some(Interrupted::not_begun(registers.rax));
        }
        self.thread.go_on();
        while self.thread.needs_attention() && !self.is_leaving() {
            self.thread.clear_attention();
            self.process.pass_barriers(&self.thread);
            self.take_signals(registers, &mut interrupted);
            if let Some(mask) = self.own.saved_mask.take() {
                self.process.set_mask(&self.thread, mask);
            }
        }
        if self.is_leaving() {
            Outcome::Exit
        } else if interrupted.is_some() {
            Outcome::Again
        } else {
            Outcome::Resume
        }
    }

    fn take_signals(&mut self, registers: &mut Registers, interrupted: &mut Option<Interrupted>) {
        loop {
            self.process.wait_while_stopped(&self.thread);
            if let Some(status) = self.process.must_leave(&self.thread) {
                return self.leave(status);
            }
            let Some((info, action)) = self.process.next_signal(&self.thread) else { return };
            self.timers.note_delivery(&info);
            match action.disposition {
                Disposition::Handler(handler) => {
                    self.enter_handler(registers, interrupted, &info, &action, handler);
                }
                Disposition::Default | Disposition::Ignore => self.act_by_default(info.signal),
            }
        }
    }

    fn act_by_default(&mut self, signal: Signal) {
        match signal.default_action() {
            // Nobody could tell the process to go on: its group has no parent in its session (setpgid(2)).
            DefaultAction::Stop if signal != Signal::SIGSTOP && self.process.is_in_orphaned_group() => {}
            DefaultAction::Stop => self.process.stop(signal),
            DefaultAction::Ignore | DefaultAction::Continue => {}
            kind @ (DefaultAction::Terminate | DefaultAction::Core) => {
                // No core is written, but whoever asked for one is told of it as Linux would.
                let wants_core = self.process.limits.soft(Resource::Core) > 0;
                let core = kind == DefaultAction::Core && wants_core;
                self.process.end(ExitStatus::Killed { signal: signal.number(), core });
            }
        }
    }

    fn enter_handler(
        &mut self,
        registers: &mut Registers,
        interrupted: &mut Option<Interrupted>,
        info: &SignalInfo,
        action: &Action,
        handler: u64,
    ) {
        let restart = interrupted.take().map_or(Restart::None, |call| self.prepare(registers, call, action));
        let old_mask = self.own.saved_mask.take().unwrap_or_else(|| self.thread.signals().mask());
        match frame::push(self, registers, info, action, old_mask) {
            Ok(()) => {
                self.own.restart_frames.retain(|frame| *frame != registers.rsp);
                if restart == Restart::AtReturn {
                    self.own.restart_frames.push(registers.rsp);
                }
                registers.rip = handler;
                self.process.enter_handler(&self.thread, info.signal, action);
            }
            Err(_) => self.force_segv(info.signal),
        }
    }

    /// Make the registers those that the handler's frame shall hold.
    fn prepare(&mut self, registers: &mut Registers, call: Interrupted, action: &Action) -> Restart {
        let wanted = match call.errno {
            Errno::ERESTARTNOINTR => true,
            errno => errno == Errno::ERESTARTSYS && action.flags.contains(ActionFlags::RESTART),
        };
        registers.rax = call.number;
        if wanted && self.makes_call(registers.rip.wrapping_sub(2)) {
            registers.rip = registers.rip.wrapping_sub(2);
            return Restart::ByGuest;
        }
        if wanted
            && self.own.restart_frames.len() < MOST_RESTART_FRAMES
            && self.own.restart_frames.try_reserve(1).is_ok()
        {
            return Restart::AtReturn;
        }
        registers.rax = (-i64::from(Errno::EINTR.0)).cast_unsigned();
        Restart::None
    }

    /// Whether a `syscall` instruction is at `address`.
    fn makes_call(&self, address: u64) -> bool {
        const SYSCALL: [u8; 2] = [0x0f, 0x05];
        let mut bytes = [0; 2];
        let read =
            usize::try_from(address).is_ok_and(|at| UserAccess::read(&self.host, at, &mut bytes).is_ok());
        read && bytes == SYSCALL
    }

    /// The frame for a handler of `failed` could not be written or restored.
    pub(crate) fn force_segv(&mut self, failed: Signal) {
        if failed == Signal::SIGSEGV {
            self.process.set_action(Signal::SIGSEGV, Action::default());
        }
        let info =
            SignalInfo { signal: Signal::SIGSEGV, code: SI_KERNEL, detail: Detail::Fault { address: 0 } };
        self.process.force(&self.thread, info);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Restart {
    /// The call is over.
    None,
    /// The guest's own instruction makes it again.
    ByGuest,
    /// The return from the handler makes it again.
    AtReturn,
}
