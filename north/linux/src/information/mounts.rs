//! `mounts` (`proc_pid_mounts(5)`) and `mountinfo` (`proc_pid_mountinfo(5)`).

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_libos::file::{FileSystemKind, Mount, MountAccess, Place, Reach};

use super::Answer;
use super::text::Text;
use crate::abi::file::status::file_system_number;

/// What cannot stand in a column as it is.
const SPECIAL: &[u8] = b" \t\n\\#";

/// The name of a sort of file system.
fn type_name(kind: FileSystemKind) -> &'static str {
    match kind {
        FileSystemKind::Memory => "tmpfs",
        FileSystemKind::Host | FileSystemKind::Overlay | FileSystemKind::Writable => "overlay",
        FileSystemKind::Device => "devtmpfs",
        FileSystemKind::Process => "proc",
        FileSystemKind::System => "sysfs",
        FileSystemKind::Terminal => "devpts",
    }
}

fn access_name(mount: &Mount) -> &'static str {
    match mount.access {
        MountAccess::ReadOnly => "ro",
        MountAccess::ReadWrite => "rw",
    }
}

/// Where `mount` is, seen from the root of `place`; `None` if it cannot be seen from there.
fn point(mount: &Arc<Mount>, place: &Place) -> Option<Vec<u8>> {
    let path = mount.root().path(&place.root());
    (path.reach == Reach::Root).then_some(path.text)
}

/// Of each mount: source, place, sort and options.
pub(super) fn list(place: &Place) -> Answer {
    let mut text = Text::default();
    for mount in place.namespace().mounts() {
        let Some(point) = point(&mount, place) else { continue };
        let kind = type_name(mount.root().vnode.file_system().kind());
        text.escaped(&mount.source, SPECIAL)?;
        text.put(b" ")?;
        text.escaped(&point, SPECIAL)?;
        text.line(format_args!(" {kind} {},relatime 0 0", access_name(&mount)))?;
    }
    Ok(text.finish())
}

/// Of each mount: its number and its parent's, device, place, sort and options. The root's parent is itself.
pub(super) fn details(place: &Place) -> Answer {
    let mut text = Text::default();
    for mount in place.namespace().mounts() {
        let Some(point) = point(&mount, place) else { continue };
        let file_system = mount.root();
        let file_system = file_system.vnode.file_system();
        let parent = mount.covered().map_or(mount.id, |covered| covered.mount.id);
        let (major, minor) = file_system_number(file_system.device());
        let access = access_name(&mount);
        text.format(format_args!("{} {parent} {major}:{minor} / ", mount.id))?;
        text.escaped(&point, SPECIAL)?;
        text.format(format_args!(" {access},relatime - {} ", type_name(file_system.kind())))?;
        text.escaped(&mount.source, SPECIAL)?;
        text.line(format_args!(" {access}"))?;
    }
    Ok(text.finish())
}
