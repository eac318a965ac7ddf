//! The server: waits, decodes, answers.

use super::channel::{Channel, Incoming, untouched};
use super::list::Listings;
use super::lookup::Mounts;
use super::report::{Reports, Summary};
use super::terminal::TerminalRestorer;
use crate::Refusal;
use crate::audit::{Audit, Decision, Level, Verdict, printable};
use crate::confine::{Confinement, Grant};
use crate::path::join;
use crate::policy::Policy;
use crate::refusal::{Cause, Failure};
use litebox_broker_protocol::{
    Access, Entries, EntriesWriter, MAX_START, MAX_START_CHUNK, MountMode, RelativePath, Reply, Request,
};
use rustix::event::{PollFd, PollFlags};
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::io::Errno;
use std::io::Write;
use std::time::{Duration, Instant};

/// After so many datagrams that are no requests, the sandbox is cut off.
const MAX_MALFORMED: u32 = 64;

/// How many requests are served before the caller's descriptors are looked at again.
const MAX_BATCH: usize = 64;

/// How long the next request is waited for without sleeping. A program that starts asks again within some ten
/// microseconds, and to be woken takes several times as long as to answer.
const LINGER: Duration = Duration::from_micros(100);

/// What a server is given beside its policy.
pub struct Options {
    /// Where decisions go.
    pub audit: Audit,
    /// Where reports of the sandbox are printed, one line each; nowhere when absent.
    pub diagnostics: Option<Box<dyn Write + Send>>,
    /// Copies of the sandbox's first three descriptors; those that are terminals can be set by the sandbox.
    pub terminals: [Option<OwnedFd>; 3],
}

/// How a sandbox ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The guest's first process ended, with this wait(2) status.
    Exited(u32),
    /// The library OS stopped itself; its message, printable.
    Fatal(String),
    /// The channel closed before the sandbox said how it ends.
    Closed,
    /// The sandbox does not speak the protocol, and was cut off.
    Misbehaved(&'static str),
    /// The channel failed: an error of the host.
    Failed(Errno),
}

/// Why [`Server::run_until`] returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The descriptor with this index is readable or hung up. Requests that came before have been answered.
    Ready(usize),
    /// The sandbox has ended; no more requests are answered.
    Ended(Outcome),
}

/// A broker for one sandbox.
pub struct Server {
    mounts: Mounts,
    policy: Policy,
    channel: Channel,
    start: Vec<u8>,
    listings: Listings,
    reports: Reports,
    terminals: TerminalRestorer,
    audit: Audit,
    malformed: u32,
    outcome: Option<Outcome>,
    /// Packed entries of the listing being answered.
    packed: Box<[u8]>,
}

/// An answer, and the descriptor it carries.
type Answer<'a> = (Reply<'a>, Option<OwnedFd>);

impl Server {
    /// Opens every mount of `policy` and prepares to answer on `channel` (the first of [`super::pair`]). `start` is an
    /// encoded start block.
    ///
    /// With a read-write mount, the process's file creation mask becomes 0: the guest's own has been applied already.
    ///
    /// # Errors
    /// When a mount cannot be opened or is hidden, or the start block is too long.
    pub fn new(policy: Policy, channel: OwnedFd, start: Vec<u8>, options: Options) -> Result<Self, Refusal> {
        if start.len() > MAX_START {
            return Err(Refusal {
                rule: "program",
                cause: format!("arguments and environment take {} bytes", start.len()),
                fix: format!("pass less: {MAX_START} bytes is the most"),
            });
        }
        let mounts = Mounts::open(&policy)?;
        if policy.mounts.iter().any(|mount| mount.mode == MountMode::ReadWrite) {
            rustix::process::umask(rustix::fs::Mode::empty());
        }
        Ok(Self {
            mounts,
            policy,
            channel: Channel::new(channel),
            start,
            listings: Listings::default(),
            reports: Reports::new(options.diagnostics),
            terminals: TerminalRestorer::new(options.terminals),
            audit: options.audit,
            malformed: 0,
            outcome: None,
            packed: untouched(),
        })
    }

    /// What this server must still be able to reach, for [`crate::confine`].
    #[must_use]
    pub fn confinement(&self) -> Confinement<'_> {
        let grants = self.mounts.table.iter().map(|mount| Grant {
            root: mount.root.as_fd(),
            is_writable: mount.mode == MountMode::ReadWrite,
            is_directory: mount.is_directory,
        });
        Confinement { grants: grants.collect(), emptied: None }
    }

    /// A handle that puts the terminals back.
    #[must_use]
    pub fn terminals(&self) -> TerminalRestorer {
        self.terminals.clone()
    }

    /// What the sandbox has reported.
    #[must_use]
    pub fn summary(&self) -> Summary {
        self.reports.summary()
    }

    /// The audit log.
    pub fn audit(&mut self) -> &mut Audit {
        &mut self.audit
    }

    /// The policy that is enforced.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Answers requests until the sandbox ends.
    pub fn run(&mut self) -> Outcome {
        loop {
            if let Event::Ended(outcome) = self.run_until(&[]) {
                return outcome;
            }
        }
    }

    /// Answers requests until the sandbox ends or one of `extra` is ready. The descriptors are few and may change with
    /// every call, so this waits with poll(2). A sandbox that asks without pause does not keep `extra` from being seen.
    pub fn run_until(&mut self, extra: &[BorrowedFd<'_>]) -> Event {
        loop {
            if let Some(outcome) = &self.outcome {
                return Event::Ended(outcome.clone());
            }
            let ready = match self.wait(extra) {
                Ok(ready) => ready,
                Err(errno) => return self.end(Outcome::Failed(errno)),
            };
            self.serve_waiting();
            if let (None, Some(index)) = (&self.outcome, ready) {
                return Event::Ready(index);
            }
        }
    }

    /// Waits, and gives the first of `extra` that is ready.
    fn wait(&self, extra: &[BorrowedFd<'_>]) -> rustix::io::Result<Option<usize>> {
        let channel = self.channel.socket();
        let all = extra.iter().chain([&channel]);
        let mut polls: Vec<_> = all.map(|fd| PollFd::from_borrowed_fd(*fd, PollFlags::IN)).collect();
        match rustix::event::poll(&mut polls, None) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(errno) => return Err(errno),
        }
        let ready = polls.iter().take(extra.len()).position(|poll| !poll.revents().is_empty());
        Ok(ready)
    }

    /// Serves what has come in and what follows it closely, up to a batch. Whoever else wants the processor has it
    /// before the next look.
    fn serve_waiting(&mut self) {
        let mut last: Option<Instant> = None;
        let mut count = 0;
        while count < MAX_BATCH && self.outcome.is_none() {
            let served = match self.channel.receive() {
                Ok(Incoming::Nothing) if last.is_some_and(|last| last.elapsed() < LINGER) => {
                    std::thread::yield_now();
                    continue;
                }
                Ok(Incoming::Nothing) => return,
                Ok(Incoming::Closed) => return self.close(Outcome::Closed),
                Ok(Incoming::Refused) => self.answer_malformed("a datagram with descriptors, or too long"),
                Ok(Incoming::Datagram(length)) => self.answer(length),
                Err(errno) => Err(errno),
            };
            match served {
                Ok(true) => {}
                Ok(false) => return self.close(Outcome::Misbehaved("it does not take its answers")),
                Err(errno) => return self.close(Outcome::Failed(errno)),
            }
            count += 1;
            last = Some(Instant::now());
        }
    }

    fn close(&mut self, outcome: Outcome) {
        self.outcome.get_or_insert(outcome);
        self.terminals.restore();
    }

    fn end(&mut self, outcome: Outcome) -> Event {
        self.close(outcome);
        Event::Ended(self.outcome.clone().unwrap_or(Outcome::Closed))
    }

    /// Answers the datagram in the channel's buffer.
    fn answer(&mut self, length: usize) -> rustix::io::Result<bool> {
        let datagram = std::mem::take(&mut self.channel.incoming);
        let served = match Request::decode(datagram.get(..length).unwrap_or_default()) {
            Ok(request) => self.answer_request(&request),
            Err(_) => self.answer_malformed("not a request of this protocol"),
        };
        self.channel.incoming = datagram;
        served
    }

    fn answer_malformed(&mut self, what: &'static str) -> rustix::io::Result<bool> {
        self.malformed = self.malformed.saturating_add(1);
        let object = what.to_owned();
        let (verdict, rule) = (Verdict::Denied, Cause::Malformed.name());
        let decision = Decision { verdict, rule, operation: "decode", object };
        self.audit.note(decision, String::new);
        if self.malformed >= MAX_MALFORMED {
            self.close(Outcome::Misbehaved(what));
        }
        let errno = Errno::PROTO.raw_os_error().unsigned_abs();
        self.channel.send(&Reply::Error { errno, rule: Cause::Malformed.wire() }, None)
    }

    fn answer_request(&mut self, request: &Request<'_>) -> rustix::io::Result<bool> {
        let mut packed = std::mem::take(&mut self.packed);
        let mut scratch = Vec::new();
        let answer = self.handle(request, &mut packed, &mut scratch);
        self.note(request, answer.as_ref().err());
        let (reply, descriptor) = answer.unwrap_or_else(|failure| (error(failure), None));
        let sent = self.channel.send(&reply, descriptor.as_ref().map(AsFd::as_fd));
        self.packed = packed;
        sent
    }

    /// Does what is asked. `packed` and `scratch` hold what the answer borrows.
    fn handle<'a>(
        &'_ mut self,
        request: &Request<'_>,
        packed: &'a mut [u8],
        scratch: &'a mut Vec<u8>,
    ) -> Result<Answer<'a>, Failure> {
        let reply = match *request {
            Request::Start { offset } => self.start_chunk(offset, scratch)?,
            Request::Stat { mount, path } => Reply::Attributes(self.mounts.stat(mount, path)?),
            Request::Walk { .. } => return self.walk(request, packed, scratch),
            Request::ReadLink { mount, path } => {
                *scratch = self.mounts.read_link(mount, path)?;
                Reply::Target(scratch)
            }
            Request::List { mount, path, cookie } => self.list(mount, path, cookie, packed)?,
            Request::Open { mount, path, access } => {
                return Ok(opened(self.mounts.open_file(mount, path, access)?));
            }
            Request::Create { mount, path, mode, access } => {
                return Ok(opened(self.mounts.create_file(mount, path, mode, access)?));
            }
            Request::StatFileSystem { mount } => Reply::FileSystem(self.mounts.stat_file_system(mount)?),
            Request::Terminal { descriptor, operation } => self.terminals.operate(descriptor, &operation)?,
            Request::Report { kind, text } => {
                self.reports.take(kind, text, &mut self.audit);
                Reply::Done
            }
            Request::Exit { status } => {
                self.close(Outcome::Exited(status));
                Reply::Done
            }
            Request::Fatal { text } => {
                self.close(Outcome::Fatal(printable(text)));
                Reply::Done
            }
            _ => self.change(request)?,
        };
        Ok((reply, None))
    }

    /// Does what changes a read-write mount.
    fn change(&self, request: &Request<'_>) -> Result<Reply<'static>, Failure> {
        let mounts = &self.mounts;
        let attributes = match *request {
            Request::MakeDirectory { mount, path, mode } => mounts.make_directory(mount, path, mode)?,
            Request::MakeSymlink { mount, path, target } => mounts.make_symlink(mount, path, target)?,
            Request::Link { mount, from, to } => mounts.link(mount, from, to)?,
            Request::SetAttributes { mount, path, changes } => {
                mounts.set_attributes(mount, path, &changes)?
            }
            Request::Rename { mount, from, to, flags } => {
                mounts.rename(mount, from, to, flags)?;
                return Ok(Reply::Done);
            }
            Request::Remove { mount, path, kind } => {
                mounts.remove(mount, path, kind)?;
                return Ok(Reply::Done);
            }
            _ => return Err(Failure::refused(Errno::NOSYS, Cause::Malformed)),
        };
        Ok(Reply::Attributes(attributes))
    }

    fn start_chunk<'a>(&self, offset: u32, scratch: &'a mut Vec<u8>) -> Result<Reply<'a>, Failure> {
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        let rest = self.start.get(offset..).ok_or(Failure::from(Errno::INVAL))?;
        scratch.extend_from_slice(rest.get(..MAX_START_CHUNK).unwrap_or(rest));
        let total = u32::try_from(self.start.len()).map_err(|_| Failure::from(Errno::OVERFLOW))?;
        Ok(Reply::Bytes { total, data: scratch })
    }

    fn walk<'a>(
        &mut self,
        request: &Request<'_>,
        packed: &'a mut [u8],
        scratch: &'a mut Vec<u8>,
    ) -> Result<Answer<'a>, Failure> {
        let Request::Walk { mount, path, from, purpose } = *request else {
            return Err(Failure::refused(Errno::NOSYS, Cause::Malformed));
        };
        let room = packed.len().min(Reply::MAX_STEPS);
        let mut writer = EntriesWriter::new(packed.get_mut(..room).unwrap_or_default());
        let end = self.mounts.walk(mount, path, from, purpose, &mut writer)?;
        *scratch = end.target;
        let mut errno = 0;
        if let Some((number, failure)) = end.missing {
            errno = Errno::NOENT.raw_os_error().unsigned_abs();
            // As if it had been the first step.
            let from = u32::try_from(number).unwrap_or(u32::MAX);
            self.note(&Request::Walk { mount, path, from, purpose }, Some(&failure));
        }
        if end.file.is_some() {
            self.note(&Request::Open { mount, path, access: Access::READ }, None);
        }
        Ok((Reply::Steps { errno, target: scratch, steps: writer.finish() }, end.file))
    }

    fn list<'a>(
        &mut self,
        mount: u32,
        path: RelativePath<'_>,
        cookie: u64,
        packed: &'a mut [u8],
    ) -> Result<Reply<'a>, Failure> {
        let room = packed.len().min(Reply::MAX_ENTRIES);
        let mut writer = EntriesWriter::new(packed.get_mut(..room).unwrap_or_default());
        let next = self.mounts.list(&mut self.listings, mount, path, cookie, &mut writer)?;
        let entries: Entries<'a> = writer.finish();
        Ok(Reply::Entries { next, entries })
    }

    /// Tells the audit log what was decided, if it is a decision.
    fn note(&mut self, request: &Request<'_>, failure: Option<&Failure>) {
        let cause = failure.and_then(|failure| failure.cause);
        let subject = subject(request);
        let verdict = match (cause, subject.interest) {
            (Some(_), _) => Verdict::Denied,
            (None, _) if failure.is_some() => return,
            (None, Some(level)) if level <= self.audit.level() => Verdict::Allowed,
            (None, _) => return,
        };
        let object = self.object_name(&subject);
        let rule = cause.map_or("mount", Cause::name);
        let decision = Decision { verdict, rule, operation: subject.operation, object };
        let (mount, shown) = (self.mount_name(&subject), decision.object.clone());
        self.audit.note(decision, || cause.map_or(String::new(), |cause| cause.fix(&mount, &shown)));
    }

    /// The object as the guest names it.
    fn object_name(&self, subject: &Subject<'_>) -> String {
        let place = subject.mount.and_then(|mount| self.mounts.mount(mount).ok());
        place.map_or_else(
            || subject.mount.map_or(String::new(), |mount| format!("mount {mount}")),
            |mount| printable(&join(&mount.target, subject.path)),
        )
    }

    /// `SOURCE:TARGET`, as `-v` takes it.
    fn mount_name(&self, subject: &Subject<'_>) -> String {
        let place = subject.mount.and_then(|mount| self.mounts.mount(mount).ok());
        place.map_or_else(String::new, |mount| {
            format!("{}:{}", printable(&mount.source), printable(&mount.target))
        })
    }
}

fn opened((attributes, descriptor): super::open::Opened) -> Answer<'static> {
    (Reply::Opened(attributes), Some(descriptor))
}

fn error(failure: Failure) -> Reply<'static> {
    let errno = failure.errno.raw_os_error().unsigned_abs();
    Reply::Error { errno, rule: failure.cause.map_or(litebox_broker_protocol::Rule::NONE, Cause::wire) }
}

/// What a request is about, for the audit log.
struct Subject<'a> {
    operation: &'static str,
    mount: Option<u32>,
    path: &'a [u8],
    /// The level from which a granted request is told; never, when absent.
    interest: Option<Level>,
}

fn subject<'a>(request: &Request<'a>) -> Subject<'a> {
    let change = Some(Level::Decisions);
    let (operation, mount, path, interest) = match *request {
        Request::Start { .. } => ("start", None, None, None),
        Request::Stat { mount, path } => ("stat", Some(mount), Some(path), None),
        Request::Walk { mount, path, from, .. } => {
            // A walk fails at its first step.
            let count = usize::try_from(from).unwrap_or(usize::MAX).saturating_add(1);
            ("stat", Some(mount), Some(path.first(count)), None)
        }
        Request::ReadLink { mount, path } => ("read-link", Some(mount), Some(path), None),
        Request::List { mount, path, .. } => ("list", Some(mount), Some(path), None),
        Request::Open { mount, path, access } if access.contains(Access::WRITE) => {
            ("open-write", Some(mount), Some(path), change)
        }
        Request::Open { mount, path, .. } => ("open", Some(mount), Some(path), Some(Level::Files)),
        Request::StatFileSystem { mount } => ("stat-file-system", Some(mount), None, None),
        Request::Create { mount, path, .. } => ("create", Some(mount), Some(path), change),
        Request::MakeDirectory { mount, path, .. } => ("make-directory", Some(mount), Some(path), change),
        Request::MakeSymlink { mount, path, .. } => ("make-symlink", Some(mount), Some(path), change),
        Request::Link { mount, to, .. } => ("link", Some(mount), Some(to), change),
        Request::Rename { mount, from, .. } => ("rename", Some(mount), Some(from), change),
        Request::Remove { mount, path, .. } => ("remove", Some(mount), Some(path), change),
        Request::SetAttributes { mount, path, .. } => ("set-attributes", Some(mount), Some(path), change),
        Request::Terminal { .. } => ("terminal", None, None, None),
        Request::Report { .. } => ("report", None, None, None),
        Request::Exit { .. } => ("exit", None, None, None),
        Request::Fatal { .. } => ("fatal", None, None, None),
    };
    Subject { operation, mount, path: path.map_or(b"", RelativePath::as_bytes), interest }
}
