//! Files whose text is made when they are read.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::file::Attributes;
use litebox_host::sync::Mutex;

use crate::error::{Error, ErrorKind, Result};
use crate::event::Readiness;
use crate::file::{Asker, File, Location, PersonalFile};
use crate::user::{Destination, Source};

/// Makes the text of an open file.
pub(super) trait TextSource: Send + Sync {
    /// The text as it is now.
    ///
    /// # Errors
    /// Whatever stands in its way.
    fn text(&self) -> Result<Vec<u8>>;

    /// `asker` is about to read. Nothing is locked.
    fn prepare(&self, asker: Asker<'_>) {
        let _ = asker;
    }

    /// `asker` wrote `text`, the beginning of what was written.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] and others.
    fn write(&self, asker: Asker<'_>, text: &[u8]) -> Result<()>;
}

/// An open file. Its text is made by a read at the beginning, and stays for reads further on: what one reader gets
/// belongs together.
pub(super) struct TextFile<S> {
    source: S,
    made: Mutex<Option<Vec<u8>>>,
    location: Location,
}

/// The most bytes of one write that are looked at.
const MOST_WRITTEN: usize = 64;

impl<S: TextSource + 'static> TextFile<S> {
    pub(super) fn open(source: S, location: Location) -> Arc<dyn File> {
        Arc::new(Self { source, made: Mutex::new(None), location })
    }
}

impl<S: TextSource + 'static> File for TextFile<S> {
    fn read(&self, position: Option<u64>, to: &mut dyn Destination) -> Result<usize> {
        let from = usize::try_from(position.unwrap_or(0)).unwrap_or(usize::MAX);
        let fresh = if from == 0 || self.made.lock().is_none() { Some(self.source.text()?) } else { None };
        let mut made = self.made.lock();
        if fresh.is_some() {
            *made = fresh;
        }
        let text = made.as_deref().unwrap_or_default();
        let rest = text.get(from..).unwrap_or_default();
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

    fn personal(&self) -> Option<&dyn PersonalFile> {
        Some(self)
    }
}

impl<S: TextSource + 'static> PersonalFile for TextFile<S> {
    fn prepare(&self, asker: Asker<'_>) {
        self.source.prepare(asker);
    }

    fn read(&self, _: Asker<'_>, position: Option<u64>, to: &mut dyn Destination) -> Result<usize> {
        File::read(self, position, to)
    }

    /// One write is one value, wherever it is written.
    fn write(&self, asker: Asker<'_>, from: &mut dyn Source) -> Result<usize> {
        let count = from.remaining();
        let mut start = [0; MOST_WRITTEN];
        let taken = from.take(start.get_mut(..count.min(MOST_WRITTEN)).unwrap_or_default())?;
        self.source.write(asker, start.get(..taken).unwrap_or_default())?;
        Ok(count)
    }

    fn readiness(&self, _: Asker<'_>) -> Readiness {
        File::readiness(self)
    }
}

/// Nothing is changed by writing the text.
pub(super) const FIXED: Error = Error::new(ErrorKind::InputOutput, "the text cannot be changed");
