//! The client: a script of requests, and what it shows of the replies.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt::{self, Write};

use litebox_host::console::{Console, Stream};

use super::call::{Reply, Request};
use super::output::Output;
use super::parameter::{Parameter, Parameters};
use crate::abi::ipc::Origin;
use crate::error::TeeError;
use crate::start::{Action, Block, Step};

/// Every request had success.
const SUCCEEDED: u8 = 0;
/// One had not.
const FAILED: u8 = 1;

/// The client of a sandbox.
pub struct Client {
    blocks: Vec<Block>,
    /// The next step: its block, the rounds that are done, and its place in the block.
    next: (usize, u32, usize),
    /// The script's names of open sessions.
    sessions: BTreeMap<String, u32>,
    /// The running request.
    running: Option<Running>,
    failed: bool,
}

struct Running {
    step: Arc<Step>,
    /// Whether it is shown though it has success.
    is_shown: bool,
}

impl Client {
    /// A client that makes these requests.
    pub fn new(blocks: Vec<Block>) -> Self {
        Self { blocks, next: (0, 0, 0), sessions: BTreeMap::new(), running: None, failed: false }
    }

    /// The step that is next, if there is one, and whether it is one of its block's last round.
    fn step(&mut self) -> Option<(Arc<Step>, bool)> {
        loop {
            let (block, round, step) = self.next;
            let Block { count, steps } = self.blocks.get(block)?;
            if let Some(found) = steps.get(step) {
                self.next = (block, round, step + 1);
                return Some((Arc::clone(found), round + 1 == *count));
            }
            let is_over = round + 1 >= *count || steps.is_empty();
            self.next = if is_over { (block + 1, 0, 0) } else { (block, round + 1, 0) };
        }
    }

    /// The next request, or the exit code once there is none.
    pub(crate) fn next(&mut self, console: &impl Console) -> Result<Request, u8> {
        while let Some((step, is_shown)) = self.step() {
            let session = self.sessions.get(&step.session).copied();
            let request = match (step.action.clone(), session) {
                (Action::Open { uuid, identity, parameters }, _) => {
                    Request::Open { uuid, identity, parameters }
                }
                (Action::Invoke { command, parameters }, Some(session)) => {
                    Request::Invoke { session, command, parameters }
                }
                (Action::Close, Some(session)) => {
                    self.sessions.remove(&step.session);
                    Request::Close { session }
                }
                (_, None) => {
                    self.failed = true;
                    let mut output = Output::new(console, Stream::Output);
                    // Writing to the output does not fail.
                    let _ = write_error(&mut output, &step.title(), TeeError::BAD_STATE, Origin::Api);
                    continue;
                }
            };
            self.running = Some(Running { step, is_shown });
            return Ok(request);
        }
        Err(if self.failed { FAILED } else { SUCCEEDED })
    }

    /// Take `reply` to the running request, and show it.
    pub(crate) fn take(&mut self, console: &impl Console, reply: Reply) {
        let Some(Running { step, is_shown }) = self.running.take() else { return };
        let is_close = matches!(step.action, Action::Close);
        self.failed |= reply.result.is_err();
        if is_shown || reply.result.is_err() {
            let title = step.title();
            let mut output = Output::new(console, Stream::Output);
            // Writing to the output does not fail.
            let _ = match reply.result {
                Ok(()) if is_close => writeln!(output, "{title}"),
                Ok(()) => writeln!(output, "{title}: TEE_SUCCESS"),
                Err(error) => write_error(&mut output, &title, error, reply.origin),
            };
            let _ = show_outputs(&mut output, &reply.parameters);
        }
        if reply.result.is_ok() && matches!(step.action, Action::Open { .. }) {
            self.sessions.insert(step.session.clone(), reply.session);
        }
    }
}

fn write_error(output: &mut impl Write, title: &str, error: TeeError, origin: Origin) -> fmt::Result {
    writeln!(output, "{title}: {error} (origin {})", origin.name())
}

/// A line for each parameter that the application may have left something in.
fn show_outputs(output: &mut impl Write, parameters: &Parameters) -> fmt::Result {
    for (index, parameter) in parameters.iter().enumerate() {
        match parameter {
            Parameter::Value { direction, a, b } if direction.is_out() => {
                writeln!(output, "  {index}: value {a} {b}")?;
            }
            Parameter::Memory { direction, bytes, size, .. } if direction.is_out() => {
                show_memory(output, index, bytes, *size)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// The size that the application says, the room if that is less, and what there is of the bytes.
fn show_memory(output: &mut impl Write, index: usize, bytes: &[u8], size: u64) -> fmt::Result {
    let room = bytes.len();
    write!(output, "  {index}: memory {size}")?;
    if size > room as u64 {
        write!(output, " of {room}")?;
    }
    let count = usize::try_from(size).unwrap_or(usize::MAX).min(room);
    output.write_str(if count > 0 { ": " } else { ":" })?;
    bytes.iter().take(count).try_for_each(|byte| write!(output, "{byte:02x}"))?;
    writeln!(output)
}
