//! `fcntl(2)`.

use alloc::sync::Arc;

use litebox_host::file::FileKind;
use litebox_libos::file::{Description, Descriptor, FileStatus, RegularFile, Seals};
use litebox_libos::pipe::{Conduit, Side};
use litebox_libos::user::UserPointer;

use super::record_lock;
use crate::abi::file::descriptor::command::{
    F_ADD_SEALS, F_DUPFD, F_DUPFD_CLOEXEC, F_DUPFD_QUERY, F_GET_SEALS, F_GETFD, F_GETFL, F_GETLEASE, F_GETLK,
    F_GETOWN, F_GETOWN_EX, F_GETPIPE_SZ, F_GETSIG, F_NOTIFY, F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW, F_SETFD,
    F_SETFL, F_SETLEASE, F_SETLK, F_SETLKW, F_SETOWN, F_SETOWN_EX, F_SETPIPE_SZ, F_SETSIG,
};
use crate::abi::file::descriptor::{F_RDLCK, F_UNLCK, F_WRLCK, FD_CLOEXEC, Owner, SealFlags, StatusFlags};
use crate::arg::{Arg, Fd};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn fcntl<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    command: i32,
    argument: u64,
) -> Result<i32> {
    let number = fd.number()?;
    let description = call.descriptors.get(number)?;
    match command {
        F_DUPFD => duplicate(call, description, argument, false),
        F_DUPFD_CLOEXEC => duplicate(call, description, argument, true),
        F_DUPFD_QUERY => {
            let other = call.descriptors.get(Fd::decode(argument)?.number()?)?;
            Ok(i32::from(Arc::ptr_eq(&description, &other)))
        }
        F_GETFD => Ok(i32::from(call.descriptors.entry(number)?.close_on_exec)),
        F_SETFD => {
            call.descriptors.set_close_on_exec(number, argument & FD_CLOEXEC != 0)?;
            Ok(0)
        }
        F_GETFL => flags(&description),
        _ if description.status().contains(FileStatus::PATH) => Err(Errno::EBADF),
        F_SETFL => set_flags(&description, argument),
        F_GETLK | F_OFD_GETLK => record_lock::get(call, &description, command, argument),
        F_SETLK | F_SETLKW | F_OFD_SETLK | F_OFD_SETLKW => {
            record_lock::set(call, &description, command, argument)
        }
        F_SETOWN | F_GETOWN | F_SETOWN_EX | F_GETOWN_EX => owner(call, &description, command, argument),
        F_SETSIG => match u32::decode(argument)? {
            signal @ 0..=64 => {
                description.set_signal(signal);
                Ok(0)
            }
            _ => Err(Errno::EINVAL),
        },
        F_GETSIG => i32::try_from(description.signal()).map_err(|_| Errno::EINVAL),
        F_SETLEASE => lease(&description, argument),
        F_GETLEASE => Ok(i32::from(F_UNLCK)),
        F_NOTIFY => {
            Err(if is_kind(&description, FileKind::Directory) { Errno::EINVAL } else { Errno::ENOTDIR })
        }
        F_SETPIPE_SZ | F_GETPIPE_SZ => capacity(&description, command, argument),
        F_ADD_SEALS => add_seals(&description, SealFlags::decode(argument)?),
        F_GET_SEALS => {
            let seals = description.file().regular().and_then(RegularFile::seals).ok_or(Errno::EINVAL)?;
            i32::try_from(SealFlags::from(seals).bits()).map_err(|_| Errno::EINVAL)
        }
        // Every other command is one of no Linux.
        _ => Err(Errno::EINVAL),
    }
}

fn add_seals(description: &Description, flags: SealFlags) -> Result<i32> {
    const EXECUTE: u32 = 0o111;
    if !description.status().contains(FileStatus::WRITE) {
        return Err(Errno::EPERM);
    }
    let mut seals = Seals::from(flags);
    // A program that stays executable must not change any more.
    if seals.contains(Seals::EXECUTE) && description.file().attributes()?.mode & EXECUTE != 0 {
        seals |= Seals::SHRINK | Seals::GROW | Seals::WRITE | Seals::FUTURE_WRITE;
    }
    description.file().regular().ok_or(Errno::EINVAL)?.add_seals(seals)?;
    Ok(0)
}

fn duplicate<H: LinuxHost>(
    call: &Call<'_, H>,
    description: Arc<Description>,
    lowest: u64,
    close_on_exec: bool,
) -> Result<i32> {
    let lowest = u32::decode(lowest)?;
    if lowest >= call.descriptor_limit() {
        return Err(Errno::EINVAL);
    }
    let descriptor = Descriptor { description, close_on_exec };
    let number = call.descriptors.insert(descriptor, lowest, call.descriptor_limit())?;
    Fd::numbered(number).map(|fd| fd.0)
}

/// Status flags and access mode, with `O_LARGEFILE` for what was opened by a path.
fn flags(description: &Description) -> Result<i32> {
    let mut flags = StatusFlags::from(description.status());
    let by_path = !flags.contains(StatusFlags::O_PATH) && !description.file().is_watchable();
    flags.set(StatusFlags::O_LARGEFILE, by_path);
    i32::try_from(flags.bits()).map_err(|_| Errno::EINVAL)
}

/// Other bits than the changeable ones are ignored.
fn set_flags(description: &Description, argument: u64) -> Result<i32> {
    let status = StatusFlags::from_bits_truncate(u32::decode(argument)?).status();
    description.set_status(status, StatusFlags::CHANGEABLE);
    if let Some(conduit) = Conduit::of(&**description.file(), Side::Write) {
        conduit.end().set_packet_mode(status.contains(FileStatus::DIRECT));
    }
    Ok(0)
}

/// Who is told of input. A negative number is a group, as in `kill(2)`.
fn owner<H: LinuxHost>(
    call: &Call<'_, H>,
    description: &Description,
    command: i32,
    argument: u64,
) -> Result<i32> {
    let [kind, id] = [description.owner() >> 32, description.owner() & 0xffff_ffff];
    let stored = Owner { kind: i32::decode(kind)?, id: i32::decode(id)? };
    let pointer = || usize::decode(argument).map(UserPointer::<Owner>::new);
    let new = match command {
        F_GETOWN if stored.kind == Owner::GROUP => return Ok(stored.id.wrapping_neg()),
        F_GETOWN => return Ok(stored.id),
        F_GETOWN_EX => {
            pointer()?.write(&call.host, &stored)?;
            return Ok(0);
        }
        F_SETOWN => match i32::decode(argument)? {
            i32::MIN => return Err(Errno::EINVAL),
            id @ ..0 => Owner { kind: Owner::GROUP, id: -id },
            id => Owner { kind: Owner::PROCESS, id },
        },
        _ => pointer()?.read(&call.host)?,
    };
    if !(Owner::THREAD..=Owner::GROUP).contains(&new.kind) {
        return Err(Errno::EINVAL);
    }
    let [kind, id] = [new.kind, new.id].map(|half| u64::from(half.cast_unsigned()));
    description.set_owner(kind << 32 | id);
    Ok(0)
}

/// A lease could always conflict with an opener that the sandbox cannot see.
fn lease(description: &Description, argument: u64) -> Result<i32> {
    let kind = i16::try_from(i32::decode(argument)?).map_err(|_| Errno::EINVAL)?;
    if !is_kind(description, FileKind::Regular) {
        return Err(Errno::EINVAL);
    }
    match kind {
        F_RDLCK | F_WRLCK | F_UNLCK => Err(Errno::EAGAIN),
        _ => Err(Errno::EINVAL),
    }
}

fn is_kind(description: &Description, kind: FileKind) -> bool {
    description.file().attributes().is_ok_and(|attributes| attributes.kind == kind)
}

fn capacity(description: &Description, command: i32, argument: u64) -> Result<i32> {
    let file = &**description.file();
    let conduit =
        Conduit::of(file, Side::Read).or_else(|| Conduit::of(file, Side::Write)).ok_or(Errno::EBADF)?;
    let capacity = match command {
        F_GETPIPE_SZ => conduit.end().capacity(),
        _ => conduit.end().set_capacity(u32::decode(argument)? as usize)?,
    };
    i32::try_from(capacity).map_err(|_| Errno::EINVAL)
}
