//! Waiting, waking, kicking and logging.

use std::cell::Cell;
use std::sync::Mutex;

use litebox_host::ambient::{Ambient, Log, TimedOut};
use litebox_host::sync::AtomicU32;
use litebox_host::thread::HostThread;
use litebox_host::time::Deadline;

use crate::host::lock;
use crate::schedule;
use crate::thread;

struct Fake;

litebox_host::bind_ambient!(Fake);

static LOG: Mutex<Vec<String>> = Mutex::new(Vec::new());

thread_local! {
    static WAKES: Cell<u64> = const { Cell::new(0) };
}

/// How often the calling thread has asked its host to wake somebody.
pub fn wakes_by_this_thread() -> u64 {
    WAKES.get()
}

/// All diagnostic lines of this test process so far that contain `part`.
pub fn log_lines(part: &str) -> Vec<String> {
    lock(&LOG).iter().filter(|line| line.contains(part)).cloned().collect()
}

impl Ambient for Fake {
    fn wait(word: &AtomicU32, expected: u32, deadline: Option<Deadline>) -> Result<(), TimedOut> {
        let host = thread::current_host();
        let threads = host.as_ref().map(|host| &host.state.threads);
        let _blocked = threads.and_then(thread::Threads::blocked);
        let sleep = host.as_ref().map(|host| host.state.clock.sleep(deadline));
        let timer = deadline.map(|_| {
            let timer = sleep.as_ref().zip(threads);
            timer.expect("a timed wait on a thread without host: FakeHost::attach it")
        });
        schedule::wait(word, expected, timer)
    }

    fn wake(word: &AtomicU32, count: u32) {
        WAKES.set(WAKES.get() + 1);
        if let Some(host) = thread::current_host() {
            host.state.clock.note_activity();
        }
        schedule::wake(word, count);
    }

    fn kick(thread: HostThread) {
        thread::kick(thread);
    }

    fn log(_: Log, line: &str) {
        lock(&LOG).push(line.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use litebox_host::ambient::{self, Log};
    use litebox_host::sync::Ordering;
    use std::sync::Arc;

    use super::*;
    use crate::FakeHost;

    #[test]
    fn a_wait_ends_by_wake_or_by_time() {
        let host = FakeHost::new();
        let word = Arc::new(AtomicU32::new(0));
        assert_eq!(ambient::wait(&word, 1, None), Ok(()));
        assert_eq!(ambient::wait(&word, 0, Some(Deadline(u64::MAX / 2))), Err(TimedOut));
        let (waker, other) = (host.clone(), Arc::clone(&word));
        let thread = std::thread::spawn(move || {
            let _attached = waker.attach();
            other.store(1, Ordering::SeqCst);
            ambient::wake(&other, 1);
            wakes_by_this_thread()
        });
        while word.load(Ordering::SeqCst) == 0 {
            let _ = ambient::wait(&word, 0, None);
        }
        assert_eq!(thread.join().unwrap(), 1);
    }

    #[test]
    fn log_lines_are_kept() {
        ambient::log(Log::Note, "a line about turnips");
        assert_eq!(log_lines("turnips").len(), 1);
    }
}
