//! Files whose text is made when they are opened.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::file::Attributes;

use crate::error::Result;
use crate::file::{File, Location};
use crate::user::Destination;

/// A text, as it was when the file was opened.
pub(super) struct TextFile {
    text: Vec<u8>,
    location: Location,
}

impl TextFile {
    pub(super) fn open(text: Vec<u8>, location: Location) -> Arc<dyn File> {
        Arc::new(Self { text, location })
    }
}

impl File for TextFile {
    fn read(&self, position: Option<u64>, to: &mut dyn Destination) -> Result<usize> {
        let from = usize::try_from(position.unwrap_or(0)).unwrap_or(usize::MAX);
        let rest = self.text.get(from..).unwrap_or_default();
        let count = rest.len().min(to.remaining());
        if count == 0 {
            return Ok(0);
        }
        to.put(rest.get(..count).unwrap_or_default())
    }

    fn attributes(&self) -> Result<Attributes> {
        self.location.vnode.attributes()
    }

    fn is_seekable(&self) -> bool {
        true
    }

    fn location(&self) -> Option<&Location> {
        Some(&self.location)
    }
}
