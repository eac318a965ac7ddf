//! Waiting for any of several open objects (`poll(2)`, `select(2)`).

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::console::{Console, Readiness as Asked, StreamWait};
use litebox_host::time::Deadline;

use super::{Readiness, Streams, Watch, block_watching, watch_streams};
use crate::error::{Error, ErrorKind, Result};
use crate::file::Description;
use crate::file::transfer::{Caller, stream_interest};

/// One object that is waited for.
pub struct PollItem {
    /// The object; `None` for an item that never becomes ready.
    pub description: Option<Arc<Description>>,
    /// What is waited for, errors and hang-ups too only if they are among it.
    pub interest: Readiness,
    /// What is true of it; filled by [`poll`].
    pub ready: Readiness,
}

const NOTHING: Error = Error::new(ErrorKind::WouldBlock, "nothing is ready");
const NO_MEMORY: Error = Error::new(ErrorKind::NoMemory, "no memory to wait for so many objects");

/// Wait until one of `items` is ready or `deadline` has passed. How many are ready.
///
/// # Errors
/// [`ErrorKind::Interrupted`] if a signal has to be looked at first, [`ErrorKind::NoMemory`].
pub fn poll<H: Console>(
    caller: &Caller<'_, H>,
    items: &mut [PollItem],
    deadline: Option<Deadline>,
) -> Result<usize> {
    // Twice the same list: one is read while the other is written.
    let mut sources = Vec::new();
    sources.try_reserve_exact(items.len()).map_err(|_| NO_MEMORY)?;
    sources.extend(items.iter().map(|item| (item.description.clone(), item.interest)));
    let mut waits = stream_waits(&sources)?;
    let mut watches = Vec::new();
    watches.try_reserve_exact(items.len()).map_err(|_| NO_MEMORY)?;
    watches.extend(sources.iter().filter_map(|(description, interest)| {
        Some(Watch::new(caller.use_of(&**description.as_ref()?.file()).queue()?, *interest))
    }));
    let alarm = || sources.iter().filter_map(alarm_of).min();
    let outcome = if waits.is_empty() {
        block_watching(caller.thread, watches.into_iter(), deadline, alarm, || collect(caller, items, &[]))
    } else {
        caller.host.wait(&mut waits, Some(Deadline(0)))?;
        if deadline == Some(Deadline(0)) {
            collect(caller, items, &waits)
        } else {
            let streams = Streams { host: caller.host, waits: &mut waits };
            watch_streams(caller.thread, watches.into_iter(), streams, deadline, alarm, |waits| {
                collect(caller, items, waits)
            })
        }
    };
    match outcome {
        Err(error) if matches!(error.kind, ErrorKind::TimedOut | ErrorKind::WouldBlock) => Ok(0),
        outcome => outcome,
    }
}

type Source = (Option<Arc<Description>>, Readiness);

/// When the object becomes readable by the mere passing of time, if that is waited for.
fn alarm_of((description, interest): &Source) -> Option<Deadline> {
    if !interest.contains(Readiness::READ) {
        return None;
    }
    description.as_ref()?.file().deadline(None)
}

/// What to ask the host: each stream once.
fn stream_waits(sources: &[Source]) -> Result<Vec<StreamWait>> {
    let mut waits: Vec<StreamWait> = Vec::new();
    for (description, interest) in sources {
        let Some(stream) = description.as_ref().and_then(|description| description.file().stream()) else {
            continue;
        };
        let asked = stream_interest(*interest);
        match waits.iter_mut().find(|wait| wait.stream == stream) {
            Some(wait) => wait.interest |= asked,
            None => {
                waits.try_reserve(1).map_err(|_| NO_MEMORY)?;
                waits.push(StreamWait { stream, interest: asked, ready: Asked::empty() });
            }
        }
    }
    Ok(waits)
}

/// What a host's answer means.
impl From<Asked> for Readiness {
    fn from(answer: Asked) -> Self {
        let mut ready = Self::empty();
        ready.set(Self::READ, answer.contains(Asked::READ));
        ready.set(Self::WRITE, answer.contains(Asked::WRITE));
        ready.set(Self::HANG_UP, answer.contains(Asked::HANG_UP));
        ready.set(Self::ERROR, answer.contains(Asked::ERROR));
        ready
    }
}

fn collect<H>(caller: &Caller<'_, H>, items: &mut [PollItem], waits: &[StreamWait]) -> Result<usize> {
    let mut count = 0;
    for item in items {
        let Some(description) = &item.description else { continue };
        let file = description.file();
        let ready = match file.stream() {
            Some(stream) => {
                let answer = waits.iter().find(|wait| wait.stream == stream);
                answer.map_or(Asked::empty(), |wait| wait.ready).into()
            }
            None => caller.use_of(&**file).readiness(),
        };
        item.ready = ready & item.interest;
        count += usize::from(!item.ready.is_empty());
    }
    if count > 0 { Ok(count) } else { Err(NOTHING) }
}
