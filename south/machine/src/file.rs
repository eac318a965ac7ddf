//! Noun *file*: the one folder of the machine's is the archive that came with the kernel.

use alloc::vec::Vec;

use litebox_host::HostError;
use litebox_host::file::{
    AttributeChange, Attributes, Entry, FileBytes, FileKind, FileSystemStatistics, Folder, FolderWrite,
    HostFile, MountIndex, NewObject, OpenAccess,
};

use crate::archive::Archive;
use crate::host::BareMachine;
use crate::spin::Spin;

static ARCHIVE: Spin<Option<Archive>> = Spin::new(None);

/// Use `archive` from now on.
pub(crate) fn mount(archive: Archive) {
    *ARCHIVE.lock() = Some(archive);
}

fn with<R>(act: impl FnOnce(&Archive) -> Result<R, HostError>) -> Result<R, HostError> {
    ARCHIVE.lock().as_ref().map_or(Err(HostError::NotFound), act)
}

/// The bytes of the regular file at `path`.
pub(crate) fn contents(path: &[u8]) -> Result<&'static [u8], HostError> {
    with(|archive| {
        let (file, _) = archive.open(path, OpenAccess::READ)?;
        archive.bytes(file).ok_or(HostError::NotFound)
    })
}

impl Folder for BareMachine {
    fn attributes(&self, _: MountIndex, path: &[u8]) -> Result<Attributes, HostError> {
        with(|archive| archive.attributes(path))
    }

    fn read_link(&self, _: MountIndex, path: &[u8]) -> Result<Vec<u8>, HostError> {
        with(|archive| archive.read_link(path))
    }

    fn list(
        &self,
        _: MountIndex,
        path: &[u8],
        cookie: u64,
        entries: &mut Vec<Entry>,
    ) -> Result<Option<u64>, HostError> {
        with(|archive| archive.list(path, cookie, entries))
    }

    fn open(
        &self,
        _: MountIndex,
        path: &[u8],
        access: OpenAccess,
    ) -> Result<(HostFile, Attributes), HostError> {
        with(|archive| archive.open(path, access))
    }

    fn statistics(&self, _: MountIndex) -> Result<FileSystemStatistics, HostError> {
        with(|archive| Ok(archive.statistics()))
    }
}

impl FileBytes for BareMachine {
    fn read_at(&self, file: HostFile, offset: u64, bytes: &mut [u8]) -> Result<usize, HostError> {
        with(|archive| archive.read_at(file, offset, bytes))
    }

    fn write_at(&self, _: HostFile, _: u64, _: &[u8]) -> Result<usize, HostError> {
        Err(HostError::ReadOnly)
    }

    fn size(&self, file: HostFile) -> Result<u64, HostError> {
        with(|archive| archive.size(file))
    }

    fn set_size(&self, _: HostFile, _: u64) -> Result<(), HostError> {
        Err(HostError::ReadOnly)
    }

    fn sync(&self, _: HostFile) -> Result<(), HostError> {
        Ok(())
    }

    fn close(&self, _: HostFile) {}
}

impl FolderWrite for BareMachine {
    fn create(&self, _: MountIndex, _: &[u8], _: NewObject<'_>, _: u32) -> Result<Attributes, HostError> {
        Err(HostError::ReadOnly)
    }

    fn remove(&self, _: MountIndex, _: &[u8], _: FileKind) -> Result<(), HostError> {
        Err(HostError::ReadOnly)
    }

    fn rename(&self, _: MountIndex, _: &[u8], _: &[u8], _: u32) -> Result<(), HostError> {
        Err(HostError::ReadOnly)
    }

    fn set_attributes(&self, _: MountIndex, _: &[u8], _: &AttributeChange) -> Result<(), HostError> {
        Err(HostError::ReadOnly)
    }
}
