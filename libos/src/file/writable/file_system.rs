//! The mount as a whole, and its table of objects in use.

use alloc::collections::BTreeMap;
use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;

use litebox_host::file::{Attributes, FileSystemStatistics, MountIndex};
use litebox_host::sync::Mutex;

use super::node::HostNode;
use crate::error::Result;
use crate::file::host::FileHost;
use crate::file::{FileSystem, FileSystemKind, Vnode};

/// A read-write mount of a host folder.
pub struct WritableFolder {
    pub(super) host: Arc<dyn FileHost>,
    pub(super) mount: MountIndex,
    device: u64,
    /// Objects in use, by path: so that an object in use is one value.
    nodes: Mutex<BTreeMap<Vec<u8>, Weak<HostNode>>>,
}

/// How many forgotten objects may lie in the table before they are swept out.
const SWEEP_AT: usize = 1024;

impl WritableFolder {
    /// The folder that `mount` names; its root.
    ///
    /// # Errors
    /// Those of the host.
    pub fn open(host: Arc<dyn FileHost>, mount: MountIndex, device: u64) -> Result<Arc<dyn Vnode>> {
        let attributes = host.attributes(mount, b"")?;
        let folder = Arc::new(Self { host, mount, device, nodes: Mutex::new(BTreeMap::new()) });
        let root: Arc<dyn Vnode> = folder.node(Vec::new(), attributes);
        Ok(root)
    }

    /// The object at `path`, found with `attributes`.
    pub(super) fn node(self: &Arc<Self>, path: Vec<u8>, attributes: Attributes) -> Arc<HostNode> {
        let mut nodes = self.nodes.lock();
        let known = nodes.get(&path).and_then(Weak::upgrade);
        if let Some(node) = known
            && node.is_kind(attributes.kind)
        {
            return node;
        }
        if nodes.len() >= SWEEP_AT {
            nodes.retain(|_, node| node.strong_count() > 0);
        }
        let node = HostNode::new(self, path.clone(), attributes);
        nodes.insert(path, Arc::downgrade(&node));
        node
    }

    /// What was at `path` is gone: whoever still uses it has an object without a name.
    pub(super) fn forget(&self, path: &[u8]) {
        let node = self.nodes.lock().remove(path).and_then(|node| node.upgrade());
        if let Some(node) = node {
            node.set_removed();
        }
    }

    /// What was at `from`, and all below it, is at `to` now.
    pub(super) fn moved(&self, from: &[u8], to: &[u8]) {
        let mut nodes = self.nodes.lock();
        let inside: Vec<Vec<u8>> = nodes.keys().filter(|path| is_within(path, from)).cloned().collect();
        for old in inside {
            let Some(node) = nodes.remove(&old) else { continue };
            let mut path = to.to_vec();
            path.extend_from_slice(old.get(from.len()..).unwrap_or_default());
            if let Some(node) = node.upgrade() {
                node.set_path(path.clone());
            }
            nodes.insert(path, node);
        }
    }

    /// What was at `one` is at `other` now, and the other way round.
    pub(super) fn exchanged(&self, one: &[u8], other: &[u8]) {
        // A component that no path has: it is not a name.
        const ASIDE: &[u8] = b"/";
        self.moved(one, ASIDE);
        self.moved(other, one);
        self.moved(ASIDE, other);
    }

    /// Attributes of the host's as this mount shows them.
    pub(super) fn adopt(&self, attributes: Attributes) -> Attributes {
        Attributes { device: self.device, ..attributes }
    }
}

/// Whether `path` is `folder` or below it.
fn is_within(path: &[u8], folder: &[u8]) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| matches!(rest.first(), None | Some(b'/')))
}

impl FileSystem for WritableFolder {
    fn kind(&self) -> FileSystemKind {
        FileSystemKind::Writable
    }

    fn device(&self) -> u64 {
        self.device
    }

    fn statistics(&self) -> Result<FileSystemStatistics> {
        Ok(self.host.statistics(self.mount)?)
    }
}
