//! One set of semaphores.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::sync::{Mutex, MutexGuard};
use litebox_host::time::Deadline;

use super::request::Pending;
use super::{MAX_VALUE, Operation, Request, UndoList};
use crate::error::{Error, ErrorKind, Result};
use crate::file::FileHost;
use crate::identity::Credentials;
use crate::ipc::{Change, NO_MEMORY, Permission, REMOVED, now};
use crate::memory::buffer;
use crate::thread::Thread;

/// One set of semaphores.
pub struct SemaphoreSet {
    host: Arc<dyn FileHost>,
    count: usize,
    state: Mutex<State>,
}

struct State {
    permission: Permission,
    semaphores: Vec<SemaphoreValue>,
    /// What lists have to undo.
    adjustments: Vec<Adjustment>,
    /// Requests that wait, oldest first.
    pending: Vec<Arc<Pending>>,
    operated: i64,
    changed: i64,
    removed: bool,
}

/// One semaphore.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct SemaphoreValue {
    /// 0 to [`MAX_VALUE`].
    pub value: i32,
    /// The process that changed it last, or waited for it to be 0.
    pub process: u32,
}

/// What one list has to undo, for each semaphore.
struct Adjustment {
    list: usize,
    /// The process whose end undoes it.
    process: u32,
    values: Vec<i16>,
}

/// What is told of a set (`IPC_STAT`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SemaphoreSetStatus {
    /// Owner and permission bits.
    pub permission: Permission,
    /// How many semaphores it has.
    pub count: usize,
    /// When a request was last performed, in seconds since 1970; 0 for never.
    pub operated: i64,
    /// When it was made, or last changed otherwise.
    pub changed: i64,
}

/// What threads wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// A larger value.
    Increase,
    /// The value 0.
    Zero,
}

/// What an attempt to perform a request comes to.
enum Attempt {
    Done,
    /// This operation has to wait.
    Blocked(Operation),
}

const TOO_LARGE: Error =
    Error::new(ErrorKind::OutOfRange, "larger than a semaphore or what is undone can be");
const NO_SEMAPHORE: Error = Error::new(ErrorKind::FileTooBig, "the set has no such semaphore");
const NO_INDEX: Error = Error::new(ErrorKind::InvalidArgument, "the set has no such semaphore");
const WOULD_WAIT: Error = Error::new(ErrorKind::WouldBlock, "the request would wait");

impl SemaphoreSet {
    /// `count` semaphores, all of them 0.
    pub(super) fn new(
        host: &Arc<dyn FileHost>,
        key: i32,
        count: usize,
        mode: u32,
        credentials: &Credentials,
    ) -> Result<Arc<Self>> {
        let semaphores = buffer::zeroed(count)?;
        let state = State {
            permission: Permission::new(key, mode, credentials),
            semaphores,
            adjustments: Vec::new(),
            pending: Vec::new(),
            operated: 0,
            changed: now(&**host),
            removed: false,
        };
        Ok(Arc::new(Self { host: Arc::clone(host), count, state: Mutex::new(state) }))
    }

    /// How many semaphores it has.
    pub const fn count(&self) -> usize {
        self.count
    }

    /// Whether it can be used by who wants `count` semaphores and the rights `mode`.
    pub(super) fn accept(&self, count: usize, mode: u32, credentials: &Credentials) -> Result<()> {
        if count > self.count {
            return Err(Error::new(ErrorKind::InvalidArgument, "the set has fewer semaphores"));
        }
        self.state.lock().permission.check(credentials, mode)
    }

    pub(super) fn check_owner(&self, credentials: &Credentials) -> Result<()> {
        self.state.lock().permission.check_owner(credentials)
    }

    /// The set's state, if it was not removed and `credentials` have the rights `wanted`.
    fn open(&self, credentials: &Credentials, wanted: u32) -> Result<MutexGuard<'_, State>> {
        let state = self.state.lock();
        if state.removed {
            return Err(REMOVED);
        }
        state.permission.check(credentials, wanted)?;
        Ok(state)
    }

    /// Perform `request`, and wait as long as it cannot be.
    ///
    /// # Errors
    /// Those of `semop(2)`: [`ErrorKind::FileTooBig`] for a semaphore that does not exist,
    /// [`ErrorKind::AccessDenied`], [`ErrorKind::OutOfRange`], [`ErrorKind::WouldBlock`], [`ErrorKind::Removed`],
    /// [`ErrorKind::NoMemory`]; [`ErrorKind::Interrupted`], [`ErrorKind::TimedOut`].
    pub fn operate(
        self: &Arc<Self>,
        thread: &Thread,
        credentials: &Credentials,
        request: Request,
        deadline: Option<Deadline>,
    ) -> Result<()> {
        if request.operations.iter().any(|operation| usize::from(operation.index) >= self.count) {
            return Err(NO_SEMAPHORE);
        }
        let mut state = self.open(credentials, if request.changes() { 0o222 } else { 0o444 })?;
        self.prepare_undo(&mut state, &request)?;
        let blocked = match state.perform(&request)? {
            Attempt::Done => {
                state.settle(now(&*self.host));
                return Ok(());
            }
            Attempt::Blocked(operation) => operation,
        };
        if blocked.fails {
            return Err(WOULD_WAIT);
        }
        state.pending.try_reserve(1).map_err(|_| NO_MEMORY)?;
        let pending = Pending::new(request, thread);
        state.pending.push(Arc::clone(&pending));
        drop(state);
        self.wait(thread, &pending, deadline)
    }

    /// Make sure that what `request` does can be undone.
    fn prepare_undo(self: &Arc<Self>, state: &mut State, request: &Request) -> Result<()> {
        let Some(list) = request.undo.as_ref().filter(|_| request.operations.iter().any(|one| one.undoes))
        else {
            return Ok(());
        };
        if state.adjustment(list).is_some() {
            return Ok(());
        }
        let values = buffer::zeroed(self.count)?;
        state.adjustments.try_reserve(1).map_err(|_| NO_MEMORY)?;
        list.remember(self)?;
        state.adjustments.push(Adjustment { list: list.id(), process: request.process, values });
        Ok(())
    }

    /// Take `pending` back. Whether it was still waiting.
    pub(super) fn withdraw(&self, pending: &Arc<Pending>) -> bool {
        let mut state = self.state.lock();
        let index = state.pending.iter().position(|other| Arc::ptr_eq(other, pending));
        if let Some(index) = index {
            state.pending.remove(index);
        }
        index.is_some()
    }

    /// The list `list` ends: undo what it has to undo. A value stays within its bounds.
    pub(super) fn undo(&self, list: usize) {
        let mut state = self.state.lock();
        let Some(index) = state.adjustments.iter().position(|adjustment| adjustment.list == list) else {
            return;
        };
        let adjustment = state.adjustments.swap_remove(index);
        for (semaphore, change) in state.semaphores.iter_mut().zip(&adjustment.values) {
            if *change != 0 {
                semaphore.value = (semaphore.value + i32::from(*change)).clamp(0, MAX_VALUE);
                semaphore.process = adjustment.process;
            }
        }
        state.perform_pending(now(&*self.host));
    }

    /// The set is out of its table: all who wait are told.
    pub(super) fn remove(&self) {
        let mut state = self.state.lock();
        state.removed = true;
        state.adjustments.clear();
        for pending in state.pending.drain(..) {
            pending.finish(Err(REMOVED));
        }
    }

    /// What `IPC_STAT` tells. `checked` says whether the right to read is needed.
    ///
    /// # Errors
    /// [`ErrorKind::AccessDenied`], [`ErrorKind::Removed`].
    pub fn status(&self, credentials: &Credentials, checked: bool) -> Result<SemaphoreSetStatus> {
        let state = self.open(credentials, if checked { 0o444 } else { 0 })?;
        let (permission, operated, changed) = (state.permission, state.operated, state.changed);
        Ok(SemaphoreSetStatus { permission, count: self.count, operated, changed })
    }

    /// Change owner and permission bits.
    ///
    /// # Errors
    /// [`ErrorKind::NotPermitted`], [`ErrorKind::Removed`].
    pub fn change(&self, credentials: &Credentials, change: &Change) -> Result<()> {
        let mut state = self.open(credentials, 0)?;
        state.permission.check_owner(credentials)?;
        state.permission.change(change);
        state.changed = now(&*self.host);
        Ok(())
    }

    /// The semaphore numbered `index`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`], [`ErrorKind::AccessDenied`], [`ErrorKind::Removed`].
    pub fn semaphore(&self, credentials: &Credentials, index: i32) -> Result<SemaphoreValue> {
        let state = self.open(credentials, 0o444)?;
        let index = usize::try_from(index).map_err(|_| NO_INDEX)?;
        state.semaphores.get(index).copied().ok_or(NO_INDEX)
    }

    /// How many threads wait for the semaphore numbered `index`.
    ///
    /// # Errors
    /// As [`SemaphoreSet::semaphore`].
    pub fn waiting(&self, credentials: &Credentials, index: i32, what: Waiting) -> Result<usize> {
        let mut state = self.open(credentials, 0o444)?;
        let index =
            u16::try_from(index).ok().filter(|index| usize::from(*index) < self.count).ok_or(NO_INDEX)?;
        let mut count = 0;
        for at in 0..state.pending.len() {
            let Some(pending) = state.pending.get(at).cloned() else { break };
            if let Some(blocked) = state.what_blocks(&pending.request) {
                let wants = if blocked.change == 0 { Waiting::Zero } else { Waiting::Increase };
                count += usize::from(blocked.index == index && wants == what);
            }
        }
        Ok(count)
    }

    /// All values.
    ///
    /// # Errors
    /// [`ErrorKind::AccessDenied`], [`ErrorKind::Removed`], [`ErrorKind::NoMemory`].
    pub fn values(&self, credentials: &Credentials) -> Result<Vec<u16>> {
        let state = self.open(credentials, 0o444)?;
        let mut values = Vec::new();
        values.try_reserve_exact(self.count).map_err(|_| NO_MEMORY)?;
        values.extend(
            state.semaphores.iter().map(|semaphore| u16::try_from(semaphore.value).unwrap_or(u16::MAX)),
        );
        Ok(values)
    }

    /// Set the semaphore numbered `index`. What was to be undone of it is forgotten.
    ///
    /// # Errors
    /// As [`SemaphoreSet::semaphore`], and [`ErrorKind::OutOfRange`].
    pub fn set_value(&self, credentials: &Credentials, process: u32, index: i32, value: i32) -> Result<()> {
        if !(0..=MAX_VALUE).contains(&value) {
            return Err(TOO_LARGE);
        }
        let mut state = self.open(credentials, 0o222)?;
        let index = usize::try_from(index).map_err(|_| NO_INDEX)?;
        *state.semaphores.get_mut(index).ok_or(NO_INDEX)? = SemaphoreValue { value, process };
        for adjustment in &mut state.adjustments {
            if let Some(slot) = adjustment.values.get_mut(index) {
                *slot = 0;
            }
        }
        self.after_setting(&mut state);
        Ok(())
    }

    /// Set all semaphores; `values` has one for each.
    ///
    /// # Errors
    /// [`ErrorKind::AccessDenied`], [`ErrorKind::Removed`], [`ErrorKind::OutOfRange`].
    pub fn set_values(&self, credentials: &Credentials, process: u32, values: &[u16]) -> Result<()> {
        if values.iter().any(|value| i32::from(*value) > MAX_VALUE) {
            return Err(TOO_LARGE);
        }
        let mut state = self.open(credentials, 0o222)?;
        for (semaphore, value) in state.semaphores.iter_mut().zip(values) {
            *semaphore = SemaphoreValue { value: i32::from(*value), process };
        }
        for adjustment in &mut state.adjustments {
            adjustment.values.fill(0);
        }
        self.after_setting(&mut state);
        Ok(())
    }

    /// Whether `credentials` may set values; asked before they are copied in.
    ///
    /// # Errors
    /// [`ErrorKind::AccessDenied`], [`ErrorKind::Removed`].
    pub fn check_settable(&self, credentials: &Credentials) -> Result<()> {
        self.open(credentials, 0o222).map(drop)
    }

    fn after_setting(&self, state: &mut State) {
        state.changed = now(&*self.host);
        state.perform_pending(state.changed);
    }
}

impl State {
    fn adjustment(&mut self, list: &UndoList) -> Option<&mut Adjustment> {
        let id = list.id();
        self.adjustments.iter_mut().find(|adjustment| adjustment.list == id)
    }

    /// Perform all operations of `request`, or none.
    fn perform(&mut self, request: &Request) -> Result<Attempt> {
        for (done, operation) in request.operations.iter().enumerate() {
            let outcome = self.perform_one(request, operation);
            if !matches!(outcome, Ok(Attempt::Done)) {
                self.take_back(request, done);
                return outcome;
            }
        }
        for operation in &request.operations {
            if let Some(semaphore) = self.semaphores.get_mut(usize::from(operation.index)) {
                semaphore.process = request.process;
            }
        }
        Ok(Attempt::Done)
    }

    fn perform_one(&mut self, request: &Request, operation: &Operation) -> Result<Attempt> {
        let index = usize::from(operation.index);
        let value = self.semaphores.get(index).ok_or(NO_SEMAPHORE)?.value;
        let new = value + i32::from(operation.change);
        if new < 0 || (operation.change == 0 && value != 0) {
            return Ok(Attempt::Blocked(*operation));
        }
        if new > MAX_VALUE {
            return Err(TOO_LARGE);
        }
        if operation.undoes {
            let slot = self.undone(request, index).ok_or(NO_MEMORY)?;
            *slot = slot.checked_sub(operation.change).ok_or(TOO_LARGE)?;
        }
        if let Some(semaphore) = self.semaphores.get_mut(index) {
            semaphore.value = new;
        }
        Ok(Attempt::Done)
    }

    /// What is undone of semaphore `index` at the end of who asks for `request`.
    fn undone(&mut self, request: &Request, index: usize) -> Option<&mut i16> {
        self.adjustment(request.undo.as_ref()?)?.values.get_mut(index)
    }

    /// Take the first `done` operations of `request` back.
    fn take_back(&mut self, request: &Request, done: usize) {
        for operation in request.operations.iter().take(done).rev() {
            let index = usize::from(operation.index);
            if let Some(semaphore) = self.semaphores.get_mut(index) {
                semaphore.value -= i32::from(operation.change);
            }
            if operation.undoes
                && let Some(slot) = self.undone(request, index)
            {
                // It held this value before, so it can be represented.
                *slot = slot.wrapping_add(operation.change);
            }
        }
    }

    /// The operation that `request`, which waits, waits for.
    fn what_blocks(&mut self, request: &Request) -> Option<Operation> {
        // A request that could be performed would not wait any more, so nothing is changed by looking.
        match self.perform(request) {
            Ok(Attempt::Blocked(operation)) => Some(operation),
            _ => None,
        }
    }

    /// A request was performed: perform what can be now.
    fn settle(&mut self, now: i64) {
        self.operated = now;
        self.perform_pending(now);
    }

    /// Perform the waiting requests that can be, oldest first, until none can.
    fn perform_pending(&mut self, now: i64) {
        let mut at = 0;
        while let Some(pending) = self.pending.get(at).cloned() {
            let outcome = match self.perform(&pending.request) {
                Ok(Attempt::Blocked(blocked)) if blocked.fails => Err(WOULD_WAIT),
                Ok(Attempt::Blocked(_)) => {
                    at += 1;
                    continue;
                }
                Ok(Attempt::Done) => Ok(()),
                Err(error) => Err(error),
            };
            self.pending.remove(at);
            pending.finish(outcome);
            if outcome.is_ok() {
                self.operated = now;
                // Another one before it may be possible by now.
                at = if pending.request.changes() { 0 } else { at };
            }
        }
    }
}
