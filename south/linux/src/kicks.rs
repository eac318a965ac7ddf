//! Kicks on a host that does not bound signals: members ask, and the keeper makes them.
//!
//! There the filter refuses `tgkill`, for a number of it may be a stranger's. The keeper has no filter, so it trusts
//! nothing that it is asked: it reads a few words of the arena, and kicks threads of its own children alone.
#![expect(unsafe_code, reason = "the keeper makes host calls")]

use litebox_host::ambient;
use litebox_host::sync::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use litebox_host::thread::HostThread;

use crate::layout::KICK;
use crate::setup::direct;
use crate::{arena, calls};

/// Kicks that can be asked for at once; who finds no place waits for one.
const PLACES: usize = 32;

/// What members and keeper share of it. In the arena.
pub(crate) struct Kicks {
    /// Whether the keeper makes them.
    is_keepers: AtomicBool,
    /// Counts what the keeper has not looked at: questions, and ends of members. It sleeps here.
    news: AtomicU32,
    /// Threads to be kicked; 0 is a free place.
    places: [AtomicU64; PLACES],
}

impl Kicks {
    pub(crate) const fn new() -> Self {
        let places = [const { AtomicU64::new(0) }; PLACES];
        Self { is_keepers: AtomicBool::new(false), news: AtomicU32::new(0), places }
    }

    /// Have the keeper make them from now on.
    pub(crate) fn leave_to_keeper(&self) {
        self.is_keepers.store(true, Ordering::Release);
    }

    /// Whether members must ask.
    pub(crate) fn are_keepers(&self) -> bool {
        self.is_keepers.load(Ordering::Acquire)
    }

    /// Ask for a kick of `thread`.
    pub(crate) fn ask(&self, thread: HostThread) {
        let is_put = |place: &AtomicU64| {
            place.compare_exchange(0, thread.0, Ordering::AcqRel, Ordering::Relaxed).is_ok()
        };
        while !self.places.iter().any(is_put) {
            // SAFETY: the call gives up the processor for a moment and changes nothing of this process.
            let _ = unsafe { calls::sched_yield() };
        }
        self.news.fetch_add(1, Ordering::Release);
        ambient::wake(&self.news, 1);
    }

    /// What the keeper knows of by now.
    pub(crate) fn seen(&self) -> u32 {
        self.news.load(Ordering::Acquire)
    }

    /// The keeper's turn: make what was asked for, then sleep until there is more than it has `seen`.
    pub(crate) fn serve(&self, seen: u32) {
        for place in &self.places {
            match place.swap(0, Ordering::AcqRel) {
                0 => {}
                thread => kick(HostThread(thread)),
            }
        }
        // Without a deadline it ends in no other way.
        let _ = ambient::wait(&self.news, seen, None);
    }
}

/// A member has ended; the keeper's handler of SIGCHLD.
pub(crate) extern "C" fn note_end() {
    arena::header().kicks.news.fetch_add(1, Ordering::Release);
}

/// Kick a thread of a child of the calling process. No child is reaped meanwhile, so that the number stays its own.
fn kick(thread: HostThread) {
    const WAITID: usize = 247;
    const TGKILL: usize = 234;
    const BY_NUMBER: usize = 1;
    /// `WNOHANG | WEXITED | WNOWAIT`: only looked at.
    const LOOK: usize = 1 | 4 | 0x100_0000;
    let (process, number) = ((thread.0 >> 32) as usize, (thread.0 & 0xffff_ffff) as usize);
    // SAFETY: with no place to write to the call only answers whether there is such a child.
    if unsafe { direct(WAITID, [BY_NUMBER, process, 0, LOOK, 0, 0]) }.is_ok() {
        // SAFETY: every thread of a child has a handler for the signal, or ends.
        let _ = unsafe { direct(TGKILL, [process, number, KICK as usize, 0, 0, 0]) };
    }
}
