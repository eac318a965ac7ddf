//! Requests, and what becomes of them.

use alloc::boxed::Box;
use alloc::sync::Arc;

use litebox_host::sync::Mutex;
use litebox_libos::event::{Readiness, WaitQueue, block};
use litebox_libos::thread::Thread;
use litebox_libos::{Error, ErrorKind};

use super::instance::Instance;
use super::parameter::{Parameters, no_parameters};
use super::state::Owner;
use crate::abi::identity::{Identity, Uuid};
use crate::abi::ipc::Origin;
use crate::abi::process::Function;
use crate::error::{Result, TeeError};

/// What is asked.
#[derive(Debug)]
pub enum Request {
    /// A session with an application.
    Open {
        /// Which; `None` for the one that the sandbox was started with.
        uuid: Option<Uuid>,
        /// Who the client says it is.
        identity: Identity,
        /// What it passes.
        parameters: Parameters,
    },
    /// A command.
    Invoke {
        /// In which session.
        session: u32,
        /// Which.
        command: u32,
        /// What it passes.
        parameters: Parameters,
    },
    /// The end of a session.
    Close {
        /// Which.
        session: u32,
    },
}

/// What came of it.
#[derive(Debug)]
pub struct Reply {
    /// The error, if there was one: the application's result, or what kept the request from it.
    pub result: Result<()>,
    /// Where the result comes from.
    pub origin: Origin,
    /// The session, once it was opened.
    pub session: u32,
    /// The parameters afterwards, if the application was there to say.
    pub parameters: Parameters,
}

impl Reply {
    /// The trusted operating system itself refuses.
    pub fn refusal(error: TeeError) -> Self {
        Self { result: Err(error), origin: Origin::Tee, session: 0, parameters: no_parameters() }
    }

    /// Nothing was to be said.
    pub fn done() -> Self {
        Self { result: Ok(()), origin: Origin::Application, session: 0, parameters: no_parameters() }
    }
}

impl Function {
    /// What `reply` comes to: closing a session has no result, whatever the application did.
    pub(crate) fn settled(self, reply: Reply) -> Reply {
        if self == Self::Close { Reply::done() } else { reply }
    }
}

/// Whose thread waits for a reply.
pub enum Requester {
    /// The client's script goes on.
    Client,
    /// An application's call returns.
    Application(Arc<Pending>),
    /// Nobody's.
    Nobody,
}

/// Who makes a request.
pub struct Identified {
    /// Whose sessions it may use.
    pub owner: Owner,
    /// The instance that is to wait, if one does.
    pub caller: Option<Arc<Instance>>,
    /// How many applications have called one another up to here.
    pub depth: u8,
}

/// A reply that an application waits for.
pub struct Pending {
    /// The instance that waits.
    pub(crate) caller: Arc<Instance>,
    reply: Mutex<Option<Reply>>,
    queue: WaitQueue,
}

impl Pending {
    /// None has come yet.
    pub(crate) fn new(caller: Arc<Instance>) -> Self {
        Self { caller, reply: Mutex::new(None), queue: WaitQueue::new() }
    }

    /// Here it is.
    pub(crate) fn answer(&self, reply: Reply) {
        *self.reply.lock() = Some(reply);
        self.queue.wake(Readiness::READ);
    }

    /// Wait for it.
    pub(crate) fn wait(&self, thread: &Thread) -> Reply {
        const NOT_YET: Error = Error::new(ErrorKind::WouldBlock, "no reply yet");
        loop {
            let attempt = || self.reply.lock().take().ok_or(NOT_YET);
            match block(thread, &[(&self.queue, Readiness::READ)], None, attempt) {
                Ok(reply) => return reply,
                // There is nothing else that the thread could do.
                Err(error) if error.kind == ErrorKind::Interrupted => {}
                Err(error) => return Reply::refusal(error.into()),
            }
        }
    }
}

/// What a worker is to do.
pub enum Job {
    /// Enter the application.
    Call(Box<CallJob>),
    /// End the sandbox with this exit code.
    Exit(u8),
}

/// One call of an application.
pub struct CallJob {
    pub(crate) instance: Arc<Instance>,
    pub(crate) function: Function,
    pub(crate) session: u32,
    pub(crate) command: u32,
    pub(crate) identity: Identity,
    pub(crate) parameters: Parameters,
    pub(crate) requester: Requester,
    pub(crate) depth: u8,
}
