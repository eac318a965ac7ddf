//! Noun *thread*: guest threads as std threads that run closures.

mod guest;

use std::cell::RefCell;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Weak};

use litebox_host::HostError;
use litebox_host::regs::Registers;
use litebox_host::shim::{Action, Shim};
use litebox_host::thread::{HostThread, Processors, Thread, VectorState};

use crate::host::{FakeHost, State, lock};
use crate::memory::Space;
use crate::schedule::{self, JoinHandle, thread_local};
pub use guest::Guest;

/// Code at a guest address.
pub(crate) type Code = Arc<dyn Fn(&mut Guest<'_>) + Send + Sync>;

/// What a guest thread unwinds with when it ends.
pub(crate) struct Ended;

/// Size of the blob that stands for the vector state: legacy area, XSAVE header and the upper halves of YMM.
const VECTOR_SIZE: usize = 832;
/// x87, SSE and AVX.
const VECTOR_FEATURES: u64 = 7;

/// One guest thread, as others may reach it.
struct Record {
    host: Weak<State>,
    id: u64,
    /// A kick that a host request has not seen yet.
    request_kick: AtomicBool,
    /// A kick that the thread has not seen yet before guest code.
    guest_kick: AtomicBool,
    /// Whether the thread counts among those that keep the clock from jumping.
    counted: bool,
    thread_pointer: AtomicU64,
    vector: Mutex<Vec<u8>>,
    /// The address space that it runs in.
    space: Arc<Space>,
}

impl Record {
    fn new(host: &FakeHost, counted: bool, space: Arc<Space>) -> Arc<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Arc::new(Self {
            host: Arc::downgrade(&host.state),
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            request_kick: AtomicBool::new(false),
            guest_kick: AtomicBool::new(false),
            counted,
            thread_pointer: AtomicU64::new(0),
            vector: Mutex::new(vec![0; VECTOR_SIZE]),
            space,
        })
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        let mut records = lock(&RECORDS);
        records.as_mut().and_then(|records| records.remove(&self.id));
    }
}

static RECORDS: Mutex<Option<HashMap<u64, Weak<Record>>>> = Mutex::new(None);

thread_local! {
    static CURRENT: RefCell<Option<Arc<Record>>> = const { RefCell::new(None) };
}

fn current() -> Option<Arc<Record>> {
    CURRENT.with(|current| current.borrow().clone())
}

fn bind(record: Arc<Record>) {
    lock(&RECORDS).get_or_insert_default().insert(record.id, Arc::downgrade(&record));
    CURRENT.with(|current| current.replace(Some(record)));
}

/// The host that the calling thread belongs to.
pub(crate) fn current_host() -> Option<FakeHost> {
    Some(FakeHost { state: current()?.host.upgrade()? })
}

/// Kick a thread; see [`litebox_host::ambient::kick`].
pub(crate) fn kick(thread: HostThread) {
    let record = lock(&RECORDS).as_ref().and_then(|records| records.get(&thread.0)?.upgrade());
    let Some(record) = record else { return };
    record.request_kick.store(true, Ordering::SeqCst);
    record.guest_kick.store(true, Ordering::SeqCst);
    if let Some(host) = record.host.upgrade() {
        host.clock.note_activity();
        host.streams.tell();
    }
}

/// Whether a kick came that this thread has not seen before guest code.
fn take_guest_kick() -> bool {
    current().is_some_and(|record| record.guest_kick.swap(false, Ordering::SeqCst))
}

/// Whether a kick came that no host request of this thread has seen.
pub(crate) fn take_request_kick() -> bool {
    current().is_some_and(|record| record.request_kick.swap(false, Ordering::SeqCst))
}

/// The threads of a host.
#[derive(Default)]
pub(crate) struct Threads {
    handles: Mutex<Vec<JoinHandle<()>>>,
    /// Guest and attached threads that are not blocked.
    running: AtomicI64,
}

impl Threads {
    /// The calling thread is blocked until the answer is dropped. `None` if it does not count.
    pub(crate) fn blocked(&self) -> Option<Blocked<'_>> {
        if !current()?.counted {
            return None;
        }
        self.running.fetch_sub(1, Ordering::SeqCst);
        Some(Blocked { threads: self })
    }

    /// Whether no thread that is counted runs.
    pub(crate) fn all_blocked(&self) -> bool {
        self.running.load(Ordering::SeqCst) <= 0
    }
}

/// See [`Threads::blocked`].
pub(crate) struct Blocked<'a> {
    threads: &'a Threads,
}

impl Drop for Blocked<'_> {
    fn drop(&mut self) {
        self.threads.running.fetch_add(1, Ordering::SeqCst);
    }
}

/// The calling thread counts as a guest thread until this is dropped; see [`FakeHost::attach`].
pub struct Attached {
    host: FakeHost,
}

impl Drop for Attached {
    fn drop(&mut self) {
        self.host.state.threads.running.fetch_sub(1, Ordering::SeqCst);
    }
}

impl FakeHost {
    pub(crate) fn bind_this_thread(&self) {
        bind(Record::new(self, false, Arc::clone(&self.state.space)));
    }

    /// Make the calling thread one of this host's, so that its timed waits follow the host's clock, and the
    /// clock does not jump while it runs. For threads that tests start themselves.
    pub fn attach(&self) -> Attached {
        bind(Record::new(self, true, Arc::clone(&self.state.space)));
        self.state.threads.running.fetch_add(1, Ordering::SeqCst);
        Attached { host: self.clone() }
    }

    /// Put `code` at a guest address: what runs when a guest thread's `rip` is `address`.
    pub fn code(&self, address: u64, code: impl Fn(&mut Guest<'_>) + Send + Sync + 'static) {
        lock(&self.state.code).insert(address, Arc::new(code));
    }

    /// Wait for all guest threads; the process's status, if it ended.
    ///
    /// # Panics
    /// With the panic of a guest thread, if one panicked.
    pub fn join(&self) -> Option<i32> {
        loop {
            let handle = lock(&self.state.threads.handles).pop();
            let Some(handle) = handle else { return self.exit_status() };
            if let Err(panic) = handle.join() {
                resume_unwind(panic);
            }
        }
    }

    fn run_guest<S: Shim>(&self, mut shim: Box<S>, registers: Registers) {
        let mut guest = Guest::new(self, shim.as_mut(), registers);
        let outcome = catch_unwind(AssertUnwindSafe(|| guest.run(None)));
        // The shim goes on the thread that it belongs to, while the thread still counts as running.
        drop(shim);
        self.state.threads.running.fetch_sub(1, Ordering::SeqCst);
        match outcome {
            Err(panic) if !panic.is::<Ended>() => resume_unwind(panic),
            _ => {}
        }
    }
}

impl FakeHost {
    /// The address space that the calling thread runs in.
    pub(crate) fn space(&self) -> Arc<Space> {
        current().map_or_else(|| Arc::clone(&self.state.space), |record| Arc::clone(&record.space))
    }

    /// Start a guest thread in `space`; the first of a new process calls up before it runs guest code.
    pub(crate) fn start<S: Shim>(
        &self,
        mut shim: Box<S>,
        registers: &Registers,
        thread_pointer: u64,
        space: Arc<Space>,
        begins: bool,
    ) -> HostThread {
        let record = Record::new(self, true, space);
        let name = HostThread(record.id);
        record.thread_pointer.store(thread_pointer, Ordering::SeqCst);
        if let Some(maker) = current() {
            lock(&record.vector).clone_from(&lock(&maker.vector));
        }
        let (host, mut registers) = (self.clone(), registers.clone());
        self.state.threads.running.fetch_add(1, Ordering::SeqCst);
        lock(&RECORDS).get_or_insert_default().insert(record.id, Arc::downgrade(&record));
        let handle = schedule::spawn(move || {
            bind(record);
            if begins && shim.begin(&mut registers) == Action::Exit {
                drop(shim);
                host.state.threads.running.fetch_sub(1, Ordering::SeqCst);
                return;
            }
            host.run_guest(shim, registers);
        });
        lock(&self.state.threads.handles).push(handle);
        name
    }
}

impl Thread for FakeHost {
    fn spawn<S: Shim>(
        &self,
        shim: Box<S>,
        registers: &Registers,
        thread_pointer: u64,
    ) -> Result<HostThread, HostError> {
        Ok(self.start(shim, registers, thread_pointer, self.space(), false))
    }

    fn current(&self) -> HostThread {
        HostThread(current().map_or(0, |record| record.id))
    }

    fn thread_pointer(&self) -> u64 {
        current().map_or(0, |record| record.thread_pointer.load(Ordering::SeqCst))
    }

    fn set_thread_pointer(&self, address: u64) {
        if let Some(record) = current() {
            record.thread_pointer.store(address, Ordering::SeqCst);
        }
    }

    fn yield_now(&self) {
        schedule::yield_now();
    }

    fn processor(&self) -> u32 {
        0
    }
}

impl Processors for FakeHost {
    fn processors(&self) -> u64 {
        0b11
    }
}

impl VectorState for FakeHost {
    fn size(&self) -> usize {
        VECTOR_SIZE
    }

    fn features(&self) -> u64 {
        VECTOR_FEATURES
    }

    fn save(&self, area: &mut [u8]) {
        if let Some(record) = current() {
            area.copy_from_slice(&lock(&record.vector));
        }
    }

    fn restore(&self, area: &[u8]) -> Result<(), HostError> {
        if area.len() != VECTOR_SIZE {
            return Err(HostError::Invalid);
        }
        if let Some(record) = current() {
            lock(&record.vector).copy_from_slice(area);
        }
        Ok(())
    }

    fn reset(&self) {
        if let Some(record) = current() {
            lock(&record.vector).fill(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use litebox_host::shim::Fault;

    use super::*;

    /// Answers each call with its number plus its first argument; number 60 ends the thread.
    struct Adder {
        host: FakeHost,
        interrupts: Arc<AtomicU64>,
    }

    impl Shim for Adder {
        fn begin(&mut self, _: &mut Registers) -> Action {
            Action::Resume
        }

        fn syscall(&mut self, registers: &mut Registers) -> Action {
            if registers.rax == 60 {
                return Action::Exit;
            }
            registers.rax += registers.rdi;
            Action::Resume
        }

        fn fault(&mut self, _: &Fault, _: &mut Registers) -> Action {
            litebox_host::process::Process::exit(&self.host, 11)
        }

        fn interrupt(&mut self, _: &mut Registers) -> Action {
            self.interrupts.fetch_add(1, Ordering::SeqCst);
            Action::Resume
        }
    }

    fn spawn(host: &FakeHost, rip: u64) -> (HostThread, Arc<AtomicU64>) {
        let interrupts = Arc::new(AtomicU64::new(0));
        let shim = Box::new(Adder { host: host.clone(), interrupts: Arc::clone(&interrupts) });
        let registers = Registers { rip, ..Registers::default() };
        (host.spawn(shim, &registers, 0xf5).unwrap(), interrupts)
    }

    #[test]
    fn two_scripted_threads_run_and_end() {
        let host = FakeHost::new();
        host.code(0x1000, |guest| {
            assert_eq!(guest.host.thread_pointer(), 0xf5);
            assert_eq!(guest.syscall(2, &[40]), 42);
            guest.syscall(60, &[]);
        });
        spawn(&host, 0x1000);
        spawn(&host, 0x1000);
        assert_eq!(host.join(), None);
    }

    #[test]
    fn a_kick_interrupts_before_the_next_instruction() {
        let host = FakeHost::new();
        host.code(0x1000, |guest| {
            litebox_host::ambient::kick(guest.host.current());
            guest.nothing();
            guest.syscall(60, &[]);
        });
        let (_, interrupts) = spawn(&host, 0x1000);
        host.join();
        assert_eq!(interrupts.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn vector_state_is_each_threads_own() {
        let host = FakeHost::new();
        let area = vec![3; host.size()];
        host.restore(&area).unwrap();
        let mut saved = vec![0; host.size()];
        host.save(&mut saved);
        assert_eq!(saved, area);
        assert_eq!(host.restore(&[0; 3]), Err(HostError::Invalid));
        host.reset();
        host.save(&mut saved);
        assert!(saved.iter().all(|byte| *byte == 0));
    }
}
