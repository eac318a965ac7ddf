//! System V message queues (`msgop(2)`).

use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::sync::{Mutex, MutexGuard};

use super::{Change, Creation, NO_MEMORY, Objects, Permission, REMOVED, now};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, WaitQueue, block};
use crate::file::{Caller, FileHost};
use crate::identity::Credentials;
use crate::thread::Thread;

/// Bytes of one message at most (`MSGMAX`).
pub const MAX_MESSAGE: usize = 8192;
/// Bytes in a queue at most, unless a privileged owner says otherwise (`MSGMNB`).
pub const MAX_BYTES: usize = 16_384;
/// Queues at most (`MSGMNI`).
pub const MAX_QUEUES: usize = 32_000;

/// All message queues of a sandbox.
pub struct Messages {
    host: Arc<dyn FileHost>,
    queues: Objects<MessageQueue>,
}

/// One message queue.
pub struct MessageQueue {
    host: Arc<dyn FileHost>,
    state: Mutex<State>,
    /// Who waits for messages.
    receivers: WaitQueue,
    /// Who waits for room.
    senders: WaitQueue,
}

struct State {
    messages: VecDeque<Message>,
    removed: bool,
    status: MessageQueueStatus,
}

struct Message {
    kind: i64,
    bytes: Vec<u8>,
}

/// What is told of a queue (`IPC_STAT`). Times are in seconds since 1970; 0 is never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageQueueStatus {
    /// Owner and permission bits.
    pub permission: Permission,
    /// When a message was last sent.
    pub sent: i64,
    /// When one was last received.
    pub received: i64,
    /// When the queue was made, or last changed otherwise.
    pub changed: i64,
    /// Bytes in it.
    pub bytes: usize,
    /// Messages in it.
    pub messages: usize,
    /// Bytes, and messages, that it holds at most.
    pub limit: usize,
    /// The process that sent last; 0 for none.
    pub sender: u32,
    /// The process that received last; 0 for none.
    pub receiver: u32,
}

/// Which message is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// The oldest.
    Any,
    /// The oldest of a kind.
    Kind(i64),
    /// The oldest of another kind (`MSG_EXCEPT`).
    Not(i64),
    /// The oldest of the lowest kind up to this one.
    UpTo(i64),
    /// The one at this place, which stays (`MSG_COPY`).
    Copy(i64),
}

const NONE_WANTED: Error = Error::new(ErrorKind::NoMessage, "no message of this kind");
const FULL: Error = Error::new(ErrorKind::WouldBlock, "the queue is full");
const NOTHING: Error = Error::new(ErrorKind::WouldBlock, "no message of this kind yet");

impl Messages {
    /// No queues.
    pub(super) fn new(host: &Arc<dyn FileHost>) -> Self {
        Self { host: Arc::clone(host), queues: Objects::new(MAX_QUEUES) }
    }

    /// The queues by number.
    pub const fn queues(&self) -> &Objects<MessageQueue> {
        &self.queues
    }

    /// Find or make a queue; its number. `mode` are the permission bits of a new one, and the rights that are wanted
    /// of one that is there.
    ///
    /// # Errors
    /// Those of `msgget(2)`.
    pub fn get(&self, creation: Creation, mode: u32, caller: &Caller) -> Result<i32> {
        let accept =
            |queue: &MessageQueue| queue.state.lock().status.permission.check(&caller.credentials, mode);
        self.queues.find_or_make(creation, accept, |_| {
            let permission = Permission::new(creation.key, mode, &caller.credentials);
            Ok(MessageQueue::new(&self.host, permission))
        })
    }

    /// How many messages there are, and how many bytes.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`].
    pub fn used(&self) -> Result<(usize, usize)> {
        let (mut messages, mut bytes) = (0, 0_usize);
        for (_, queue) in self.queues.all()? {
            let state = queue.state.lock();
            messages += state.status.messages;
            bytes = bytes.saturating_add(state.status.bytes);
        }
        Ok((messages, bytes))
    }

    /// Remove the queue numbered `id`: who waits for it learns of it.
    ///
    /// # Errors
    /// Those of `msgctl(2)`, `IPC_RMID`.
    pub fn remove(&self, id: i32, caller: &Caller) -> Result<()> {
        let queue = self.queues.get(id)?;
        queue.state.lock().status.permission.check_owner(&caller.credentials)?;
        if self.queues.remove(id).is_some() {
            let mut state = queue.state.lock();
            state.removed = true;
            let messages = core::mem::take(&mut state.messages);
            drop(state);
            drop(messages);
            queue.receivers.wake(Readiness::ERROR);
            queue.senders.wake(Readiness::ERROR);
        }
        Ok(())
    }
}

impl MessageQueue {
    fn new(host: &Arc<dyn FileHost>, permission: Permission) -> Arc<Self> {
        let status = MessageQueueStatus {
            permission,
            sent: 0,
            received: 0,
            changed: now(&**host),
            bytes: 0,
            messages: 0,
            limit: MAX_BYTES,
            sender: 0,
            receiver: 0,
        };
        Arc::new(Self {
            host: Arc::clone(host),
            state: Mutex::new(State { messages: VecDeque::new(), removed: false, status }),
            receivers: WaitQueue::new(),
            senders: WaitQueue::new(),
        })
    }

    fn open(&self, credentials: &Credentials, wanted: u32) -> Result<MutexGuard<'_, State>> {
        let state = self.state.lock();
        if state.removed {
            return Err(REMOVED);
        }
        state.status.permission.check(credentials, wanted)?;
        Ok(state)
    }

    /// Put a message of `kind` in, and wait for room unless `fails`.
    ///
    /// # Errors
    /// Those of `msgsnd(2)`.
    pub fn send(
        &self,
        thread: &Thread,
        caller: &Caller,
        kind: i64,
        bytes: Vec<u8>,
        fails: bool,
    ) -> Result<()> {
        if kind < 1 || bytes.len() > MAX_MESSAGE {
            return Err(Error::new(ErrorKind::InvalidArgument, "a kind below 1, or a message too long"));
        }
        let mut message = Some(Message { kind, bytes });
        let mut attempt = || {
            let mut state = self.open(&caller.credentials, 0o222)?;
            let length = message.as_ref().map_or(0, |message| message.bytes.len());
            if !state.has_room(length) {
                return Err(FULL);
            }
            state.messages.try_reserve(1).map_err(|_| NO_MEMORY)?;
            state.messages.extend(message.take());
            state.status.bytes += length;
            state.status.messages += 1;
            state.status.sent = now(&*self.host);
            state.status.sender = caller.process;
            Ok(())
        };
        if fails {
            attempt()?;
        } else {
            block(thread, &[(&self.senders, Readiness::WRITE)], None, attempt)?;
        }
        self.receivers.wake(Readiness::READ);
        Ok(())
    }

    /// Take the message that `selection` names, and wait for it unless `fails`: its kind and its bytes. A message of
    /// more than `room` bytes is cut if `cuts`, and else stays.
    ///
    /// # Errors
    /// Those of `msgrcv(2)`.
    pub fn receive(
        &self,
        thread: &Thread,
        caller: &Caller,
        selection: Selection,
        room: Room,
        fails: bool,
    ) -> Result<(i64, Vec<u8>)> {
        let attempt = || {
            let mut state = self.open(&caller.credentials, 0o444)?;
            let index = state.find(selection).ok_or(NOTHING)?;
            let length = state.messages.get(index).map_or(0, |message| message.bytes.len());
            if length > room.bytes && !room.cuts {
                return Err(Error::new(
                    ErrorKind::MessageDoesNotFit,
                    "the message is longer than what is given",
                ));
            }
            if matches!(selection, Selection::Copy(_)) {
                return state.copy(index);
            }
            let message = state.messages.remove(index).ok_or(NOTHING)?;
            state.status.bytes = state.status.bytes.saturating_sub(length);
            state.status.messages = state.messages.len();
            state.status.received = now(&*self.host);
            state.status.receiver = caller.process;
            Ok((message.kind, message.bytes))
        };
        let taken = if fails {
            attempt().map_err(|error| if error == NOTHING { NONE_WANTED } else { error })
        } else {
            block(thread, &[(&self.receivers, Readiness::READ)], None, attempt)
        };
        let (kind, mut bytes) = taken?;
        if !matches!(selection, Selection::Copy(_)) {
            self.senders.wake(Readiness::WRITE);
        }
        bytes.truncate(room.bytes);
        Ok((kind, bytes))
    }

    /// What `IPC_STAT` tells. `checked` says whether the right to read is needed.
    ///
    /// # Errors
    /// [`ErrorKind::AccessDenied`], [`ErrorKind::Removed`].
    pub fn status(&self, credentials: &Credentials, checked: bool) -> Result<MessageQueueStatus> {
        Ok(self.open(credentials, if checked { 0o444 } else { 0 })?.status)
    }

    /// Change owner, permission bits and how many bytes it holds at most.
    ///
    /// # Errors
    /// [`ErrorKind::NotPermitted`], [`ErrorKind::Removed`].
    pub fn change(&self, credentials: &Credentials, change: &Change, limit: usize) -> Result<()> {
        let mut state = self.open(credentials, 0)?;
        state.status.permission.check_owner(credentials)?;
        if limit > MAX_BYTES && !credentials.may_change() {
            return Err(Error::new(
                ErrorKind::NotPermitted,
                "only a privileged process may make a queue larger",
            ));
        }
        state.status.permission.change(change);
        state.status.limit = limit;
        state.status.changed = now(&*self.host);
        drop(state);
        // Rights and room may be other ones now.
        self.receivers.wake(Readiness::READ);
        self.senders.wake(Readiness::WRITE);
        Ok(())
    }
}

/// What is given for a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Bytes.
    pub bytes: usize,
    /// What does not fit is cut off (`MSG_NOERROR`).
    pub cuts: bool,
}

impl State {
    fn has_room(&self, length: usize) -> bool {
        let bytes = self.status.bytes.saturating_add(length);
        // Empty messages are counted, so that they too have an end.
        bytes <= self.status.limit && self.messages.len() < self.status.limit
    }

    fn find(&self, selection: Selection) -> Option<usize> {
        let mut messages = self.messages.iter();
        match selection {
            Selection::Any => messages.next().map(|_| 0),
            Selection::Kind(kind) => messages.position(|message| message.kind == kind),
            Selection::Not(kind) => messages.position(|message| message.kind != kind),
            Selection::UpTo(highest) => {
                let wanted = messages.enumerate().filter(|(_, message)| message.kind <= highest);
                wanted.min_by_key(|(_, message)| message.kind).map(|(index, _)| index)
            }
            Selection::Copy(index) => {
                usize::try_from(index).ok().filter(|index| *index < self.messages.len())
            }
        }
    }

    fn copy(&self, index: usize) -> Result<(i64, Vec<u8>)> {
        let message = self.messages.get(index).ok_or(NOTHING)?;
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(message.bytes.len()).map_err(|_| NO_MEMORY)?;
        bytes.extend_from_slice(&message.bytes);
        Ok((message.kind, bytes))
    }
}

#[cfg(test)]
mod tests {
    use litebox_host_fake::FakeHost;

    use super::*;

    const CALLER: Caller = Caller { credentials: Credentials::new(5, 5), process: 7, thread: 7 };

    fn setting() -> (Messages, i32, Arc<MessageQueue>, Arc<Thread>) {
        let host: Arc<dyn FileHost> = Arc::new(FakeHost::new());
        let messages = Messages::new(&host);
        let creation = Creation { key: 1, create: true, exclusive: true };
        let id = messages.get(creation, 0o600, &CALLER).unwrap();
        let queue = messages.queues().get(id).unwrap();
        (messages, id, queue, Thread::new(7))
    }

    fn put(queue: &MessageQueue, thread: &Thread, kind: i64, bytes: &[u8]) -> Result<()> {
        queue.send(thread, &CALLER, kind, bytes.to_vec(), true)
    }

    fn take(
        queue: &MessageQueue,
        thread: &Thread,
        selection: Selection,
        room: Room,
    ) -> Result<(i64, Vec<u8>)> {
        queue.receive(thread, &CALLER, selection, room, true)
    }

    const WIDE: Room = Room { bytes: 100, cuts: false };

    #[test]
    fn a_message_is_chosen_by_its_kind() {
        let (_, _, queue, thread) = setting();
        for (kind, bytes) in [(5, &b"a"[..]), (3, b"b"), (9, b"c"), (3, b"d"), (5, b"e")] {
            put(&queue, &thread, kind, bytes).unwrap();
        }
        let next = |selection| {
            let taken = take(&queue, &thread, selection, WIDE);
            taken.map(|(kind, bytes)| (kind, bytes.first().copied().unwrap_or_default()))
        };
        assert_eq!(next(Selection::Copy(3)), Ok((3, b'd')));
        assert_eq!(next(Selection::UpTo(4)), Ok((3, b'b')));
        assert_eq!(next(Selection::Not(5)), Ok((9, b'c')));
        assert_eq!(next(Selection::UpTo(i64::MAX)), Ok((3, b'd')));
        assert_eq!(next(Selection::Kind(9)).unwrap_err().kind, ErrorKind::NoMessage);
        assert_eq!(next(Selection::Copy(2)).unwrap_err().kind, ErrorKind::NoMessage);
        assert_eq!(next(Selection::Any), Ok((5, b'a')));
        assert_eq!(queue.status(&CALLER.credentials, true).unwrap().messages, 1);
    }

    #[test]
    fn a_long_message_stays_or_is_cut() {
        let (_, _, queue, thread) = setting();
        put(&queue, &thread, 1, b"long").unwrap();
        let outcome = take(&queue, &thread, Selection::Any, Room { bytes: 2, cuts: false });
        assert_eq!(outcome.unwrap_err().kind, ErrorKind::MessageDoesNotFit);
        let cut = take(&queue, &thread, Selection::Any, Room { bytes: 2, cuts: true });
        assert_eq!(cut, Ok((1, b"lo".to_vec())));
        assert_eq!(queue.status(&CALLER.credentials, true).unwrap().bytes, 0);
    }

    #[test]
    fn a_full_queue_refuses_and_a_removed_one_is_gone() {
        let (messages, id, queue, thread) = setting();
        put(&queue, &thread, 1, &[0; MAX_MESSAGE]).unwrap();
        put(&queue, &thread, 1, &[0; MAX_MESSAGE]).unwrap();
        assert_eq!(put(&queue, &thread, 1, &[0]).unwrap_err().kind, ErrorKind::WouldBlock);
        assert_eq!(put(&queue, &thread, 1, &[]), Ok(()));
        assert_eq!(put(&queue, &thread, 0, &[]).unwrap_err().kind, ErrorKind::InvalidArgument);
        assert_eq!(messages.used(), Ok((3, 2 * MAX_MESSAGE)));
        messages.remove(id, &CALLER).unwrap();
        assert_eq!(put(&queue, &thread, 1, &[]).unwrap_err().kind, ErrorKind::Removed);
        assert_eq!(messages.used(), Ok((0, 0)));
    }
}
