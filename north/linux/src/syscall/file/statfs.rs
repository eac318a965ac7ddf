//! `statfs(2)`, `fstatfs(2)`.

use litebox_libos::file::{LastLink, Location, MountAccess};
use litebox_libos::user::{UserPointer, UserString};

use super::at::{At, CURRENT};
use crate::abi::file::status::{ST_RDONLY, Statfs};
use crate::arg::Fd;
use crate::error::Result;
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn statfs<H: LinuxHost>(
    call: &mut Call<'_, H>,
    path: UserString,
    buffer: UserPointer<Statfs>,
) -> Result<()> {
    let location = At::new(call, CURRENT, path)?.find(LastLink::Follow)?;
    Ok(buffer.write(&call.host, &figures(&location)?)?)
}

pub(crate) fn fstatfs<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    buffer: UserPointer<Statfs>,
) -> Result<()> {
    let description = call.descriptors.get(fd.number()?)?;
    let answer = match description.file().location() {
        Some(location) => figures(location)?,
        None => nowhere(),
    };
    Ok(buffer.write(&call.host, &answer)?)
}

fn figures(location: &Location) -> Result<Statfs> {
    let file_system = location.vnode.file_system();
    let flags = match location.mount.access {
        MountAccess::ReadOnly => ST_RDONLY,
        MountAccess::ReadWrite => 0,
    };
    Ok(Statfs::new(&file_system.statistics()?, file_system.kind(), file_system.device(), flags))
}

/// Of what lies in no folder: most of it is pipes.
fn nowhere() -> Statfs {
    const PIPEFS_MAGIC: u64 = 0x5049_5045;
    Statfs { f_type: PIPEFS_MAGIC, f_bsize: 4096, f_frsize: 4096, f_namelen: 255, ..Statfs::default() }
}
