//! `maps` (`proc_pid_maps(5)`): what the guest mapped, and nothing of what else is in its address space.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use litebox_host::memory::Protection;
use litebox_libos::file::{File, Place, Reach};
use litebox_libos::memory::{Area, AreaFlags, Backing};

use super::text::Text;
use super::{Answer, Information};
use crate::abi::file::status::file_system_number;
use crate::host::LinuxHost;

/// The column before which a name does not start.
const NAME_COLUMN: usize = 73;

impl<H: LinuxHost> Information<H> {
    pub(super) fn maps(&self) -> Answer {
        let mut text = Text::default();
        for area in self.memory.areas()? {
            put(&mut text, &area, &self.place)?;
        }
        Ok(text.finish())
    }
}

/// Add the line of `area`.
pub(super) fn put(text: &mut Text, area: &Area, place: &Place) -> Answer<()> {
    let flag = |flag: Protection, letter: char| if area.protection.contains(flag) { letter } else { '-' };
    let shared = area.flags.contains(AreaFlags::SHARED);
    let object = Object::of(area, place);
    let start = text.length();
    text.format(format_args!(
        "{:08x}-{:08x} {}{}{}{} {:08x} {:02x}:{:02x} {} ",
        area.range.start,
        area.range.end,
        flag(Protection::READ, 'r'),
        flag(Protection::WRITE, 'w'),
        flag(Protection::EXECUTE, 'x'),
        if shared { 's' } else { 'p' },
        object.offset,
        object.device.0,
        object.device.1,
        object.inode,
    ))?;
    if !object.name.is_empty() {
        let column = text.length().saturating_sub(start);
        let gap = NAME_COLUMN.saturating_sub(column).max(1);
        text.format(format_args!("{:gap$}", ""))?;
        text.escaped(&object.name, b"\n")?;
    }
    text.put(b"\n")
}

/// What an area's pages are pages of.
struct Object {
    offset: u64,
    device: (u32, u32),
    inode: u64,
    name: Cow<'static, [u8]>,
}

impl Object {
    fn of(area: &Area, place: &Place) -> Self {
        match &area.backing {
            Backing::File { file, offset, .. } => {
                let attributes = file.attributes().ok();
                Self {
                    offset: *offset,
                    device: attributes.map_or((0, 0), |attributes| file_system_number(attributes.device)),
                    inode: attributes.map_or(0, |attributes| attributes.inode),
                    name: Cow::Owned(path_of(&**file, place)),
                }
            }
            Backing::Anonymous => Self {
                offset: 0,
                device: (0, 0),
                inode: 0,
                name: Cow::Borrowed(area.label.unwrap_or_default().as_bytes()),
            },
        }
    }
}

/// The path of a mapped file, as it is now.
fn path_of(file: &dyn File, place: &Place) -> Vec<u8> {
    let Some(location) = file.location() else { return file.label() };
    let mut path = location.path(&place.root());
    if path.reach == Reach::Removed {
        path.text.extend_from_slice(b" (deleted)");
    }
    path.text
}
