//! Which instances and sessions there are.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::instance::Instance;
use super::worker::Worker;
use crate::abi::identity::{Identity, Uuid};
use crate::abi::process::ApplicationFlags;
use crate::error::{Result, TeeError};

/// The most sessions at a time.
const MAX_SESSIONS: usize = 4096;
/// The most workers, each of which is a process of the host.
const MAX_WORKERS: usize = 64;

/// Who opened a session: nobody else may use it.
#[derive(Clone)]
pub enum Owner {
    /// The client.
    Client,
    /// An application's instance.
    Instance(Arc<Instance>),
}

impl Owner {
    pub(crate) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Client, Self::Client) => true,
            (Self::Instance(one), Self::Instance(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }
}

/// A session.
struct Session {
    instance: Arc<Instance>,
    owner: Owner,
    identity: Identity,
}

/// Which instances and sessions there are.
#[derive(Default)]
pub(crate) struct State {
    instances: Vec<Arc<Instance>>,
    sessions: BTreeMap<u32, Session>,
    workers: Vec<Arc<Worker>>,
    /// Which instance waits for which other one.
    waits: Vec<(Arc<Instance>, Arc<Instance>)>,
    last_session: u32,
}

impl State {
    /// A new session's number, taken at once.
    pub(crate) fn open(&mut self, instance: &Arc<Instance>, owner: Owner, identity: Identity) -> Result<u32> {
        if self.sessions.len() >= MAX_SESSIONS {
            return Err(TeeError::OUT_OF_MEMORY);
        }
        let mut number = self.last_session;
        loop {
            number = number.checked_add(1).unwrap_or(1);
            if !self.sessions.contains_key(&number) {
                break;
            }
        }
        self.last_session = number;
        self.sessions.insert(number, Session { instance: Arc::clone(instance), owner, identity });
        Ok(number)
    }

    /// The instance of a session of `owner`'s, and who the client said it is.
    pub(crate) fn session(&self, number: u32, owner: &Owner) -> Result<(Arc<Instance>, Identity)> {
        let session = self.sessions.get(&number).filter(|session| session.owner.is(owner));
        let session = session.ok_or(TeeError::BAD_PARAMETERS)?;
        Ok((Arc::clone(&session.instance), session.identity))
    }

    /// A session is over. Whether its instance goes too: no new session finds it from now on.
    pub(crate) fn close(&mut self, number: u32) -> bool {
        let Some(session) = self.sessions.remove(&number) else { return false };
        let goes = self.count(&session.instance) == 0 && !session.instance.is_kept();
        if goes {
            self.remove(&session.instance);
        }
        goes
    }

    fn count(&self, instance: &Arc<Instance>) -> usize {
        self.sessions.values().filter(|session| Arc::ptr_eq(&session.instance, instance)).count()
    }

    /// The sessions that an instance opened.
    pub(crate) fn opened_by(&self, instance: &Arc<Instance>) -> Vec<u32> {
        let owner = Owner::Instance(Arc::clone(instance));
        self.sessions
            .iter()
            .filter(|(_, session)| session.owner.is(&owner))
            .map(|(number, _)| *number)
            .collect()
    }

    /// An instance that a new session may be with, if there is to be no other.
    ///
    /// # Errors
    /// `BUSY` if there is one and it takes no more sessions; `TARGET_DEAD` if it is kept although it panicked.
    pub(crate) fn reusable(&self, uuid: Uuid) -> Result<Option<Arc<Instance>>> {
        let instances = self.instances.iter();
        let mut single = instances.filter(|instance| {
            instance.uuid() == uuid && instance.flags().contains(ApplicationFlags::SINGLE_INSTANCE)
        });
        let Some(instance) = single.next() else { return Ok(None) };
        if instance.is_dead() {
            return Err(TeeError::TARGET_DEAD);
        }
        let takes_more = instance.flags().contains(ApplicationFlags::MULTI_SESSION);
        if takes_more || self.count(instance) == 0 {
            Ok(Some(Arc::clone(instance)))
        } else {
            Err(TeeError::BUSY)
        }
    }

    pub(crate) fn add(&mut self, instance: &Arc<Instance>) {
        self.instances.push(Arc::clone(instance));
    }

    /// An instance is gone. One that panicked may be one that nothing takes the place of.
    pub(crate) fn remove(&mut self, instance: &Arc<Instance>) {
        let stays = instance.is_dead()
            && instance.is_kept()
            && instance.flags().contains(ApplicationFlags::INSTANCE_KEEP_CRASHED);
        if !stays {
            self.instances.retain(|other| !Arc::ptr_eq(other, instance));
        }
    }

    /// A worker that no instance lives on.
    pub(crate) fn idle_worker(&self) -> Option<Arc<Worker>> {
        let is_idle = |worker: &&Arc<Worker>| {
            !self.instances.iter().any(|other| !other.is_dead() && Arc::ptr_eq(&other.worker, worker))
        };
        self.workers.iter().find(is_idle).cloned()
    }

    /// Count a worker in.
    ///
    /// # Errors
    /// `OUT_OF_MEMORY` if there are too many.
    pub(crate) fn add_worker(&mut self, worker: &Arc<Worker>) -> Result<()> {
        if self.workers.len() >= MAX_WORKERS {
            return Err(TeeError::OUT_OF_MEMORY);
        }
        self.workers.push(Arc::clone(worker));
        Ok(())
    }

    /// A worker could not be started.
    pub(crate) fn remove_worker(&mut self, worker: &Arc<Worker>) {
        self.workers.retain(|other| !Arc::ptr_eq(other, worker));
    }

    /// The first worker, which ends the sandbox.
    pub(crate) fn first_worker(&self) -> Option<Arc<Worker>> {
        self.workers.first().cloned()
    }

    /// `caller` waits for `callee` from now on. What waits are their threads, on each of which other instances may have
    /// lived.
    ///
    /// # Errors
    /// `BUSY` if `callee` waits for `caller`, directly or not.
    pub(crate) fn wait(&mut self, caller: &Arc<Instance>, callee: &Arc<Instance>) -> Result<()> {
        let mut at = Arc::clone(callee);
        loop {
            if Arc::ptr_eq(&at.worker, &caller.worker) {
                return Err(TeeError::BUSY);
            }
            let next = self.waits.iter().find(|(waiting, _)| Arc::ptr_eq(&waiting.worker, &at.worker));
            let Some((_, next)) = next else { break };
            at = Arc::clone(next);
        }
        self.waits.push((Arc::clone(caller), Arc::clone(callee)));
        Ok(())
    }

    /// `caller` waits no more.
    pub(crate) fn go_on(&mut self, caller: &Arc<Instance>) {
        self.waits.retain(|(waiting, _)| !Arc::ptr_eq(waiting, caller));
    }
}
