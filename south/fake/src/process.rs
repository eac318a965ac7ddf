//! Noun *process*: the end of the one guest process.

use std::panic::resume_unwind;

use litebox_host::process::Process;

use crate::host::{FakeHost, lock};
use crate::thread::Ended;

/// How the process ended, once it has.
#[derive(Default)]
pub(crate) struct Ending {
    status: Option<i32>,
}

impl FakeHost {
    /// The status with which the process ended, as `wait(2)` encodes it.
    pub fn exit_status(&self) -> Option<i32> {
        lock(&self.state.ending).status
    }
}

impl Process for FakeHost {
    /// Ends the calling thread by unwinding it: a test that calls this on its own thread catches that.
    fn exit(&self, status: i32) -> ! {
        lock(&self.state.ending).status.get_or_insert(status);
        resume_unwind(Box::new(Ended))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_status_stays() {
        let host = FakeHost::new();
        for status in [0x700, 9] {
            let again = host.clone();
            assert!(std::thread::spawn(move || again.exit(status)).join().is_err());
        }
        assert_eq!(host.exit_status(), Some(0x700));
    }
}
