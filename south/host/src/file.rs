//! Noun *file*: host folders, by mount and path, and the bytes of open host files.
//!
//! The library OS walks paths and symbolic links itself. What it names here is a mount of the sandbox's policy
//! and a canonical path below it: plain components joined by `/`, no `.`, no `..`, no leading or trailing slash;
//! the empty path is the mount's root. A host refuses anything else and never follows a link.

use alloc::vec::Vec;

use crate::HostError;

/// Index into the sandbox's mount table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MountIndex(pub u32);

/// An open host file. Not closed on drop: its owner calls [`FileBytes::close`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostFile(pub u32);

/// Kind of a file-system object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum FileKind {
    Regular,
    Directory,
    Symlink,
    CharacterDevice,
    BlockDevice,
    Fifo,
    Socket,
}

/// Seconds since 1970-01-01 UTC and nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, PartialOrd, Ord)]
pub struct Timestamp {
    /// Whole seconds; negative before 1970.
    pub seconds: i64,
    /// 0 to 999,999,999.
    pub nanoseconds: u32,
}

/// What `stat(2)` tells of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of stat(2)")]
pub struct Attributes {
    pub kind: FileKind,
    /// Permission bits with set-uid, set-gid and sticky: 12 bits.
    pub mode: u32,
    pub uid: u32,
    pub gid: u32,
    pub links: u64,
    pub inode: u64,
    pub device: u64,
    /// Device number of a device node.
    pub special: u64,
    /// Bytes.
    pub size: u64,
    /// In units of 512 bytes.
    pub blocks: u64,
    pub block_size: u32,
    pub accessed: Timestamp,
    pub modified: Timestamp,
    pub changed: Timestamp,
    pub born: Timestamp,
}

/// One entry of a listing, with the attributes of what it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name: one path component.
    pub name: Vec<u8>,
    /// What it names, not following a symbolic link.
    pub attributes: Attributes,
}

/// What `statfs(2)` tells of a file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the names are those of statfs(2)")]
pub struct FileSystemStatistics {
    pub kind: u64,
    pub block_size: u64,
    pub blocks: u64,
    pub blocks_free: u64,
    pub blocks_available: u64,
    pub files: u64,
    pub files_free: u64,
    pub name_length: u64,
}

bitflags::bitflags! {
    /// How a host file is opened.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct OpenAccess: u32 {
        /// Bytes can be read.
        const READ = 1;
        /// Bytes can be written; only on a read-write mount.
        const WRITE = 2;
        /// The file is cut to nothing first.
        const TRUNCATE = 4;
    }
}

/// What a walk is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalkPurpose {
    /// To know what stands there.
    Look,
    /// To read the regular file that stands at the path's end.
    Read,
}

/// How a walk ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WalkEnd {
    /// With the last step that was told.
    Here,
    /// With a regular file at the path's end, which was opened for reading on the way.
    Open(HostFile),
    /// With a symbolic link that points there.
    Link(Vec<u8>),
    /// The next component does not exist.
    Missing,
}

/// Where each component of `path` ends.
fn ends(path: &[u8]) -> impl Iterator<Item = usize> {
    let slashes = path.iter().enumerate().filter_map(|(at, byte)| (*byte == b'/').then_some(at));
    slashes.chain([path.len()])
}

/// Reading host folders.
pub trait Folder {
    /// The attributes of an object, not following a symbolic link.
    ///
    /// # Errors
    /// [`HostError::NotFound`] if there is none or it is hidden.
    fn attributes(&self, mount: MountIndex, path: &[u8]) -> Result<Attributes, HostError>;
    /// Append what stands at each step of `path` from component number `from` on, up to its end or to what is no
    /// folder; how it ends. A host that must be asked can tell all of it in one answer, and open the file that is to be
    /// read.
    ///
    /// # Errors
    /// As [`Folder::attributes`], for the first step.
    fn walk(
        &self,
        mount: MountIndex,
        path: &[u8],
        from: usize,
        purpose: WalkPurpose,
        steps: &mut Vec<Attributes>,
    ) -> Result<WalkEnd, HostError> {
        let _ = purpose;
        for end in ends(path).skip(from) {
            let step = path.get(..end).unwrap_or_default();
            let attributes = match self.attributes(mount, step) {
                Err(HostError::NotFound) if !steps.is_empty() => return Ok(WalkEnd::Missing),
                found => found?,
            };
            steps.push(attributes);
            match attributes.kind {
                FileKind::Directory => {}
                FileKind::Symlink => return Ok(WalkEnd::Link(self.read_link(mount, step)?)),
                _ => break,
            }
        }
        Ok(WalkEnd::Here)
    }
    /// Where a symbolic link points.
    ///
    /// # Errors
    /// [`HostError::Invalid`] if it is no link.
    fn read_link(&self, mount: MountIndex, path: &[u8]) -> Result<Vec<u8>, HostError>;
    /// Append entries of a folder to `entries`, from `cookie` on (0 at first). Returns the next cookie, or `None`
    /// at the end. `.` and `..` are left out.
    ///
    /// # Errors
    /// [`HostError::NotDirectory`] if it is no folder.
    fn list(
        &self,
        mount: MountIndex,
        path: &[u8],
        cookie: u64,
        entries: &mut Vec<Entry>,
    ) -> Result<Option<u64>, HostError>;
    /// Open a regular file.
    ///
    /// # Errors
    /// [`HostError::Denied`] or [`HostError::ReadOnly`] where policy or host refuse.
    fn open(
        &self,
        mount: MountIndex,
        path: &[u8],
        access: OpenAccess,
    ) -> Result<(HostFile, Attributes), HostError>;
    /// Figures about the file system that holds the mount's root.
    ///
    /// # Errors
    /// Whatever the host answers.
    fn statistics(&self, mount: MountIndex) -> Result<FileSystemStatistics, HostError>;
}

/// The bytes of open host files.
pub trait FileBytes {
    /// Read at `offset`; 0 is the end of the file.
    ///
    /// # Errors
    /// Whatever the host answers.
    fn read_at(&self, file: HostFile, offset: u64, bytes: &mut [u8]) -> Result<usize, HostError>;
    /// Write at `offset`.
    ///
    /// # Errors
    /// [`HostError::NoSpace`] and whatever else the host answers.
    fn write_at(&self, file: HostFile, offset: u64, bytes: &[u8]) -> Result<usize, HostError>;
    /// The size now, in bytes.
    ///
    /// # Errors
    /// Whatever the host answers.
    fn size(&self, file: HostFile) -> Result<u64, HostError>;
    /// Set the size.
    ///
    /// # Errors
    /// [`HostError::NoSpace`] and whatever else the host answers.
    fn set_size(&self, file: HostFile, size: u64) -> Result<(), HostError>;
    /// Make what was written last: returns when it is on the host's storage.
    ///
    /// # Errors
    /// Whatever the host answers.
    fn sync(&self, file: HostFile) -> Result<(), HostError>;
    /// Close it. The handle is not used again.
    fn close(&self, file: HostFile);
}

/// What changes with [`FolderWrite::set_attributes`]; `None` leaves a value alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the names are those of Attributes")]
pub struct AttributeChange {
    pub mode: Option<u32>,
    pub uid: Option<u32>,
    pub gid: Option<u32>,
    pub size: Option<u64>,
    pub accessed: Option<Timestamp>,
    pub modified: Option<Timestamp>,
}

impl AttributeChange {
    /// Make the change in `attributes`, but for the size, which is the contents'.
    pub fn apply(&self, attributes: &mut Attributes) {
        attributes.mode = self.mode.unwrap_or(attributes.mode);
        attributes.uid = self.uid.unwrap_or(attributes.uid);
        attributes.gid = self.gid.unwrap_or(attributes.gid);
        attributes.accessed = self.accessed.unwrap_or(attributes.accessed);
        attributes.modified = self.modified.unwrap_or(attributes.modified);
    }
}

/// What [`FolderWrite::create`] makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewObject<'a> {
    /// An empty regular file.
    Regular,
    /// An empty folder.
    Directory,
    /// A symbolic link to the given target.
    Symlink(&'a [u8]),
    /// Another name for the object at the given path of the same mount.
    Link(&'a [u8]),
}

/// Changing host folders, on read-write mounts only; elsewhere every method is [`HostError::ReadOnly`].
pub trait FolderWrite: Folder {
    /// Make an object under a name that must not exist yet.
    ///
    /// # Errors
    /// [`HostError::Exists`], [`HostError::NoSpace`], …
    fn create(
        &self,
        mount: MountIndex,
        path: &[u8],
        object: NewObject<'_>,
        mode: u32,
    ) -> Result<Attributes, HostError>;
    /// Remove a name; `kind` says whether it must be a folder.
    ///
    /// # Errors
    /// [`HostError::NotEmpty`], [`HostError::IsDirectory`], …
    fn remove(&self, mount: MountIndex, path: &[u8], kind: FileKind) -> Result<(), HostError>;
    /// Rename within one mount; `flags` as in `renameat2(2)`.
    ///
    /// # Errors
    /// [`HostError::Exists`], [`HostError::NotEmpty`], …
    fn rename(&self, mount: MountIndex, from: &[u8], to: &[u8], flags: u32) -> Result<(), HostError>;
    /// Change attributes.
    ///
    /// # Errors
    /// Whatever the host answers.
    fn set_attributes(
        &self,
        mount: MountIndex,
        path: &[u8],
        change: &AttributeChange,
    ) -> Result<(), HostError>;
}
