//! Taking requests to instances.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use litebox_host::regs::Registers;
use litebox_host::sync::Mutex;
use litebox_libos::thread::Thread;

use super::call::{CallJob, Identified, Job, Reply, Request, Requester};
use super::client::Client;
use super::departure::Departure;
use super::instance::Instance;
use super::library::Library;
use super::parameter::no_parameters;
use super::state::{Owner, State};
use super::worker::Worker;
use crate::abi::identity::{Identity, Uuid};
use crate::abi::process::Function;
use crate::error::{Result, TeeError};
use crate::host::TeeHost;
use crate::loader::Image;

/// How deep applications may call one another, as in OP-TEE.
const MAX_DEPTH: u8 = 4;

/// All instances and sessions of a sandbox, and its client.
pub struct Engine<H> {
    host: H,
    library: Library,
    client: Mutex<Client>,
    state: Mutex<State>,
    /// The longest time that a call may take.
    pub(crate) limit: Duration,
    /// How far the time that an application set for itself is from the clock's, in seconds.
    times: Mutex<Vec<(Uuid, i64)>>,
}

impl<H: TeeHost> Engine<H> {
    pub(crate) fn new(host: H, library: Library, client: Client, limit: Duration) -> Arc<Self> {
        let (client, state) = (Mutex::new(client), Mutex::new(State::default()));
        Arc::new(Self { host, library, client, state, limit, times: Mutex::default() })
    }

    /// Count in the worker that the calling thread is.
    pub(crate) fn first_worker(&self) -> Result<Arc<Worker>> {
        let worker = Worker::new();
        self.state.lock().add_worker(&worker)?;
        Ok(worker)
    }

    /// Have the client's script begin.
    pub(crate) fn begin(self: &Arc<Self>) {
        // Known by its name from now on, or the first request says why not.
        let _ = self.library.main();
        self.advance(None);
    }

    /// Take the reply to the client, and its next request where it belongs, until one has to be waited for.
    fn advance(self: &Arc<Self>, mut reply: Option<Reply>) {
        let client = Identified { owner: Owner::Client, caller: None, depth: 0 };
        loop {
            let next = {
                let mut script = self.client.lock();
                if let Some(reply) = reply.take() {
                    script.take(&self.host, reply);
                }
                script.next(&self.host)
            };
            match next {
                Ok(request) => match self.route(request, &client, Requester::Client) {
                    Ok(()) => return,
                    Err(refused) => reply = Some(*refused),
                },
                Err(code) => return self.end(code),
            }
        }
    }

    /// End the sandbox with this exit code: its first thread does.
    fn end(&self, code: u8) {
        let first = self.state.lock().first_worker();
        if let Some(worker) = first {
            // Without memory for this there is none for anything, and the sandbox ends by itself.
            let _ = worker.post(Job::Exit(code));
        }
    }

    /// Give `reply` to whoever waits for it.
    pub(crate) fn answer(self: &Arc<Self>, requester: Requester, reply: Reply) {
        match requester {
            Requester::Client => self.advance(Some(reply)),
            Requester::Application(pending) => {
                self.state.lock().go_on(&pending.caller);
                pending.answer(reply);
            }
            Requester::Nobody => {}
        }
    }

    /// Take `request` to the instance that it is for.
    ///
    /// # Errors
    /// The reply, if that is clear already.
    pub(crate) fn route(
        self: &Arc<Self>,
        request: Request,
        from: &Identified,
        requester: Requester,
    ) -> core::result::Result<(), Box<Reply>> {
        let refuse = |error| Box::new(Reply::refusal(error));
        // The end of a session cannot be refused.
        if from.depth >= MAX_DEPTH && !matches!(request, Request::Close { .. }) {
            return Err(refuse(TeeError::OUT_OF_MEMORY));
        }
        let mut job = match request {
            Request::Open { uuid, identity, parameters } => {
                let image = self.library.find(uuid).map_err(refuse)?;
                let (instance, session) = self.instance(&image, from, identity).map_err(refuse)?;
                let mut job = CallJob::of(instance, Function::Open, session, requester);
                (job.identity, job.parameters) = (identity, parameters);
                job
            }
            Request::Invoke { session, command, parameters } => {
                let (instance, identity) = self.living(session, from).map_err(refuse)?;
                let mut job = CallJob::of(instance, Function::Invoke, session, requester);
                (job.identity, job.command, job.parameters) = (identity, command, parameters);
                job
            }
            Request::Close { session } => match self.living(session, from) {
                Ok((instance, identity)) => {
                    let mut job = CallJob::of(instance, Function::Close, session, requester);
                    job.identity = identity;
                    job
                }
                Err(TeeError::TARGET_DEAD) => {
                    self.close(session);
                    return Err(Box::new(Reply::done()));
                }
                Err(error) => return Err(refuse(error)),
            },
        };
        job.depth = from.depth.saturating_add(1);
        self.post(job, from).map_err(refuse)
    }

    /// The instance of a session, and its client, if it lives: nothing is asked of a thread on behalf of an instance that
    /// does not, for another one may live there.
    fn living(&self, session: u32, from: &Identified) -> Result<(Arc<Instance>, Identity)> {
        let found = self.state.lock().session(session, &from.owner)?;
        if found.0.is_dead() { Err(TeeError::TARGET_DEAD) } else { Ok(found) }
    }

    fn post(&self, job: CallJob, from: &Identified) -> Result<()> {
        let (session, opens) = (job.session, job.function == Function::Open);
        let worker = Arc::clone(&job.instance.worker);
        let mut state = self.state.lock();
        let waits = match &from.caller {
            Some(caller) => state.wait(caller, &job.instance),
            None => Ok(()),
        };
        let posted = waits.and_then(|()| {
            let posted = worker.post(Job::Call(Box::new(job))).map_err(|_| TeeError::OUT_OF_MEMORY);
            if let (Err(_), Some(caller)) = (&posted, &from.caller) {
                state.go_on(caller);
            }
            posted
        });
        if posted.is_err() && opens {
            state.close(session);
        }
        posted
    }

    /// The instance that a new session of `image` is with, and the session's number.
    fn instance(
        self: &Arc<Self>,
        image: &Arc<Image>,
        from: &Identified,
        identity: Identity,
    ) -> Result<(Arc<Instance>, u32)> {
        let mut state = self.state.lock();
        if let Some(instance) = state.reusable(image.head.uuid)? {
            let session = state.open(&instance, from.owner.clone(), identity)?;
            return Ok((instance, session));
        }
        let worker = match state.idle_worker() {
            Some(worker) => worker,
            None => self.start_worker(&mut state)?,
        };
        let instance = Instance::new(Arc::clone(image), worker);
        let session = state.open(&instance, from.owner.clone(), identity)?;
        state.add(&instance);
        Ok((instance, session))
    }

    /// A worker in an address space of its own. It begins in the calling thread's, and moves.
    fn start_worker(self: &Arc<Self>, state: &mut State) -> Result<Arc<Worker>> {
        let worker = Worker::new();
        state.add_worker(&worker)?;
        let (host, engine) = (self.host.clone(), Arc::clone(self));
        let departure = Box::new(Departure { host, engine, worker: Arc::clone(&worker) });
        if let Err(error) = self.host.share(departure, &Registers::default(), 0) {
            state.remove_worker(&worker);
            return Err(error.into());
        }
        Ok(worker)
    }

    /// A worker did not come to life: what it was to do is refused.
    pub(crate) fn fail_worker(self: &Arc<Self>, worker: &Arc<Worker>, thread: &Thread) {
        self.state.lock().remove_worker(worker);
        while let Job::Call(job) = worker.take(thread) {
            let CallJob { instance, session, requester, function, .. } = *job;
            instance.die();
            self.state.lock().close(session);
            self.forget(&instance);
            self.answer(requester, function.settled(Reply::refusal(TeeError::OUT_OF_MEMORY)));
        }
    }

    /// How far an application's own time is from the clock's, in seconds, if it was set.
    pub(crate) fn time_of(&self, uuid: Uuid) -> Option<i64> {
        self.times.lock().iter().find(|(of, _)| *of == uuid).map(|(_, distance)| *distance)
    }

    /// An application sets its time.
    pub(crate) fn set_time_of(&self, uuid: Uuid, distance: i64) {
        let mut times = self.times.lock();
        times.retain(|(of, _)| *of != uuid);
        times.push((uuid, distance));
    }

    /// A session is over. Whether its instance is to go too.
    pub(crate) fn close(&self, session: u32) -> bool {
        self.state.lock().close(session)
    }

    /// An instance is gone, and with it the sessions that it had opened.
    pub(crate) fn forget(self: &Arc<Self>, instance: &Arc<Instance>) {
        let sessions = {
            let mut state = self.state.lock();
            state.remove(instance);
            state.opened_by(instance)
        };
        let owner = Owner::Instance(Arc::clone(instance));
        let from = Identified { owner, caller: None, depth: 0 };
        for session in sessions {
            // One that is refused is gone already.
            let _ = self.route(Request::Close { session }, &from, Requester::Nobody);
        }
    }
}

impl CallJob {
    fn of(instance: Arc<Instance>, function: Function, session: u32, requester: Requester) -> Self {
        Self {
            instance,
            function,
            session,
            command: 0,
            identity: Identity::default(),
            parameters: no_parameters(),
            requester,
            depth: 0,
        }
    }
}
