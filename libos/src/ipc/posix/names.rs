//! The queues by name.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::sync::Mutex;

use super::queue::Queue;
use super::{MAX_QUEUES, QueueFile, QueueLimits};
use crate::error::{Error, ErrorKind, Result};
use crate::file::{Access, Caller, FileHost, MAX_NAME, check_access, check_owner};

/// The queues that have a name.
pub struct NamedQueues {
    host: Arc<dyn FileHost>,
    names: Mutex<BTreeMap<Vec<u8>, Arc<Queue>>>,
    shares: Arc<Shares>,
}

/// How to open a queue (`mq_open(3)`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenQueue {
    /// The rights that are wanted; `None` for neither, which only who makes the queue gets.
    pub access: Option<Access>,
    /// It is made if there is none.
    pub create: bool,
    /// With `create`: there must be none.
    pub exclusive: bool,
    /// Permission bits of a new one.
    pub mode: u32,
    /// How large a new one is; `None` for the usual.
    pub limits: Option<QueueLimits>,
    /// Bytes that all queues of the user may have (`RLIMIT_MSGQUEUE`).
    pub share: u64,
}

/// How many bytes each user's queues have.
#[derive(Default)]
pub(super) struct Shares {
    used: Mutex<BTreeMap<u32, u64>>,
}

impl Shares {
    /// Count `bytes` as `user`'s, of `limit` at most.
    fn charge(&self, user: u32, bytes: u64, limit: u64) -> Result<()> {
        let mut used = self.used.lock();
        let share = used.entry(user).or_default();
        let more = share.checked_add(bytes).filter(|more| *more <= limit);
        *share = more.ok_or(Error::new(ErrorKind::ShareUsedUp, "the user's queues would be too large"))?;
        Ok(())
    }

    pub(super) fn release(&self, user: u32, bytes: u64) {
        let mut used = self.used.lock();
        if let Some(share) = used.get_mut(&user) {
            *share = share.saturating_sub(bytes);
        }
        used.retain(|_, share| *share > 0);
    }
}

const NOT_FOUND: Error = Error::new(ErrorKind::NotFound, "no queue has this name");

/// Whether `name` can be one: it is a single component.
fn check_name(name: &[u8]) -> Result<()> {
    if name.is_empty() {
        return Err(NOT_FOUND);
    }
    if name.len() > MAX_NAME {
        return Err(Error::new(ErrorKind::NameTooLong, "the name is too long"));
    }
    if name == b"." || name == b".." || name.contains(&b'/') {
        return Err(Error::new(ErrorKind::AccessDenied, "a queue's name is one component"));
    }
    Ok(())
}

impl NamedQueues {
    /// No queues.
    pub(in crate::ipc) fn new(host: &Arc<dyn FileHost>) -> Self {
        Self { host: Arc::clone(host), names: Mutex::default(), shares: Arc::default() }
    }

    /// Open the queue called `name`, which has no slash.
    ///
    /// # Errors
    /// Those of `mq_open(3)`.
    pub fn open(&self, name: &[u8], how: &OpenQueue, caller: &Caller) -> Result<Arc<QueueFile>> {
        check_name(name)?;
        let mut names = self.names.lock();
        if let Some(queue) = names.get(name) {
            if how.create && how.exclusive {
                return Err(Error::new(ErrorKind::Exists, "a queue has this name"));
            }
            let access = how.access.ok_or(Error::new(ErrorKind::InvalidArgument, "no such access mode"))?;
            check_access(&queue.attributes(), access, &caller.credentials)?;
            return Ok(QueueFile::new(queue));
        }
        if !how.create {
            return Err(NOT_FOUND);
        }
        if names.len() >= MAX_QUEUES && !caller.credentials.may_change() {
            return Err(Error::new(ErrorKind::NoSpace, "too many queues"));
        }
        let queue = self.make(name, how, caller)?;
        names.insert(name.to_vec(), Arc::clone(&queue));
        Ok(QueueFile::new(&queue))
    }

    fn make(&self, name: &[u8], how: &OpenQueue, caller: &Caller) -> Result<Arc<Queue>> {
        let bytes = how.limits.unwrap_or_default().checked(caller.credentials.may_change())?;
        self.shares.charge(caller.credentials.user.real, bytes, how.share)?;
        Ok(Queue::new(&self.host, &self.shares, name, how, bytes, &caller.credentials))
    }

    /// Take the name `name` away; the queue stays while it is open.
    ///
    /// # Errors
    /// Those of `mq_unlink(3)`.
    pub fn unlink(&self, name: &[u8], caller: &Caller) -> Result<()> {
        check_name(name)?;
        let mut names = self.names.lock();
        let queue = names.get(name).ok_or(NOT_FOUND)?;
        // The names lie in a folder with a sticky bit.
        check_owner(&queue.attributes(), &caller.credentials)?;
        let removed = names.remove(name);
        drop(names);
        if let Some(queue) = removed {
            queue.unlink();
        }
        Ok(())
    }

    /// How many queues have a name.
    pub fn count(&self) -> usize {
        self.names.lock().len()
    }
}
