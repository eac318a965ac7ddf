//! Kicks on a host that does not bound signals: members ask, and a process that runs no guest code makes them.
//!
//! There the filter refuses members `tgkill`, for a number of it may be a stranger's. The kicker is a child of the
//! keeper with a filter of its own. It trusts nothing that it is asked: it reads a few words of the arena, and kicks
//! threads of the sandbox's process group alone, which no member can leave or bring anybody into.
#![expect(unsafe_code, reason = "the kicker makes host calls")]

use litebox_host::ambient;
use litebox_host::sync::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use litebox_host::thread::HostThread;

use crate::calls::KICKER_CALLS;
use crate::error::Result;
use crate::layout::KICK;
use crate::setup::{self, direct};
use crate::{arena, calls, gate, process};

/// Kicks that can be asked for at once; who finds no place waits for one.
const PLACES: usize = 32;

/// What members and the kicker share. In the arena.
pub(crate) struct Kicks {
    /// Whether there is a kicker.
    is_served: AtomicBool,
    /// Counts questions; the kicker sleeps here.
    asked: AtomicU32,
    /// Threads to be kicked; 0 is a free place.
    places: [AtomicU64; PLACES],
}

impl Kicks {
    pub(crate) const fn new() -> Self {
        let places = [const { AtomicU64::new(0) }; PLACES];
        Self { is_served: AtomicBool::new(false), asked: AtomicU32::new(0), places }
    }

    /// Whether members must ask.
    pub(crate) fn are_served(&self) -> bool {
        self.is_served.load(Ordering::Acquire)
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
        self.asked.fetch_add(1, Ordering::Release);
        ambient::wake(&self.asked, 1);
    }

    fn serve(&self, group: usize) -> ! {
        loop {
            let asked = self.asked.load(Ordering::Acquire);
            for place in &self.places {
                match place.swap(0, Ordering::AcqRel) {
                    0 => {}
                    thread => kick(HostThread(thread), group),
                }
            }
            // Without a deadline it ends in no other way.
            let _ = ambient::wait(&self.asked, asked, None);
        }
    }
}

/// Start the kicker, from the keeper. Its end, should it be killed, is the sandbox's: the keeper is told by SIGTERM.
pub(crate) fn start() -> Result<()> {
    const CLONE: usize = 56;
    const CLONE_FILES: usize = 0x400;
    const SIGTERM: usize = 15;
    let kicks = &arena::header().kicks;
    kicks.is_served.store(true, Ordering::Release);
    let group = setup::process_number() as usize;
    // SAFETY: a process of its own with a copy of this memory; this one goes on as the keeper.
    match unsafe { direct(CLONE, [SIGTERM | CLONE_FILES, 0, 0, 0, 0, 0]) }? {
        0 => match setup::die_with_parent().and_then(|()| setup::admit(KICKER_CALLS)) {
            Ok(()) => kicks.serve(group),
            Err(_) => process::end_process(0),
        },
        _ => Ok(()),
    }
}

/// Kick a thread of a process of `group`. Between the two calls its number would have to be given to a stranger, which
/// takes as many new processes as there are numbers.
fn kick(thread: HostThread, group: usize) {
    const GETPGID: u32 = 121;
    const TGKILL: u32 = 234;
    let (process, number) = ((thread.0 >> 32) as usize, (thread.0 & 0xffff_ffff) as usize);
    // SAFETY: the call only answers a number.
    let its_group = unsafe { gate::call(GETPGID, gate::pad([process])) };
    if process != 0 && its_group == Ok(group) {
        // SAFETY: every thread of the sandbox has a handler for the signal, or ends.
        let _ = unsafe { gate::call(TGKILL, gate::pad([process, number, KICK as usize])) };
    }
}
