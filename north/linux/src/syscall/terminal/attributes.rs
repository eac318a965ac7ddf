//! Settings and size: `TCGETS`, `TCSETS`, `TIOCGWINSZ`, `TIOCSWINSZ`.

use litebox_host::terminal::{SetWhen, TerminalAttributes};
use litebox_libos::terminal::{Queues, Settings, Speeds};
use litebox_libos::user::UserPointer;

use super::control::{End, check_change};
use crate::abi::terminal::request::{
    TCGETS, TCGETS2, TCSETS, TCSETS2, TCSETSF, TCSETSF2, TCSETSW, TCSETSW2, TIOCGWINSZ, TIOCSWINSZ,
};
use crate::abi::terminal::{Termios2, WindowSize};
use crate::error::Result;
use crate::host::LinuxHost;
use crate::row::Call;

pub(super) fn control<H: LinuxHost>(
    call: &mut Call<'_, H>,
    end: End<'_>,
    request: u32,
    address: usize,
) -> Option<Result<()>> {
    Some(match request {
        TCGETS => get(call, end, address),
        TCGETS2 => get2(call, end, address),
        TCSETS => set(call, end, SetWhen::Now, address),
        TCSETSW => set(call, end, SetWhen::Drain, address),
        TCSETSF => set(call, end, SetWhen::Flush, address),
        TCSETS2 => set2(call, end, SetWhen::Now, address),
        TCSETSW2 => set2(call, end, SetWhen::Drain, address),
        TCSETSF2 => set2(call, end, SetWhen::Flush, address),
        TIOCGWINSZ => get_window(call, end, address),
        TIOCSWINSZ => set_window(call, end, address),
        _ => return None,
    })
}

fn get<H: LinuxHost>(call: &Call<'_, H>, end: End<'_>, address: usize) -> Result<()> {
    Ok(UserPointer::new(address).write(&call.host, &end.pty().settings().encode())?)
}

fn get2<H: LinuxHost>(call: &Call<'_, H>, end: End<'_>, address: usize) -> Result<()> {
    let settings = end.pty().settings();
    let Speeds { input, output } = settings.speeds;
    let value = Termios2 { attributes: settings.encode(), input_speed: input, output_speed: output };
    Ok(UserPointer::new(address).write(&call.host, &value)?)
}

fn set<H: LinuxHost>(call: &Call<'_, H>, end: End<'_>, when: SetWhen, address: usize) -> Result<()> {
    check_change(call, end)?;
    let attributes: TerminalAttributes = UserPointer::new(address).read(&call.host)?;
    apply(end, when, Settings::decode(&attributes, end.pty().settings().speeds));
    Ok(())
}

fn set2<H: LinuxHost>(call: &Call<'_, H>, end: End<'_>, when: SetWhen, address: usize) -> Result<()> {
    check_change(call, end)?;
    let value: Termios2 = UserPointer::new(address).read(&call.host)?;
    let speeds = Speeds { input: value.input_speed, output: value.output_speed };
    apply(end, when, Settings::decode(&value.attributes, speeds));
    Ok(())
}

/// What was written is the master's at once, so there is no output to wait for.
fn apply(end: End<'_>, when: SetWhen, settings: Settings) {
    if when == SetWhen::Flush {
        end.pty().flush(Queues::Input);
    }
    end.pty().set_settings(settings);
}

fn get_window<H: LinuxHost>(call: &Call<'_, H>, end: End<'_>, address: usize) -> Result<()> {
    let litebox_host::terminal::WindowSize { rows, columns, width, height } = end.pty().window();
    Ok(UserPointer::new(address).write(&call.host, &WindowSize { rows, columns, width, height })?)
}

fn set_window<H: LinuxHost>(call: &Call<'_, H>, end: End<'_>, address: usize) -> Result<()> {
    let WindowSize { rows, columns, width, height } = UserPointer::new(address).read(&call.host)?;
    end.pty().set_window(litebox_host::terminal::WindowSize { rows, columns, width, height });
    Ok(())
}
