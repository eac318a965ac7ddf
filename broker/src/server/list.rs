//! `List`: a directory's entries, in parts, with attributes.
//!
//! A cookie is the host's own position in the directory (`d_off`, getdents(2)). The descriptors of the last few
//! listings are kept, so that the parts of one listing come from one open directory: that is what the host's promise
//! rests on, that an entry which stays is told exactly once. A listing whose descriptor was given up goes on from its
//! cookie in a newly opened one, which most file systems serve as well.

use super::lookup::{Mounts, Object, entry_status, is_kernel_state, kind};
use super::stat::attributes;
use crate::path::{join, open_directory, open_reference};
use crate::policy::Verdict;
use crate::refusal::Failure;
use litebox_broker_protocol::{EntriesWriter, Entry, FileKind, RelativePath, is_name};
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{FileType, RawDir, SeekFrom, Statx};
use rustix::io::Errno;
use std::collections::VecDeque;
use std::ffi::CStr;
use std::mem::MaybeUninit;

/// How many listings can be under way at once without being opened anew.
const MAX_LISTINGS: usize = 8;

/// How much of a directory is read at once, in bytes.
const READ_SIZE: usize = 32 * 1024;

/// The most entries looked at for one part: a bound on the work of one request when most are hidden.
const MAX_SCANNED: usize = 4096;

/// Directories that are being listed, the least recent first.
#[derive(Default)]
pub(super) struct Listings(VecDeque<Listing>);

struct Listing {
    device: u64,
    inode: u64,
    /// Where the next part starts.
    cookie: u64,
    directory: OwnedFd,
}

impl Listings {
    /// The directory of the listing that has come to `cookie`, taken out; or the same directory newly opened.
    fn resume(&mut self, object: &Object, cookie: u64) -> Result<OwnedFd, Failure> {
        let (device, inode) = identity(&object.status);
        let same = |at: &Listing| at.device == device && at.inode == inode && at.cookie == cookie;
        if let Some(listing) = self.0.iter().position(same).and_then(|place| self.0.remove(place)) {
            return Ok(listing.directory);
        }
        let directory = open_directory(object.reference.as_fd())?;
        if cookie != 0 {
            rustix::fs::seek(&directory, SeekFrom::Start(cookie))?;
        }
        Ok(directory)
    }

    fn keep(&mut self, object: &Object, cookie: u64, directory: OwnedFd) {
        while self.0.len() >= MAX_LISTINGS {
            self.0.pop_front();
        }
        let (device, inode) = identity(&object.status);
        self.0.push_back(Listing { device, inode, cookie, directory });
    }
}

fn identity(status: &Statx) -> (u64, u64) {
    (u64::from(status.stx_dev_major) << 32 | u64::from(status.stx_dev_minor), status.stx_ino)
}

impl Mounts {
    /// Packs the next part of a listing and gives the cookie of the part after it, if there is one.
    pub(super) fn list(
        &self,
        listings: &mut Listings,
        mount: u32,
        path: RelativePath<'_>,
        cookie: u64,
        writer: &mut EntriesWriter<'_>,
    ) -> Result<Option<u64>, Failure> {
        let object = self.object(self.mount(mount)?, path)?;
        if object.kind != FileKind::Directory {
            return Err(Errno::NOTDIR.into());
        }
        let directory = listings.resume(&object, cookie)?;
        let next = self.list_part(&object, directory.as_fd(), cookie, writer)?;
        if let Some(next) = next {
            // Entries that were read and not told are read again.
            rustix::fs::seek(&directory, SeekFrom::Start(next))?;
            listings.keep(&object, next, directory);
        }
        Ok(next)
    }

    /// Apart from its callers, for its buffer would be part of every request's stack.
    #[inline(never)]
    fn list_part(
        &self,
        object: &Object,
        directory: BorrowedFd<'_>,
        cookie: u64,
        writer: &mut EntriesWriter<'_>,
    ) -> Result<Option<u64>, Failure> {
        let mut buffer = [MaybeUninit::uninit(); READ_SIZE];
        let mut entries = RawDir::new(directory, &mut buffer);
        let mut told = cookie;
        for _ in 0..MAX_SCANNED {
            let Some(entry) = entries.next() else { return Ok(None) };
            let entry = entry?;
            let shown = self.shown_entry(object, directory, entry.file_name(), entry.file_type());
            if let Some((name, inode, kind, attributes)) = shown {
                let inode = inode.unwrap_or(entry.ino());
                if writer.push(&Entry { name, inode, kind, attributes }).is_err() {
                    return Ok(Some(told));
                }
            }
            told = entry.next_entry_cookie();
        }
        Ok(Some(told))
    }

    /// What to tell of an entry; nothing when it is hidden, has gone, or is the directory itself or its parent.
    #[expect(clippy::type_complexity, reason = "used once, right above, and taken apart there")]
    fn shown_entry<'n>(
        &self,
        object: &Object,
        directory: BorrowedFd<'_>,
        name: &'n CStr,
        file_type: FileType,
    ) -> Option<(&'n [u8], Option<u64>, FileKind, Option<litebox_broker_protocol::Attributes>)> {
        let bytes = name.to_bytes();
        let verdict = self.hidden.verdict(&join(&object.real_path, bytes));
        if !is_name(bytes) || verdict == Verdict::Hidden {
            return None;
        }
        let status = match entry_status(directory, name) {
            Ok(status) => status,
            // The directory can be read but not searched: names and types are all there is.
            Err(Errno::ACCESS) => return Some((bytes, None, kind_of_type(file_type)?, None)),
            Err(_) => return None,
        };
        let hidden = verdict == Verdict::Plain && self.hidden.has_inode(&status);
        let crossed = status.stx_mnt_id != object.status.stx_mnt_id;
        if hidden || (crossed && is_kernel_mount(directory, bytes)) {
            return None;
        }
        let kind = kind(&status).ok()?;
        Some((bytes, Some(status.stx_ino), kind, Some(attributes(&status, kind))))
    }
}

/// Whether the entry is a place where a file system of the kernel's state is mounted.
fn is_kernel_mount(directory: BorrowedFd<'_>, name: &[u8]) -> bool {
    let Ok(step) = RelativePath::new(name) else { return true };
    open_reference(directory, step).and_then(|object| is_kernel_state(object.as_fd())).unwrap_or(false)
}

fn kind_of_type(file_type: FileType) -> Option<FileKind> {
    FileKind::from_mode(file_type.as_raw_mode())
}
