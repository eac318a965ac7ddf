//! The loader on arbitrary bytes.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::file::{Attributes, FileKind, Timestamp};
use litebox_libos::file::File;
use litebox_libos::user::Destination;

use super::arguments::Arguments;
use super::prepare::{Request, prepare};
use super::program::Program;
use crate::error::Errno;

/// A file of some bytes.
pub(super) struct Bytes(pub(super) Vec<u8>);

impl File for Bytes {
    fn read(&self, position: Option<u64>, to: &mut dyn Destination) -> litebox_libos::Result<usize> {
        let start = position.and_then(|position| usize::try_from(position).ok()).unwrap_or(usize::MAX);
        let rest = self.0.get(start..).unwrap_or_default();
        to.put(rest.get(..rest.len().min(to.remaining())).unwrap_or_default())
    }

    fn attributes(&self) -> litebox_libos::Result<Attributes> {
        let never = Timestamp::default();
        Ok(Attributes {
            kind: FileKind::Regular,
            mode: 0o755,
            uid: 0,
            gid: 0,
            links: 1,
            inode: 1,
            device: 1,
            special: 0,
            size: self.0.len() as u64,
            blocks: 0,
            block_size: 4096,
            accessed: never,
            modified: never,
            changed: never,
            born: never,
        })
    }
}

/// A program of some bytes.
pub(super) fn program(bytes: &[u8]) -> Program {
    Program { file: Arc::new(Bytes(bytes.to_vec())), path: b"/program".to_vec(), hold: None }
}

/// Prepare a program whose file is `data`; its interpreter, if it asks for one, is the same file. Returns whether
/// it could be loaded. Must not panic, hang or grow beyond the size of `data`, whatever `data` is.
pub fn fuzz_elf(data: &[u8]) -> bool {
    let mut opened = 0;
    let mut open = |_: &[u8]| {
        opened += 1;
        if opened > 8 { Err(Errno::ENOENT) } else { Ok(program(data)) }
    };
    let request = Request {
        path: b"/program".to_vec(),
        program: program(data),
        arguments: Arguments::new(8 << 20),
        bounds: 0x1_0000..0x7fff_ffff_f000,
    };
    prepare(request, &mut open).is_ok()
}
