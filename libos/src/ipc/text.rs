//! The tables in `/proc/sysvipc` (`proc_sysvipc(5)`).

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use litebox_host::memory::PAGE_SIZE;

use super::{Ipc, MessageQueueStatus, NO_MEMORY, SegmentStatus};
use crate::error::Result;
use crate::identity::Credentials;
use crate::ipc::semaphore::SemaphoreSetStatus;

/// A table in `/proc/sysvipc`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SysvTable {
    /// `msg`.
    Messages,
    /// `sem`.
    Semaphores,
    /// `shm`.
    Segments,
}

/// Everybody may read the tables.
const READER: Credentials = Credentials::new(0, 0);

/// `SHM_DEST`: the segment goes with its last attachment.
const DOOMED: u32 = 0o1000;
/// `SHM_LOCKED`.
const LOCKED: u32 = 0o2000;

impl SegmentStatus {
    /// The permission bits with what else Linux shows there.
    pub fn mode(&self) -> u32 {
        let doomed = if self.doomed { DOOMED } else { 0 };
        let locked = if self.locked { LOCKED } else { 0 };
        self.permission.mode | doomed | locked
    }
}

impl Ipc {
    /// The text of `table`, as it is now.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`](crate::ErrorKind::NoMemory).
    pub fn text(&self, table: SysvTable) -> Result<Vec<u8>> {
        let mut text = String::new();
        match table {
            SysvTable::Messages => {
                text.push_str(MESSAGES);
                for (id, queue) in self.messages.queues().all()? {
                    let Ok(status) = queue.status(&READER, false) else { continue };
                    add(&mut text, |text| put_queue(text, id, &status))?;
                }
            }
            SysvTable::Semaphores => {
                text.push_str(SEMAPHORES);
                for (id, set) in self.semaphores.sets().all()? {
                    let Ok(status) = set.status(&READER, false) else { continue };
                    add(&mut text, |text| put_set(text, id, &status))?;
                }
            }
            SysvTable::Segments => {
                text.push_str(SEGMENTS);
                for (id, segment) in self.segments.segments().all()? {
                    let Ok(status) = segment.status(&READER, false) else { continue };
                    add(&mut text, |text| put_segment(text, id, &status))?;
                }
            }
        }
        Ok(text.into_bytes())
    }
}

const MESSAGES: &str = "       key      msqid perms      cbytes       qnum lspid lrpid   uid   gid  cuid  cgid      \
                        stime      rtime      ctime\n";
const SEMAPHORES: &str =
    "       key      semid perms      nsems   uid   gid  cuid  cgid      otime      ctime\n";
const SEGMENTS: &str = "       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid      \
                        atime      dtime      ctime                   rss                  swap\n";

/// Add a line, for which there is memory.
fn add(text: &mut String, line: impl FnOnce(&mut String) -> core::fmt::Result) -> Result<()> {
    /// Longer than any line: twenty numbers of at most 21 digits.
    const LINE: usize = 512;
    text.try_reserve(LINE).map_err(|_| NO_MEMORY)?;
    line(text).map_err(|_| NO_MEMORY)
}

fn put_queue(text: &mut String, id: i32, status: &MessageQueueStatus) -> core::fmt::Result {
    let one = &status.permission;
    writeln!(
        text,
        "{:10} {id:10}  {:4o}  {:10} {:10} {:5} {:5} {:5} {:5} {:5} {:5} {:10} {:10} {:10}",
        one.key,
        one.mode,
        status.bytes,
        status.messages,
        status.sender,
        status.receiver,
        one.user,
        one.group,
        one.creator_user,
        one.creator_group,
        status.sent,
        status.received,
        status.changed,
    )
}

fn put_set(text: &mut String, id: i32, status: &SemaphoreSetStatus) -> core::fmt::Result {
    let one = &status.permission;
    writeln!(
        text,
        "{:10} {id:10}  {:4o} {:10} {:5} {:5} {:5} {:5} {:10} {:10}",
        one.key,
        one.mode,
        status.count,
        one.user,
        one.group,
        one.creator_user,
        one.creator_group,
        status.operated,
        status.changed,
    )
}

fn put_segment(text: &mut String, id: i32, status: &SegmentStatus) -> core::fmt::Result {
    let one = &status.permission;
    writeln!(
        text,
        "{:10} {id:10}  {:4o} {:21} {:5} {:5}  {:5} {:5} {:5} {:5} {:5} {:10} {:10} {:10} {:21} {:21}",
        one.key,
        status.mode(),
        status.size,
        status.creator,
        status.last,
        status.attachments,
        one.user,
        one.group,
        one.creator_user,
        one.creator_group,
        status.attached,
        status.detached,
        status.changed,
        // What is touched is not counted: all of it.
        status.size.next_multiple_of(PAGE_SIZE),
        0,
    )
}
