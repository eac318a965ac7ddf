//! What only a master can be asked (`ioctl_tty(2)`, pseudoterminal ioctls).

use alloc::sync::Arc;

use litebox_libos::file::File;
use litebox_libos::signal::Signal;
use litebox_libos::terminal::{Master, Privilege, Slave};
use litebox_libos::user::UserPointer;

use super::control::put;
use super::job::opened;
use crate::abi::file::open::OpenFlags;
use crate::abi::terminal::request::{
    TIOCGPKT, TIOCGPTLCK, TIOCGPTN, TIOCGPTPEER, TIOCPKT, TIOCSIG, TIOCSPTLCK,
};
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;
use crate::syscall::file::install;

pub(super) fn control<H: LinuxHost>(
    call: &mut Call<'_, H>,
    master: &Master,
    request: u32,
    address: usize,
) -> Result<i32> {
    let pty = master.pty();
    let pointer = UserPointer::<i32>::new(address);
    match request {
        TIOCGPTN => put(call, pointer, pty.number().cast_signed())?,
        TIOCSPTLCK => pty.set_locked(pointer.read(&call.host)? != 0),
        TIOCGPTLCK => put(call, pointer, i32::from(pty.is_locked()))?,
        TIOCPKT => pty.set_packet_mode(pointer.read(&call.host)? != 0),
        TIOCGPKT => put(call, pointer, i32::from(pty.is_in_packet_mode()))?,
        TIOCSIG => {
            let number = i32::try_from(address).map_err(|_| Errno::EINVAL)?;
            pty.signal_foreground(Signal::new(number).ok_or(Errno::EINVAL)?)?;
        }
        TIOCGPTPEER => return open_peer(call, master, address).map(|Fd(number)| number),
        _ => return Err(Errno::ENOTTY),
    }
    Ok(0)
}

/// Open the slave without its path.
fn open_peer<H: LinuxHost>(call: &Call<'_, H>, master: &Master, flags: usize) -> Result<Fd> {
    let flags = u32::try_from(flags & 0xffff_ffff).map_err(|_| Errno::EINVAL)?;
    let flags = OpenFlags::from_bits_truncate(flags).effective();
    let namespace = call.place.namespace();
    let location = namespace.terminal(master.pty().number()).ok_or(Errno::EIO)?;
    let is_superuser = call.credentials.user.effective == 0;
    let privilege = if is_superuser { Privilege::Superuser } else { Privilege::Ordinary };
    let slave: Arc<dyn File> = Slave::open(master.pty(), location, privilege)?;
    let status = flags.status();
    opened(call, &*slave, status, flags);
    install(call, slave, status, flags.contains(OpenFlags::O_CLOEXEC))
}
