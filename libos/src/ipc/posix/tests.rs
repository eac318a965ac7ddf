//! POSIX queues: order, limits, names and notifications.

use std::sync::Arc;
use std::vec::Vec;

use litebox_host_fake::FakeHost;

use super::{Notice, OpenQueue, QueueFile, QueueLimits};
use crate::error::{ErrorKind, Result};
use crate::file::{Access, Caller, File, FileHost};
use crate::identity::Credentials;
use crate::ipc::posix::NamedQueues;
use crate::process::Process;
use crate::signal::{Detail, Signal, SignalSet};
use crate::thread::Thread;

const NOTICE: Notice = Notice { process: 3, user: 4, code: -3 };

fn how(messages: u64, size: u64) -> OpenQueue {
    OpenQueue {
        access: Some(Access::READ | Access::WRITE),
        create: true,
        exclusive: false,
        mode: 0o600,
        limits: Some(QueueLimits { messages, size }),
        share: 819_200,
    }
}

fn setting() -> (NamedQueues, Caller, Arc<Thread>) {
    let host: Arc<dyn FileHost> = Arc::new(FakeHost::new());
    let caller = Caller { credentials: Credentials::new(5, 5), process: 7, thread: 7 };
    (NamedQueues::new(&host), caller, Thread::new(7))
}

fn kind<T>(outcome: Result<T>) -> Option<ErrorKind> {
    outcome.err().map(|error| error.kind)
}

fn put(queue: &QueueFile, thread: &Thread, bytes: &[u8], priority: u32) -> Result<()> {
    queue.send(thread, bytes.to_vec(), priority, None, NOTICE)
}

#[test]
fn messages_come_by_priority_and_then_by_age() {
    let (queues, caller, thread) = setting();
    let queue = queues.open(b"q", &how(4, 8), &caller).unwrap();
    for (bytes, priority) in [(b"a", 1), (b"b", 9), (b"c", 1), (b"d", 9)] {
        put(&queue, &thread, bytes, priority).unwrap();
    }
    assert_eq!(kind(put(&queue, &thread, b"e", 1)), Some(ErrorKind::WouldBlock));
    assert_eq!(kind(put(&queue, &thread, b"123456789", 1)), Some(ErrorKind::MessageTooLong));
    assert_eq!(kind(put(&queue, &thread, b"", 32_768)), Some(ErrorKind::InvalidArgument));
    assert_eq!(queue.status().bytes, 4);
    let order: Vec<Vec<u8>> = (0..4).map(|_| queue.receive(&thread, None).unwrap().1).collect();
    assert_eq!(order.concat(), b"bdac");
    assert_eq!(kind(queue.receive(&thread, None)), Some(ErrorKind::WouldBlock));
}

#[test]
fn a_user_has_a_share_that_comes_back_when_the_queue_is_gone() {
    let (queues, caller, _) = setting();
    let open: Vec<_> = (0..10_u8).map(|name| queues.open(&[b'a' + name], &how(10, 8192), &caller)).collect();
    let made = open.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(made, 9);
    assert_eq!(kind(queues.open(b"z", &how(10, 8192), &caller)), Some(ErrorKind::ShareUsedUp));
    queues.unlink(b"a", &caller).unwrap();
    // Still open.
    assert_eq!(kind(queues.open(b"z", &how(10, 8192), &caller)), Some(ErrorKind::ShareUsedUp));
    drop(open);
    assert!(queues.open(b"z", &how(10, 8192), &caller).is_ok());
}

#[test]
fn names_sizes_and_rights_are_checked() {
    let (queues, caller, _) = setting();
    let open = |name: &[u8], how: &OpenQueue| kind(queues.open(name, how, &caller));
    assert_eq!(open(b"", &how(1, 1)), Some(ErrorKind::NotFound));
    assert_eq!(open(b"a/b", &how(1, 1)), Some(ErrorKind::AccessDenied));
    assert_eq!(open(b"..", &how(1, 1)), Some(ErrorKind::AccessDenied));
    assert_eq!(open(&[b'n'; 256], &how(1, 1)), Some(ErrorKind::NameTooLong));
    assert_eq!(open(b"q", &how(11, 1)), Some(ErrorKind::InvalidArgument));
    assert_eq!(open(b"q", &OpenQueue { create: false, ..how(1, 1) }), Some(ErrorKind::NotFound));
    assert_eq!(open(b"q", &how(1, 1)), None);
    assert_eq!(open(b"q", &OpenQueue { exclusive: true, ..how(1, 1) }), Some(ErrorKind::Exists));
    assert_eq!(open(b"q", &OpenQueue { access: None, ..how(1, 1) }), Some(ErrorKind::InvalidArgument));
    let stranger = Caller { credentials: Credentials::new(6, 6), ..caller };
    assert_eq!(kind(queues.open(b"q", &how(1, 1), &stranger)), Some(ErrorKind::AccessDenied));
    assert_eq!(kind(queues.unlink(b"q", &stranger)), Some(ErrorKind::NotPermitted));
    assert_eq!(queues.count(), 1);
}

#[test]
fn a_process_is_told_once_of_a_message_to_the_empty_queue() {
    let (queues, caller, thread) = setting();
    let queue = queues.open(b"q", &how(4, 8), &caller).unwrap();
    let process = Process::new(7, 0, Arc::clone(&thread));
    let signal = Signal::new(40).unwrap();
    process.set_mask(&thread, SignalSet::ALL);
    queue.notify(&process, Some((signal, 77))).unwrap();
    assert_eq!(kind(queue.notify(&process, None)), Some(ErrorKind::Busy));
    put(&queue, &thread, b"a", 0).unwrap();
    put(&queue, &thread, b"b", 0).unwrap();
    let info = process.take_signal(&thread, SignalSet::ALL).unwrap();
    assert_eq!(info.detail, Detail::Value { process: 3, user: 4, value: 77 });
    assert_eq!(process.take_signal(&thread, SignalSet::ALL), None);
    // Whoever asked is forgotten with the opening by which it was asked.
    let other = queues.open(b"q", &how(4, 8), &caller).unwrap();
    other.notify(&process, None).unwrap();
    drop(other);
    queue.notify(&process, None).unwrap();
    queue.forget(&process);
    queue.notify(&process, Some((signal, 1))).unwrap();
    let mut text = [0; 80];
    let count = queue.read(Some(0), &mut text.as_mut_slice()).unwrap();
    assert_eq!(
        text.get(..count).unwrap_or_default(),
        b"QSIZE:2          NOTIFY:0     SIGNO:40    NOTIFY_PID:7     \n"
    );
}
