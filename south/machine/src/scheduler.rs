//! Threads on the processor: who runs, who is ready, who sleeps on what.
//!
//! Kernel code is not preempted: it gives the processor up when it waits. Guest code is, by the timer. There is one
//! processor as yet; what it shares with others lies behind one lock, which is never held over a switch.
#![expect(unsafe_code, reason = "switching stacks, and the registers that go with them")]

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, VecDeque};
use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use litebox_host::HostError;
use litebox_host::regs::Registers;
use litebox_host::shim::{Action, Shim};
use litebox_host::sync::AtomicU32;

use crate::enter::{dispatch, entry, tables};
use crate::layout::STACK_SIZE;
use crate::paging;
use crate::process::HostProcess;
use crate::space::Space;
use crate::spin::Spin;
use crate::timer;
use crate::vector::VectorArea;

/// How long guest code runs while others are ready, in nanoseconds.
const SLICE: u64 = 10_000_000;

/// What a thread does first.
enum Task {
    /// Guest code, from these registers.
    Guest(Registers),
    /// Work of the kernel's own.
    Kernel(Box<dyn FnOnce() + Send>),
}

/// A thread.
pub(crate) struct Thread {
    number: u64,
    process: Arc<HostProcess>,
    space: Arc<Space>,
    stack: Box<[u128]>,
    /// Its stack pointer while it does not run.
    pointer: AtomicU64,
    /// The bases of FS and, outside the kernel, of GS, while it does not run.
    pub(crate) bases: [AtomicU64; 2],
    pub(crate) vectors: VectorArea,
    shim: Spin<Option<Box<dyn Shim>>>,
    task: Spin<Option<Task>>,
    begins: AtomicBool,
    kicked: AtomicBool,
    /// What a kick wakes it from, where it waits for something of the host's.
    pub(crate) kick_word: AtomicU32,
    timed_out: AtomicBool,
    /// Nanoseconds that it ran, and since when it runs.
    used: AtomicU64,
    since: AtomicU64,
}

/// A thread to be made.
pub(crate) struct NewThread {
    /// Its process.
    pub(crate) process: Arc<HostProcess>,
    /// Its address space.
    pub(crate) space: Arc<Space>,
    /// The base of FS.
    pub(crate) thread_pointer: u64,
}

/// One that sleeps on a word, and until when.
type Waiter = (Option<u64>, Arc<Thread>);

struct Scheduler {
    current: Arc<Thread>,
    ready: VecDeque<Arc<Thread>>,
    /// By time and number; the word that each waits on, too.
    sleepers: BTreeMap<(u64, u64), (usize, Arc<Thread>)>,
    /// By the word's address; the time that each waits for, too.
    waiters: BTreeMap<usize, VecDeque<Waiter>>,
    /// One that has ended, whose stack may still be in use.
    dead: Option<Arc<Thread>>,
    threads: BTreeMap<u64, Weak<Thread>>,
    next_number: u64,
}

static SCHEDULER: Spin<Option<Scheduler>> = Spin::new(None);

fn with<R>(act: impl FnOnce(&mut Scheduler) -> R) -> R {
    match SCHEDULER.lock().as_mut() {
        Some(scheduler) => act(scheduler),
        None => crate::control::fail(format_args!("the scheduler was used before there is one")),
    }
}

/// The thread that runs this.
pub(crate) fn current() -> Arc<Thread> {
    with(|scheduler| Arc::clone(&scheduler.current))
}

impl Thread {
    fn new(number: u64, new: NewThread, task: Task) -> Result<Self, HostError> {
        let mut stack = Vec::new();
        stack.try_reserve_exact(STACK_SIZE / 16).map_err(|_| HostError::NoMemory)?;
        stack.resize(STACK_SIZE / 16, 0);
        Ok(Self {
            number,
            process: new.process,
            space: new.space,
            stack: stack.into_boxed_slice(),
            pointer: AtomicU64::new(0),
            bases: [AtomicU64::new(new.thread_pointer), AtomicU64::new(0)],
            vectors: VectorArea::new()?,
            shim: Spin::new(None),
            task: Spin::new(Some(task)),
            begins: AtomicBool::new(false),
            kicked: AtomicBool::new(false),
            kick_word: AtomicU32::new(0),
            timed_out: AtomicBool::new(false),
            used: AtomicU64::new(0),
            since: AtomicU64::new(0),
        })
    }

    /// Its number.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Its process.
    pub(crate) fn process(&self) -> &Arc<HostProcess> {
        &self.process
    }

    /// Its address space.
    pub(crate) fn space(&self) -> &Arc<Space> {
        &self.space
    }

    /// Nanoseconds that it had the processor.
    pub(crate) fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed) + self.running()
    }

    /// Nanoseconds since its last switch, if it runs.
    pub(crate) fn running(&self) -> u64 {
        match self.since.load(Ordering::Relaxed) {
            0 => 0,
            since => timer::now().saturating_sub(since),
        }
    }

    /// Call up to its shim. The calling thread is this one.
    pub(crate) fn call_up(&self, call: impl FnOnce(&mut dyn Shim) -> Action) -> Action {
        let Some(mut shim) = self.shim.lock().take() else { return Action::Exit };
        let action = call(&mut *shim);
        *self.shim.lock() = Some(shim);
        action
    }

    /// Whether it is to call up to begin; once.
    pub(crate) fn begins(&self) -> bool {
        self.begins.swap(false, Ordering::Relaxed)
    }

    /// Whether it was kicked since this was last asked.
    pub(crate) fn takes_kick(&self) -> bool {
        self.kicked.swap(false, Ordering::Relaxed)
    }

    /// Whether it was kicked.
    pub(crate) fn is_kicked(&self) -> bool {
        self.kicked.load(Ordering::Relaxed)
    }

    fn top(&self) -> u64 {
        self.stack.as_ptr_range().end.addr() as u64
    }

    /// Make its stack such that the first switch to it goes to `begin`.
    fn prepare(&self) {
        // Six registers and where to return to; a called function finds its stack eight bytes off. Above it is the
        // place for a guest's registers.
        let pointer = ((self.top() - entry::ABOVE as u64) & !15) - 9 * 8;
        let place: *mut u64 = core::ptr::with_exposed_provenance_mut(pointer as usize);
        let _ = self.stack.as_ptr().expose_provenance();
        let place = place.wrapping_add(6);
        // SAFETY: the word lies on the thread's own stack, which nobody uses yet.
        unsafe { place.write(begin as *const () as u64) };
        self.pointer.store(pointer, Ordering::Relaxed);
    }
}

/// The kernel starts: what runs becomes the thread of `process`.
pub(crate) fn initialise(process: Arc<HostProcess>, space: Arc<Space>) -> Result<(), HostError> {
    let new = NewThread { process, space, thread_pointer: 0 };
    let first = Arc::new(Thread::new(1, new, Task::Kernel(Box::new(|| ())))?);
    paging::use_root(first.space.root());
    *SCHEDULER.lock() = Some(Scheduler {
        current: Arc::clone(&first),
        ready: VecDeque::new(),
        sleepers: BTreeMap::new(),
        waiters: BTreeMap::new(),
        dead: None,
        threads: BTreeMap::from([(1, Arc::downgrade(&first))]),
        next_number: 2,
    });
    Ok(())
}

/// Start a thread that runs guest code on behalf of `shim`, after a call up if it `begins` a process. It has a copy of the
/// calling thread's vector state.
pub(crate) fn start_guest(
    new: NewThread,
    shim: Box<dyn Shim>,
    registers: &Registers,
    begins: bool,
) -> Result<u64, HostError> {
    start(new, Task::Guest(registers.clone()), |thread| {
        *thread.shim.lock() = Some(shim);
        thread.begins.store(begins, Ordering::Relaxed);
    })
}

/// The calling thread, which started the kernel, runs guest code from now on; what it does is not dropped.
pub(crate) fn become_guest(shim: Box<dyn Shim>, registers: &Registers) -> ! {
    let thread = current();
    *thread.shim.lock() = Some(shim);
    *thread.task.lock() = Some(Task::Guest(registers.clone()));
    thread.process.add_thread();
    tables::set_stack(thread.top());
    thread.since.store(timer::now().max(1), Ordering::Relaxed);
    with(|scheduler| scheduler.set_timer());
    drop(thread);
    if let Some(registers) = begin_task() {
        // SAFETY: the registers are on the thread's own stack, where the entries expect them; this one is left.
        unsafe { entry::leave(registers) }
    }
    exit()
}

/// Start a thread of the kernel's own.
pub(crate) fn start_kernel(new: NewThread, work: Box<dyn FnOnce() + Send>) -> Result<u64, HostError> {
    start(new, Task::Kernel(work), |_| ())
}

fn start(new: NewThread, task: Task, prepare: impl FnOnce(&Thread)) -> Result<u64, HostError> {
    let number = with(|scheduler| {
        scheduler.next_number += 1;
        scheduler.next_number
    });
    let thread = Arc::new(Thread::new(number, new, task)?);
    prepare(&thread);
    thread.vectors.save();
    thread.prepare();
    thread.process.add_thread();
    with(|scheduler| {
        scheduler.threads.insert(number, Arc::downgrade(&thread));
        scheduler.ready.push_back(thread);
    });
    Ok(number)
}

/// Where a new thread begins.
extern "C" fn begin() -> ! {
    arrive();
    if let Some(registers) = begin_task() {
        // SAFETY: the registers are where the entries expect them, and nothing else on the stack is used.
        unsafe { entry::leave(registers) }
    }
    exit()
}

/// Begin what the calling thread is for. The registers of a thread that runs guest code, where a return expects them;
/// `None` if the thread is done.
fn begin_task() -> Option<*mut Registers> {
    let thread = current();
    let task = thread.task.lock().take()?;
    let mut registers = match task {
        Task::Guest(registers) => registers,
        Task::Kernel(work) => {
            work();
            return None;
        }
    };
    if !dispatch::settle(&thread, &mut registers, Action::Resume) {
        return None;
    }
    let place = thread.top() - entry::ABOVE as u64;
    let place: *mut Registers = core::ptr::with_exposed_provenance_mut(place as usize);
    // SAFETY: the place is near the top of the thread's own stack, where no function has anything.
    unsafe { place.write(registers) };
    Some(place)
}

/// End the calling thread.
pub(crate) fn exit() -> ! {
    let thread = current();
    let shim = thread.shim.lock().take();
    drop(shim);
    thread.process.remove_thread();
    with(|scheduler| {
        scheduler.threads.remove(&thread.number);
        scheduler.dead = Some(Arc::clone(&thread));
    });
    drop(thread);
    give_up();
    crate::control::fail(format_args!("a thread that had ended ran"))
}

/// Sleep while `word` is `expected`, until woken or until `deadline`. Whether it was woken in time.
pub(crate) fn wait(word: &AtomicU32, expected: u32, deadline: Option<u64>) -> bool {
    let address = core::ptr::from_ref(word).addr();
    let thread = current();
    if word.load(Ordering::SeqCst) != expected {
        return true;
    }
    thread.timed_out.store(false, Ordering::Relaxed);
    with(|scheduler| {
        let entry = (deadline, Arc::clone(&thread));
        scheduler.waiters.entry(address).or_default().push_back(entry);
        if let Some(deadline) = deadline {
            scheduler.sleepers.insert((deadline, thread.number), (address, Arc::clone(&thread)));
        }
    });
    give_up();
    !thread.timed_out.load(Ordering::Relaxed)
}

/// Wake at most `count` threads that sleep on `word`.
pub(crate) fn wake(word: &AtomicU32, count: u32) {
    let address = core::ptr::from_ref(word).addr();
    with(|scheduler| {
        let Some(waiters) = scheduler.waiters.get_mut(&address) else { return };
        for _ in 0..count {
            let Some((deadline, thread)) = waiters.pop_front() else { break };
            if let Some(deadline) = deadline {
                scheduler.sleepers.remove(&(deadline, thread.number));
            }
            scheduler.ready.push_back(thread);
        }
        if waiters.is_empty() {
            scheduler.waiters.remove(&address);
        }
    });
}

/// Kick the thread numbered `number`.
pub(crate) fn kick(number: u64) {
    let thread = with(|scheduler| scheduler.threads.get(&number).and_then(Weak::upgrade));
    if let Some(thread) = thread {
        thread.kicked.store(true, Ordering::SeqCst);
        thread.kick_word.fetch_add(1, Ordering::SeqCst);
        wake(&thread.kick_word, 1);
    }
}

/// The thread numbered `number`.
pub(crate) fn find(number: u64) -> Option<Arc<Thread>> {
    with(|scheduler| scheduler.threads.get(&number).and_then(Weak::upgrade))
}

/// Let others run that are ready; the calling thread stays ready.
pub(crate) fn preempt() {
    let is_alone = with(|scheduler| {
        scheduler.wake_sleepers(timer::now());
        let is_alone = scheduler.ready.is_empty();
        if !is_alone {
            scheduler.ready.push_back(Arc::clone(&scheduler.current));
        }
        is_alone
    });
    if is_alone { with(|scheduler| scheduler.set_timer()) } else { give_up() }
}

impl Scheduler {
    fn wake_sleepers(&mut self, now: u64) {
        while let Some(first) = self.sleepers.first_entry().filter(|entry| entry.key().0 <= now) {
            let ((_, number), (address, thread)) = first.remove_entry();
            if let Some(waiters) = self.waiters.get_mut(&address) {
                waiters.retain(|(_, waiter)| waiter.number != number);
                if waiters.is_empty() {
                    self.waiters.remove(&address);
                }
            }
            thread.timed_out.store(true, Ordering::Relaxed);
            self.ready.push_back(thread);
        }
    }

    /// Have the timer interrupt when the slice ends or the next sleeper is due.
    fn set_timer(&self) {
        let due = self.sleepers.first_key_value().map(|((deadline, _), _)| *deadline);
        let until = due.map_or(SLICE, |due| due.saturating_sub(timer::now()).clamp(1, SLICE));
        timer::set(until);
    }
}

/// Run another thread. The calling one is wherever it will be found again.
fn give_up() {
    with(|scheduler| scheduler.current.stop_clock());
    let next = loop {
        let ready = with(|scheduler| {
            scheduler.wake_sleepers(timer::now());
            scheduler.set_timer();
            scheduler.ready.pop_front()
        });
        match ready {
            Some(next) => break next,
            None => x86_64::instructions::interrupts::enable_and_hlt(),
        }
        x86_64::instructions::interrupts::disable();
    };
    switch_to(next);
    arrive();
}

fn switch_to(next: Arc<Thread>) {
    let (from, to) = with(|scheduler| {
        let to = next.pointer.load(Ordering::Relaxed);
        let before = core::mem::replace(&mut scheduler.current, next);
        let after = &scheduler.current;
        after.since.store(timer::now().max(1), Ordering::Relaxed);
        if before.number != after.number {
            before.put_away();
            after.bring_back();
        }
        // The thread stays: it is among those that are ready or wait, or it is the dead one.
        (before.pointer.as_ptr(), if before.number == after.number { 0 } else { to })
    });
    if to != 0 {
        // SAFETY: `to` was kept by a switch or made by `prepare`, and everything else of the thread was brought back.
        unsafe { entry::switch(from, to) };
    }
}

impl Thread {
    /// It does not run any more: what it had of the processor counts.
    fn stop_clock(&self) {
        let ran = self.running();
        self.since.store(0, Ordering::Relaxed);
        self.used.fetch_add(ran, Ordering::Relaxed);
        self.process.add_time(ran);
    }

    fn put_away(&self) {
        self.vectors.save();
        let [fs, gs] = &self.bases;
        fs.store(x86_64::registers::model_specific::FsBase::read().as_u64(), Ordering::Relaxed);
        gs.store(x86_64::registers::model_specific::KernelGsBase::read().as_u64(), Ordering::Relaxed);
    }

    fn bring_back(&self) {
        self.vectors.load();
        let [fs, gs] = &self.bases;
        let base = |value: &AtomicU64| x86_64::VirtAddr::new_truncate(value.load(Ordering::Relaxed));
        x86_64::registers::model_specific::FsBase::write(base(fs));
        x86_64::registers::model_specific::KernelGsBase::write(base(gs));
        tables::set_stack(self.top());
        if paging::current_root().0 != self.space.root() {
            paging::use_root(self.space.root());
        }
    }
}

/// What the next thread does first: let go of one that has ended.
fn arrive() {
    let dead = with(|scheduler| scheduler.dead.take());
    drop(dead);
}
