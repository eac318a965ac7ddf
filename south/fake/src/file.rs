//! Noun *file*: folders in memory, one tree a mount.

use std::collections::{BTreeMap, HashMap};

use litebox_host::HostError;
use litebox_host::file::{
    AttributeChange, Attributes, Entry, FileBytes, FileKind, FileSystemStatistics, Folder, FolderWrite,
    HostFile, MountIndex, NewObject, OpenAccess, Timestamp,
};

use crate::host::{FakeHost, lock};

/// What a test puts into a mount.
#[derive(Clone, Debug)]
pub enum Node {
    /// A regular file with its bytes and permission bits.
    File(Vec<u8>, u32),
    /// A folder with its permission bits.
    Directory(u32),
    /// A symbolic link to a target.
    Symlink(Vec<u8>),
}

/// All mounts, and the files that are open.
#[derive(Default)]
pub(crate) struct Disk {
    mounts: Vec<Mount>,
    objects: Vec<Object>,
    open: HashMap<u32, Open>,
    next_handle: u32,
}

struct Mount {
    root: usize,
    writable: bool,
}

struct Object {
    attributes: Attributes,
    content: Content,
}

enum Content {
    Bytes(Vec<u8>),
    Names(BTreeMap<Vec<u8>, usize>),
    Target(Vec<u8>),
}

#[derive(Clone, Copy)]
struct Open {
    object: usize,
    access: OpenAccess,
}

/// Entries of one [`Folder::list`] answer: few, so that tests see listings go on.
const LIST_BATCH: usize = 3;
/// `RENAME_NOREPLACE` of `renameat2(2)`.
const NO_REPLACE: u32 = 1;
/// `RENAME_EXCHANGE` of `renameat2(2)`.
const EXCHANGE: u32 = 2;

fn attributes(inode: u64, kind: FileKind, mode: u32) -> Attributes {
    let then = Timestamp { seconds: 1_700_000_000, nanoseconds: 0 };
    Attributes {
        kind,
        mode,
        uid: 0,
        gid: 0,
        links: 1,
        inode,
        device: 1,
        special: 0,
        size: 0,
        blocks: 0,
        block_size: 4096,
        accessed: then,
        modified: then,
        changed: then,
        born: then,
    }
}

impl Disk {
    fn add(&mut self, kind: FileKind, mode: u32, content: Content) -> usize {
        let inode = self.objects.len() as u64 + 1;
        self.objects.push(Object { attributes: attributes(inode, kind, mode), content });
        self.objects.len() - 1
    }

    fn add_node(&mut self, node: Node) -> usize {
        match node {
            Node::File(bytes, mode) => self.add(FileKind::Regular, mode, Content::Bytes(bytes)),
            Node::Directory(mode) => self.add(FileKind::Directory, mode, Content::Names(BTreeMap::new())),
            Node::Symlink(target) => self.add(FileKind::Symlink, 0o777, Content::Target(target)),
        }
    }

    fn mount(&self, mount: MountIndex) -> Result<&Mount, HostError> {
        self.mounts.get(mount.0 as usize).ok_or(HostError::NotFound)
    }

    fn writable(&self, mount: MountIndex) -> Result<(), HostError> {
        if self.mount(mount)?.writable { Ok(()) } else { Err(HostError::ReadOnly) }
    }

    fn names(&mut self, object: usize) -> Result<&mut BTreeMap<Vec<u8>, usize>, HostError> {
        match &mut self.objects[object].content {
            Content::Names(names) => Ok(names),
            Content::Bytes(_) | Content::Target(_) => Err(HostError::NotDirectory),
        }
    }

    fn find(&mut self, mount: MountIndex, path: &[u8]) -> Result<usize, HostError> {
        let mut object = self.mount(mount)?.root;
        if path.is_empty() {
            return Ok(object);
        }
        for name in path.split(|byte| *byte == b'/') {
            check_name(name)?;
            object = *self.names(object)?.get(name).ok_or(HostError::NotFound)?;
        }
        Ok(object)
    }

    /// The folder that `path` lies in, and the last component.
    fn parent<'a>(&mut self, mount: MountIndex, path: &'a [u8]) -> Result<(usize, &'a [u8]), HostError> {
        let (folder, name) = match path.iter().rposition(|byte| *byte == b'/') {
            Some(slash) => (&path[..slash], &path[slash + 1..]),
            None => (&b""[..], path),
        };
        check_name(name)?;
        Ok((self.find(mount, folder)?, name))
    }

    fn stat(&self, object: usize) -> Attributes {
        let object = &self.objects[object];
        let mut attributes = object.attributes;
        attributes.size = match &object.content {
            Content::Bytes(bytes) | Content::Target(bytes) => bytes.len() as u64,
            Content::Names(_) => 4096,
        };
        attributes.blocks = attributes.size.div_ceil(512);
        attributes
    }

    /// The bytes of an open file.
    fn bytes(&mut self, file: HostFile, access: OpenAccess) -> Result<&mut Vec<u8>, HostError> {
        let open = *self.open.get(&file.0).ok_or(HostError::Invalid)?;
        if !open.access.contains(access) {
            return Err(HostError::Denied);
        }
        match &mut self.objects[open.object].content {
            Content::Bytes(bytes) => Ok(bytes),
            Content::Names(_) | Content::Target(_) => Err(HostError::IsDirectory),
        }
    }
}

/// A host refuses what is not a plain component.
fn check_name(name: &[u8]) -> Result<(), HostError> {
    if matches!(name, b"" | b"." | b"..") || name.contains(&b'/') { Err(HostError::Invalid) } else { Ok(()) }
}

impl FakeHost {
    /// Add a mount with an empty root folder.
    pub fn add_mount(&self, writable: bool) -> MountIndex {
        let mut disk = lock(&self.state.disk);
        let root = disk.add_node(Node::Directory(0o755));
        disk.mounts.push(Mount { root, writable });
        MountIndex(u32::try_from(disk.mounts.len() - 1).expect("few mounts"))
    }

    /// Put `node` at `path`, whose folder exists; also on mounts that guests cannot write.
    ///
    /// # Panics
    /// If the folder does not exist.
    pub fn add_node(&self, mount: MountIndex, path: &str, node: Node) {
        let mut disk = lock(&self.state.disk);
        let (folder, name) = disk.parent(mount, path.as_bytes()).expect("the folder exists");
        let object = disk.add_node(node);
        disk.names(folder).expect("the folder is one").insert(name.to_vec(), object);
    }

    /// The bytes of the file at `path`.
    ///
    /// # Panics
    /// If there is none.
    pub fn file_content(&self, mount: MountIndex, path: &str) -> Vec<u8> {
        let mut disk = lock(&self.state.disk);
        let object = disk.find(mount, path.as_bytes()).expect("the file exists");
        match &disk.objects[object].content {
            Content::Bytes(bytes) => bytes.clone(),
            Content::Names(_) | Content::Target(_) => panic!("{path} is no regular file"),
        }
    }
}

impl Folder for FakeHost {
    fn attributes(&self, mount: MountIndex, path: &[u8]) -> Result<Attributes, HostError> {
        let mut disk = lock(&self.state.disk);
        let object = disk.find(mount, path)?;
        Ok(disk.stat(object))
    }

    fn read_link(&self, mount: MountIndex, path: &[u8]) -> Result<Vec<u8>, HostError> {
        let mut disk = lock(&self.state.disk);
        let object = disk.find(mount, path)?;
        match &disk.objects[object].content {
            Content::Target(target) => Ok(target.clone()),
            Content::Bytes(_) | Content::Names(_) => Err(HostError::Invalid),
        }
    }

    fn list(
        &self,
        mount: MountIndex,
        path: &[u8],
        cookie: u64,
        entries: &mut Vec<Entry>,
    ) -> Result<Option<u64>, HostError> {
        let mut disk = lock(&self.state.disk);
        let folder = disk.find(mount, path)?;
        let start = usize::try_from(cookie).map_err(|_| HostError::Invalid)?;
        let names = disk.names(folder)?;
        let batch: Vec<_> = names.iter().skip(start).take(LIST_BATCH).map(|(n, o)| (n.clone(), *o)).collect();
        let more = names.len() > start + batch.len();
        let next = (start + batch.len()) as u64;
        entries.extend(batch.into_iter().map(|(name, object)| Entry { name, attributes: disk.stat(object) }));
        Ok(more.then_some(next))
    }

    fn open(
        &self,
        mount: MountIndex,
        path: &[u8],
        access: OpenAccess,
    ) -> Result<(HostFile, Attributes), HostError> {
        let mut disk = lock(&self.state.disk);
        if access.intersects(OpenAccess::WRITE | OpenAccess::TRUNCATE) {
            disk.writable(mount)?;
        }
        let object = disk.find(mount, path)?;
        match &mut disk.objects[object].content {
            Content::Bytes(bytes) if access.contains(OpenAccess::TRUNCATE) => bytes.clear(),
            Content::Bytes(_) => {}
            Content::Names(_) => return Err(HostError::IsDirectory),
            Content::Target(_) => return Err(HostError::Denied),
        }
        let handle = disk.next_handle;
        disk.next_handle += 1;
        disk.open.insert(handle, Open { object, access });
        Ok((HostFile(handle), disk.stat(object)))
    }

    fn statistics(&self, mount: MountIndex) -> Result<FileSystemStatistics, HostError> {
        lock(&self.state.disk).mount(mount)?;
        Ok(FileSystemStatistics {
            kind: 0xef53,
            block_size: 4096,
            blocks: 1000,
            blocks_free: 500,
            blocks_available: 500,
            files: 1000,
            files_free: 500,
            name_length: 255,
        })
    }
}

impl FileBytes for FakeHost {
    fn read_at(&self, file: HostFile, offset: u64, bytes: &mut [u8]) -> Result<usize, HostError> {
        let mut disk = lock(&self.state.disk);
        let content = disk.bytes(file, OpenAccess::READ)?;
        let from = usize::try_from(offset).ok().and_then(|start| content.get(start..)).unwrap_or_default();
        let count = from.len().min(bytes.len());
        bytes[..count].copy_from_slice(&from[..count]);
        Ok(count)
    }

    fn write_at(&self, file: HostFile, offset: u64, bytes: &[u8]) -> Result<usize, HostError> {
        let mut disk = lock(&self.state.disk);
        let content = disk.bytes(file, OpenAccess::WRITE)?;
        let start = usize::try_from(offset).map_err(|_| HostError::NoSpace)?;
        let end = start.checked_add(bytes.len()).ok_or(HostError::NoSpace)?;
        content.resize(content.len().max(end), 0);
        content[start..end].copy_from_slice(bytes);
        Ok(bytes.len())
    }

    fn size(&self, file: HostFile) -> Result<u64, HostError> {
        Ok(lock(&self.state.disk).bytes(file, OpenAccess::empty())?.len() as u64)
    }

    fn set_size(&self, file: HostFile, size: u64) -> Result<(), HostError> {
        let size = usize::try_from(size).map_err(|_| HostError::NoSpace)?;
        lock(&self.state.disk).bytes(file, OpenAccess::WRITE)?.resize(size, 0);
        Ok(())
    }

    fn sync(&self, file: HostFile) -> Result<(), HostError> {
        lock(&self.state.disk).bytes(file, OpenAccess::empty()).map(|_| ())
    }

    fn close(&self, file: HostFile) {
        lock(&self.state.disk).open.remove(&file.0);
    }
}

impl FolderWrite for FakeHost {
    fn create(
        &self,
        mount: MountIndex,
        path: &[u8],
        object: NewObject<'_>,
        mode: u32,
    ) -> Result<Attributes, HostError> {
        let mut disk = lock(&self.state.disk);
        disk.writable(mount)?;
        let (folder, name) = disk.parent(mount, path)?;
        if disk.names(folder)?.contains_key(name) {
            return Err(HostError::Exists);
        }
        let made = match object {
            NewObject::Regular => disk.add_node(Node::File(Vec::new(), mode)),
            NewObject::Directory => disk.add_node(Node::Directory(mode)),
            NewObject::Symlink(target) => disk.add_node(Node::Symlink(target.to_vec())),
            NewObject::Link(old) => {
                let old = disk.find(mount, old)?;
                disk.objects[old].attributes.links += 1;
                old
            }
        };
        disk.names(folder)?.insert(name.to_vec(), made);
        Ok(disk.stat(made))
    }

    fn remove(&self, mount: MountIndex, path: &[u8], kind: FileKind) -> Result<(), HostError> {
        let mut disk = lock(&self.state.disk);
        disk.writable(mount)?;
        let (folder, name) = disk.parent(mount, path)?;
        let object = disk.find(mount, path)?;
        match (&disk.objects[object].content, kind) {
            (Content::Names(names), FileKind::Directory) if !names.is_empty() => {
                return Err(HostError::NotEmpty);
            }
            (Content::Names(_), FileKind::Directory) => {}
            (Content::Names(_), _) => return Err(HostError::IsDirectory),
            (_, FileKind::Directory) => return Err(HostError::NotDirectory),
            _ => {}
        }
        let links = &mut disk.objects[object].attributes.links;
        *links = links.saturating_sub(1);
        disk.names(folder)?.remove(name);
        Ok(())
    }

    fn rename(&self, mount: MountIndex, from: &[u8], to: &[u8], flags: u32) -> Result<(), HostError> {
        let mut disk = lock(&self.state.disk);
        disk.writable(mount)?;
        if to.starts_with(from) && to.get(from.len()) == Some(&b'/') {
            return Err(HostError::Invalid);
        }
        let moved = disk.find(mount, from)?;
        let (from_folder, from_name) = disk.parent(mount, from)?;
        let (to_folder, to_name) = disk.parent(mount, to)?;
        let replaced = disk.names(to_folder)?.get(to_name).copied();
        if flags & EXCHANGE != 0 {
            let other = replaced.ok_or(HostError::NotFound)?;
            disk.names(from_folder)?.insert(from_name.to_vec(), other);
            disk.names(to_folder)?.insert(to_name.to_vec(), moved);
            return Ok(());
        }
        match replaced {
            Some(_) if flags & NO_REPLACE != 0 => return Err(HostError::Exists),
            Some(same) if same == moved => return Ok(()),
            Some(old) => disk.check_replace(moved, old)?,
            None => {}
        }
        disk.names(from_folder)?.remove(from_name);
        disk.names(to_folder)?.insert(to_name.to_vec(), moved);
        Ok(())
    }

    fn set_attributes(
        &self,
        mount: MountIndex,
        path: &[u8],
        change: &AttributeChange,
    ) -> Result<(), HostError> {
        let mut disk = lock(&self.state.disk);
        disk.writable(mount)?;
        let found = disk.find(mount, path)?;
        let object = &mut disk.objects[found];
        if let (Some(size), Content::Bytes(bytes)) = (change.size, &mut object.content) {
            bytes.resize(usize::try_from(size).map_err(|_| HostError::NoSpace)?, 0);
        }
        change.apply(&mut object.attributes);
        Ok(())
    }
}

impl Disk {
    /// Whether a rename may replace `old` by `moved`.
    fn check_replace(&self, moved: usize, old: usize) -> Result<(), HostError> {
        match (&self.objects[moved].content, &self.objects[old].content) {
            (Content::Names(_), Content::Names(names)) if !names.is_empty() => Err(HostError::NotEmpty),
            (Content::Names(_), Content::Names(_)) => Ok(()),
            (Content::Names(_), _) => Err(HostError::NotDirectory),
            (_, Content::Names(_)) => Err(HostError::IsDirectory),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_read_in_batches_and_files_by_offset() {
        let host = FakeHost::new();
        let mount = host.add_mount(false);
        host.add_node(mount, "etc", Node::Directory(0o755));
        for name in ["a", "b", "c", "d"] {
            host.add_node(mount, &format!("etc/{name}"), Node::File(name.repeat(5).into(), 0o644));
        }
        let mut entries = Vec::new();
        let next = host.list(mount, b"etc", 0, &mut entries).unwrap();
        assert_eq!(host.list(mount, b"etc", next.unwrap(), &mut entries), Ok(None));
        assert_eq!(entries.len(), 4);
        let (file, attributes) = host.open(mount, b"etc/c", OpenAccess::READ).unwrap();
        assert_eq!(attributes.size, 5);
        let mut bytes = [0; 8];
        assert_eq!(host.read_at(file, 3, &mut bytes), Ok(2));
        assert_eq!(host.open(mount, b"etc/c", OpenAccess::WRITE), Err(HostError::ReadOnly));
        assert_eq!(Folder::attributes(&host, mount, b"etc/../etc"), Err(HostError::Invalid));
        host.close(file);
        assert_eq!(host.read_at(file, 0, &mut bytes), Err(HostError::Invalid));
    }

    #[test]
    fn a_writable_mount_changes() {
        let host = FakeHost::new();
        let mount = host.add_mount(true);
        host.create(mount, b"x", NewObject::Regular, 0o600).unwrap();
        let (file, _) = host.open(mount, b"x", OpenAccess::READ | OpenAccess::WRITE).unwrap();
        assert_eq!(host.write_at(file, 2, b"yz"), Ok(2));
        host.rename(mount, b"x", b"y", 0).unwrap();
        assert_eq!(host.file_content(mount, "y"), b"\0\0yz");
        assert_eq!(host.remove(mount, b"x", FileKind::Regular), Err(HostError::NotFound));
        host.remove(mount, b"y", FileKind::Regular).unwrap();
        assert_eq!(Folder::attributes(&host, mount, b"y"), Err(HostError::NotFound));
    }
}
