//! Descriptions on their way in messages (`SCM_RIGHTS` of `unix(7)`), and the collection of those that can never
//! arrive.
//!
//! A socket that is on its way may itself have sockets in its inbox, so that nobody is left who could receive
//! either. Such a ring is found as follows. A socket is a candidate if all references to it are on their way. A
//! candidate is alive if some of these references are not in the inbox of a candidate, or are in that of one that
//! is alive. The others are garbage, and their inboxes are emptied.
//!
//! Lock order: the flights come before the state of any socket. A receive that may find a description holds them,
//! so that during a collection no candidate gets a new reference from outside.

use alloc::collections::BTreeMap;
use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;

use litebox_host::sync::{AtomicUsize, Mutex, MutexGuard, Ordering};

use super::Socket;
use crate::error::{Error, ErrorKind, Result};
use crate::file::Description;

/// The descriptions on their way, in a whole sandbox.
#[derive(Default)]
pub(super) struct Courier {
    flights: Mutex<Flights>,
    /// Sockets among them, for a look without the lock.
    sockets: AtomicUsize,
    /// Sockets that went since the last collection.
    gone: AtomicUsize,
}

/// What [`Courier`] counts.
#[derive(Default)]
pub(super) struct Flights {
    /// Descriptions on their way, each as often as it is.
    count: u64,
    /// The sockets among them, by the address of the description.
    sockets: BTreeMap<usize, Flight>,
    /// What has been lost on its way and is still to be let go, one after another: what is lost may itself be a
    /// socket with descriptions in its inbox.
    lost: Vec<Vec<Arc<Description>>>,
    is_letting_go: bool,
    is_collecting: bool,
    /// Something changed during a collection.
    again: bool,
}

struct Flight {
    description: Weak<Description>,
    count: usize,
}

/// Descriptions in a message.
pub(super) struct Parcel {
    courier: Arc<Courier>,
    descriptions: Vec<Arc<Description>>,
}

/// The most descriptions in one message (`SCM_MAX_FD`).
pub const MAX_DESCRIPTIONS: usize = 253;
/// The most descriptions on their way in a sandbox, whoever sends them.
const MOST: u64 = 1 << 18;

impl Courier {
    /// Send `descriptions` off, for a user who may have `limit` on their way.
    ///
    /// # Errors
    /// [`ErrorKind::TooManyReferences`].
    pub(super) fn pack(
        self: &Arc<Self>,
        descriptions: Vec<Arc<Description>>,
        limit: Option<u64>,
    ) -> Result<Parcel> {
        let mut flights = self.flights.lock();
        if flights.count > limit.unwrap_or(MOST).min(MOST) {
            drop(flights);
            self.collect();
            flights = self.flights.lock();
            if flights.count > limit.unwrap_or(MOST).min(MOST) {
                return Err(Error::new(
                    ErrorKind::TooManyReferences,
                    "too many descriptors are on their way",
                ));
            }
        }
        flights.depart(&descriptions);
        self.count_sockets(&flights);
        Ok(Parcel { courier: Arc::clone(self), descriptions })
    }

    /// Hold the flights.
    pub(super) fn flights(&self) -> MutexGuard<'_, Flights> {
        self.flights.lock()
    }

    fn count_sockets(&self, flights: &Flights) {
        self.sockets.store(flights.sockets.len(), Ordering::Relaxed);
    }

    /// Let go of descriptions that do not arrive. Called without any socket's lock.
    fn lose(&self, descriptions: Vec<Arc<Description>>) {
        let mut flights = self.flights.lock();
        flights.land(&descriptions);
        self.count_sockets(&flights);
        if flights.lost.try_reserve(1).is_err() {
            drop(flights);
            return;
        }
        flights.lost.push(descriptions);
        if core::mem::replace(&mut flights.is_letting_go, true) {
            // Whoever does so goes on with these.
            return;
        }
        while let Some(descriptions) = flights.lost.pop() {
            drop(flights);
            drop(descriptions);
            flights = self.flights.lock();
        }
        flights.is_letting_go = false;
    }

    /// A socket is gone: if there are not many more on their way, see which can still arrive. The work for each
    /// socket that goes is bounded so. Called without any socket's lock.
    pub(super) fn socket_gone(&self) {
        /// How many sockets on their way are looked at for each that goes.
        const SHARE: usize = 16;
        let sockets = self.sockets.load(Ordering::Relaxed);
        let gone = self.gone.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        if sockets > 0 && gone.saturating_mul(SHARE) >= sockets {
            self.collect();
        }
    }

    /// Let go of all that can never arrive. Called without any socket's lock.
    fn collect(&self) {
        self.gone.store(0, Ordering::Relaxed);
        let mut flights = self.flights.lock();
        if flights.is_collecting {
            flights.again = true;
            return;
        }
        flights.is_collecting = true;
        loop {
            flights.again = false;
            // Without memory to look for it, garbage waits for the next time.
            let garbage = flights.garbage().unwrap_or_default();
            drop(flights);
            drop(garbage);
            flights = self.flights.lock();
            if !flights.again {
                break;
            }
        }
        flights.is_collecting = false;
    }
}

impl Flights {
    fn depart(&mut self, descriptions: &[Arc<Description>]) {
        self.count += descriptions.len() as u64;
        for description in descriptions.iter().filter(|description| is_socket(description)) {
            let new = || Flight { description: Arc::downgrade(description), count: 0 };
            self.sockets.entry(address(description)).or_insert_with(new).count += 1;
        }
    }

    fn land(&mut self, descriptions: &[Arc<Description>]) {
        self.count = self.count.saturating_sub(descriptions.len() as u64);
        for description in descriptions.iter().filter(|description| is_socket(description)) {
            if let Some(flight) = self.sockets.get_mut(&address(description)) {
                flight.count -= 1;
                if flight.count == 0 {
                    self.sockets.remove(&address(description));
                }
            }
        }
    }

    /// The parcels that can never arrive, taken out of their inboxes.
    fn garbage(&self) -> Option<Garbage> {
        let mut search = Search::default();
        for (address, flight) in &self.sockets {
            // Whoever has it open, or uses it just now, counts too.
            if flight.description.strong_count() == flight.count
                && let Some(description) = flight.description.upgrade()
            {
                search.candidates.try_reserve(1).ok()?;
                let (address, outside) = (*address, flight.count);
                search.candidates.push(Candidate { address, description, outside, is_alive: false });
            }
        }
        search.find_edges()?;
        search.mark()?;
        let mut parcels = Vec::new();
        for candidate in search.candidates.iter().filter(|candidate| !candidate.is_alive) {
            if let Some(socket) = candidate.description.file_as::<Socket>() {
                socket.take_parcels(&mut parcels);
            }
        }
        Some(Garbage { _parcels: parcels, _search: search })
    }
}

/// What a collection lets go of, in this order: dropped without the lock.
#[derive(Default)]
struct Garbage {
    _parcels: Vec<Parcel>,
    _search: Search,
}

/// A search for garbage.
#[derive(Default)]
struct Search {
    /// By address.
    candidates: Vec<Candidate>,
    /// From the candidate with the inbox to the one in it; ordered by the former.
    edges: Vec<(usize, usize)>,
}

struct Candidate {
    address: usize,
    description: Arc<Description>,
    /// References that have not been found in the inbox of a candidate.
    outside: usize,
    is_alive: bool,
}

impl Search {
    fn find_edges(&mut self) -> Option<()> {
        let mut fits = true;
        for from in 0..self.candidates.len() {
            let Some(holder) = self.candidates.get(from).map(|holder| Arc::clone(&holder.description)) else {
                break;
            };
            let Some(socket) = holder.file_as::<Socket>() else { continue };
            socket.each_description(&mut |description| {
                let at = self.candidates.binary_search_by_key(&address(description), |other| other.address);
                if let Ok(to) = at
                    && let Some(found) = self.candidates.get_mut(to)
                {
                    found.outside = found.outside.saturating_sub(1);
                    fits &= self.edges.try_reserve(1).is_ok();
                    if fits {
                        self.edges.push((from, to));
                    }
                }
            });
        }
        fits.then_some(())
    }

    /// Mark what is alive.
    fn mark(&mut self) -> Option<()> {
        let mut next = Vec::new();
        next.try_reserve_exact(self.candidates.len()).ok()?;
        for (index, candidate) in self.candidates.iter_mut().enumerate() {
            if candidate.outside > 0 {
                candidate.is_alive = true;
                next.push(index);
            }
        }
        while let Some(index) = next.pop() {
            let first = self.edges.partition_point(|(from, _)| *from < index);
            for (_, to) in self.edges.iter().skip(first).take_while(|(from, _)| *from == index) {
                if let Some(candidate) = self.candidates.get_mut(*to).filter(|found| !found.is_alive) {
                    candidate.is_alive = true;
                    next.push(*to);
                }
            }
        }
        Some(())
    }
}

impl Parcel {
    pub(super) fn descriptions(&self) -> &[Arc<Description>] {
        &self.descriptions
    }

    /// The descriptions, which have arrived.
    pub(super) fn open(mut self, flights: &mut Flights) -> Vec<Arc<Description>> {
        let descriptions = core::mem::take(&mut self.descriptions);
        flights.land(&descriptions);
        self.courier.count_sockets(flights);
        descriptions
    }

    /// The descriptions for somebody who only looks. The caller holds the flights.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`].
    pub(super) fn copy(&self) -> Result<Vec<Arc<Description>>> {
        let mut copied = Vec::new();
        let no_memory = Error::new(ErrorKind::NoMemory, "no memory to pass descriptors");
        copied.try_reserve_exact(self.descriptions.len()).map_err(|_| no_memory)?;
        copied.extend_from_slice(&self.descriptions);
        Ok(copied)
    }
}

impl Drop for Parcel {
    fn drop(&mut self) {
        if !self.descriptions.is_empty() {
            self.courier.lose(core::mem::take(&mut self.descriptions));
        }
    }
}

fn is_socket(description: &Description) -> bool {
    description.file_as::<Socket>().is_some()
}

fn address(description: &Arc<Description>) -> usize {
    Arc::as_ptr(description).addr()
}
