//! `ioctl_tty(2)` on the host's streams, where they were passed as they are.

use litebox_host::console::Stream;
use litebox_host::terminal::{SetWhen, Terminal, TerminalAttributes};
use litebox_libos::event::Readiness;
use litebox_libos::file::StreamFile;
use litebox_libos::terminal::is_terminal;
use litebox_libos::user::UserPointer;

use crate::abi::file::descriptor::FIONREAD;
use crate::abi::terminal::request::{
    TCFLSH, TCGETS, TCGETS2, TCSBRK, TCSETS, TCSETS2, TCSETSF, TCSETSF2, TCSETSW, TCSETSW2, TCXONC,
    TIOCGPGRP, TIOCGSID, TIOCGWINSZ, TIOCNOTTY, TIOCSCTTY, TIOCSPGRP, TIOCSTI, TIOCSWINSZ,
};
use crate::abi::terminal::{DEFAULT_SPEED, Termios2, WindowSize};
use crate::arg::Arg;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// Carry out `request` on `stream`; `ENOTTY` if it is no terminal.
pub(super) fn control<H: LinuxHost>(
    call: &Call<'_, H>,
    stream: Stream,
    request: u32,
    argument: u64,
) -> Result<()> {
    let address = usize::decode(argument)?;
    if request == FIONREAD {
        return readable(call, stream, UserPointer::new(address));
    }
    if !is_terminal(&call.host, stream) {
        return Err(Errno::ENOTTY);
    }
    match request {
        TCGETS => {
            let attributes = Terminal::attributes(&call.host, stream)?;
            Ok(UserPointer::new(address).write(&call.host, &attributes)?)
        }
        TCGETS2 => {
            let attributes = Terminal::attributes(&call.host, stream)?;
            let value = Termios2 { attributes, input_speed: DEFAULT_SPEED, output_speed: DEFAULT_SPEED };
            Ok(UserPointer::new(address).write(&call.host, &value)?)
        }
        // The speeds that follow the attributes in `struct termios2` mean nothing to a terminal without a line.
        TCSETS | TCSETS2 => set(call, stream, SetWhen::Now, address),
        TCSETSW | TCSETSW2 => set(call, stream, SetWhen::Drain, address),
        TCSETSF | TCSETSF2 => set(call, stream, SetWhen::Flush, address),
        TIOCGWINSZ => {
            let litebox_host::terminal::WindowSize { rows, columns, width, height } =
                call.host.window_size(stream)?;
            let size = WindowSize { rows, columns, width, height };
            Ok(UserPointer::new(address).write(&call.host, &size)?)
        }
        // Whoever asks is in the foreground.
        TIOCGPGRP => Ok(UserPointer::new(address).write(&call.host, &call.process.group())?),
        TIOCGSID => Ok(UserPointer::new(address).write(&call.host, &call.process.session())?),
        TIOCSPGRP => {
            let group = UserPointer::<u32>::new(address).read(&call.host)?;
            if group == call.process.group() { Ok(()) } else { Err(Errno::EPERM) }
        }
        // Everything is sent at once, and nothing is held back.
        TCSBRK | TCXONC => Ok(()),
        TCFLSH => {
            let attributes = Terminal::attributes(&call.host, stream)?;
            Ok(Terminal::set_attributes(&call.host, stream, SetWhen::Flush, &attributes)?)
        }
        // Input in the name of the user, the terminal's size and its session are the user's own.
        TIOCSTI | TIOCSWINSZ | TIOCSCTTY | TIOCNOTTY => Err(Errno::EPERM),
        _ => Err(Errno::ENOTTY),
    }
}

fn set<H: LinuxHost>(call: &Call<'_, H>, stream: Stream, when: SetWhen, address: usize) -> Result<()> {
    let attributes: TerminalAttributes = UserPointer::new(address).read(&call.host)?;
    Ok(Terminal::set_attributes(&call.host, stream, when, &attributes)?)
}

/// The host does not count a stream's bytes: there is at least one, or none.
fn readable<H: LinuxHost>(call: &Call<'_, H>, stream: Stream, to: UserPointer<i32>) -> Result<()> {
    let file = StreamFile::open(call.host.clone(), stream);
    let count = i32::from(file.readiness().contains(Readiness::READ));
    Ok(to.write(&call.host, &count)?)
}
