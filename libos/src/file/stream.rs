//! The host's standard streams as open objects.

use alloc::sync::Arc;

use litebox_host::console::{Console, Stream};
use litebox_host::file::{Attributes, FileKind};

use super::File;
use crate::error::Result;
use crate::user::{Destination, Source};

/// One of the three streams that the sandbox was started with.
pub struct StreamFile<H> {
    host: H,
    stream: Stream,
}

/// Bytes handed to or had from the host in one request.
const CHUNK: usize = 4096;

impl<H: Console + Send + Sync + 'static> StreamFile<H> {
    /// The stream as an open object.
    pub fn open(host: H, stream: Stream) -> Arc<dyn File> {
        Arc::new(Self { host, stream })
    }
}

impl<H: Console + Send + Sync + 'static> File for StreamFile<H> {
    fn read(&self, _: Option<u64>, to: &mut dyn Destination) -> Result<usize> {
        let mut chunk = [0; CHUNK];
        let wanted = to.remaining().min(CHUNK);
        let count = self.host.read(self.stream, chunk.get_mut(..wanted).unwrap_or_default())?;
        to.put(chunk.get(..count).unwrap_or_default())
    }

    /// One request to the host; [`transfer`](super::transfer) goes on with the rest.
    fn write(&self, _: Option<u64>, from: &mut dyn Source) -> Result<usize> {
        let mut chunk = [0; CHUNK];
        let wanted = from.remaining().min(CHUNK);
        let taken = from.take(chunk.get_mut(..wanted).unwrap_or_default())?;
        Ok(self.host.write(self.stream, chunk.get(..taken).unwrap_or_default())?)
    }

    fn attributes(&self) -> Result<Attributes> {
        Ok(Attributes {
            kind: FileKind::Fifo,
            mode: 0o600,
            uid: 0,
            gid: 0,
            links: 1,
            inode: 1 + self.stream as u64,
            device: 0,
            special: 0,
            size: 0,
            blocks: 0,
            block_size: 4096,
            accessed: litebox_host::file::Timestamp::default(),
            modified: litebox_host::file::Timestamp::default(),
            changed: litebox_host::file::Timestamp::default(),
            born: litebox_host::file::Timestamp::default(),
        })
    }

    fn stream(&self) -> Option<Stream> {
        Some(self.stream)
    }
}
