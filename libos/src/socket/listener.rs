//! A socket that takes connections.

use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::sync::Mutex;

use super::courier::Parcel;
use super::{Credentials, Shutdown, Socket};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Readiness;
use crate::file::Description;

/// Connections that nobody has accepted yet.
pub(super) struct Listener {
    state: Mutex<State>,
}

struct State {
    /// Ends that wait to be accepted.
    pending: VecDeque<Arc<Socket>>,
    /// One more than this may wait.
    backlog: usize,
    credentials: Credentials,
    is_open: bool,
    read_shut: bool,
    write_shut: bool,
}

/// The largest backlog (`/proc/sys/net/core/somaxconn`).
pub const MAX_BACKLOG: usize = 4096;

const REFUSED: Error = Error::new(ErrorKind::ConnectionRefused, "nobody listens at the address");
const FULL: Error = Error::new(ErrorKind::WouldBlock, "the listener's queue is full");

impl Listener {
    /// A listener of `credentials`.
    pub(super) fn new(backlog: i32, credentials: Credentials) -> Self {
        let state = State {
            pending: VecDeque::new(),
            backlog: clamp(backlog),
            credentials,
            is_open: true,
            read_shut: false,
            write_shut: false,
        };
        Self { state: Mutex::new(state) }
    }

    /// Listen again, otherwise.
    pub(super) fn renew(&self, backlog: i32, credentials: Credentials) {
        let mut state = self.state.lock();
        state.backlog = clamp(backlog);
        state.credentials = credentials;
    }

    /// Who listens.
    pub(super) fn credentials(&self) -> Credentials {
        self.state.lock().credentials
    }

    /// Add what `connect` makes, given who listens, if there is room.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`], [`ErrorKind::ConnectionRefused`], [`ErrorKind::NoMemory`].
    pub(super) fn add(&self, connect: impl FnOnce(Credentials) -> Result<Arc<Socket>>) -> Result<()> {
        let mut state = self.state.lock();
        if !state.is_open || state.read_shut {
            return Err(REFUSED);
        }
        if state.pending.len() > state.backlog {
            return Err(FULL);
        }
        let no_memory = Error::new(ErrorKind::NoMemory, "no memory for a connection");
        state.pending.try_reserve(1).map_err(|_| no_memory)?;
        let end = connect(state.credentials)?;
        state.pending.push_back(end);
        Ok(())
    }

    /// The connection that has waited longest, and whether there are more.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`]; [`ErrorKind::InvalidArgument`] if none will come.
    pub(super) fn accept(&self) -> Result<(Arc<Socket>, bool)> {
        let mut state = self.state.lock();
        if let Some(end) = state.pending.pop_front() {
            return Ok((end, !state.pending.is_empty()));
        }
        if state.read_shut {
            return Err(Error::new(ErrorKind::InvalidArgument, "the socket takes no more connections"));
        }
        Err(Error::new(ErrorKind::WouldBlock, "no connection waits"))
    }

    pub(super) fn shutdown(&self, what: Shutdown) {
        let mut state = self.state.lock();
        state.read_shut |= what != Shutdown::Write;
        state.write_shut |= what != Shutdown::Read;
    }

    pub(super) fn readiness(&self) -> Readiness {
        let state = self.state.lock();
        let mut ready = Readiness::empty();
        ready.set(Readiness::READ, !state.pending.is_empty() || state.read_shut);
        ready.set(Readiness::READ_HANG_UP, state.read_shut);
        ready.set(Readiness::HANG_UP, state.read_shut && state.write_shut);
        ready
    }

    /// Show every description that waits with a connection to `sink`.
    pub(super) fn each_description(&self, sink: &mut dyn FnMut(&Arc<Description>)) {
        for end in &self.state.lock().pending {
            end.each_description(sink);
        }
    }

    pub(super) fn take_parcels(&self, into: &mut Vec<Parcel>) {
        for end in &self.state.lock().pending {
            end.take_parcels(into);
        }
    }

    /// The socket is gone, and with it all who wait.
    pub(super) fn close(&self) {
        let mut state = self.state.lock();
        state.is_open = false;
        let pending = core::mem::take(&mut state.pending);
        drop(state);
        drop(pending);
    }
}

/// A negative backlog is a large one.
fn clamp(backlog: i32) -> usize {
    usize::try_from(backlog).unwrap_or(MAX_BACKLOG).min(MAX_BACKLOG)
}
