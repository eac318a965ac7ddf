//! An interest list and a ready list (`epoll(7)`).
//!
//! Each watched description has an item, registered with the queue of its object. A wake-up puts the item on the
//! ready list; a wait takes that list, keeps what is true, and puts level-triggered items back. Objects that
//! become ready without a wake-up (host streams, timers) are on a third, short list that every wait looks at.
//!
//! Lock order: the nesting lock, the interest list, the collector's lock, an item's state, the ready list. An
//! object's readiness is asked for under the collector's lock at most.

mod collect;
mod item;

use alloc::collections::{BTreeMap, VecDeque};
use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;

use litebox_host::console::Console;
use litebox_host::file::{Attributes, FileKind};
use litebox_host::sync::{AtomicU32, Mutex, Ordering};
use litebox_host::time::{Deadline, Time};

use self::item::Item;
use super::{Readiness, WaitQueue};
use crate::error::{Error, ErrorKind, Result};
use crate::file::{Asker, Description, File, PersonalFile, Used, anonymous_attributes};
use crate::user::Destination;

/// How a watched object is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// As long as it is ready.
    Level,
    /// When it becomes ready, or more so.
    Edge,
}

/// What is watched for, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watching {
    /// The conditions. Errors and hang-ups are watched for, always.
    pub interest: Readiness,
    /// When to report.
    pub trigger: Trigger,
    /// Whether a report ends the watching until it is changed.
    pub once: bool,
    /// Whether one wake-up of the object reaches only one of several epoll instances.
    pub exclusive: bool,
    /// Handed back with each report.
    pub data: u64,
    /// The guest's own encoding of the conditions, handed back likewise.
    pub mask: u32,
}

/// One report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// What is true, out of what is watched for.
    pub ready: Readiness,
    /// See [`Watching::data`].
    pub data: u64,
    /// See [`Watching::mask`].
    pub mask: u32,
}

/// An epoll instance.
pub struct Epoll<H> {
    host: H,
    items: Mutex<Items>,
    shared: Arc<Shared>,
}

/// A watched description under the number it was given by: the same one may be watched under several.
type Key = (u32, usize);

#[derive(Default)]
struct Items {
    by_key: BTreeMap<Key, Arc<Item>>,
    /// Those that have to be looked at by every wait.
    looked_at: Vec<Arc<Item>>,
    /// Items of closed descriptions are swept out when the list reaches this length.
    sweep_at: usize,
}

/// What items and outer instances see of an instance.
#[derive(Default)]
struct Shared {
    ready: Mutex<VecDeque<Arc<Item>>>,
    queue: WaitQueue,
    /// Taken by whoever works through the ready list.
    collecting: Mutex<()>,
    /// Counts changes of [`Items::looked_at`].
    generation: AtomicU32,
    /// The instances that watch this one.
    outer: Mutex<Vec<Weak<Self>>>,
}

/// How many instances may watch one another in a row.
const MAX_NESTING: usize = 5;

const NO_MEMORY: Error = Error::new(ErrorKind::NoMemory, "no memory to watch an object");
const UNKNOWN: Error = Error::new(ErrorKind::NotFound, "the description is not watched");

impl<H: Console + Time + Send + Sync + 'static> Epoll<H> {
    /// An instance that watches nothing.
    pub fn new(host: H) -> Arc<Self> {
        let items = Items { sweep_at: 64, ..Items::default() };
        Arc::new(Self { host, items: Mutex::new(items), shared: Arc::default() })
    }

    /// Watch `target`, under `number`, on behalf of `asker`: of an object that is something else to everybody, wake-ups
    /// are those of that process, whoever waits. `nesting` is held while instances watch each other: one lock a sandbox.
    ///
    /// # Errors
    /// [`ErrorKind::NotPermitted`] for what cannot be watched, [`ErrorKind::Exists`], [`ErrorKind::Loop`],
    /// [`ErrorKind::InvalidArgument`], [`ErrorKind::NoMemory`].
    pub fn add(
        &self,
        number: u32,
        target: &Arc<Description>,
        watching: Watching,
        asker: Asker<'_>,
        nesting: &Mutex<()>,
    ) -> Result<()> {
        if !target.file().is_watchable() {
            return Err(Error::new(ErrorKind::NotPermitted, "the object cannot be watched"));
        }
        let inner = target.file_as::<Self>();
        let _nesting = inner.map(|_| nesting.lock());
        if let Some(inner) = inner {
            if watching.exclusive {
                return Err(Error::new(
                    ErrorKind::InvalidArgument,
                    "an instance cannot be watched exclusively",
                ));
            }
            self.check_nesting(inner)?;
        }
        let mut items = self.items.lock();
        items.sweep();
        let key = key(number, target);
        if items.by_key.contains_key(&key) {
            return Err(Error::new(ErrorKind::Exists, "watched already"));
        }
        self.shared.ready.lock().try_reserve(items.by_key.len() + 1).map_err(|_| NO_MEMORY)?;
        items.looked_at.try_reserve(1).map_err(|_| NO_MEMORY)?;
        if let Some(inner) = inner {
            inner.shared.watched_by(&self.shared)?;
        }
        let item = Item::new(target, &self.shared, watching);
        item.register(target, asker)?;
        items.by_key.insert(key, Arc::clone(&item));
        if target.file().stream().is_some() || target.file().is_timed() {
            items.looked_at.push(Arc::clone(&item));
        }
        drop(items);
        self.changed(&item, target, asker);
        Ok(())
    }

    /// Watch `target` otherwise. A condition that is true already is reported anew.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`]; [`ErrorKind::InvalidArgument`] if it is watched exclusively.
    pub fn modify(
        &self,
        number: u32,
        target: &Arc<Description>,
        watching: Watching,
        asker: Asker<'_>,
    ) -> Result<()> {
        let item = self.items.lock().by_key.get(&key(number, target)).cloned().ok_or(UNKNOWN)?;
        item.rewatch(target, watching)?;
        self.changed(&item, target, asker);
        Ok(())
    }

    /// Watch `target` no longer.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`].
    pub fn remove(&self, number: u32, target: &Arc<Description>) -> Result<()> {
        let mut items = self.items.lock();
        let item = items.by_key.remove(&key(number, target)).ok_or(UNKNOWN)?;
        items.looked_at.retain(|other| !Arc::ptr_eq(other, &item));
        drop(items);
        item.stop(target);
        if let Some(inner) = target.file_as::<Self>() {
            inner.shared.unwatched_by(&self.shared);
        }
        self.shared.generation.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    /// After a change of an item: report it if it is ready, and have waits look at their list again.
    fn changed(&self, item: &Arc<Item>, target: &Arc<Description>, asker: Asker<'_>) {
        self.shared.generation.fetch_add(1, Ordering::SeqCst);
        if item.is_ready(Used::new(&**target.file(), asker).readiness()) {
            item.enqueue(&self.shared);
        }
        if target.file().stream().is_some() || target.file().is_timed() {
            self.shared.queue.wake(Readiness::READ);
        }
    }

    /// Refuse a loop, and a row of instances that is too long to be woken through.
    fn check_nesting(&self, inner: &Self) -> Result<()> {
        let too_deep = Error::new(ErrorKind::Loop, "instances would watch each other in a loop, or too deep");
        if Arc::ptr_eq(&self.shared, &inner.shared) {
            return Err(Error::new(ErrorKind::InvalidArgument, "an instance cannot watch itself"));
        }
        let below = inner.depth(&self.shared, MAX_NESTING).ok_or(too_deep)?;
        let above = self.shared.height(MAX_NESTING).ok_or(too_deep)?;
        if above + below > MAX_NESTING { Err(too_deep) } else { Ok(()) }
    }

    /// How many instances are in a row from here downwards, this one included. `None` if `forbidden` is among
    /// them or there are more than `most`.
    fn depth(&self, forbidden: &Arc<Shared>, most: usize) -> Option<usize> {
        if most == 0 || Arc::ptr_eq(&self.shared, forbidden) {
            return None;
        }
        let targets: Vec<_> = self.items.lock().by_key.values().filter_map(|item| item.target()).collect();
        let mut deepest = 0;
        for target in &targets {
            if let Some(inner) = target.file_as::<Self>() {
                deepest = deepest.max(inner.depth(forbidden, most - 1)?);
            }
        }
        Some(deepest + 1)
    }
}

impl Shared {
    /// How many instances are in a row from here upwards, this one included; `None` if more than `most`.
    fn height(&self, most: usize) -> Option<usize> {
        if most == 0 {
            return None;
        }
        let outer: Vec<_> = self.outer.lock().iter().filter_map(Weak::upgrade).collect();
        let mut highest = 0;
        for instance in outer {
            highest = highest.max(instance.height(most - 1)?);
        }
        Some(highest + 1)
    }

    fn watched_by(&self, outer: &Arc<Self>) -> Result<()> {
        let mut list = self.outer.lock();
        list.retain(|instance| instance.strong_count() > 0);
        list.try_reserve(1).map_err(|_| NO_MEMORY)?;
        list.push(Arc::downgrade(outer));
        Ok(())
    }

    fn unwatched_by(&self, outer: &Arc<Self>) {
        let mut list = self.outer.lock();
        let index = list.iter().position(|instance| core::ptr::eq(instance.as_ptr(), Arc::as_ptr(outer)));
        if let Some(index) = index {
            list.swap_remove(index);
        }
    }
}

impl Items {
    /// Forget the items of closed descriptions, each time the list has doubled.
    fn sweep(&mut self) {
        if self.by_key.len() < self.sweep_at {
            return;
        }
        self.by_key.retain(|_, item| !item.is_closed());
        self.looked_at.retain(|item| !item.is_closed());
        self.sweep_at = self.by_key.len().saturating_mul(2).max(64);
    }
}

fn key(number: u32, target: &Arc<Description>) -> Key {
    (number, Arc::as_ptr(target).addr())
}

impl<H: Console + Time + Send + Sync + 'static> File for Epoll<H> {
    fn attributes(&self) -> Result<Attributes> {
        Ok(anonymous_attributes(FileKind::Regular, 0o600, self))
    }

    fn ignores_seek(&self) -> bool {
        true
    }

    /// What it is to nobody in particular.
    fn readiness(&self) -> Readiness {
        if self.has_ready(&|file| file.readiness()) { Readiness::READ } else { Readiness::empty() }
    }

    fn personal(&self) -> Option<&dyn PersonalFile> {
        Some(self)
    }

    fn queue(&self) -> Option<&WaitQueue> {
        Some(&self.shared.queue)
    }

    fn deadline(&self, _: Option<Deadline>) -> Option<Deadline> {
        self.alarm()
    }

    fn is_timed(&self) -> bool {
        true
    }

    fn label(&self) -> Vec<u8> {
        b"anon_inode:[eventpoll]".to_vec()
    }
}

/// What it watches may be something else to everybody.
impl<H: Console + Time + Send + Sync + 'static> PersonalFile for Epoll<H> {
    fn read(&self, _: Asker<'_>, position: Option<u64>, to: &mut dyn Destination) -> Result<usize> {
        File::read(self, position, to)
    }

    fn readiness(&self, asker: Asker<'_>) -> Readiness {
        let has_ready = self.has_ready(&|file| Used::new(file, asker).readiness());
        if has_ready { Readiness::READ } else { Readiness::empty() }
    }
}

impl<H> Drop for Epoll<H> {
    fn drop(&mut self) {
        for item in self.items.get_mut().by_key.values() {
            if let Some(target) = item.target() {
                item.stop(&target);
            }
        }
    }
}
