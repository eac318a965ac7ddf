//! The start block: all that the sandbox is told before its first instruction.

use alloc::vec::Vec;

use litebox_broker_protocol::{Reply, ReportKind, Request, StartFlags, StartView};
use litebox_host::HostError;
use litebox_host::sync::Ordering;

use crate::channel::{ask, tell};
use crate::{arena, process};

/// Keep what a start block says of this host itself.
fn settle(block: &[u8]) {
    // What is no start block is for whoever fetched it to refuse.
    let Ok(view) = StartView::decode(block) else { return };
    let header = arena::header();
    header.rewriting.store(!view.flags.contains(StartFlags::NO_REWRITE), Ordering::Relaxed);
    header.terminals.store(view.terminals.bits(), Ordering::Relaxed);
}

/// Tell whoever started the sandbox why no program runs, and end it with `code`.
pub fn refuse(message: &str, code: u8) -> ! {
    tell(&Request::Report { kind: ReportKind::Note, text: message.as_bytes() });
    tell(&Request::Exit { status: u32::from(code) << 8 });
    process::end_quietly()
}

/// Longest block that is taken, in bytes.
const LONGEST: usize = litebox_broker_protocol::MAX_START;

/// Fetch the start block, piece by piece.
///
/// # Errors
/// The channel's, or [`HostError::Invalid`] if the pieces do not make up a block.
pub fn block() -> Result<Vec<u8>, HostError> {
    let mut block = Vec::new();
    loop {
        let offset = u32::try_from(block.len()).map_err(|_| HostError::Invalid)?;
        let total = ask(&Request::Start { offset }, |reply, _| match reply {
            Reply::Bytes { total, data } => {
                block.try_reserve(data.len()).map_err(|_| HostError::NoMemory)?;
                block.extend_from_slice(data);
                let done = data.is_empty() || block.len() >= total as usize;
                if block.len() > LONGEST || (done && block.len() != total as usize) {
                    return Err(HostError::Invalid);
                }
                Ok(total)
            }
            _ => Err(HostError::Unknown),
        })??;
        if block.len() == total as usize {
            settle(&block);
            return Ok(block);
        }
    }
}
