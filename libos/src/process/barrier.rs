//! Memory barriers on all threads of a process (`membarrier(2)`).

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::Process;
use crate::error::{Error, ErrorKind, Result};
use crate::event::Readiness;
use crate::thread::Thread;

const NO_MEMORY: Error = Error::new(ErrorKind::NoMemory, "no memory to wait for all threads");
const NOT_YET: Error = Error::new(ErrorKind::WouldBlock, "a thread has not passed the barrier");

impl Process {
    /// Return when every other thread has passed a full memory barrier between two of its guest instructions.
    ///
    /// Signals wait meanwhile: each thread passes as soon as it is outside guest code.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`]; [`ErrorKind::Interrupted`] if the caller is to leave.
    pub fn barrier(&self, caller: &Thread) -> Result<()> {
        let others = self.ask(caller)?;
        if others.is_empty() {
            return Ok(());
        }
        self.block_patiently(caller, &self.barriers, None, || {
            // Two threads that wait for each other are both outside guest code.
            self.pass_barriers(caller);
            let passed = others.iter().all(|(thread, number)| thread.has_passed(*number));
            if passed { Ok(()) } else { Err(NOT_YET) }
        })
    }

    fn ask(&self, caller: &Thread) -> Result<Vec<(Arc<Thread>, u64)>> {
        let state = self.state.lock();
        let mut others = Vec::new();
        others.try_reserve_exact(state.threads.len()).map_err(|_| NO_MEMORY)?;
        for thread in state.threads.iter().filter(|thread| thread.id() != caller.id()) {
            others.push((Arc::clone(thread), thread.want_barrier()));
        }
        Ok(others)
    }

    /// The calling thread is outside guest code: it passes what barriers were asked of it.
    pub fn pass_barriers(&self, caller: &Thread) {
        if caller.pass_barriers() {
            self.barriers.wake(Readiness::READ);
        }
    }
}
