//! Working through the ready list.

use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::console::{Console, Readiness as Asked, StreamWait};
use litebox_host::sync::Ordering;
use litebox_host::time::{Clock, Deadline, Time};

use super::item::Item;
use super::{Epoll, Event, NO_MEMORY};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, Streams, Watch, block_watching, watch_streams};
use crate::file::File;
use crate::file::transfer::{Caller, stream_interest};

const NOTHING: Error = Error::new(ErrorKind::WouldBlock, "nothing is ready");

/// What is ready of an object, as whoever looks has it.
pub(super) type AsSeen<'a> = &'a dyn Fn(&dyn File) -> Readiness;

/// What a look at the ready list gave.
enum Outcome {
    /// There are reports.
    Reports,
    /// The objects that the host has to be asked about are others now.
    Changed,
}

impl<H: Console + Time + Send + Sync + 'static> Epoll<H> {
    /// Wait until something is to be reported or `deadline` has passed, and append at most `most` reports to
    /// `events`. They are none if the time is over.
    ///
    /// # Errors
    /// [`ErrorKind::Interrupted`] if a signal has to be looked at first, [`ErrorKind::NoMemory`].
    pub fn wait(
        &self,
        caller: &Caller<'_, H>,
        most: usize,
        deadline: Option<Deadline>,
        events: &mut Vec<Event>,
    ) -> Result<()> {
        loop {
            let generation = self.shared.generation.load(Ordering::SeqCst);
            let mut waits = self.stream_waits()?;
            let readiness = |file: &dyn File| caller.use_of(file).readiness();
            let attempt = || self.attempt(most, generation, &readiness, events);
            let alarm = || self.alarm();
            let watches = [Watch::exclusive(&self.shared.queue, Readiness::READ)].into_iter();
            let outcome = if waits.is_empty() {
                block_watching(caller.thread, watches, deadline, alarm, attempt)
            } else {
                let streams = Streams { host: caller.host, waits: &mut waits };
                let mut attempt = attempt;
                watch_streams(caller.thread, watches, streams, deadline, alarm, |_| attempt())
            };
            match outcome {
                Ok(Outcome::Reports) => return Ok(()),
                Ok(Outcome::Changed) => {}
                Err(error) if error.kind == ErrorKind::TimedOut => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    fn attempt(
        &self,
        most: usize,
        generation: u32,
        readiness: AsSeen<'_>,
        events: &mut Vec<Event>,
    ) -> Result<Outcome> {
        self.collect(most, readiness, events)?;
        if !events.is_empty() {
            return Ok(Outcome::Reports);
        }
        if self.shared.generation.load(Ordering::SeqCst) != generation {
            return Ok(Outcome::Changed);
        }
        Err(NOTHING)
    }

    /// Append at most `most` reports to `events`.
    fn collect(&self, most: usize, readiness: AsSeen<'_>, events: &mut Vec<Event>) -> Result<()> {
        let collecting = self.shared.collecting.lock();
        self.look(readiness);
        let mut taken = core::mem::take(&mut *self.shared.ready.lock());
        let mut again = VecDeque::new();
        events.try_reserve(most.min(taken.len())).map_err(|_| NO_MEMORY)?;
        again.try_reserve(most.min(taken.len())).map_err(|_| NO_MEMORY)?;
        let before = events.len();
        while events.len() - before < most {
            let Some(item) = taken.pop_front() else { break };
            let Some(target) = item.taken() else { continue };
            let file = target.file();
            let Some((event, level)) = item.report(readiness(&**file), file.stream().is_some()) else {
                continue;
            };
            events.push(event);
            if level {
                again.push_back(item);
            }
        }
        let more = self.give_back(taken, again);
        drop(collecting);
        if more {
            self.shared.queue.pass_on(Readiness::READ);
        }
        Ok(())
    }

    /// Put back what was not looked at, before what became ready meanwhile, and after that what stays ready.
    /// Whether anything is on the ready list now.
    fn give_back(&self, mut untouched: VecDeque<Arc<Item>>, again: VecDeque<Arc<Item>>) -> bool {
        let mut ready = self.shared.ready.lock();
        if untouched.capacity() >= ready.capacity() {
            // The list's own memory, with room for every item: adding items made it.
            untouched.append(&mut ready);
            core::mem::swap(&mut *ready, &mut untouched);
        } else {
            while let Some(item) = untouched.pop_back() {
                ready.push_front(item);
            }
        }
        drop(ready);
        for item in again {
            item.put_back(&self.shared);
        }
        !self.shared.ready.lock().is_empty()
    }

    /// Look at the objects that become ready without a wake-up.
    fn look(&self, readiness: AsSeen<'_>) {
        let looked_at = self.looked_at();
        if looked_at.is_empty() {
            return;
        }
        let now = self.host.now(Clock::Monotonic).as_nanos();
        let now = Deadline(u64::try_from(now).unwrap_or(u64::MAX));
        for item in looked_at {
            let Some(target) = item.target() else { continue };
            let ready = match target.file().stream() {
                Some(_) => item.is_ready(readiness(&**target.file())),
                None => item.expired(&target, now),
            };
            if ready {
                item.put_back(&self.shared);
            }
        }
    }

    fn looked_at(&self) -> Vec<Arc<Item>> {
        self.items.lock().looked_at.clone()
    }

    /// When the first of the watched objects becomes ready by the mere passing of time.
    pub(super) fn alarm(&self) -> Option<Deadline> {
        self.looked_at().iter().filter_map(|item| item.alarm(&*item.target()?)).min()
    }

    /// The streams that the host has to be asked about.
    fn stream_waits(&self) -> Result<Vec<StreamWait>> {
        let mut waits: Vec<StreamWait> = Vec::new();
        for item in self.looked_at() {
            let (Some(interest), Some(target)) = (item.interest(), item.target()) else { continue };
            let Some(stream) = target.file().stream() else { continue };
            let asked = stream_interest(interest);
            // A host is asked about each stream once, however many descriptors of it are watched.
            if let Some(wait) = waits.iter_mut().find(|wait| wait.stream == stream) {
                wait.interest |= asked;
                continue;
            }
            waits.try_reserve(1).map_err(|_| NO_MEMORY)?;
            waits.push(StreamWait { stream, interest: asked, ready: Asked::empty() });
        }
        Ok(waits)
    }

    /// Whether a wait would have something to report, where `readiness` tells what is ready.
    pub(super) fn has_ready(&self, readiness: AsSeen<'_>) -> bool {
        let _collecting = self.shared.collecting.lock();
        self.look(readiness);
        loop {
            let Some(item) = self.shared.ready.lock().pop_front() else { return false };
            let target = item.taken();
            if target.is_some_and(|target| item.is_ready(readiness(&**target.file()))) {
                item.put_back(&self.shared);
                return true;
            }
        }
    }
}
