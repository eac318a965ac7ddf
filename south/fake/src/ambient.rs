//! Waiting, waking, kicking and logging, with std's locks.

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use litebox_host::ambient::{Ambient, Log, TimedOut};
use litebox_host::thread::HostThread;
use litebox_host::time::Deadline;

use crate::host::lock;
use crate::thread;
use crate::time::POLL;

struct Fake;

litebox_host::bind_ambient!(Fake);

/// Sleepers are told apart by their word's address, hashed; a collision is a spurious wake-up.
static BUCKETS: [(Mutex<()>, Condvar); BUCKET_COUNT] =
    [const { (Mutex::new(()), Condvar::new()) }; BUCKET_COUNT];
const BUCKET_COUNT: usize = 64;

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

fn bucket(word: &AtomicU32) -> &'static (Mutex<()>, Condvar) {
    let address = std::ptr::from_ref(word).addr();
    &BUCKETS[(address / size_of::<AtomicU32>()) % BUCKET_COUNT]
}

impl Ambient for Fake {
    fn wait(word: &AtomicU32, expected: u32, deadline: Option<Deadline>) -> Result<(), TimedOut> {
        let (mutex, condition) = bucket(word);
        let host = thread::current_host();
        let threads = host.as_ref().map(|host| &host.state.threads);
        let _blocked = threads.and_then(thread::Threads::blocked);
        let mut sleep = host.as_ref().map(|host| host.state.clock.sleep(deadline));
        assert!(
            deadline.is_none() || sleep.is_some(),
            "a timed wait on a thread without host: FakeHost::attach it"
        );
        let mut guard = lock(mutex);
        while word.load(Ordering::SeqCst) == expected {
            if sleep.as_ref().is_some_and(crate::time::Sleep::is_over) {
                return Err(TimedOut);
            }
            if deadline.is_none() {
                drop(condition.wait(guard).unwrap_or_else(PoisonError::into_inner));
                return Ok(());
            }
            let (again, timeout) =
                condition.wait_timeout(guard, POLL).unwrap_or_else(PoisonError::into_inner);
            if !timeout.timed_out() {
                return Ok(());
            }
            guard = again;
            if let (Some(sleep), Some(threads)) = (&mut sleep, threads) {
                sleep.tick(threads);
            }
        }
        Ok(())
    }

    fn wake(word: &AtomicU32, _: u32) {
        WAKES.set(WAKES.get() + 1);
        if let Some(host) = thread::current_host() {
            host.state.clock.note_activity();
        }
        let (mutex, condition) = bucket(word);
        let _guard = lock(mutex);
        condition.notify_all();
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
