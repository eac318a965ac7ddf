//! Queues and flow: `TCFLSH`, `TCXONC` (`tcflush(3)`, `tcflow(3)`).

use litebox_libos::terminal::{Flow, Queues};

use super::control::{End, check_change};
use crate::abi::terminal::request::{TCFLSH, TCXONC};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(super) fn control<H: LinuxHost>(
    call: &mut Call<'_, H>,
    end: End<'_>,
    request: u32,
    which: usize,
) -> Option<Result<()>> {
    match request {
        TCFLSH => Some(flush(call, end, which)),
        TCXONC => Some(flow(call, end, which)),
        _ => None,
    }
}

fn flush<H: LinuxHost>(call: &Call<'_, H>, end: End<'_>, which: usize) -> Result<()> {
    check_change(call, end)?;
    let queues = match which {
        0 => Queues::Input,
        1 => Queues::Output,
        2 => Queues::Both,
        _ => return Err(Errno::EINVAL),
    };
    match end {
        End::Master(master) => master.pty().flush_master(queues),
        End::Slave(slave) => slave.pty().flush(queues),
    }
    Ok(())
}

fn flow<H: LinuxHost>(call: &Call<'_, H>, end: End<'_>, which: usize) -> Result<()> {
    check_change(call, end)?;
    let flow = match which {
        0 => Flow::StopOutput,
        1 => Flow::StartOutput,
        2 => Flow::StopInput,
        3 => Flow::StartInput,
        _ => return Err(Errno::EINVAL),
    };
    match end {
        // Nothing holds back what a master writes.
        End::Master(_) => Ok(()),
        End::Slave(slave) => Ok(slave.pty().flow(flow)?),
    }
}
