//! A sandbox that is ready to be started.

use crate::builder::{Builder, Manners};
use crate::diagnostics::diagnostics;
use crate::refusals::Recorder;
use crate::spawn::Streams;
use crate::supervise::{Plan, supervise};
use crate::{Error, Exit, probe, start, view};
use litebox_broker::audit::{Audit, Level};
use litebox_broker::policy::Policy;
use litebox_broker::server::{self, Options, Server};
use litebox_broker_protocol::Start;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The longest audit log, in bytes.
const AUDIT_LIMIT: u64 = 256 << 20;

/// A sandbox that has been checked and can be run once.
#[derive(Debug)]
pub struct Sandbox {
    builder: Builder,
    policy: Policy,
    start: Start,
    streams: Streams,
}

impl Sandbox {
    pub(crate) fn from_builder(mut builder: Builder) -> Result<Self, Error> {
        builder.limits.check()?;
        check_host()?;
        let policy = start::policy(&builder)?;
        let view = view::View::open(&policy)?;
        view::check_directory(&view, &policy.directory)?;
        let search = start::search_path(&builder);
        let executable = view::find_program(&view, &policy.directory, &builder.program, &search)?;
        drop(view);
        let streams = Streams::new(builder.take_streams(), builder.terminal)?;
        let start = start::block(&builder, &policy, &streams, &executable)?;
        Ok(Self { builder, policy, start, streams })
    }

    /// What the program may reach.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// What the program is told at its start.
    #[must_use]
    pub fn start(&self) -> &Start {
        &self.start
    }

    /// Starts the program and answers it until it ends.
    ///
    /// # Errors
    /// [`Error::Refused`] when the host does not allow it, [`Error::Host`] when a call to it fails,
    /// [`Error::Stopped`] when the library OS stops itself.
    pub fn run(self) -> Result<Exit, Error> {
        match self.builder.manners {
            Manners::Command => self.run_here(),
            // Confining holds for a thread for ever, so it is given one of its own.
            Manners::Library => std::thread::scope(|scope| {
                let broker = std::thread::Builder::new().name("litebox-broker".into());
                let broker = broker.spawn_scoped(scope, || self.run_here());
                let broker = broker.map_err(Error::host("start a thread"))?;
                broker.join().unwrap_or_else(|_| Err(Error::Stopped("the broker's thread panicked".into())))
            }),
        }
    }

    fn run_here(self) -> Result<Exit, Error> {
        let Self { mut builder, policy, start, mut streams } = self;
        let (ours, theirs) = server::pair().map_err(Error::host("make the channel"))?;
        let encoded = start.encode().map_err(|error| {
            let cause = format!("the program cannot be described to the sandbox: {error:?}");
            Error::refused("program", cause, "pass fewer or shorter arguments and variables")
        })?;
        let audit = builder.audit.take().map(|path| audit_file(&path)).transpose()?;
        let recorder = Recorder::new(audit);
        let diagnostics = (builder.are_reports_shown || builder.is_traced)
            .then(|| Box::new(diagnostics(streams.line_ends())) as Box<dyn Write + Send>);
        let options = Options {
            audit: Audit::new(Box::new(recorder.clone()), Level::Decisions, AUDIT_LIMIT),
            diagnostics,
            terminals: streams.terminals()?,
        };
        let terminal = streams.take_link();
        let plan = Plan {
            image: builder.image,
            channel: theirs,
            streams,
            terminal,
            limits: builder.limits,
            timeout: builder.timeout,
            manners: builder.manners,
        };
        // The sandbox sets itself up while the broker looks for what is hidden from it.
        supervise(|| Ok(Server::new(policy, ours, encoded, options)?), plan, &recorder)
    }
}

/// Refuses a host on which files cannot be looked up in bounds. What else is needed shows when it is used.
fn check_host() -> Result<(), Error> {
    probe::bounded_paths().map_err(|error| {
        let cause = format!("this host does not resolve paths in bounds: {error}");
        Error::refused("host.openat2", cause, format!("{}; see litebox doctor", probe::FIX_BOUNDED_PATHS))
    })
}

fn audit_file(path: &Path) -> Result<File, Error> {
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    file.map_err(|error| {
        let cause = format!("the audit file {} cannot be made: {error}", path.display());
        Error::refused("audit.file", cause, "--audit FILE in a directory of yours")
    })
}
