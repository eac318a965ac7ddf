//! What goes with bytes: who sends them, and descriptions (`unix(7)`, Ancillary messages).

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::courier::Parcel;
use super::inbox::Attached;
use super::{Address, Credentials, Sockets};
use crate::error::Result;
use crate::file::Description;

/// Bytes of ancillary data that a message has at most (`/proc/sys/net/core/optmem_max`).
pub const MAX_ANCILLARY: usize = 131_072;

/// What a send has beside its bytes. It is used up with the first of them.
pub struct Ancillary {
    credentials: Credentials,
    /// Whether the sender names itself, and is not only named if somebody asks.
    is_explicit: bool,
    pub(super) parcel: Option<Parcel>,
}

impl Ancillary {
    /// The sender alone.
    pub fn new(credentials: Credentials) -> Self {
        Self { credentials, is_explicit: false, parcel: None }
    }

    /// The message tells that it comes from `credentials` (`SCM_CREDENTIALS`). They have been checked.
    pub fn tell(&mut self, credentials: Credentials) {
        self.credentials = credentials;
        self.is_explicit = true;
    }

    /// Have the message carry `descriptions` (`SCM_RIGHTS`), for a user who may have `limit` on their way.
    ///
    /// # Errors
    /// [`ErrorKind::TooManyReferences`](crate::ErrorKind::TooManyReferences).
    pub fn carry(
        &mut self,
        sockets: &Sockets,
        descriptions: Vec<Arc<Description>>,
        limit: Option<u64>,
    ) -> Result<()> {
        if !descriptions.is_empty() {
            self.parcel = Some(sockets.courier().pack(descriptions, limit)?);
        }
        Ok(())
    }

    /// What goes into the inbox, with the sender if `is_told`. What is not taken there is to be put back.
    pub(super) fn attach(&mut self, is_told: bool) -> Attached {
        let credentials = (is_told || self.is_explicit).then_some(self.credentials);
        Attached { credentials, parcel: self.parcel.take(), sender: None }
    }
}

/// What was received.
#[derive(Default)]
pub struct Received {
    /// Bytes handed over.
    pub count: usize,
    /// Bytes of the whole message.
    pub length: usize,
    /// The sender's name.
    pub from: Option<Arc<Address>>,
    /// Who sent it, where that was recorded.
    pub credentials: Option<Credentials>,
    /// The descriptions that came with it.
    pub descriptions: Vec<Arc<Description>>,
}
