//! Waiting, on the deterministic host: each test thread is a thread of the library OS.

use std::sync::Arc;
use std::time::Duration;

use litebox_host::console::Stream;
use litebox_host::sync::Mutex;
use litebox_host::time::{Clock, Deadline, Time};
use litebox_host_fake::FakeHost;
use litebox_libos::event::{
    Epoll, Event, EventCounter, PollItem, Readiness, Taking, Timer, TimerSetting, Trigger, Watching, poll,
};
use litebox_libos::file::transfer::{self, Caller, Position};
use litebox_libos::file::{Asker, Description, File, FileStatus, StreamFile};
use litebox_libos::pipe::PipeEnd;
use litebox_libos::process::Process;
use litebox_libos::socket::{Credentials, SocketKind, Sockets};
use litebox_libos::thread::Thread;
use litebox_libos::{ErrorKind, Result};

const BOTH: FileStatus = FileStatus::READ.union(FileStatus::WRITE);

fn open(file: Arc<dyn File>) -> Arc<Description> {
    Description::new(file, BOTH)
}

fn pipe() -> (Arc<Description>, Arc<Description>) {
    let (reader, writer) = PipeEnd::pair();
    (open(reader), open(writer))
}

/// Somebody who waits.
fn process() -> &'static Process {
    Box::leak(Box::new(Process::new(1, 0, Thread::new(1))))
}

fn write(host: &FakeHost, thread: &Thread, to: &Description, bytes: &[u8]) -> Result<usize> {
    transfer::write(&Caller { host, process: process(), thread }, to, Position::Current, &mut &*bytes)
}

fn read(host: &FakeHost, thread: &Thread, from: &Description, size: usize) -> Result<Vec<u8>> {
    let mut bytes = vec![0; size];
    let count = transfer::read(
        &Caller { host, process: process(), thread },
        from,
        Position::Current,
        &mut bytes.as_mut_slice(),
    )?;
    bytes.truncate(count);
    Ok(bytes)
}

fn after(host: &FakeHost, time: Duration) -> Option<Deadline> {
    Some(transfer::deadline_in(host, time))
}

fn watching(interest: Readiness, trigger: Trigger, data: u64) -> Watching {
    Watching { interest, trigger, once: false, exclusive: false, data, mask: 0 }
}

struct Watcher {
    host: FakeHost,
    thread: Arc<Thread>,
    epoll: Arc<Epoll<FakeHost>>,
    description: Arc<Description>,
    nesting: Mutex<()>,
}

impl Watcher {
    fn new(host: &FakeHost) -> Self {
        let epoll = Epoll::new(host.clone());
        let description = open(Arc::clone(&epoll) as Arc<dyn File>);
        Self { host: host.clone(), thread: Thread::new(1), epoll, description, nesting: Mutex::new(()) }
    }

    fn add(&self, number: u32, target: &Arc<Description>, watching: Watching) -> Result<()> {
        self.epoll.add(number, target, watching, self.asker(), &self.nesting)
    }

    fn asker(&self) -> Asker<'_> {
        Asker { process: process(), thread: &self.thread }
    }

    fn wait_until(&self, deadline: Option<Deadline>) -> Vec<Event> {
        let mut events = Vec::new();
        let caller = Caller { host: &self.host, process: process(), thread: &self.thread };
        self.epoll.wait(&caller, 16, deadline, &mut events).expect("the wait ends");
        events
    }

    /// What is ready now, by its data.
    fn ready(&self) -> Vec<(u64, Readiness)> {
        self.wait_until(Some(Deadline(0))).iter().map(|event| (event.data, event.ready)).collect()
    }
}

#[test]
fn many_bytes_pass_a_pipe_between_threads_and_come_out_whole() {
    const EACH: usize = 3 << 20;
    let host = FakeHost::new();
    let (reader, writer) = pipe();
    let writers: Vec<_> = (0..3_u32)
        .map(|id| {
            let (host, writer) = (host.clone(), Arc::clone(&writer));
            std::thread::spawn(move || {
                let _attached = host.attach();
                let thread = Thread::new(10 + id);
                let byte = u8::try_from(id).unwrap();
                for piece in vec![byte; EACH].chunks(4096 * 3 + 17) {
                    assert_eq!(write(&host, &thread, &writer, piece), Ok(piece.len()));
                }
            })
        })
        .collect();
    drop(writer);
    let readers: Vec<_> = (0..2_u32)
        .map(|id| {
            let (host, reader) = (host.clone(), Arc::clone(&reader));
            std::thread::spawn(move || {
                let _attached = host.attach();
                let thread = Thread::new(20 + id);
                let mut counts = [0_usize; 3];
                loop {
                    let bytes = read(&host, &thread, &reader, 5000).expect("the pipe is read to its end");
                    if bytes.is_empty() {
                        return counts;
                    }
                    for byte in bytes {
                        counts[usize::from(byte)] += 1;
                    }
                }
            })
        })
        .collect();
    for writer in writers {
        writer.join().unwrap();
    }
    let counts: Vec<_> = readers.into_iter().map(|reader| reader.join().unwrap()).collect();
    for byte in 0..3 {
        assert_eq!(counts.iter().map(|counts| counts[byte]).sum::<usize>(), EACH);
    }
}

#[test]
fn a_token_goes_round_through_sockets() {
    let host = FakeHost::new();
    let (left, right) = Sockets::new().pair(SocketKind::Stream, Credentials::default());
    let (left, right) = (open(left), open(right));
    let partner = {
        let host = host.clone();
        std::thread::spawn(move || {
            let _attached = host.attach();
            let thread = Thread::new(2);
            loop {
                let token = read(&host, &thread, &right, 1).unwrap();
                if token.is_empty() {
                    return;
                }
                assert_eq!(write(&host, &thread, &right, &token), Ok(1));
            }
        })
    };
    let thread = Thread::new(1);
    for round in 0..2000_u32 {
        let token = round.to_le_bytes()[0];
        assert_eq!(write(&host, &thread, &left, &[token]), Ok(1));
        assert_eq!(read(&host, &thread, &left, 1), Ok(vec![token]));
    }
    drop(left);
    partner.join().unwrap();
}

#[test]
fn nonblocking_and_interrupted_operations_say_so() {
    let host = FakeHost::new();
    let thread = Thread::new(1);
    let (reader, writer) = pipe();
    let kind = |outcome: Result<Vec<u8>>| outcome.unwrap_err().kind;
    thread.demand_attention();
    assert_eq!(kind(read(&host, &thread, &reader, 1)), ErrorKind::Interrupted);
    reader.set_status(FileStatus::NONBLOCK, FileStatus::NONBLOCK);
    assert_eq!(kind(read(&host, &thread, &reader, 1)), ErrorKind::WouldBlock);
    // A write that got somewhere says how far.
    assert_eq!(write(&host, &thread, &writer, &vec![0; 100_000]), Ok(65536));
    assert_eq!(kind(read(&host, &thread, &open(Arc::clone(writer.file())), 1)), ErrorKind::BadDescriptor);
}

#[test]
fn level_and_edge_triggered_items_differ_in_repetition() {
    let host = FakeHost::new();
    let watcher = Watcher::new(&host);
    let (level, to_level) = pipe();
    let (edge, to_edge) = pipe();
    watcher.add(1, &level, watching(Readiness::READ, Trigger::Level, 1)).unwrap();
    watcher.add(2, &edge, watching(Readiness::READ, Trigger::Edge, 2)).unwrap();
    assert!(watcher.ready().is_empty());
    for writer in [&to_level, &to_edge] {
        write(&host, &watcher.thread, writer, b"ab").unwrap();
    }
    assert_eq!(watcher.ready(), [(1, Readiness::READ), (2, Readiness::READ)]);
    assert_eq!(watcher.ready(), [(1, Readiness::READ)]);
    // New bytes are a new edge, though the old ones are still there.
    write(&host, &watcher.thread, &to_edge, b"c").unwrap();
    assert_eq!(watcher.ready().len(), 2);
    read(&host, &watcher.thread, &level, 9).unwrap();
    assert!(watcher.ready().is_empty());
}

#[test]
fn an_item_watched_once_is_armed_again_by_a_change() {
    let host = FakeHost::new();
    let watcher = Watcher::new(&host);
    let counter = open(EventCounter::new(1, Taking::All));
    let once = Watching { once: true, ..watching(Readiness::READ, Trigger::Level, 7) };
    watcher.add(3, &counter, once).unwrap();
    assert_eq!(watcher.add(3, &counter, once).unwrap_err().kind, ErrorKind::Exists);
    assert_eq!(watcher.ready(), [(7, Readiness::READ)]);
    assert!(watcher.ready().is_empty());
    watcher.epoll.modify(3, &counter, once, watcher.asker()).unwrap();
    assert_eq!(watcher.ready(), [(7, Readiness::READ)]);
    assert_eq!(watcher.epoll.remove(4, &counter).unwrap_err().kind, ErrorKind::NotFound);
    watcher.epoll.remove(3, &counter).unwrap();
    assert!(watcher.ready().is_empty());
}

#[test]
fn a_closed_description_is_forgotten_and_a_duplicate_is_not() {
    let host = FakeHost::new();
    let watcher = Watcher::new(&host);
    let (reader, writer) = pipe();
    watcher.add(1, &reader, watching(Readiness::READ, Trigger::Level, 1)).unwrap();
    let duplicate = Arc::clone(&reader);
    drop(reader);
    drop(writer);
    assert_eq!(watcher.ready(), [(1, Readiness::HANG_UP)]);
    drop(duplicate);
    assert!(watcher.ready().is_empty());
}

#[test]
fn instances_watch_each_other_up_to_a_depth_and_never_in_a_loop() {
    let host = FakeHost::new();
    let watchers: Vec<_> = (0..6).map(|_| Watcher::new(&host)).collect();
    let level = watching(Readiness::READ, Trigger::Level, 0);
    let link = |outer: usize, inner: usize| watchers[outer].add(9, &watchers[inner].description, level);
    for inner in 1..5 {
        link(inner - 1, inner).unwrap();
    }
    assert_eq!(link(4, 5).unwrap_err().kind, ErrorKind::Loop);
    assert_eq!(link(4, 0).unwrap_err().kind, ErrorKind::Loop);
    let counter = open(EventCounter::new(0, Taking::All));
    watchers[4].add(1, &counter, level).unwrap();
    assert!(watchers[0].ready().is_empty());
    write(&host, &watchers[0].thread, &counter, &1_u64.to_ne_bytes()).unwrap();
    assert_eq!(watchers[0].ready(), [(0, Readiness::READ)]);
    assert_eq!(read(&host, &watchers[0].thread, &counter, 8), Ok(1_u64.to_ne_bytes().to_vec()));
    assert!(watchers[0].ready().is_empty());
}

#[test]
fn a_timer_ends_waits_in_its_time() {
    let host = FakeHost::new();
    let watcher = Watcher::new(&host);
    let timer = Timer::new(host.clone(), Clock::Realtime);
    let description = open(Arc::clone(&timer) as Arc<dyn File>);
    let second = Duration::from_secs(1);
    watcher.add(1, &description, watching(Readiness::READ, Trigger::Level, 1)).unwrap();
    timer.set(TimerSetting { value: second, interval: second * 2 }, false);
    let start = host.now(Clock::Monotonic);
    assert!(watcher.wait_until(after(&host, second / 2)).is_empty());
    assert_eq!(watcher.wait_until(after(&host, second * 9)).len(), 1);
    assert_eq!((host.now(Clock::Monotonic) - start).as_secs(), 1);
    assert_eq!(read(&host, &watcher.thread, &description, 8), Ok(1_u64.to_ne_bytes().to_vec()));
    assert_eq!(timer.get().interval, second * 2);
    // A blocking read and a poll wait for it too.
    assert_eq!(read(&host, &watcher.thread, &description, 8), Ok(1_u64.to_ne_bytes().to_vec()));
    let mut items =
        [PollItem { description: Some(description), interest: Readiness::READ, ready: Readiness::empty() }];
    let caller = Caller { host: &host, process: process(), thread: &watcher.thread };
    assert_eq!(poll(&caller, &mut items, None), Ok(1));
    assert_eq!((host.now(Clock::Monotonic) - start).as_secs(), 5);
}

#[test]
fn poll_waits_for_a_stream_and_a_pipe_together() {
    let host = FakeHost::new();
    let (reader, _writer) = pipe();
    let input = open(StreamFile::open(host.clone(), Stream::Input));
    let item = |description: &Arc<Description>| PollItem {
        description: Some(Arc::clone(description)),
        interest: Readiness::READ | Readiness::HANG_UP | Readiness::ERROR,
        ready: Readiness::empty(),
    };
    let mut items = [item(&reader), item(&input)];
    let thread = Thread::new(1);
    let caller = Caller { host: &host, process: process(), thread: &thread };
    assert_eq!(poll(&caller, &mut items, Some(Deadline(0))), Ok(0));
    let typist = {
        let host = host.clone();
        std::thread::spawn(move || {
            let _attached = host.attach();
            std::thread::sleep(Duration::from_millis(20));
            host.type_input(b"x");
        })
    };
    assert_eq!(poll(&caller, &mut items, None), Ok(1));
    assert_eq!(items.map(|item| item.ready), [Readiness::empty(), Readiness::READ]);
    typist.join().unwrap();
}

#[test]
fn an_epoll_wait_sees_streams() {
    let host = FakeHost::new();
    let watcher = Watcher::new(&host);
    let output = open(StreamFile::open(host.clone(), Stream::Output));
    let input = open(StreamFile::open(host.clone(), Stream::Input));
    watcher.add(0, &input, watching(Readiness::READ, Trigger::Level, 0)).unwrap();
    watcher.add(1, &output, watching(Readiness::WRITE, Trigger::Edge, 1)).unwrap();
    assert_eq!(watcher.ready(), [(1, Readiness::WRITE)]);
    assert!(watcher.ready().is_empty());
    write(&host, &watcher.thread, &output, b"hello").unwrap();
    assert_eq!(watcher.ready(), [(1, Readiness::WRITE)]);
    host.type_input(b"x");
    assert_eq!(watcher.wait_until(None).len(), 1);
    assert_eq!(host.output(), b"hello");
}

#[test]
fn no_event_is_lost_between_producers_and_waiting_threads() {
    const ROUNDS: u64 = 2000;
    const COUNTERS: u64 = 4;
    let host = FakeHost::new();
    let watcher = Arc::new(Watcher::new(&host));
    let counters: Arc<Vec<_>> =
        Arc::new((0..COUNTERS).map(|_| open(EventCounter::new(0, Taking::All))).collect());
    for (number, counter) in counters.iter().enumerate() {
        let trigger = if number % 2 == 0 { Trigger::Edge } else { Trigger::Level };
        counter.set_status(FileStatus::NONBLOCK, FileStatus::NONBLOCK);
        watcher.add(9, counter, watching(Readiness::READ, trigger, number as u64)).unwrap();
    }
    let total = Arc::new(std::sync::atomic::AtomicU64::new(0));
    let consumers: Vec<_> = (0..2)
        .map(|id| {
            let (host, watcher, counters, total) =
                (host.clone(), Arc::clone(&watcher), Arc::clone(&counters), Arc::clone(&total));
            std::thread::spawn(move || {
                let _attached = host.attach();
                let thread = Thread::new(50 + id);
                let order = std::sync::atomic::Ordering::SeqCst;
                while total.load(order) < ROUNDS * COUNTERS {
                    let mut events = Vec::new();
                    let caller = Caller { host: &host, process: process(), thread: &thread };
                    let deadline = after(&host, Duration::from_secs(3600));
                    watcher.epoll.wait(&caller, 1, deadline, &mut events).unwrap();
                    for event in events {
                        let counter = &counters[usize::try_from(event.data).unwrap()];
                        if let Ok(bytes) = read(&host, &thread, counter, 8) {
                            total.fetch_add(u64::from_ne_bytes(bytes.try_into().unwrap()), order);
                        }
                    }
                }
            })
        })
        .collect();
    let producers: Vec<_> = (0..COUNTERS)
        .map(|number| {
            let (host, counters) = (host.clone(), Arc::clone(&counters));
            std::thread::spawn(move || {
                let _attached = host.attach();
                let thread = Thread::new(60);
                for _ in 0..ROUNDS {
                    let counter = &counters[usize::try_from(number).unwrap()];
                    write(&host, &thread, counter, &1_u64.to_ne_bytes()).unwrap();
                }
            })
        })
        .collect();
    for thread in producers.into_iter().chain(consumers) {
        thread.join().unwrap();
    }
    assert_eq!(total.load(std::sync::atomic::Ordering::SeqCst), ROUNDS * COUNTERS);
}
