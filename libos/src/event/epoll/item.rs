//! One watched description.

use alloc::sync::{Arc, Weak};

use litebox_host::sync::{AtomicBool, Mutex, Ordering};
use litebox_host::time::Deadline;

use super::{Event, Shared, Trigger, Watching};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, Registration, Wake};
use crate::file::Description;

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
    /// Whether it is reported at all: not after a report of one that is watched once, nor once removed.
    enabled: bool,
    /// Whether a stream watched by its edges may be reported again.
    armed: bool,
    /// Expirations up to this moment have been looked at.
    seen: Option<Deadline>,
}

impl Item {
    pub(super) fn new(target: &Arc<Description>, instance: &Arc<Shared>, watching: Watching) -> Arc<Self> {
        let state = State { watching, registration: None, enabled: true, armed: true, seen: None };
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
    pub(super) fn register(self: &Arc<Self>, target: &Description) -> Result<()> {
        let Some(queue) = target.file().queue() else { return Ok(()) };
        let wake = Arc::clone(self) as Arc<dyn Wake>;
        // The item compares with what is watched for at that time; the queue lets everything through.
        let registration = if self.state.lock().watching.exclusive {
            queue.register_exclusive(wake, Readiness::all())?
        } else {
            queue.register(wake, Readiness::all())?
        };
        self.state.lock().registration = Some(registration);
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
        let registration = state.registration.take();
        drop(state);
        if let (Some(queue), Some(registration)) = (target.file().queue(), registration) {
            queue.unregister(registration);
        }
    }

    /// What of the object is watched for, if the item is reported at all.
    pub(super) fn interest(&self) -> Option<Readiness> {
        let state = self.state.lock();
        (state.enabled && state.armed).then(|| state.interest())
    }

    /// Whether something that is watched for is true.
    pub(super) fn is_ready(&self, target: &Description) -> bool {
        self.interest().is_some_and(|interest| target.file().readiness().intersects(interest))
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
        drop(state);
        if let (Some(registration), Some(queue)) = (registration, target.file().queue()) {
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
