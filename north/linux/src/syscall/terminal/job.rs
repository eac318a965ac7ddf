//! Sessions and the foreground: `TIOCSCTTY`, `TIOCNOTTY`, `TIOCGPGRP`, `TIOCSPGRP`, `TIOCGSID`.

use litebox_libos::ErrorKind;
use litebox_libos::file::{File, FileStatus};
use litebox_libos::signal::Signal;
use litebox_libos::terminal::{Acquisition, Slave};
use litebox_libos::user::UserPointer;

use super::control::{End, put};
use crate::abi::file::open::OpenFlags;
use crate::abi::terminal::request::{TIOCGPGRP, TIOCGSID, TIOCNOTTY, TIOCSCTTY, TIOCSPGRP};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(super) fn control<H: LinuxHost>(
    call: &mut Call<'_, H>,
    end: End<'_>,
    request: u32,
    address: usize,
) -> Option<Result<()>> {
    let pointer = UserPointer::<i32>::new(address);
    Some(match request {
        TIOCSCTTY => acquire(call, end),
        TIOCNOTTY => give_up(call, end),
        TIOCGPGRP => foreground(call, end).and_then(|group| put(call, pointer, group.cast_signed())),
        TIOCSPGRP => set_foreground(call, end, pointer),
        TIOCGSID => session(call, end).and_then(|session| put(call, pointer, session.cast_signed())),
        _ => return None,
    })
}

/// An open terminal becomes the controlling terminal of a session's leader that has none (`open(2)`, `O_NOCTTY`).
pub(crate) fn opened<H: LinuxHost>(
    call: &Call<'_, H>,
    file: &dyn File,
    status: FileStatus,
    flags: OpenFlags,
) {
    let file: &dyn core::any::Any = file;
    let Some(slave) = file.downcast_ref::<Slave>() else { return };
    if !flags.contains(OpenFlags::O_NOCTTY) && status.contains(FileStatus::READ) {
        let terminals = call.place.namespace().terminals();
        // By opening alone, what cannot be had is not missed.
        let _ = terminals.acquire(slave.pty(), &call.process, Acquisition::ByOpening);
    }
}

fn acquire<H: LinuxHost>(call: &Call<'_, H>, end: End<'_>) -> Result<()> {
    match end {
        End::Slave(slave) => {
            let terminals = call.place.namespace().terminals();
            Ok(terminals.acquire(slave.pty(), &call.process, Acquisition::Asked)?)
        }
        End::Master(_) => Err(Errno::EPERM),
    }
}

fn give_up<H: LinuxHost>(call: &Call<'_, H>, end: End<'_>) -> Result<()> {
    match end {
        End::Slave(slave) => Ok(slave.pty().give_up(&call.process)?),
        End::Master(_) => Err(Errno::ENOTTY),
    }
}

/// By the slave, a terminal tells of its session only those that it controls.
fn check_own<H: LinuxHost>(call: &Call<'_, H>, end: End<'_>) -> Result<()> {
    match end {
        End::Slave(slave) if !slave.pty().controls(&call.process) => Err(Errno::ENOTTY),
        _ => Ok(()),
    }
}

fn foreground<H: LinuxHost>(call: &Call<'_, H>, end: End<'_>) -> Result<u32> {
    check_own(call, end)?;
    Ok(end.pty().session().and_then(|(_, foreground)| foreground).unwrap_or(0))
}

fn session<H: LinuxHost>(call: &Call<'_, H>, end: End<'_>) -> Result<u32> {
    check_own(call, end)?;
    end.pty().session().map(|(session, _)| session).ok_or(Errno::ENOTTY)
}

fn set_foreground<H: LinuxHost>(call: &Call<'_, H>, end: End<'_>, from: UserPointer<i32>) -> Result<()> {
    let pty = end.pty();
    match pty.check_background(&call.process, &call.thread, Signal::SIGTTOU) {
        Err(error) if error.kind == ErrorKind::InputOutput => return Err(Errno::ENOTTY),
        outcome => outcome?,
    }
    if !pty.controls(&call.process) {
        return Err(Errno::ENOTTY);
    }
    let group = u32::try_from(from.read(&call.host)?).map_err(|_| Errno::EINVAL)?;
    Ok(pty.set_foreground(&call.process, group)?)
}
