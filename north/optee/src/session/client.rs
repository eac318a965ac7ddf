//! The client: a script of requests, and what it shows of the replies.

use alloc::collections::{BTreeMap, VecDeque};
use alloc::string::String;
use core::fmt::Write;

use litebox_host::console::{Console, Stream};

use super::call::{Reply, Request};
use super::parameter::{Parameter, Parameters};
use crate::abi::ipc::Origin;
use crate::error::TeeError;
use crate::start::{Action, Step};

/// Every request had success.
const SUCCEEDED: u8 = 0;
/// One had not.
const FAILED: u8 = 1;

/// The client of a sandbox.
pub struct Client {
    steps: VecDeque<Step>,
    /// The script's names of open sessions.
    sessions: BTreeMap<String, u32>,
    /// What the running request is called.
    running: Option<Running>,
    failed: bool,
}

struct Running {
    title: String,
    /// The session that is opened.
    opens: Option<String>,
    /// It is the end of a session, which has no result.
    closes: bool,
}

impl Client {
    /// A client that takes these steps.
    pub fn new(steps: VecDeque<Step>) -> Self {
        Self { steps, sessions: BTreeMap::new(), running: None, failed: false }
    }

    /// The next request, or the exit code once there is none.
    pub(crate) fn next(&mut self, console: &impl Console) -> Result<Request, u8> {
        while let Some(step) = self.steps.pop_front() {
            let title = step.title();
            let session = self.sessions.get(&step.session).copied();
            let (request, opens, closes) = match (step.action, session) {
                (Action::Open { uuid, identity, parameters }, _) => {
                    (Request::Open { uuid, identity, parameters }, Some(step.session), false)
                }
                (Action::Invoke { command, parameters }, Some(session)) => {
                    (Request::Invoke { session, command, parameters }, None, false)
                }
                (Action::Close, Some(session)) => {
                    self.sessions.remove(&step.session);
                    (Request::Close { session }, None, true)
                }
                (_, None) => {
                    self.failed = true;
                    say(console, &line(&title, TeeError::BAD_STATE, Origin::Api));
                    continue;
                }
            };
            self.running = Some(Running { title, opens, closes });
            return Ok(request);
        }
        Err(if self.failed { FAILED } else { SUCCEEDED })
    }

    /// Show `reply` to the running request.
    pub(crate) fn take(&mut self, console: &impl Console, reply: Reply) {
        let Some(running) = self.running.take() else { return };
        let mut text = match reply.result {
            Ok(()) if running.closes => format_line(format_args!("{}", running.title)),
            Ok(()) => format_line(format_args!("{}: TEE_SUCCESS", running.title)),
            Err(error) => line(&running.title, error, reply.origin),
        };
        self.failed |= reply.result.is_err();
        if let (Ok(()), Some(name)) = (reply.result, running.opens) {
            self.sessions.insert(name, reply.session);
        }
        show_outputs(&mut text, &reply.parameters);
        say(console, &text);
    }
}

fn format_line(what: core::fmt::Arguments<'_>) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = writeln!(text, "{what}");
    text
}

fn line(title: &str, error: TeeError, origin: Origin) -> String {
    format_line(format_args!("{title}: {error} (origin {})", origin.name()))
}

/// A line for each parameter that the application may have left something in.
fn show_outputs(text: &mut String, parameters: &Parameters) {
    for (index, parameter) in parameters.iter().enumerate() {
        // Writing to a string does not fail.
        let _ = match parameter {
            Parameter::Value { direction, a, b } if direction.is_out() => {
                writeln!(text, "  {index}: value {a} {b}")
            }
            Parameter::Memory { direction, bytes, size, .. } if direction.is_out() => {
                show_memory(text, index, bytes, *size)
            }
            _ => Ok(()),
        };
    }
}

fn show_memory(text: &mut String, index: usize, bytes: &[u8], size: u64) -> core::fmt::Result {
    let capacity = bytes.len();
    match usize::try_from(size).ok().and_then(|size| bytes.get(..size)) {
        Some(bytes) => {
            write!(text, "  {index}: memory {size}: ")?;
            bytes.iter().try_for_each(|byte| write!(text, "{byte:02x}"))?;
            writeln!(text)
        }
        None => writeln!(text, "  {index}: memory {size} of {capacity}"),
    }
}

/// Show `text` on the standard output. Nobody needs to read it.
fn say(console: &impl Console, text: &str) {
    let mut rest = text.as_bytes();
    while let Ok(count) = console.write(Stream::Output, rest) {
        rest = rest.get(count..).unwrap_or_default();
        if rest.is_empty() || count == 0 {
            return;
        }
    }
}
