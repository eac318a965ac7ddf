//! The host's standard streams as open objects.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::console::{Console, Readiness as Asked, Stream, StreamWait};
use litebox_host::file::{Attributes, FileKind};
use litebox_host::terminal::Terminal;
use litebox_host::time::Deadline;

use super::{File, anonymous_attributes, anonymous_label};
use crate::error::Result;
use crate::event::{Readiness, WaitQueue};
use crate::terminal::is_terminal;
use crate::user::{Destination, Source};

/// One of the three streams that the sandbox was started with.
///
/// What [`transfer`](super::transfer) reads and writes it asks of the host itself, so that a request which a kick
/// interrupts loses no bytes; the methods here are one request each.
pub struct StreamFile<H> {
    host: H,
    stream: Stream,
    /// Announces that the stream was used, for those who watch it by its edges.
    used: WaitQueue,
}

/// Bytes handed to or had from the host in one request.
const CHUNK: usize = 4096;
/// The device number of `/dev/console`: major 5, minor 1 (`makedev(3)`).
const CONSOLE_DEVICE: u64 = (5 << 8) | 1;

impl<H: Console + Terminal + Send + Sync + 'static> StreamFile<H> {
    /// The stream as an open object.
    pub fn open(host: H, stream: Stream) -> Arc<dyn File> {
        Arc::new(Self { host, stream, used: WaitQueue::new() })
    }
}

impl<H: Console + Terminal + Send + Sync + 'static> File for StreamFile<H> {
    fn read(&self, _: Option<u64>, to: &mut dyn Destination) -> Result<usize> {
        let mut chunk = [0; CHUNK];
        let wanted = to.remaining().min(CHUNK);
        let count = self.host.read(self.stream, chunk.get_mut(..wanted).unwrap_or_default())?;
        to.put(chunk.get(..count).unwrap_or_default())
    }

    fn write(&self, _: Option<u64>, from: &mut dyn Source) -> Result<usize> {
        let mut chunk = [0; CHUNK];
        let wanted = from.remaining().min(CHUNK);
        let taken = from.take(chunk.get_mut(..wanted).unwrap_or_default())?;
        Ok(self.host.write(self.stream, chunk.get(..taken).unwrap_or_default())?)
    }

    fn attributes(&self) -> Result<Attributes> {
        let mut attributes = match self.host.describe(self.stream) {
            Ok(attributes) => return Ok(attributes),
            Err(_) => anonymous_attributes(FileKind::Fifo, 0o600, self),
        };
        if is_terminal(&self.host, self.stream) {
            attributes.kind = FileKind::CharacterDevice;
            attributes.mode = 0o620;
            attributes.special = CONSOLE_DEVICE;
        }
        Ok(attributes)
    }

    fn readiness(&self) -> Readiness {
        let interest = Asked::READ | Asked::WRITE;
        let mut waits = [StreamWait { stream: self.stream, interest, ready: Asked::empty() }];
        // A host that cannot say is one that a read or write will hear from.
        let _ = self.host.wait(&mut waits, Some(Deadline(0)));
        waits.iter().fold(Readiness::empty(), |ready, wait| ready | wait.ready.into())
    }

    fn queue(&self) -> Option<&WaitQueue> {
        Some(&self.used)
    }

    fn stream(&self) -> Option<Stream> {
        Some(self.stream)
    }

    fn is_watchable(&self) -> bool {
        // Not even a regular file that is a standard stream.
        !self.attributes().is_ok_and(|attributes| attributes.kind == FileKind::Regular)
    }

    fn label(&self) -> Vec<u8> {
        match self.attributes() {
            Ok(attributes) if attributes.kind == FileKind::CharacterDevice => b"/dev/console".to_vec(),
            attributes => anonymous_label("pipe", attributes),
        }
    }
}
