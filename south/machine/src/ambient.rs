//! The link-time services: the scheduler's.

use litebox_host::ambient::{Ambient, Log, TimedOut};
use litebox_host::sync::AtomicU32;
use litebox_host::thread::HostThread;
use litebox_host::time::Deadline;

use crate::host::BareMachine;
use crate::{control, scheduler};

impl Ambient for BareMachine {
    fn wait(word: &AtomicU32, expected: u32, deadline: Option<Deadline>) -> Result<(), TimedOut> {
        let in_time = scheduler::wait(word, expected, deadline.map(|deadline| deadline.0));
        if in_time { Ok(()) } else { Err(TimedOut) }
    }

    fn wake(word: &AtomicU32, count: u32) {
        scheduler::wake(word, count);
    }

    fn kick(thread: HostThread) {
        scheduler::kick(thread.0);
    }

    fn log(_: Log, line: &str) {
        control::say("log", format_args!("{line}"));
    }
}
