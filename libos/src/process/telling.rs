//! What only a process itself knows, its memory and its processor time, told to others when they ask.
//!
//! Whoever asks makes one thread of the process run its errand ([`Thread::ask`]): at once if the thread runs guest
//! code or sleeps, and at the end of what it does if it is in the library OS. A process that cannot answer in time is
//! taken to be as it was when it told last.

use core::time::Duration;

use litebox_host::sync::{AtomicU64, Ordering};
use litebox_host::time::Deadline;

use super::Process;
use crate::error::{Error, ErrorKind};
use crate::event::{Readiness, WaitQueue};
use crate::file::Asker;

/// How far a process has told of itself.
#[derive(Default)]
pub(super) struct Telling {
    /// How often it began to, and how often it was done. A telling that had begun before somebody asked may be older
    /// than what was asked for.
    began: AtomicU64,
    done: AtomicU64,
    /// Who waits for it to be done.
    askers: WaitQueue,
    /// Its processor time then, in nanoseconds.
    time: AtomicU64,
}

const NOT_YET: Error = Error::new(ErrorKind::WouldBlock, "the process has not told");

impl Process {
    /// Have the process tell of itself to `asker`, who waits no longer than until `deadline`. Signals wait meanwhile.
    pub fn ask_to_tell(&self, asker: Asker<'_>, deadline: Deadline) {
        let own = asker.process.id() == self.id;
        let Some(thread) = self.threads().into_iter().next().filter(|_| !own) else { return };
        let wanted = self.telling.began.load(Ordering::SeqCst).wrapping_add(1);
        thread.ask();
        let attempt = || if self.has_told(wanted) { Ok(()) } else { Err(NOT_YET) };
        // However it comes out, what was told last counts.
        let _ = asker.process.block_patiently(asker.thread, &self.telling.askers, Some(deadline), attempt);
    }

    /// The process has told since it was asked, or has nobody left to.
    fn has_told(&self, wanted: u64) -> bool {
        self.telling.done.load(Ordering::SeqCst) >= wanted || self.has_finished()
    }

    /// A thread of the process tells of it: the `time` that it had of processors, and what `more` tells.
    pub fn tell(&self, time: Duration, more: impl FnOnce()) {
        let number = self.telling.began.fetch_add(1, Ordering::SeqCst).wrapping_add(1);
        let time = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        // Of several threads that tell at once, the latest time counts.
        self.telling.time.fetch_max(time, Ordering::SeqCst);
        more();
        self.telling.done.fetch_max(number, Ordering::SeqCst);
        self.telling.askers.wake(Readiness::READ);
    }

    /// The time that it had of processors when it told last.
    pub fn told_time(&self) -> Duration {
        Duration::from_nanos(self.telling.time.load(Ordering::SeqCst))
    }
}

/// Something that a thread does because others asked.
pub trait Errand: Send + Sync {
    /// Do it, on the thread, while it holds no lock.
    fn run(&self);
}

#[cfg(test)]
mod tests {
    use alloc::sync::{Arc, Weak};

    use litebox_host::time::{Clock, Time};

    use super::*;
    use crate::event::block;
    use crate::thread::Thread;

    struct Tell(Weak<Process>);

    impl Errand for Tell {
        fn run(&self) {
            if let Some(process) = self.0.upgrade() {
                process.tell(Duration::from_secs(3), || {});
            }
        }
    }

    #[test]
    fn a_sleeping_thread_tells_and_sleeps_on() {
        let host = litebox_host_fake::FakeHost::new();
        let (own, other) = (Thread::new(2), Thread::new(3));
        let process = Process::new(3, 0, Arc::clone(&other));
        let errand: Arc<dyn Errand> = Arc::new(Tell(Arc::downgrade(&process)));
        other.set_errand(Arc::downgrade(&errand));
        let queue = Arc::new(WaitQueue::new());
        let (wait, sleeper) = (Arc::clone(&queue), Arc::clone(&other));
        let attached = host.clone();
        let sleeping = std::thread::spawn(move || {
            let _attached = attached.attach();
            let mut asleep = true;
            block(&sleeper, &[(&wait, Readiness::READ)], None, || {
                if sleeper.needs_attention() {
                    asleep = false;
                }
                if asleep { Err(NOT_YET) } else { Ok(()) }
            })
        });
        let asking = Process::new(2, 0, Arc::clone(&own));
        let now = u64::try_from(host.now(Clock::Monotonic).as_nanos()).unwrap();
        process.ask_to_tell(Asker { process: &asking, thread: &own }, Deadline(now + 3_600_000_000_000));
        assert_eq!(process.told_time(), Duration::from_secs(3));
        assert!(!other.needs_attention());
        other.demand_attention();
        sleeping.join().unwrap().unwrap();
    }
}
