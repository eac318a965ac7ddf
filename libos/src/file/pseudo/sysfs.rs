//! `/sys`: as much of it as programs look at to count processors.

use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::Machine;
use super::device::by_root;
use crate::error::Result;
use crate::file::host::FileHost;
use crate::file::tree::{Node, Tree, TreeOptions};
use crate::file::{Directory, FileSystemKind, NewVnode};

/// A tree that describes `machine`, numbered `device`.
///
/// # Errors
/// Those of the tree.
pub(in crate::file) fn system_tree(
    host: &Arc<dyn FileHost>,
    machine: &Machine,
    device: u64,
) -> Result<Arc<Node>> {
    let root = Tree::create(TreeOptions {
        host: Arc::clone(host),
        kind: FileSystemKind::System,
        device,
        lower: None,
        limit: 64 << 20,
        mode: 0o755,
    })?;
    let last = machine.processors.max(1) - 1;
    let all = if last == 0 { b"0\n".to_vec() } else { format!("0-{last}\n").into_bytes() };
    for name in ["online", "possible", "present"] {
        put(&root, &format!("devices/system/cpu/{name}"), &all)?;
    }
    for processor in 0..=last {
        let topology = format!("devices/system/cpu/cpu{processor}/topology");
        put(&root, &format!("{topology}/core_id"), format!("{processor}\n").as_bytes())?;
        put(&root, &format!("{topology}/physical_package_id"), b"0\n")?;
    }
    put(&root, "kernel/mm/transparent_hugepage/enabled", b"always madvise [never]\n")?;
    put(&root, "kernel/mm/transparent_hugepage/hpage_pmd_size", b"2097152\n")?;
    for folder in ["block", "bus", "class", "dev", "firmware", "fs", "module", "power"] {
        folder_at(&root, &[folder])?;
    }
    Ok(root)
}

/// Make the file `path` with `text`, and the folders that lead to it.
fn put(root: &Arc<Node>, path: &str, text: &[u8]) -> Result<()> {
    let names: Vec<&str> = path.split('/').collect();
    let Some((name, folders)) = names.split_last() else { return Ok(()) };
    let folder = folder_at(root, folders)?;
    folder.create(name.as_bytes(), NewVnode::Regular, by_root(0o444))?;
    folder.fill(name.as_bytes(), text)
}

/// The folder at `names`, made as far as it does not exist.
fn folder_at(root: &Arc<Node>, names: &[&str]) -> Result<Arc<Node>> {
    let mut here = Arc::clone(root);
    for name in names {
        here = here.subfolder(name.as_bytes(), by_root(0o755))?;
    }
    Ok(here)
}
