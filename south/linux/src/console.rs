//! Noun *console*: descriptors 0, 1 and 2 of the sandbox.
#![expect(unsafe_code, reason = "bytes are read and written by host calls")]

use litebox_host::HostError;
use litebox_host::console::{Console, Readiness, Stream, StreamWait};
use litebox_host::file::{Attributes, FileKind, Timestamp};
use litebox_host::time::{Clock, Deadline, Time};

use crate::host::LinuxProcess;
use crate::{calls, gate};

const POLLIN: u16 = 0x1;
const POLLOUT: u16 = 0x4;
const POLLERR: u16 = 0x8;
const POLLHUP: u16 = 0x10;
const POLLNVAL: u16 = 0x20;
/// Streams that one wait can name: each of the three once, for each direction.
const MOST: usize = 6;

/// `struct pollfd`.
#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Poll {
    descriptor: i32,
    events: u16,
    answered: u16,
}

/// `struct stat` (`stat(2)`) on x86-64.
#[repr(C)]
#[derive(Default)]
struct Status {
    device: u64,
    inode: u64,
    links: u64,
    mode: u32,
    uid: u32,
    gid: u32,
    padding: u32,
    special: u64,
    size: u64,
    block_size: u64,
    blocks: u64,
    accessed: [u64; 2],
    modified: [u64; 2],
    changed: [u64; 2],
    reserved: [u64; 3],
}

impl Status {
    fn attributes(&self) -> Attributes {
        let time = |[seconds, nanoseconds]: [u64; 2]| Timestamp {
            seconds: seconds.cast_signed(),
            nanoseconds: u32::try_from(nanoseconds).unwrap_or_default(),
        };
        Attributes {
            kind: kind(self.mode),
            mode: self.mode & 0o7777,
            uid: self.uid,
            gid: self.gid,
            links: self.links,
            inode: self.inode,
            device: self.device,
            special: self.special,
            size: self.size,
            blocks: self.blocks,
            block_size: u32::try_from(self.block_size).unwrap_or(4096),
            accessed: time(self.accessed),
            modified: time(self.modified),
            changed: time(self.changed),
            born: Timestamp::default(),
        }
    }
}

/// The kind that a mode says (`inode(7)`).
fn kind(mode: u32) -> FileKind {
    match mode & 0o170_000 {
        0o010_000 => FileKind::Fifo,
        0o020_000 => FileKind::CharacterDevice,
        0o040_000 => FileKind::Directory,
        0o060_000 => FileKind::BlockDevice,
        0o120_000 => FileKind::Symlink,
        0o140_000 => FileKind::Socket,
        _ => FileKind::Regular,
    }
}

/// Numbers of the calls that a kick interrupts.
mod number {
    pub(super) const READ: u32 = 0;
    pub(super) const WRITE: u32 = 1;
    pub(super) const PPOLL: u32 = 271;
}

fn events(interest: Readiness) -> u16 {
    let read = if interest.contains(Readiness::READ) { POLLIN } else { 0 };
    read | if interest.contains(Readiness::WRITE) { POLLOUT } else { 0 }
}

fn readiness(answered: u16) -> Readiness {
    let mut ready = Readiness::empty();
    ready.set(Readiness::READ, answered & POLLIN != 0);
    ready.set(Readiness::WRITE, answered & POLLOUT != 0);
    ready.set(Readiness::HANG_UP, answered & POLLHUP != 0);
    ready.set(Readiness::ERROR, answered & (POLLERR | POLLNVAL) != 0);
    ready
}

impl Console for LinuxProcess {
    fn read(&self, stream: Stream, bytes: &mut [u8]) -> Result<usize, HostError> {
        let arguments = [stream as usize, bytes.as_mut_ptr().addr(), bytes.len()];
        // SAFETY: the kernel writes at most `bytes.len()` bytes to the buffer.
        Ok(unsafe { gate::call_interruptible(number::READ, gate::pad(arguments)) }?)
    }

    fn write(&self, stream: Stream, bytes: &[u8]) -> Result<usize, HostError> {
        let arguments = [stream as usize, bytes.as_ptr().addr(), bytes.len()];
        // SAFETY: the kernel reads the bytes.
        Ok(unsafe { gate::call_interruptible(number::WRITE, gate::pad(arguments)) }?)
    }

    fn describe(&self, stream: Stream) -> Result<Attributes, HostError> {
        let mut status = Status::default();
        // SAFETY: the kernel writes one `struct stat` to a local.
        unsafe { calls::fstat(stream as usize, (&raw mut status).addr()) }?;
        Ok(status.attributes())
    }

    fn wait(&self, waits: &mut [StreamWait], deadline: Option<Deadline>) -> Result<usize, HostError> {
        let mut polls = [Poll::default(); MOST];
        let used = polls.get_mut(..waits.len()).ok_or(HostError::Invalid)?;
        for (poll, wait) in used.iter_mut().zip(&*waits) {
            *poll = Poll { descriptor: wait.stream as i32, events: events(wait.interest), answered: 0 };
        }
        let timeout = deadline.map(|deadline| remaining(*self, deadline));
        let timeout = timeout.as_ref().map_or(0, |timeout| timeout.as_ptr().addr());
        let arguments = [used.as_mut_ptr().addr(), used.len(), timeout];
        // SAFETY: the kernel reads and writes `used.len()` entries and reads the timeout.
        let ready = unsafe { gate::call_interruptible(number::PPOLL, gate::pad(arguments)) }?;
        for (wait, poll) in waits.iter_mut().zip(used.iter()) {
            wait.ready = readiness(poll.answered);
        }
        Ok(ready)
    }
}

/// The time left, as `struct timespec`.
fn remaining(host: LinuxProcess, deadline: Deadline) -> [u64; 2] {
    let now = u64::try_from(host.now(Clock::Monotonic).as_nanos()).unwrap_or(u64::MAX);
    let left = deadline.0.saturating_sub(now);
    [left / 1_000_000_000, left % 1_000_000_000]
}
