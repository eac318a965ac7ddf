//! Sets of semaphores: operations, waits and what is undone.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::vec::Vec;

use litebox_host::time::Deadline;
use litebox_host_fake::FakeHost;

use super::{MAX_TOTAL, Operation, Request, SemaphoreSet, Semaphores, UndoList, Waiting};
use crate::error::{ErrorKind, Result};
use crate::file::{Caller, FileHost};
use crate::identity::Credentials;
use crate::ipc::Creation;
use crate::thread::Thread;

struct Setting {
    host: FakeHost,
    semaphores: Semaphores,
    caller: Caller,
}

fn setting() -> Setting {
    let host = FakeHost::new();
    let shared: Arc<dyn FileHost> = Arc::new(host.clone());
    let caller = Caller { credentials: Credentials::new(5, 5), process: 7, thread: 7 };
    Setting { semaphores: Semaphores::new(&shared), host, caller }
}

impl Setting {
    fn get(&self, key: i32, count: usize) -> Result<i32> {
        let creation = Creation { key, create: true, exclusive: false };
        self.semaphores.get(creation, count, 0o600, &self.caller)
    }

    fn set(&self, count: usize) -> Arc<SemaphoreSet> {
        let id = self.get(0, count).unwrap();
        self.semaphores.sets().get(id).unwrap()
    }

    fn values(&self, set: &SemaphoreSet) -> Vec<u16> {
        set.values(&self.caller.credentials).unwrap()
    }

    /// A thread that performs `operations` on `set`, once it waits or is done.
    fn spawn(&self, set: &Arc<SemaphoreSet>, operations: &[(u16, i16)]) -> JoinHandle<Result<()>> {
        let (host, set, request) = (self.host.clone(), Arc::clone(set), request(operations, None));
        let (credentials, before) = (self.caller.credentials.clone(), self.waiting(&set));
        let other = Arc::clone(&set);
        let thread = std::thread::spawn(move || {
            let _attached = host.attach();
            other.operate(&Thread::new(9), &credentials, request, None)
        });
        while self.waiting(&set) == before && !thread.is_finished() {
            std::thread::yield_now();
        }
        thread
    }

    fn waiting(&self, set: &SemaphoreSet) -> usize {
        let count = |what| {
            (0..set.count())
                .map(|index| {
                    set.waiting(&self.caller.credentials, i32::try_from(index).unwrap(), what).unwrap()
                })
                .sum::<usize>()
        };
        count(Waiting::Increase) + count(Waiting::Zero)
    }

    fn operate(&self, set: &Arc<SemaphoreSet>, request: Request) -> Result<()> {
        set.operate(&Thread::new(8), &self.caller.credentials, request, Some(Deadline(0)))
    }
}

fn request(operations: &[(u16, i16)], undo: Option<&Arc<UndoList>>) -> Request {
    let operation = |(index, change): &(u16, i16)| Operation {
        index: *index,
        change: *change,
        fails: false,
        undoes: undo.is_some(),
    };
    Request { operations: operations.iter().map(operation).collect(), process: 7, undo: undo.cloned() }
}

fn kind<T>(outcome: Result<T>) -> Option<ErrorKind> {
    outcome.err().map(|error| error.kind)
}

#[test]
fn operations_are_performed_together_or_not_at_all() {
    let setting = setting();
    let set = setting.set(2);
    setting.operate(&set, request(&[(0, 2), (1, 3)], None)).unwrap();
    assert_eq!(kind(setting.operate(&set, request(&[(0, 5), (1, -4)], None))), Some(ErrorKind::TimedOut));
    assert_eq!(setting.values(&set), [2, 3]);
    assert_eq!(
        kind(setting.operate(&set, request(&[(0, -2), (1, 32_767)], None))),
        Some(ErrorKind::OutOfRange)
    );
    assert_eq!(kind(setting.operate(&set, request(&[(2, 1)], None))), Some(ErrorKind::FileTooBig));
    assert_eq!(setting.values(&set), [2, 3]);
    setting.operate(&set, request(&[(0, -2), (0, 0), (1, -3)], None)).unwrap();
    assert_eq!(setting.values(&set), [0, 0]);
}

#[test]
fn waiting_requests_are_performed_in_order_by_who_changes_the_set() {
    let setting = setting();
    let set = setting.set(2);
    let first = setting.spawn(&set, &[(0, -2)]);
    let second = setting.spawn(&set, &[(0, -1), (1, 1)]);
    let third = setting.spawn(&set, &[(1, -1)]);
    assert_eq!(setting.waiting(&set), 3);
    // Enough for the second, which makes the third possible.
    setting.operate(&set, request(&[(0, 1)], None)).unwrap();
    assert_eq!((second.join().unwrap(), third.join().unwrap()), (Ok(()), Ok(())));
    assert_eq!((setting.waiting(&set), setting.values(&set)), (1, std::vec![0, 0]));
    set.set_value(&setting.caller.credentials, 7, 0, 3).unwrap();
    assert_eq!(first.join().unwrap(), Ok(()));
    assert_eq!(setting.values(&set), [1, 0]);
}

#[test]
fn removal_ends_waits_and_frees_the_share() {
    let setting = setting();
    let id = setting.get(0, 4).unwrap();
    let set = setting.semaphores.sets().get(id).unwrap();
    let waiter = setting.spawn(&set, &[(3, -1)]);
    assert_eq!(setting.semaphores.used(), 4);
    let stranger = Caller { credentials: Credentials::new(6, 6), ..setting.caller.clone() };
    assert_eq!(kind(setting.semaphores.remove(id, &stranger)), Some(ErrorKind::NotPermitted));
    setting.semaphores.remove(id, &setting.caller).unwrap();
    assert_eq!(kind(waiter.join().unwrap()), Some(ErrorKind::Removed));
    assert_eq!(kind(setting.operate(&set, request(&[(0, 1)], None))), Some(ErrorKind::Removed));
    assert_eq!(setting.semaphores.used(), 0);
}

#[test]
fn the_end_of_a_list_undoes_what_was_done_and_wakes_who_waits() {
    let setting = setting();
    let set = setting.set(2);
    let list = UndoList::new();
    set.set_value(&setting.caller.credentials, 7, 0, 2).unwrap();
    setting.operate(&set, request(&[(0, -2), (1, 3)], Some(&list))).unwrap();
    // Not undone: another list did it.
    setting.operate(&set, request(&[(1, 4)], None)).unwrap();
    let waiter = setting.spawn(&set, &[(0, -1)]);
    drop(list);
    assert_eq!(waiter.join().unwrap(), Ok(()));
    assert_eq!(setting.values(&set), [1, 4]);
}

#[test]
fn an_undo_stays_within_bounds_and_is_forgotten_when_values_are_set() {
    let setting = setting();
    let set = setting.set(2);
    let credentials = &setting.caller.credentials;
    let list = UndoList::new();
    setting.operate(&set, request(&[(0, 5), (1, 5)], Some(&list))).unwrap();
    setting.operate(&set, request(&[(0, -3)], None)).unwrap();
    set.set_value(credentials, 7, 1, 9).unwrap();
    drop(list);
    assert_eq!(setting.values(&set), [0, 9]);
    let list = UndoList::new();
    setting.operate(&set, request(&[(1, -9)], Some(&list))).unwrap();
    set.set_values(credentials, 7, &[1, 2]).unwrap();
    drop(list);
    assert_eq!(setting.values(&set), [1, 2]);
}

#[test]
fn a_refused_request_leaves_nothing_to_undo() {
    let setting = setting();
    let set = setting.set(2);
    let list = UndoList::new();
    let blocked = setting.operate(&set, request(&[(0, 5), (1, -1)], Some(&list)));
    assert_eq!(kind(blocked), Some(ErrorKind::TimedOut));
    drop(list);
    assert_eq!(setting.values(&set), [0, 0]);
}

#[test]
fn a_list_does_not_grow_with_sets_that_are_gone() {
    let setting = setting();
    let list = UndoList::new();
    for _ in 0..1000 {
        let id = setting.get(0, 1).unwrap();
        let set = setting.semaphores.sets().get(id).unwrap();
        setting.operate(&set, request(&[(0, 1)], Some(&list))).unwrap();
        setting.semaphores.remove(id, &setting.caller).unwrap();
    }
    assert!(list.remembered() < 16);
}

#[test]
fn there_are_only_so_many_semaphores() {
    let setting = setting();
    assert_eq!(kind(setting.get(1, 32_001)), Some(ErrorKind::InvalidArgument));
    assert_eq!(kind(setting.get(1, 0)), Some(ErrorKind::InvalidArgument));
    for _ in 0..MAX_TOTAL / 32_000 {
        setting.get(0, 32_000).unwrap();
    }
    assert_eq!(kind(setting.get(0, 1)), Some(ErrorKind::NoSpace));
    assert_eq!(kind(setting.get(5, 1)), Some(ErrorKind::NoSpace));
}
