//! Sessions: from a client's requests to the instances of applications, and back.
//!
//! An application's *instance* has one address space and one thread, its [`Worker`], which takes calls from a mailbox
//! one at a time: enter the application, run it until it says that it is done, answer whoever asked, take the next. A
//! request is routed by the thread that makes it: the client's script by the thread that answered its last request, an
//! application's by its own. When what comes next is for the same instance, no thread is woken.
//!
//! Lock order: the client's script, then the [`Engine`]'s state, then a mailbox.

mod call;
mod client;
mod departure;
mod engine;
mod instance;
mod library;
mod output;
mod parameter;
mod state;
mod worker;

pub use call::{Identified, Job, Reply, Request, Requester};
pub use client::Client;
pub use engine::Engine;
pub use instance::Instance;
pub use parameter::{Parameter, Parameters, no_parameters};
pub use worker::{Watchdog, Worker};

pub(crate) use call::{CallJob, Pending};
pub(crate) use library::Library;
pub(crate) use output::Output;
pub(crate) use state::Owner;
