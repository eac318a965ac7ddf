//! `utime(2)`, `utimes(2)`, `futimesat(2)`, `utimensat(2)`.

use litebox_host::file::Timestamp;
use litebox_host::time::Clock;
use litebox_libos::file::{SetTime, change_times};
use litebox_libos::user::{UserPointer, UserString};

use super::at::{At, CURRENT, Object, caller, location_of};
use crate::abi::file::path::AtFlags;
use crate::abi::file::status::{FileTimeval, UTIME_NOW, UTIME_OMIT, Utimbuf};
use crate::abi::time::Timespec;
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn utime<H: LinuxHost>(
    call: &mut Call<'_, H>,
    path: UserString,
    times: UserPointer<Utimbuf>,
) -> Result<()> {
    let times = match times.non_null() {
        Some(times) => {
            let times = times.read(&call.host)?;
            let at = |seconds| SetTime::At(Timestamp { seconds, nanoseconds: 0 });
            [at(times.accessed), at(times.modified)]
        }
        None => [now(call); 2],
    };
    set_by_path(call, CURRENT, path, times, AtFlags::empty())
}

pub(crate) fn utimes<H: LinuxHost>(
    call: &mut Call<'_, H>,
    path: UserString,
    times: UserPointer<FileTimeval>,
) -> Result<()> {
    futimesat(call, CURRENT, path, times)
}

pub(crate) fn futimesat<H: LinuxHost>(
    call: &mut Call<'_, H>,
    directory: Fd,
    path: UserString,
    times: UserPointer<FileTimeval>,
) -> Result<()> {
    let times = match times.non_null() {
        Some(times) => {
            let (first, second) = (times.read(&call.host)?, times.element(1).read(&call.host)?);
            [from_timeval(first)?, from_timeval(second)?]
        }
        None => [now(call); 2],
    };
    if path.address() == 0 {
        return set_by_descriptor(call, directory, times);
    }
    set_by_path(call, directory, path, times, AtFlags::empty())
}

pub(crate) fn utimensat<H: LinuxHost>(
    call: &mut Call<'_, H>,
    directory: Fd,
    path: UserString,
    times: UserPointer<Timespec>,
    flags: AtFlags,
) -> Result<()> {
    let times = match times.non_null() {
        Some(times) => {
            let (first, second) = (times.read(&call.host)?, times.element(1).read(&call.host)?);
            [from_timespec(call, first)?, from_timespec(call, second)?]
        }
        None => [now(call); 2],
    };
    // Nothing to change is success before anything else is looked at, as in Linux.
    if times == [SetTime::Keep; 2] {
        return Ok(());
    }
    // Without a path the descriptor's object is meant (futimens(3)).
    if path.address() == 0 && directory != CURRENT {
        if !flags.is_empty() {
            return Err(Errno::EINVAL);
        }
        return set_by_descriptor(call, directory, times);
    }
    if !(AtFlags::AT_SYMLINK_NOFOLLOW | AtFlags::AT_EMPTY_PATH).contains(flags) {
        return Err(Errno::EINVAL);
    }
    set_by_path(call, directory, path, times, flags)
}

fn set_by_path<H: LinuxHost>(
    call: &Call<'_, H>,
    directory: Fd,
    path: UserString,
    [accessed, modified]: [SetTime; 2],
    flags: AtFlags,
) -> Result<()> {
    let at = At::new(call, directory, path)?;
    match at.object(flags)? {
        Object::Location(location) => Ok(change_times(&location, accessed, modified, at.caller())?),
        Object::Open(_) => Err(Errno::EPERM),
    }
}

fn set_by_descriptor<H: LinuxHost>(
    call: &Call<'_, H>,
    fd: Fd,
    [accessed, modified]: [SetTime; 2],
) -> Result<()> {
    let location = location_of(call, fd, Errno::EPERM)?;
    Ok(change_times(&location, accessed, modified, &caller(call))?)
}

fn now<H: LinuxHost>(call: &Call<'_, H>) -> SetTime {
    let now = call.host.now(Clock::Realtime);
    let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    SetTime::Now(Timestamp { seconds, nanoseconds: now.subsec_nanos() })
}

fn from_timeval(time: FileTimeval) -> Result<SetTime> {
    let microseconds = u32::try_from(time.microseconds).ok().filter(|part| *part < 1_000_000);
    let nanoseconds = microseconds.ok_or(Errno::EINVAL)? * 1000;
    Ok(SetTime::At(Timestamp { seconds: time.seconds, nanoseconds }))
}

fn from_timespec<H: LinuxHost>(call: &Call<'_, H>, time: Timespec) -> Result<SetTime> {
    match time.nanoseconds {
        UTIME_NOW => Ok(now(call)),
        UTIME_OMIT => Ok(SetTime::Keep),
        nanoseconds => {
            let part = u32::try_from(nanoseconds).ok().filter(|part| *part < 1_000_000_000);
            let nanoseconds = part.ok_or(Errno::EINVAL)?;
            Ok(SetTime::At(Timestamp { seconds: time.seconds, nanoseconds }))
        }
    }
}
