//! The thread that instances live on, as this North keeps it.
//!
//! It takes a call, enters the application, and has done with the call when the application returns, panics or is ended.
//! Between two calls nothing of the application runs.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Range;

use litebox_host::ambient::{self, Log};
use litebox_host::memory::{Protection, UserAccess};
use litebox_host::regs::Registers;
use litebox_libos::memory::{AddressSpace, Limits, buffer};
use litebox_libos::thread::Thread;

use crate::abi::ipc::Origin;
use crate::abi::process::Function;
use crate::crypto::Crypto;
use crate::error::{Result, TeeError};
use crate::host::TeeHost;
use crate::loader::{self, Loaded};
use crate::session::{CallJob, Engine, Identified, Instance, Job, Owner, Reply, Watchdog, Worker};
use crate::table::Caller;

mod passing;

use passing::Passed;

/// One worker's thread.
pub struct Task<H: TeeHost> {
    /// The host that runs it.
    pub host: H,
    /// All instances and sessions.
    pub(crate) engine: Arc<Engine<H>>,
    /// The thread as others give it work.
    worker: Arc<Worker>,
    /// The thread as it waits.
    pub(crate) thread: Arc<Thread>,
    /// Its address space.
    pub(crate) memory: AddressSpace<H>,
    /// The watch over its calls.
    pub(crate) watchdog: Arc<Watchdog<H>>,
    /// The instance that lives here, if one does.
    application: Option<Application>,
}

/// The state of an instance that only its own thread looks at.
pub(crate) struct Application {
    pub(crate) instance: Arc<Instance>,
    loaded: Loaded,
    /// Its keys and operations.
    pub(crate) crypto: Crypto,
    running: Option<Running>,
}

/// A call that an application is in.
pub(crate) struct Running {
    pub(crate) job: Box<CallJob>,
    /// Where its parameters are.
    passed: Passed,
    /// Bytes of text that it has shown.
    pub(crate) shown: usize,
    /// Whether cancellation is held back.
    pub(crate) cancellation_masked: bool,
    /// The reply, known while the application closes a session that it did not accept.
    decided: Option<Reply>,
}

impl<H: TeeHost> Task<H> {
    /// The calling thread as a worker, in the current address space. One that is made elsewhere is made anew once it is
    /// there, for the host's names of both are kept.
    pub(crate) fn new(host: H, engine: Arc<Engine<H>>, worker: Arc<Worker>) -> Self {
        let thread = Thread::new(0);
        thread.bind(host.current());
        let memory = AddressSpace::new(host.clone(), Limits::default());
        let watchdog = Watchdog::new(host.clone(), engine.limit, host.current());
        Self { host, engine, worker, thread, memory, watchdog, application: None }
    }

    /// The thread has come into an address space of its own.
    pub(crate) fn arrive(&mut self) {
        *self = Self::new(self.host.clone(), Arc::clone(&self.engine), Arc::clone(&self.worker));
    }

    /// Whose table the next call is looked up in: no guest's loader is run.
    pub(crate) fn calls_as(&self) -> Caller {
        Caller::Application
    }

    /// The instance that lives here.
    ///
    /// # Errors
    /// `BAD_STATE` if none does, which no guest code can bring about.
    pub(crate) fn application(&mut self) -> Result<&mut Application> {
        self.application.as_mut().ok_or(TeeError::BAD_STATE)
    }

    /// The call that its application is in.
    ///
    /// # Errors
    /// As [`Task::application`].
    pub(crate) fn running(&mut self) -> Result<&mut Running> {
        self.application()?.running.as_mut().ok_or(TeeError::BAD_STATE)
    }

    /// Take calls until one brings an application to run from `registers`.
    pub(crate) fn serve(&mut self, registers: &mut Registers) {
        loop {
            match self.worker.take(&self.thread) {
                Job::Exit(code) => self.host.exit(i32::from(code) << 8),
                Job::Call(job) => {
                    if self.take(job, registers) {
                        return;
                    }
                }
            }
        }
    }

    /// Begin a call; whether the application is to run.
    fn take(&mut self, job: Box<CallJob>, registers: &mut Registers) -> bool {
        if job.instance.is_dead() {
            if job.function != Function::Invoke {
                self.engine.close(job.session);
            }
            let reply = job.function.settled(Reply::refusal(TeeError::TARGET_DEAD));
            self.engine.answer(job.requester, reply);
            return false;
        }
        if let Err(error) = self.load(&job.instance) {
            // Whatever else was asked of it finds it dead.
            job.instance.die();
            self.empty();
            self.engine.close(job.session);
            self.engine.forget(&job.instance);
            self.engine.answer(job.requester, job.function.settled(Reply::refusal(error)));
            return false;
        }
        match self.enter(job, registers) {
            Ok(()) => true,
            Err((job, error)) => {
                if job.function != Function::Invoke {
                    self.close(job.session);
                }
                self.engine.answer(job.requester, job.function.settled(Reply::refusal(error)));
                false
            }
        }
    }

    /// Have `instance` in this thread's memory.
    fn load(&mut self, instance: &Arc<Instance>) -> Result<()> {
        if let Some(application) = &self.application {
            // There is never another one; if there were, its code would be given what is not for it.
            let is_same = Arc::ptr_eq(&application.instance, instance);
            return if is_same { Ok(()) } else { Err(TeeError::GENERIC) };
        }
        self.host.forget_rewrites();
        let loaded = loader::commit(&self.host, &self.memory, &instance.image)?;
        self.host.set_thread_pointer(loaded.thread_pointer);
        let (instance, crypto) = (Arc::clone(instance), Crypto::new());
        self.application = Some(Application { instance, loaded, crypto, running: None });
        Ok(())
    }

    /// Enter the application for `job`: pass its parameters, and set all registers.
    fn enter(
        &mut self,
        job: Box<CallJob>,
        registers: &mut Registers,
    ) -> core::result::Result<(), (Box<CallJob>, TeeError)> {
        let Some(application) = &mut self.application else { return Err((job, TeeError::BAD_STATE)) };
        let loaded = application.loaded;
        let passed = match Passed::pass(&self.host, &self.memory, loaded.stack, &job.parameters) {
            Ok(passed) => passed,
            Err(error) => return Err((job, error)),
        };
        if let Err(error) = self.watchdog.begin() {
            passed.remove(&self.memory);
            return Err((job, error.into()));
        }
        // Whatever the vector registers held of another call, or of another application, is gone.
        self.host.reset();
        *registers = Registers {
            rdi: job.function as u64,
            rsi: job.session.into(),
            rdx: passed.address() as u64,
            rcx: job.command.into(),
            // As after a call, which is what an entry looks like (System V psABI, section 3.2.2).
            rsp: passed.address().saturating_sub(8) as u64,
            rip: loaded.entry as u64,
            rflags: RFLAGS,
            ..Registers::default()
        };
        application.running =
            Some(Running { job, passed, shown: 0, cancellation_masked: true, decided: None });
        Ok(())
    }

    /// The application says that it has done what it was entered for, with `result`.
    pub(crate) fn leave(&mut self, result: u32, registers: &mut Registers) {
        self.watchdog.end();
        let running = self.application.as_mut().and_then(|application| application.running.take());
        let Some(running) = running else { return self.serve(registers) };
        let Running { mut job, passed, decided, .. } = running;
        let fetched = passed.fetch(&self.host, &mut job.parameters);
        passed.remove(&self.memory);
        let result = if result == 0 { Ok(()) } else { Err(TeeError(result)) };
        let (result, origin) = match fetched {
            Ok(()) => (result, Origin::Application),
            Err(error) => (Err(error), Origin::Tee),
        };
        let parameters = core::mem::replace(&mut job.parameters, crate::session::no_parameters());
        let reply = Reply { result, origin, session: job.session, parameters };
        let reply = decided.unwrap_or_else(|| job.function.settled(reply));
        if job.function == Function::Open && reply.result.is_err() {
            return self.refuse_session(job, reply, registers);
        }
        if job.function == Function::Close {
            self.close(job.session);
        }
        self.engine.answer(job.requester, reply);
        self.serve(registers);
    }

    /// The application did not accept a session: it is told that the session ends, and then the client has `reply`.
    fn refuse_session(&mut self, mut job: Box<CallJob>, reply: Reply, registers: &mut Registers) {
        job.function = Function::Close;
        if let Err((job, _)) = self.enter(job, registers) {
            self.close(job.session);
            self.engine.answer(job.requester, reply);
            return self.serve(registers);
        }
        if let Ok(running) = self.running() {
            running.decided = Some(reply);
        }
    }

    /// End the instance: `why` is for whoever runs the sandbox. All its sessions are dead.
    pub(crate) fn die(&mut self, why: core::fmt::Arguments<'_>, registers: &mut Registers) {
        self.watchdog.end();
        let Some(application) = &mut self.application else { return self.serve(registers) };
        let instance = Arc::clone(&application.instance);
        let line = alloc::format!("trusted application {} has panicked: {why}", instance.uuid());
        ambient::log(Log::Note, &line);
        instance.die();
        let running = application.running.take();
        self.unload();
        if let Some(Running { job, decided, .. }) = running {
            if job.function != Function::Invoke {
                self.engine.close(job.session);
            }
            let dead = || job.function.settled(Reply::refusal(TeeError::TARGET_DEAD));
            let reply = decided.unwrap_or_else(dead);
            self.engine.answer(job.requester, reply);
        }
        self.serve(registers);
    }

    /// A session of the instance that lives here is over, and with the last one, unless it is kept, the instance.
    fn close(&mut self, session: u32) {
        if self.engine.close(session) {
            self.unload();
        }
    }

    /// Forget the instance that lives here, and its memory.
    fn unload(&mut self) {
        let Some(application) = self.application.take() else { return };
        self.empty();
        self.engine.forget(&application.instance);
    }

    /// Have nothing in memory.
    fn empty(&mut self) {
        for area in self.memory.areas().unwrap_or_default() {
            // What cannot be unmapped goes when the next one is loaded.
            let _ = self.memory.unmap(area.range.start, area.length());
        }
    }

    /// Whether the application may do `wanted` with all `length` bytes at `address`. Calls that work on a buffer piece by
    /// piece look first, so that what is refused has changed nothing.
    ///
    /// # Errors
    /// `ACCESS_DENIED` if not.
    pub(crate) fn check_memory(&self, address: usize, length: usize, wanted: Protection) -> Result<()> {
        let end = address.checked_add(length).ok_or(TeeError::ACCESS_DENIED)?;
        let mut at = address;
        while at < end {
            let area = self.memory.find(at).filter(|area| area.protection.contains(wanted));
            at = area.ok_or(TeeError::ACCESS_DENIED)?.range.end;
        }
        Ok(())
    }

    /// A copy of `length` bytes of the application's memory.
    ///
    /// # Errors
    /// `OUT_OF_MEMORY`; `ACCESS_DENIED` if they cannot be read.
    pub(crate) fn copy_in(&self, address: usize, length: usize) -> Result<Vec<u8>> {
        let mut bytes = buffer::zeroed(length)?;
        UserAccess::read(&self.host, address, &mut bytes)?;
        Ok(bytes)
    }

    /// Who asks, when the application itself makes a request.
    ///
    /// # Errors
    /// As [`Task::running`].
    pub(crate) fn identified(&mut self) -> Result<Identified> {
        let depth = self.running()?.job.depth;
        let instance = Arc::clone(&self.application()?.instance);
        Ok(Identified { owner: Owner::Instance(Arc::clone(&instance)), caller: Some(instance), depth })
    }
}

impl Running {
    /// The pages of memory that the caller shares with the application.
    pub(crate) fn shared(&self) -> Range<usize> {
        self.passed.window()
    }
}

/// Interrupts on; bit 1 is always set.
const RFLAGS: u64 = 0x202;
