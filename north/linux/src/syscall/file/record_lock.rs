//! The record locks of `fcntl_locking(2)`.

use litebox_libos::event;
use litebox_libos::file::record::{FileIdentity, LockKind, Owner, Record};
use litebox_libos::file::{Description, FileStatus};
use litebox_libos::user::UserPointer;

use crate::abi::file::descriptor::command::{F_GETLK, F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW, F_SETLKW};
use crate::abi::file::descriptor::{F_RDLCK, F_UNLCK, F_WRLCK, Flock};
use crate::arg::Arg;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// The last byte that a file can have.
const END: u64 = i64::MAX.cast_unsigned();

/// `F_GETLK`, `F_OFD_GETLK`: what would be in the way.
pub(super) fn get<H: LinuxHost>(
    call: &Call<'_, H>,
    description: &Description,
    command: i32,
    argument: u64,
) -> Result<i32> {
    let (pointer, mut lock) = read(call, argument)?;
    let (file, range) = range(call, description, command, &lock)?;
    let kind = kind(lock.kind)?.ok_or(Errno::EINVAL)?;
    match call.descriptors.locks().conflict(file, &Record { kind, ..range }) {
        None => lock.kind = F_UNLCK,
        Some(found) => {
            lock.kind = if found.kind == LockKind::Shared { F_RDLCK } else { F_WRLCK };
            lock.whence = 0;
            lock.start = found.first.cast_signed();
            lock.length = if found.last >= END { 0 } else { (found.last - found.first + 1).cast_signed() };
            lock.process = match found.owner {
                Owner::Description(_) => -1,
                Owner::Table(_) => found.process.cast_signed(),
            };
        }
    }
    pointer.write(&call.host, &lock)?;
    Ok(0)
}

/// `F_SETLK`, `F_SETLKW` and their siblings: take or give up a lock.
pub(super) fn set<H: LinuxHost>(
    call: &Call<'_, H>,
    description: &Description,
    command: i32,
    argument: u64,
) -> Result<i32> {
    let (_, lock) = read(call, argument)?;
    let (file, range) = range(call, description, command, &lock)?;
    let locks = call.descriptors.locks();
    let Some(kind) = kind(lock.kind)? else {
        locks.unlock(file, &range)?;
        return Ok(0);
    };
    let access = if kind == LockKind::Shared { FileStatus::READ } else { FileStatus::WRITE };
    if !description.status().contains(access) {
        return Err(Errno::EBADF);
    }
    let wanted = Record { kind, ..range };
    if matches!(command, F_SETLKW | F_OFD_SETLKW) {
        let mut turn = locks.turn(file, wanted);
        event::block(&call.thread, &[locks.queue()], None, || turn.take())?;
    } else {
        locks.lock(file, wanted)?;
    }
    Ok(0)
}

fn read<H: LinuxHost>(call: &Call<'_, H>, argument: u64) -> Result<(UserPointer<Flock>, Flock)> {
    let pointer = UserPointer::new(usize::decode(argument)?);
    let lock = pointer.read(&call.host)?;
    Ok((pointer, lock))
}

/// What is to be locked, or `None` for unlocking.
fn kind(kind: i16) -> Result<Option<LockKind>> {
    match kind {
        F_RDLCK => Ok(Some(LockKind::Shared)),
        F_WRLCK => Ok(Some(LockKind::Exclusive)),
        F_UNLCK => Ok(None),
        _ => Err(Errno::EINVAL),
    }
}

/// The file and the bytes that `lock` names, as an exclusive lock of the caller's.
fn range<H: LinuxHost>(
    call: &Call<'_, H>,
    description: &Description,
    command: i32,
    lock: &Flock,
) -> Result<(FileIdentity, Record)> {
    let attributes = description.file().attributes()?;
    let base = match lock.whence {
        0 => 0,
        1 => description.offset().lock().cast_signed(),
        2 => attributes.size.cast_signed(),
        _ => return Err(Errno::EINVAL),
    };
    let start = base.checked_add(lock.start).ok_or(Errno::EOVERFLOW)?;
    let (first, last) = match lock.length {
        0 => (start, i64::MAX),
        length @ 1.. => (start, start.checked_add(length - 1).ok_or(Errno::EOVERFLOW)?),
        length => (start.checked_add(length).ok_or(Errno::EINVAL)?, start.wrapping_sub(1)),
    };
    if first < 0 || last < first {
        return Err(Errno::EINVAL);
    }
    let of_description = matches!(command, F_OFD_GETLK | F_OFD_SETLK | F_OFD_SETLKW);
    if of_description && lock.process != 0 {
        return Err(Errno::EINVAL);
    }
    debug_assert!(of_description || command >= F_GETLK, "only lock commands come here");
    let owner = if of_description {
        description.lock_owner(call.descriptors.locks())
    } else {
        call.descriptors.lock_owner()
    };
    let file = FileIdentity { device: attributes.device, inode: attributes.inode };
    let (first, last) = (first.cast_unsigned(), last.cast_unsigned());
    Ok((file, Record { first, last, kind: LockKind::Exclusive, owner, process: call.process.id() }))
}
