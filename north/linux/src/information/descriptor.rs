//! The process's descriptors, and `fdinfo/<number>` (`proc_pid_fdinfo(5)`).

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_libos::file::{Description, DescriptorTable};
use litebox_libos::process::ProcessFile;

use super::Answer;
use super::text::Text;
use crate::abi::file::descriptor::StatusFlags;

/// All descriptors, in order; without memory, the first ones.
pub(super) fn list(table: &DescriptorTable) -> Vec<(u32, Arc<Description>)> {
    let mut list = Vec::new();
    let mut next = table.next_from(0);
    while let Some(number) = next {
        if list.try_reserve(1).is_err() {
            break;
        }
        // Another thread may have closed it meanwhile.
        if let Ok(description) = table.get(number) {
            list.push((number, description));
        }
        next = number.checked_add(1).and_then(|from| table.next_from(from));
    }
    list
}

/// What is told of descriptor `number`. Objects without a path are in no mount: 0.
pub(super) fn text(table: &DescriptorTable, number: u32) -> Answer {
    let entry = table.entry(number)?;
    let (description, file) = (&entry.description, entry.description.file());
    let mut flags = StatusFlags::from(description.status());
    flags.set(StatusFlags::O_CLOEXEC, entry.close_on_exec);
    flags.set(StatusFlags::O_LARGEFILE, file.location().is_some());
    let position = *description.offset().lock();
    let mut text = Text::default();
    text.line(format_args!("pos:\t{position}"))?;
    text.line(format_args!("flags:\t0{:o}", flags.bits()))?;
    text.line(format_args!("mnt_id:\t{}", file.location().map_or(0, |location| location.mount.id)))?;
    text.line(format_args!("ino:\t{}", file.attributes().map_or(0, |attributes| attributes.inode)))?;
    if let Some(file) = description.file_as::<ProcessFile>() {
        // One that nobody can wait for any more has no number.
        let process = file.process();
        let known = process.registry().process(process.id()).is_ok();
        let number = if known { i64::from(process.id()) } else { -1 };
        text.line(format_args!("Pid:\t{number}\nNSpid:\t{number}"))?;
    }
    Ok(text.finish())
}
