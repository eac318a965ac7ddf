//! Wait queues and the one wait: pipes and counters, with several that wait for the same.

use std::sync::Arc;

use litebox_host::sync::{AtomicU32, Ordering};
use litebox_host_fake::FakeHost;
use litebox_libos::ErrorKind;
use litebox_libos::event::{EventCounter, Readiness, Taking, WaitQueue, block};
use litebox_libos::file::transfer::{self, Caller, Position};
use litebox_libos::file::{Description, File, FileStatus};
use litebox_libos::pipe::PipeEnd;
use litebox_libos::process::Process;
use litebox_libos::thread::Thread;
use litebox_libos::{Error, Result};
use shuttle::thread::{JoinHandle, spawn};

use crate::check::check;

const PAGE: usize = 4096;
const BOTH_WAYS: FileStatus = FileStatus::READ.union(FileStatus::WRITE);

/// A guest thread that does `act`, again whenever a signal interrupts it.
fn start(
    host: &FakeHost,
    thread: &Arc<Thread>,
    act: impl Fn(&Caller<'_, FakeHost>) -> Result<usize> + Send + 'static,
) -> JoinHandle<usize> {
    let (host, thread) = (host.clone(), Arc::clone(thread));
    spawn(move || {
        let _attached = host.attach();
        let process = Process::new(thread.id(), 0, Arc::clone(&thread));
        let caller = Caller { host: &host, process: &process, thread: &thread };
        loop {
            match act(&caller) {
                Err(error) if error.kind == ErrorKind::Interrupted => thread.clear_attention(),
                outcome => return outcome.unwrap(),
            }
        }
    })
}

fn threads(count: u32) -> Vec<Arc<Thread>> {
    (1..=count).map(Thread::new).collect()
}

fn join(threads: Vec<JoinHandle<usize>>) -> usize {
    threads.into_iter().map(|thread| thread.join().unwrap()).sum()
}

/// A pipe of `pages`: both ends as descriptions.
fn pipe(pages: usize) -> [Arc<Description>; 2] {
    let (reader, writer) = PipeEnd::pair();
    writer.set_capacity(pages * PAGE).unwrap();
    [reader as Arc<dyn File>, writer].map(|end| Description::new(end, BOTH_WAYS))
}

fn write(caller: &Caller<'_, FakeHost>, to: &Description) -> Result<usize> {
    transfer::write(caller, to, Position::Current, &mut [7; PAGE].as_slice())
}

fn read(caller: &Caller<'_, FakeHost>, from: &Description, bytes: &mut [u8]) -> Result<usize> {
    transfer::read(caller, from, Position::Current, &mut &mut *bytes)
}

/// Several writers, of whom one is interrupted, fill a pipe that one reader empties by `piece` bytes.
fn many_writers(piece: usize) {
    const WRITERS: u32 = 3;
    let host = FakeHost::new();
    let [reader, writer] = pipe(1);
    let names = threads(WRITERS);
    let writers = names
        .iter()
        .map(|name| {
            let writer = Arc::clone(&writer);
            start(&host, name, move |caller| write(caller, &writer))
        })
        .collect();
    let reading = start(&host, &Thread::new(9), move |caller| {
        let mut left = WRITERS as usize * PAGE;
        while left > 0 {
            left -= read(caller, &reader, &mut vec![0; piece])?;
        }
        Ok(0)
    });
    names[0].demand_attention();
    assert_eq!(join(writers), WRITERS as usize * PAGE);
    reading.join().unwrap();
}

#[test]
fn every_writer_of_a_full_pipe_gets_its_turn() {
    check(|| many_writers(PAGE));
}

#[test]
fn every_writer_gets_its_turn_where_one_read_makes_room_for_all() {
    check(|| many_writers(3 * PAGE));
}

#[test]
fn one_write_feeds_every_reader() {
    const READERS: u32 = 3;
    check(|| {
        let host = FakeHost::new();
        let [reader, writer] = pipe(1);
        let names = threads(READERS);
        let readers = names
            .iter()
            .map(|name| {
                let reader = Arc::clone(&reader);
                start(&host, name, move |caller| read(caller, &reader, &mut [0; 1]))
            })
            .collect();
        names[1].demand_attention();
        // The end stays open: its end would wake all.
        let _open = Arc::clone(&writer);
        let writing = start(&host, &Thread::new(9), move |caller| {
            transfer::write(caller, &writer, Position::Current, &mut [7; READERS as usize].as_slice())
        });
        assert_eq!(join(readers), READERS as usize);
        writing.join().unwrap();
    });
}

#[test]
fn the_last_end_that_closes_wakes_all() {
    check(|| {
        let host = FakeHost::new();
        let [reader, writer] = pipe(1);
        let readers = threads(2)
            .iter()
            .map(|name| {
                let reader = Arc::clone(&reader);
                start(&host, name, move |caller| read(caller, &reader, &mut [0; 1]))
            })
            .collect();
        drop(writer);
        assert_eq!(join(readers), 0);
    });
}

/// Each of several readers takes one of a counter, which one or several additions make large enough.
fn counted(additions: &'static [u64]) {
    let host = FakeHost::new();
    let counter = Description::new(EventCounter::new(0, Taking::One), BOTH_WAYS);
    let names = threads(additions.iter().sum::<u64>() as u32);
    let mut all: Vec<_> = names
        .iter()
        .map(|name| {
            let counter = Arc::clone(&counter);
            start(&host, name, move |caller| read(caller, &counter, &mut [0; 8]))
        })
        .collect();
    all.extend(additions.iter().map(|addition| {
        let counter = Arc::clone(&counter);
        start(&host, &Thread::new(9), move |caller| {
            transfer::write(caller, &counter, Position::Current, &mut addition.to_ne_bytes().as_slice())
        })
    }));
    names[0].demand_attention();
    join(all);
}

#[test]
fn a_counter_lets_as_many_go_on_as_it_counts() {
    check(|| counted(&[3]));
    check(|| counted(&[1, 1, 1]));
}

#[test]
fn a_shared_wait_sees_every_change() {
    const WAITERS: u32 = 3;
    check(|| {
        let host = FakeHost::new();
        let (queue, value) = (Arc::new(WaitQueue::new()), Arc::new(AtomicU32::new(0)));
        let waiters = threads(WAITERS)
            .iter()
            .map(|name| {
                let (queue, value) = (Arc::clone(&queue), Arc::clone(&value));
                start(&host, name, move |caller| {
                    for wanted in 1..=2 {
                        let attempt = || match value.load(Ordering::SeqCst) {
                            now if now >= wanted => Ok(()),
                            _ => Err(Error::new(ErrorKind::WouldBlock, "not yet")),
                        };
                        block(caller.thread, &[(&queue, Readiness::READ)], None, attempt)?;
                    }
                    Ok(1)
                })
            })
            .collect();
        for _ in 0..2 {
            value.fetch_add(1, Ordering::SeqCst);
            queue.wake(Readiness::READ);
        }
        assert_eq!(join(waiters), WAITERS as usize);
    });
}
