//! The wait of threads that do something for their whole process: signals do not cut it short.

use litebox_host::time::Deadline;

use super::Process;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, WaitQueue, block};
use crate::thread::Thread;

const LEAVING: Error = Error::new(ErrorKind::Interrupted, "the waiting thread is to leave");

impl Process {
    /// Block `caller`, a thread of this process, in `queue` until `attempt` answers something other than
    /// [`ErrorKind::WouldBlock`]. Signals wait meanwhile, and are looked at afterwards.
    ///
    /// # Errors
    /// Whatever `attempt` answers; [`ErrorKind::TimedOut`] once `deadline` has passed; [`ErrorKind::Interrupted`] if the
    /// caller is to leave, which may have been decided before this wait: nothing else would tell of it then.
    pub(super) fn block_patiently<R>(
        &self,
        caller: &Thread,
        queue: &WaitQueue,
        deadline: Option<Deadline>,
        mut attempt: impl FnMut() -> Result<R>,
    ) -> Result<R> {
        let outcome = loop {
            caller.clear_attention();
            // Others may wait for the caller to pass a barrier.
            self.pass_barriers(caller);
            if self.must_leave(caller).is_some() {
                break Err(LEAVING);
            }
            match block(caller, &[(queue, Readiness::READ)], deadline, &mut attempt) {
                Err(error) if error.kind == ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        // What arrived meanwhile is looked at now.
        caller.note_attention();
        outcome
    }
}
