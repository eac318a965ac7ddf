//! Which terminal a request is for.

use litebox_libos::file::Description;
use litebox_libos::signal::Signal;
use litebox_libos::terminal::{Master, Pty, Slave};
use litebox_libos::user::UserPointer;

use super::{attributes, job, pseudoterminal, queue, stream};
use crate::abi::terminal::request::{
    TCSBRK, TCSBRKP, TIOCCBRK, TIOCCONS, TIOCEXCL, TIOCGDEV, TIOCGETD, TIOCGEXCL, TIOCGPTPEER, TIOCNXCL,
    TIOCOUTQ, TIOCSBRK, TIOCSETD, TIOCSPGRP, TIOCSTI,
};
use crate::arg::Arg;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// An end of a pseudoterminal that a request came by.
#[derive(Clone, Copy)]
pub(super) enum End<'a> {
    Master(&'a Master),
    Slave(&'a Slave),
}

impl<'a> End<'a> {
    fn of(description: &'a Description) -> Option<Self> {
        let master = description.file_as().map(Self::Master);
        master.or_else(|| description.file_as().map(Self::Slave))
    }

    pub(super) fn pty(self) -> &'a Pty {
        match self {
            Self::Master(master) => master.pty(),
            Self::Slave(slave) => slave.pty(),
        }
    }
}

/// Carry out `request`; `ENOTTY` if `description` is no terminal.
pub(crate) fn control<H: LinuxHost>(
    call: &mut Call<'_, H>,
    description: &Description,
    request: u32,
    argument: u64,
) -> Result<i32> {
    if let Some(stream) = description.file().stream() {
        stream::control(call, stream, request, argument)?;
        return Ok(0);
    }
    let end = End::of(description).ok_or(Errno::ENOTTY)?;
    if let End::Slave(slave) = end
        && slave.pty().is_hung_up()
    {
        return Err(if request == TIOCSPGRP { Errno::ENOTTY } else { Errno::EIO });
    }
    let address = usize::decode(argument)?;
    let handlers = [attributes::control, job::control, queue::control, general];
    for handler in handlers {
        if let Some(outcome) = handler(call, end, request, address) {
            return outcome.map(|()| 0);
        }
    }
    match end {
        End::Master(master) => pseudoterminal::control(call, master, request, address),
        End::Slave(_) => Err(if request == TIOCGPTPEER { Errno::EIO } else { Errno::ENOTTY }),
    }
}

/// A background process that changes the terminal is stopped. A master is nobody's controlling terminal.
pub(super) fn check_change<H: LinuxHost>(call: &Call<'_, H>, end: End<'_>) -> Result<()> {
    match end {
        End::Master(_) => Ok(()),
        End::Slave(slave) => {
            Ok(slave.pty().check_background(&call.process, &call.thread, Signal::SIGTTOU)?)
        }
    }
}

fn general<H: LinuxHost>(
    call: &mut Call<'_, H>,
    end: End<'_>,
    request: u32,
    address: usize,
) -> Option<Result<()>> {
    let pty = end.pty();
    let pointer = UserPointer::<i32>::new(address);
    Some(match request {
        TIOCEXCL => {
            pty.set_exclusive(true);
            Ok(())
        }
        TIOCNXCL => {
            pty.set_exclusive(false);
            Ok(())
        }
        TIOCGEXCL => put(call, pointer, i32::from(pty.is_exclusive())),
        TIOCGDEV => put(call, pointer, i32::try_from(pty.device()).unwrap_or(i32::MAX)),
        // What is written is the master's at once.
        TIOCOUTQ => put(call, pointer, 0),
        TIOCGETD => put(call, pointer, 0),
        TIOCSETD => set_discipline(call, end, pointer),
        // There is no line to send a break on.
        TCSBRK | TCSBRKP | TIOCSBRK | TIOCCBRK => check_change(call, end),
        // As Linux does where `dev.tty.legacy_tiocsti` is 0: nobody types in the user's name.
        TIOCSTI => Err(Errno::EIO),
        TIOCCONS => Err(Errno::EPERM),
        _ => return None,
    })
}

/// Copy a number out.
pub(super) fn put<H: LinuxHost>(call: &Call<'_, H>, to: UserPointer<i32>, value: i32) -> Result<()> {
    Ok(to.write(&call.host, &value)?)
}

/// There is one line discipline: `N_TTY`, number 0.
fn set_discipline<H: LinuxHost>(call: &Call<'_, H>, end: End<'_>, from: UserPointer<i32>) -> Result<()> {
    check_change(call, end)?;
    if from.read(&call.host)? == 0 { Ok(()) } else { Err(Errno::EINVAL) }
}
