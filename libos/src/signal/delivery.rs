//! Sending signals to threads, and taking them.

use alloc::sync::Arc;

use super::{
    Action, ActionFlags, DefaultAction, Detail, Disposition, Own, Shared, Signal, SignalInfo, SignalSet,
};
use crate::error::Result;
use crate::event::Readiness;
use crate::process::{ChildCode, ExitStatus, Process, State};
use crate::thread::Thread;

impl Process {
    /// Send a signal to the process: some thread that does not block it will take it. `limit` is how many signals
    /// may be queued.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`](crate::ErrorKind) if the queue is full and each sending counts.
    pub fn send(&self, info: SignalInfo, limit: usize) -> Result<()> {
        let (goes_on, outcome) = self.post(info, limit);
        if goes_on {
            self.tell_parent_of_change(ChildCode::Continued, info.signal);
        }
        outcome
    }

    /// As [`Process::send`], for callers that hold the table of all processes. Whether a stopped process goes on, of
    /// which its parent is still to be told.
    pub(crate) fn post(&self, info: SignalInfo, limit: usize) -> (bool, Result<()>) {
        if self.is_init() {
            // It has no handlers, and runs nothing that could end or stop.
            return (false, Ok(()));
        }
        let mut state = self.state.lock();
        let goes_on = self.apply_at_once(&mut state, info.signal);
        let outcome = self.enqueue(&state, info, limit);
        drop(state);
        self.signals.arrivals().wake(Readiness::READ);
        (goes_on, outcome)
    }

    /// Let a thread look that can take the signal.
    fn enqueue(&self, state: &State, info: SignalInfo, limit: usize) -> Result<()> {
        let mut shared = self.signals.shared.lock();
        let first_blocks = state.threads.first().is_some_and(|thread| blocks(thread, info.signal));
        if shared.action(info.signal).ignores(info.signal) && !first_blocks {
            return Ok(());
        }
        shared.pending.push(info, limit)?;
        drop(shared);
        if let Some(thread) = state.threads.iter().find(|thread| wants(thread, info.signal)) {
            thread.demand_attention();
        }
        Ok(())
    }

    /// Send a signal to one thread of the process.
    ///
    /// # Errors
    /// As [`Process::send`].
    pub fn send_to_thread(&self, thread: &Arc<Thread>, info: SignalInfo, limit: usize) -> Result<()> {
        let goes_on = self.apply_at_once(&mut self.state.lock(), info.signal);
        if goes_on {
            self.tell_parent_of_change(ChildCode::Continued, info.signal);
        }
        if self.signals.action(info.signal).ignores(info.signal) && !blocks(thread, info.signal) {
            return Ok(());
        }
        thread.signals().own.lock().pending.push(info, limit)?;
        if wants(thread, info.signal) {
            thread.demand_attention();
        }
        self.signals.arrivals().wake(Readiness::READ);
        Ok(())
    }

    /// Make the calling thread take a signal that its own instruction caused. It cannot be escaped: blocked or
    /// ignored, it takes its default action.
    pub fn force(&self, thread: &Thread, info: SignalInfo) {
        let mut shared = self.signals.shared.lock();
        let mut own = thread.signals().own.lock();
        let mut action = shared.action(info.signal);
        if own.mask.contains(info.signal) || action.disposition == Disposition::Ignore {
            action.disposition = Disposition::Default;
            shared.set_action(info.signal, action);
            let mut mask = own.mask;
            mask.remove(info.signal);
            thread.signals().store_mask(&mut own, mask);
        }
        own.pending.discard_one(info.signal);
        // The queue has room for signals that are not real-time ones; without memory the reason is lost.
        let _ = own.pending.push(info, usize::MAX);
        thread.note_attention();
    }

    /// What a signal does when it is sent, before anybody takes it.
    ///
    /// Whether it makes a stopped process go on.
    fn apply_at_once(&self, state: &mut State, signal: Signal) -> bool {
        let unwanted = match signal.default_action() {
            DefaultAction::Continue => SignalSet::STOPPING,
            DefaultAction::Stop => SignalSet::of(&[Signal::SIGCONT]),
            _ if signal == Signal::SIGKILL => {
                state.end(ExitStatus::Killed { signal: signal.number(), core: false });
                return false;
            }
            _ => return false,
        };
        let goes_on = signal == Signal::SIGCONT && state.go_on();
        let mut shared = self.signals.shared.lock();
        shared.stop_holds &= signal != Signal::SIGCONT;
        discard_everywhere(&mut shared, &state.threads, unwanted);
        goes_on
    }

    /// Change what the process does at a signal; what it did before.
    pub fn set_action(&self, signal: Signal, mut action: Action) -> Action {
        action.mask = action.mask.difference(SignalSet::UNSTOPPABLE);
        let state = self.state.lock();
        let mut shared = self.signals.shared.lock();
        let old = shared.action(signal);
        shared.set_action(signal, action);
        if action.ignores(signal) {
            discard_everywhere(&mut shared, &state.threads, SignalSet::of(&[signal]));
        }
        old
    }

    /// Change the calling thread's mask; the one before. Signals for the process that it now blocks become the
    /// business of other threads.
    pub fn set_mask(&self, thread: &Thread, mask: SignalSet) -> SignalSet {
        let old = {
            let mut own = thread.signals().own.lock();
            let old = own.mask;
            thread.signals().store_mask(&mut own, mask);
            old
        };
        if !mask.difference(old).is_empty() {
            self.retarget();
        }
        if !self.deliverable(thread).is_empty() {
            thread.note_attention();
        }
        old
    }

    /// Make threads look that can take what is pending for the process.
    pub(crate) fn retarget(&self) {
        let state = self.state.lock();
        let pending = self.signals.shared.lock().pending.set();
        if pending.is_empty() {
            return;
        }
        for thread in &state.threads {
            if !pending.difference(thread.signals().mask()).is_empty() {
                thread.demand_attention();
            }
        }
    }

    /// What is pending for the thread or the process.
    pub fn pending(&self, thread: &Thread) -> SignalSet {
        let shared = self.signals.shared.lock().pending.set();
        shared.union(thread.signals().own.lock().pending.set())
    }

    /// What is pending and not blocked.
    fn deliverable(&self, thread: &Thread) -> SignalSet {
        self.pending(thread).difference(thread.signals().mask())
    }

    /// Take a pending signal of `wanted`, the thread's own before those of the process.
    pub fn take_signal(&self, thread: &Thread, wanted: SignalSet) -> Option<SignalInfo> {
        let mut shared = self.signals.shared.lock();
        take(&mut shared, &mut thread.signals().own.lock(), wanted)
    }

    /// Take the next signal that has an effect, with what is to be done. A handler that serves once is reset.
    pub fn next_signal(&self, thread: &Thread) -> Option<(SignalInfo, Action)> {
        let mut shared = self.signals.shared.lock();
        let mut own = thread.signals().own.lock();
        loop {
            let wanted = SignalSet::ALL.difference(own.mask);
            let info = take(&mut shared, &mut own, wanted)?;
            let action = shared.action(info.signal);
            if action.ignores(info.signal) {
                continue;
            }
            shared.stop_holds |= info.signal.default_action() == DefaultAction::Stop;
            let is_handler = matches!(action.disposition, Disposition::Handler(_));
            if is_handler && action.flags.contains(ActionFlags::RESET_HANDLER) {
                shared.set_action(info.signal, Action { disposition: Disposition::Default, ..action });
            }
            return Some((info, action));
        }
    }

    /// What the thread blocks while the handler of `signal` runs.
    pub fn enter_handler(&self, thread: &Thread, signal: Signal, action: &Action) {
        let mut mask = thread.signals().mask().union(action.mask);
        if !action.flags.contains(ActionFlags::NO_DEFER) {
            mask.insert(signal);
        }
        self.set_mask(thread, mask);
    }

    /// Forget what the process's own timers sent to it and to `thread`: a new program does not know them.
    pub fn discard_timer_signals(&self, thread: &Thread) {
        let mut shared = self.signals.shared.lock();
        shared.pending.discard_timers();
        thread.signals().own.lock().pending.discard_timers();
    }

    /// Count an expiry of `timer` in the signal that is still pending from an earlier one. Whether there is one.
    pub fn count_overrun(&self, timer: i32, thread: Option<&Thread>, times: i32) -> bool {
        match thread {
            Some(thread) => thread.signals().own.lock().pending.count_overrun(timer, times),
            None => self.signals.shared.lock().pending.count_overrun(timer, times),
        }
    }
}

impl super::Pending {
    fn count_overrun(&mut self, wanted: i32, times: i32) -> bool {
        self.entries_mut().any(|info| match &mut info.detail {
            Detail::Timer { timer, overrun, .. } if *timer == wanted => {
                *overrun = overrun.saturating_add(times);
                true
            }
            _ => false,
        })
    }
}

fn take(shared: &mut Shared, own: &mut Own, wanted: SignalSet) -> Option<SignalInfo> {
    own.pending.take(wanted).or_else(|| shared.pending.take(wanted))
}

fn discard_everywhere(shared: &mut Shared, threads: &[Arc<Thread>], unwanted: SignalSet) {
    shared.pending.discard(unwanted);
    for thread in threads {
        thread.signals().own.lock().pending.discard(unwanted);
    }
}

fn blocks(thread: &Thread, signal: Signal) -> bool {
    thread.signals().mask().contains(signal)
}

fn wants(thread: &Thread, signal: Signal) -> bool {
    !blocks(thread, signal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::Process;

    fn info(signal: Signal) -> SignalInfo {
        SignalInfo { signal, code: 0, detail: Detail::Sender { process: 1, user: 0 } }
    }

    fn two_threads() -> (Arc<Process>, [Arc<Thread>; 2]) {
        let _host = litebox_host_fake::FakeHost::new();
        let threads = [Thread::new(1), Thread::new(2)];
        let process = Process::new(1, 0, Arc::clone(&threads[0]));
        process.add(Arc::clone(&threads[1])).unwrap();
        (process, threads)
    }

    #[test]
    fn a_thread_that_does_not_block_it_is_made_to_look() {
        let (process, [first, second]) = two_threads();
        process.set_mask(&first, SignalSet::of(&[Signal::SIGTERM]));
        process.send(info(Signal::SIGTERM), 10).unwrap();
        assert!(!first.needs_attention());
        assert!(second.needs_attention());
        assert_eq!(process.next_signal(&first), None);
        assert_eq!(process.next_signal(&second).map(|(info, _)| info.signal), Some(Signal::SIGTERM));
    }

    #[test]
    fn an_unblocked_signal_is_taken_and_ignored_ones_are_not_kept() {
        let (process, [first, second]) = two_threads();
        for thread in [&first, &second] {
            process.set_mask(thread, SignalSet::ALL);
        }
        process.send(info(Signal::SIGUSR1), 10).unwrap();
        process.send(info(Signal::SIGCHLD), 10).unwrap();
        assert_eq!(process.pending(&first), SignalSet::of(&[Signal::SIGUSR1, Signal::SIGCHLD]));
        let ignore = Action { disposition: Disposition::Ignore, ..Action::default() };
        process.set_action(Signal::SIGUSR1, ignore);
        assert_eq!(process.pending(&first), SignalSet::of(&[Signal::SIGCHLD]));
        process.set_mask(&first, SignalSet::EMPTY);
        assert!(first.needs_attention());
        assert_eq!(process.next_signal(&first), None);
    }

    #[test]
    fn sigkill_ends_the_process_whatever_is_blocked() {
        let (process, [first, _]) = two_threads();
        process.set_mask(&first, SignalSet::ALL);
        process.send(info(Signal::SIGKILL), 0).unwrap();
        assert_eq!(process.ending(), Some(ExitStatus::Killed { signal: 9, core: false }));
    }

    #[test]
    fn a_forced_signal_is_neither_blocked_nor_ignored() {
        let (process, [first, _]) = two_threads();
        let ignore = Action { disposition: Disposition::Ignore, ..Action::default() };
        process.set_action(Signal::SIGSEGV, ignore);
        process.set_mask(&first, SignalSet::ALL);
        process.force(&first, info(Signal::SIGSEGV));
        let (taken, action) = process.next_signal(&first).unwrap();
        assert_eq!(taken.signal, Signal::SIGSEGV);
        assert_eq!(action.disposition, Disposition::Default);
    }

    #[test]
    fn continue_undoes_a_pending_stop() {
        let (process, [first, second]) = two_threads();
        for thread in [&first, &second] {
            process.set_mask(thread, SignalSet::ALL);
        }
        process.send(info(Signal::SIGTSTP), 10).unwrap();
        process.send(info(Signal::SIGCONT), 10).unwrap();
        assert_eq!(process.pending(&first), SignalSet::of(&[Signal::SIGCONT]));
    }

    #[test]
    fn continue_undoes_a_stop_that_a_thread_has_taken() {
        let (process, [first, _]) = two_threads();
        let take = |expected| {
            let taken = process.next_signal(&first).map(|(info, _)| info.signal);
            assert_eq!(taken, Some(expected));
        };
        process.send(info(Signal::SIGSTOP), 10).unwrap();
        take(Signal::SIGSTOP);
        process.send(info(Signal::SIGCONT), 10).unwrap();
        process.stop(Signal::SIGSTOP);
        assert!(!process.is_stopped());
        process.send(info(Signal::SIGSTOP), 10).unwrap();
        take(Signal::SIGSTOP);
        process.stop(Signal::SIGSTOP);
        assert!(process.is_stopped());
    }
}
