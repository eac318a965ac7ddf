//! The root folder in a tar archive: what the boot loader left in memory as the initial RAM disk.
//!
//! The archive is read once, into a tree that points back into it: names, contents and link targets stay where they
//! are, so that a file's bytes can be mapped in place. Nothing can be changed. The bytes may come from anyone: what
//! is wrong in them is [`HostError`], and the tree takes no more memory than a small multiple of their number.
#![forbid(unsafe_code)]

mod member;
#[cfg(test)]
mod tests;
mod tree;

use alloc::vec::Vec;
use core::cmp::Ordering;

use litebox_host::HostError;
use litebox_host::file::{Attributes, Entry, FileKind, FileSystemStatistics, HostFile, OpenAccess};

use self::member::{Facts, Members};
use self::tree::Tree;

/// Every file lies on the same device, of this number.
const DEVICE: u64 = 1;
/// What `stat(2)` and `statfs(2)` call a block of this file system, and the size of a folder.
const BLOCK_SIZE: u32 = 4096;
/// The longest path and link target, as in Linux.
const PATH_LENGTH: usize = 4096;
/// The longest name, as in Linux.
const NAME_LENGTH: usize = 255;
/// `RAMFS_MAGIC` of `statfs(2)`.
const RAM_FILE_SYSTEM: u64 = 0x8584_58f6;
/// Entries of one [`Archive::list`] answer.
const LIST_BATCH: usize = 128;
/// The node of the root folder.
const ROOT: u32 = 0;

/// A folder of files, all in memory and none to be changed.
pub(crate) struct Archive {
    nodes: Vec<Node>,
    /// Sorted by folder and name, each pair once.
    names: Vec<Name>,
    /// Bytes of the archive.
    length: usize,
}

/// A file, folder or symbolic link.
struct Node {
    content: Content,
    facts: Facts,
    /// As `stat(2)` counts them; 0 once another object has the last name.
    links: u64,
}

#[derive(Clone, Copy)]
enum Content {
    Bytes(&'static [u8]),
    Folder,
    Target(&'static [u8]),
}

/// What a folder calls a node.
struct Name {
    folder: u32,
    name: &'static [u8],
    node: u32,
}

impl Name {
    fn order(&self, folder: u32, name: &[u8]) -> Ordering {
        self.folder.cmp(&folder).then_with(|| self.name.cmp(name))
    }
}

impl Archive {
    /// Read the archive that `bytes` begin with: ustar, with the long names of GNU and PAX.
    ///
    /// Of two objects with the same name the later one stays; folders that are not there are made, for root with
    /// mode 0755. Devices, pipes and what has a `..` in its name are left out.
    ///
    /// # Errors
    /// [`HostError::Invalid`] if `bytes` are no archive or end before its end mark, [`HostError::NotFound`] if a hard
    /// link leads nowhere, [`HostError::NotDirectory`] if something lies below a file,
    /// [`HostError::NotSupported`] if a file is stored with holes, [`HostError::NoMemory`] if there are far more
    /// folders than an archive of that size has use for.
    pub(crate) fn index(bytes: &'static [u8]) -> Result<Self, HostError> {
        let mut tree = Tree::new(bytes.len());
        let mut members = Members::new(bytes);
        while let Some(member) = members.next()? {
            tree.add(member)?;
        }
        let (nodes, names) = tree.into_parts();
        Ok(Self { nodes, names, length: bytes.len() })
    }

    /// The attributes of an object, not following a symbolic link.
    ///
    /// # Errors
    /// [`HostError::NotFound`] if there is none, [`HostError::NotDirectory`] if the path leads through what is no
    /// folder, [`HostError::Invalid`] if it is not canonical.
    pub(crate) fn attributes(&self, path: &[u8]) -> Result<Attributes, HostError> {
        self.stat(self.find(path)?)
    }

    /// Where a symbolic link points.
    ///
    /// # Errors
    /// [`HostError::Invalid`] if it is no link, and as [`Archive::attributes`].
    pub(crate) fn read_link(&self, path: &[u8]) -> Result<Vec<u8>, HostError> {
        match self.node(self.find(path)?)?.content {
            Content::Target(target) => Ok(target.to_vec()),
            Content::Bytes(_) | Content::Folder => Err(HostError::Invalid),
        }
    }

    /// Append some entries of a folder, by name, from `cookie` on (0 at first). The next cookie, or `None` at the
    /// end.
    ///
    /// # Errors
    /// [`HostError::NotDirectory`] if it is no folder, and as [`Archive::attributes`].
    pub(crate) fn list(
        &self,
        path: &[u8],
        cookie: u64,
        entries: &mut Vec<Entry>,
    ) -> Result<Option<u64>, HostError> {
        let folder = self.find(path)?;
        let Content::Folder = self.node(folder)?.content else { return Err(HostError::NotDirectory) };
        let skipped = usize::try_from(cookie).map_err(|_| HostError::Invalid)?;
        let all = self.names_of(folder);
        let left = all.get(skipped..).unwrap_or_default();
        let batch = left.get(..LIST_BATCH).unwrap_or(left);
        for name in batch {
            entries.push(Entry { name: name.name.to_vec(), attributes: self.stat(name.node)? });
        }
        let told = skipped.saturating_add(batch.len());
        Ok((told < all.len()).then_some(told as u64))
    }

    /// Open a regular file. The handle is good for ever, so closing it takes nothing.
    ///
    /// # Errors
    /// [`HostError::ReadOnly`] for anything but reading, [`HostError::IsDirectory`] for a folder,
    /// [`HostError::Denied`] for a symbolic link, and as [`Archive::attributes`].
    pub(crate) fn open(&self, path: &[u8], access: OpenAccess) -> Result<(HostFile, Attributes), HostError> {
        if access.intersects(OpenAccess::WRITE | OpenAccess::TRUNCATE) {
            return Err(HostError::ReadOnly);
        }
        let node = self.find(path)?;
        match self.node(node)?.content {
            Content::Bytes(_) => Ok((HostFile(node), self.stat(node)?)),
            Content::Folder => Err(HostError::IsDirectory),
            Content::Target(_) => Err(HostError::Denied),
        }
    }

    /// Figures about the archive as a file system: full, and as large as its bytes.
    pub(crate) fn statistics(&self) -> FileSystemStatistics {
        FileSystemStatistics {
            kind: RAM_FILE_SYSTEM,
            block_size: u64::from(BLOCK_SIZE),
            blocks: (self.length as u64).div_ceil(u64::from(BLOCK_SIZE)),
            blocks_free: 0,
            blocks_available: 0,
            files: self.nodes.iter().filter(|node| node.links > 0).count() as u64,
            files_free: 0,
            name_length: NAME_LENGTH as u64,
        }
    }

    /// Read at `offset`; 0 is the end of the file.
    ///
    /// # Errors
    /// [`HostError::Invalid`] if `file` is no file of this archive.
    pub(crate) fn read_at(&self, file: HostFile, offset: u64, buffer: &mut [u8]) -> Result<usize, HostError> {
        let bytes = self.bytes(file).ok_or(HostError::Invalid)?;
        let left = usize::try_from(offset).ok().and_then(|start| bytes.get(start..)).unwrap_or_default();
        let read = buffer.iter_mut().zip(left).map(|(to, from)| *to = *from).count();
        Ok(read)
    }

    /// The size, in bytes.
    ///
    /// # Errors
    /// As [`Archive::read_at`].
    pub(crate) fn size(&self, file: HostFile) -> Result<u64, HostError> {
        self.bytes(file).map(|bytes| bytes.len() as u64).ok_or(HostError::Invalid)
    }

    /// The bytes of an open file where they lie, for mapping; `None` if `file` is no file of this archive. They
    /// begin a multiple of 512 bytes behind the archive's first.
    pub(crate) fn bytes(&self, file: HostFile) -> Option<&'static [u8]> {
        match self.node(file.0).ok()?.content {
            Content::Bytes(bytes) => Some(bytes),
            Content::Folder | Content::Target(_) => None,
        }
    }

    fn node(&self, node: u32) -> Result<&Node, HostError> {
        usize::try_from(node).ok().and_then(|index| self.nodes.get(index)).ok_or(HostError::Invalid)
    }

    fn find(&self, path: &[u8]) -> Result<u32, HostError> {
        let mut node = ROOT;
        if path.is_empty() {
            return Ok(node);
        }
        for name in path.split(|byte| *byte == b'/') {
            if matches!(name, b"" | b"." | b"..") {
                return Err(HostError::Invalid);
            }
            let Content::Folder = self.node(node)?.content else { return Err(HostError::NotDirectory) };
            node = self.child(node, name).ok_or(HostError::NotFound)?;
        }
        Ok(node)
    }

    fn child(&self, folder: u32, name: &[u8]) -> Option<u32> {
        let place = self.names.binary_search_by(|candidate| candidate.order(folder, name)).ok()?;
        self.names.get(place).map(|found| found.node)
    }

    /// All names in a folder, sorted.
    fn names_of(&self, folder: u32) -> &[Name] {
        let start = self.names.partition_point(|name| name.folder < folder);
        let end = self.names.partition_point(|name| name.folder <= folder);
        self.names.get(start..end).unwrap_or_default()
    }

    fn stat(&self, index: u32) -> Result<Attributes, HostError> {
        let node = self.node(index)?;
        let (kind, size) = match node.content {
            Content::Bytes(bytes) => (FileKind::Regular, bytes.len() as u64),
            Content::Folder => (FileKind::Directory, u64::from(BLOCK_SIZE)),
            Content::Target(target) => (FileKind::Symlink, target.len() as u64),
        };
        let Facts { mode, uid, gid, modified } = node.facts;
        Ok(Attributes {
            kind,
            mode,
            uid,
            gid,
            links: node.links,
            // 0 is no inode, and 1 is where others keep their bad blocks.
            inode: u64::from(index).saturating_add(2),
            device: DEVICE,
            special: 0,
            size,
            blocks: size.div_ceil(512),
            block_size: BLOCK_SIZE,
            accessed: modified,
            modified,
            changed: modified,
            born: modified,
        })
    }
}
