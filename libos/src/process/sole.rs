//! One thread becomes the only one of its process, as `execve(2)` demands.

use super::Process;
use crate::error::{Error, ErrorKind, Result};
use crate::thread::Thread;

const LATE: Error = Error::new(ErrorKind::Interrupted, "the process ends, or another thread was faster");
const NOT_YET: Error = Error::new(ErrorKind::WouldBlock, "another thread has not left");

impl Process {
    /// Send all threads but `caller` the way out and wait until they are gone. The caller has the process's
    /// number then. Signals wait meanwhile.
    ///
    /// # Errors
    /// [`ErrorKind::Interrupted`] if the caller itself is to leave.
    pub fn become_sole(&self, caller: &Thread) -> Result<()> {
        self.send_others_away(caller)?;
        self.block_patiently(caller, &self.barriers, None, || self.is_alone(caller))?;
        let mut state = self.state.lock();
        state.sole = None;
        caller.take_number(self.id());
        Ok(())
    }

    fn send_others_away(&self, caller: &Thread) -> Result<()> {
        let mut state = self.state.lock();
        if state.has_ended() || state.sole.is_some() {
            return Err(LATE);
        }
        state.sole = Some(caller.id());
        for thread in state.threads.iter().filter(|thread| thread.id() != caller.id()) {
            thread.demand_attention();
            // It may sleep with an older demand unserved, while the process is stopped.
            thread.parker().unpark();
        }
        Ok(())
    }

    fn is_alone(&self, caller: &Thread) -> Result<()> {
        // Others may wait for the caller to pass a barrier.
        self.pass_barriers(caller);
        let state = self.state.lock();
        match state.threads.len() {
            _ if state.has_ended() => Err(LATE),
            0 | 1 => Ok(()),
            _ => Err(NOT_YET),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::process::ExitStatus;

    #[test]
    fn the_others_leave_and_the_caller_takes_the_number() {
        let host = litebox_host_fake::FakeHost::new();
        let (leader, caller) = (Thread::new(1), Thread::new(2));
        let process = Process::new(1, 0, Arc::clone(&leader));
        process.add(Arc::clone(&caller)).unwrap();
        let other = Arc::clone(&process);
        let leaving = std::thread::spawn(move || {
            let _attached = host.attach();
            while other.must_leave(&leader).is_none() {
                let _ = leader.parker().park(None);
            }
            assert_eq!(other.remove(1, ExitStatus::Exited(0)), None);
        });
        process.become_sole(&caller).unwrap();
        leaving.join().unwrap();
        assert_eq!(caller.id(), 1);
        assert_eq!(process.threads().len(), 1);
        assert_eq!(process.must_leave(&caller), None);
        process.end(ExitStatus::Exited(3));
        assert_eq!(process.become_sole(&caller).unwrap_err().kind, ErrorKind::Interrupted);
    }
}
