//! The tree while it grows, member by member.

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use litebox_host::HostError;

use super::member::{Facts, Member, Object, SplitPath};
use super::{Content, NAME_LENGTH, Name, Node, PATH_LENGTH, ROOT};

/// How many bytes of an archive pay for one node, and how many nodes are free. A member pays for eight nodes with its
/// header alone; so folders that no member describes have room, and a few members with long paths cannot fill the
/// memory with folders.
const BYTES_A_NODE: usize = 64;
const FREE_NODES: usize = 4096;

/// Nodes and their names by folder.
pub(super) struct Tree {
    nodes: Vec<Node>,
    names: BTreeMap<(u32, &'static [u8]), u32>,
    /// There are no more nodes than this.
    limit: usize,
}

impl Tree {
    /// An empty root folder, for an archive of `length` bytes.
    pub(super) fn new(length: usize) -> Self {
        let root = Node { content: Content::Folder, facts: Facts::default(), links: 2 };
        Self {
            nodes: vec![root],
            names: BTreeMap::new(),
            limit: (length / BYTES_A_NODE).saturating_add(FREE_NODES),
        }
    }

    /// All nodes by number, and all names sorted by folder and name.
    pub(super) fn into_parts(self) -> (Vec<Node>, Vec<Name>) {
        let names = self.names.into_iter().map(|((folder, name), node)| Name { folder, name, node });
        (self.nodes, names.collect())
    }

    /// Put in what the archive has next.
    ///
    /// # Errors
    /// As [`super::Archive::index`].
    pub(super) fn add(&mut self, member: Member) -> Result<(), HostError> {
        let Some(path) = components(member.path)? else { return Ok(()) };
        let content = match member.object {
            Object::File(bytes) => Content::Bytes(bytes),
            Object::Folder => return self.add_folder(&path, member.facts),
            Object::Symlink(target) => Content::Target(target),
            Object::HardLink(target) => return self.add_link(&path, target),
        };
        let (name, folders) = path.split_last().ok_or(HostError::Invalid)?;
        let folder = self.folder(folders)?;
        let node = self.push(Node { content, facts: member.facts, links: 0 })?;
        self.place(folder, name, node);
        Ok(())
    }

    /// A folder that exists keeps what is in it.
    fn add_folder(&mut self, path: &[&'static [u8]], facts: Facts) -> Result<(), HostError> {
        let node = match path.split_last() {
            None => ROOT,
            Some((name, folders)) => {
                let folder = self.folder(folders)?;
                match self.names.get(&(folder, *name)) {
                    Some(known) if self.is_folder(*known) => *known,
                    _ => self.new_folder(folder, name)?,
                }
            }
        };
        if let Some(node) = self.node(node) {
            node.facts = facts;
        }
        Ok(())
    }

    /// Another name for what an earlier member brought.
    fn add_link(&mut self, path: &[&'static [u8]], target: SplitPath) -> Result<(), HostError> {
        let Some(target) = components(target)? else { return Ok(()) };
        let mut node = ROOT;
        for name in target {
            node = *self.names.get(&(node, name)).ok_or(HostError::NotFound)?;
        }
        if self.is_folder(node) {
            return Err(HostError::IsDirectory);
        }
        let (name, folders) = path.split_last().ok_or(HostError::Invalid)?;
        let folder = self.folder(folders)?;
        self.place(folder, name, node);
        Ok(())
    }

    /// The folder of that path, made if it is not there.
    fn folder(&mut self, path: &[&'static [u8]]) -> Result<u32, HostError> {
        let mut folder = ROOT;
        for name in path {
            folder = match self.names.get(&(folder, *name)) {
                Some(known) if self.is_folder(*known) => *known,
                Some(_) => return Err(HostError::NotDirectory),
                None => self.new_folder(folder, name)?,
            };
        }
        Ok(folder)
    }

    fn new_folder(&mut self, folder: u32, name: &'static [u8]) -> Result<u32, HostError> {
        // It is one of its names itself.
        let node = self.push(Node { content: Content::Folder, facts: Facts::default(), links: 1 })?;
        self.place(folder, name, node);
        Ok(node)
    }

    fn push(&mut self, node: Node) -> Result<u32, HostError> {
        if self.nodes.len() >= self.limit {
            return Err(HostError::NoMemory);
        }
        let index = u32::try_from(self.nodes.len()).map_err(|_| HostError::NoMemory)?;
        self.nodes.push(node);
        Ok(index)
    }

    /// Give a node a name, which another may have had before.
    fn place(&mut self, folder: u32, name: &'static [u8], node: u32) {
        match self.names.insert((folder, name), node) {
            // A link to its own name.
            Some(old) if old == node => return,
            Some(old) => self.forget(folder, old),
            None => {}
        }
        if self.is_folder(node) {
            self.count(folder, 1);
        }
        self.count(node, 1);
    }

    /// A node has lost a name in `folder`; if it is a folder, all that is below it goes too.
    fn forget(&mut self, folder: u32, node: u32) {
        // A list of what is to do, and no recursion: the archive says how deep folders lie.
        let mut lost = vec![(folder, node)];
        while let Some((folder, node)) = lost.pop() {
            self.count(node, -1);
            if !self.is_folder(node) {
                continue;
            }
            self.count(folder, -1);
            // Of the names it has, the one that is itself.
            self.count(node, -1);
            let below = self.names.range((node, &b""[..])..).take_while(|((parent, _), _)| *parent == node);
            let below: Vec<_> = below.map(|((_, name), child)| (*name, *child)).collect();
            for (name, child) in below {
                self.names.remove(&(node, name));
                lost.push((node, child));
            }
        }
    }

    fn count(&mut self, node: u32, change: i64) {
        if let Some(node) = self.node(node) {
            node.links = node.links.saturating_add_signed(change);
        }
    }

    fn is_folder(&self, node: u32) -> bool {
        let node = usize::try_from(node).ok().and_then(|index| self.nodes.get(index));
        node.is_some_and(|node| matches!(node.content, Content::Folder))
    }

    fn node(&mut self, node: u32) -> Option<&mut Node> {
        usize::try_from(node).ok().and_then(|index| self.nodes.get_mut(index))
    }
}

/// The names on the way, without what stands for the folder reached; `None` if one leads out of it.
///
/// # Errors
/// [`HostError::Invalid`] if the path or a name is longer than can be asked for, or has a zero in it.
fn components(path: SplitPath) -> Result<Option<Vec<&'static [u8]>>, HostError> {
    if path.iter().any(|part| part.len() > PATH_LENGTH || part.contains(&0)) {
        return Err(HostError::Invalid);
    }
    let names = path.into_iter().flat_map(|part| part.split(|byte| *byte == b'/'));
    let names: Vec<_> = names.filter(|name| !matches!(*name, b"" | b".")).collect();
    if names.iter().any(|name| name.len() > NAME_LENGTH) {
        return Err(HostError::Invalid);
    }
    Ok((!names.contains(&&b".."[..])).then_some(names))
}
