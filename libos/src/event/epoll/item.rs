//! One watched description.

use alloc::sync::{Arc, Weak};

use litebox_host::sync::{AtomicBool, Mutex, Ordering};
use litebox_host::time::Deadline;

use super::{Event, Shared, Trigger, Watching};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, Registration, WaitQueue, Wake};
use crate::file::{Asker, Description};

/// One watched description. The queue of its object and the lists of its instance share it; neither keeps the
/// description open.
pub(super) struct Item {
    itself: Weak<Self>,
    target: Weak<Description>,
    instance: Weak<Shared>,
    state: Mutex<State>,
    /// Whether it is on the ready list.
    queued: AtomicBool,
}

struct State {
    watching: Watching,
    registration: Option<Registration>,
    /// The queue that it is registered with, where that is the watching process's own.
    queue: Option<Arc<WaitQueue>>,
    /// Whether it is reported at all: not after a report of one that is watched once, nor once removed.
    enabled: bool,
    /// Whether a stream watched by its edges may be reported again.
    armed: bool,
    /// Expirations up to this moment have been looked at.
    seen: Option<Deadline>,
}

impl Item {
    pub(super) fn new(target: &Arc<Description>, instance: &Arc<Shared>, watching: Watching) -> Arc<Self> {
        let state =
            State { watching, registration: None, queue: None, enabled: true, armed: true, seen: None };
        Arc::new_cyclic(|itself| Self {
            itself: Weak::clone(itself),
            target: Arc::downgrade(target),
            instance: Arc::downgrade(instance),
            state: Mutex::new(state),
            queued: AtomicBool::new(false),
        })
    }

    /// The description, unless it is closed.
    pub(super) fn target(&self) -> Option<Arc<Description>> {
        self.target.upgrade()
    }

    /// Whether the description is closed.
    pub(super) fn is_closed(&self) -> bool {
        self.target.strong_count() == 0
    }

    /// Have the object's queue wake the item.
    pub(super) fn register(self: &Arc<Self>, target: &Description, asker: Asker<'_>) -> Result<()> {
        let file = target.file();
        let own = file.personal().and_then(|personal| personal.queue(asker.process));
        let Some(queue) = own.map(|queue| &**queue).or_else(|| file.queue()) else { return Ok(()) };
        let wake = Arc::clone(self) as Arc<dyn Wake>;
        // The item compares with what is watched for at that time; the queue lets everything through.
        let registration = if self.state.lock().watching.exclusive {
            queue.register_exclusive(wake, Readiness::all())?
        } else {
            queue.register(wake, Readiness::all())?
        };
        let mut state = self.state.lock();
        state.registration = Some(registration);
        state.queue = own.cloned();
        Ok(())
    }

    pub(super) fn rewatch(&self, _: &Description, watching: Watching) -> Result<()> {
        let mut state = self.state.lock();
        if state.watching.exclusive || watching.exclusive {
            return Err(Error::new(ErrorKind::InvalidArgument, "an exclusive watch cannot be changed"));
        }
        state.watching = watching;
        state.enabled = true;
        state.armed = true;
        state.seen = None;
        Ok(())
    }

    /// Report it no more.
    pub(super) fn stop(&self, target: &Description) {
        let mut state = self.state.lock();
        state.enabled = false;
        let (registration, own) = (state.registration.take(), state.queue.take());
        drop(state);
        let queue = own.as_deref().or_else(|| target.file().queue());
        if let (Some(queue), Some(registration)) = (queue, registration) {
            queue.unregister(registration);
        }
    }

    /// What of the object is watched for, if the item is reported at all.
    pub(super) fn interest(&self) -> Option<Readiness> {
        let state = self.state.lock();
        (state.enabled && state.armed).then(|| state.interest())
    }

    /// Whether something that is watched for is among what is `ready`.
    pub(super) fn is_ready(&self, ready: Readiness) -> bool {
        self.interest().is_some_and(|interest| ready.intersects(interest))
    }

    /// Put the item on the ready list, and wake who waits for it. The list has room: adding the item made it.
    pub(super) fn enqueue(&self, instance: &Shared) {
        self.put_back(instance);
        instance.queue.wake(Readiness::READ);
    }

    /// Put the item on the ready list unless it is there.
    pub(super) fn put_back(&self, instance: &Shared) {
        let Some(item) = self.itself.upgrade() else { return };
        if !self.queued.swap(true, Ordering::SeqCst) {
            instance.ready.lock().push_back(item);
        }
    }

    /// The item was taken from the ready list: wake-ups from now on put it there again. Its object, which is
    /// answered unless it is closed, is to be looked at after this call.
    pub(super) fn taken(&self) -> Option<Arc<Description>> {
        self.queued.store(false, Ordering::SeqCst);
        let target = self.target()?;
        let state = self.state.lock();
        let registration = state.registration.filter(|_| state.watching.exclusive);
        let own = if registration.is_some() { state.queue.clone() } else { None };
        drop(state);
        let queue = own.as_deref().or_else(|| target.file().queue());
        if let (Some(registration), Some(queue)) = (registration, queue) {
            queue.rearm(registration);
        }
        Some(target)
    }

    /// The report of `ready`, if it is one, and whether the item belongs back on the ready list.
    pub(super) fn report(&self, ready: Readiness, is_stream: bool) -> Option<(Event, bool)> {
        let mut state = self.state.lock();
        let ready = ready & state.interest();
        if !state.enabled || !state.armed || ready.is_empty() {
            return None;
        }
        let Watching { trigger, once, data, mask, .. } = state.watching;
        state.enabled = !once;
        state.armed = !(is_stream && trigger == Trigger::Edge);
        Some((Event { ready, data, mask }, trigger == Trigger::Level && !once))
    }

    /// Whether `target` expired up to `now`, since this was last asked.
    pub(super) fn expired(&self, target: &Description, now: Deadline) -> bool {
        let expired = self.alarm(target).is_some_and(|alarm| alarm <= now);
        if expired {
            self.state.lock().seen = Some(now);
        }
        expired
    }

    /// When `target` expires, as far as that has not been looked at.
    pub(super) fn alarm(&self, target: &Description) -> Option<Deadline> {
        let state = self.state.lock();
        let seen = state.seen;
        if !state.enabled || !state.watching.interest.contains(Readiness::READ) {
            return None;
        }
        drop(state);
        target.file().deadline(seen)
    }
}

impl State {
    fn interest(&self) -> Readiness {
        self.watching.interest | Readiness::ERROR | Readiness::HANG_UP
    }
}

impl Wake for Item {
    fn wake(&self, ready: Readiness) {
        let Some(instance) = self.instance.upgrade() else { return };
        let mut state = self.state.lock();
        let concerned = state.enabled && state.interest().intersects(ready);
        state.armed |= concerned;
        drop(state);
        if concerned {
            self.enqueue(&instance);
        }
    }
}
