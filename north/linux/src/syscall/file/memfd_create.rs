//! `memfd_create(2)`.

use litebox_libos::ErrorKind;
use litebox_libos::file::{FileStatus, Seals};
use litebox_libos::user::UserString;

use super::at::{caller, install};
use crate::abi::file::open::MemfdFlags;
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// The longest name, with its NUL (`NAME_MAX` less the length of `memfd:`).
const MAX_NAME: usize = 250;

pub(crate) fn memfd_create<H: LinuxHost>(
    call: &mut Call<'_, H>,
    name: UserString,
    flags: MemfdFlags,
) -> Result<Fd> {
    if flags.contains(MemfdFlags::MFD_EXEC | MemfdFlags::MFD_NOEXEC_SEAL) {
        return Err(Errno::EINVAL);
    }
    if flags.contains(MemfdFlags::MFD_HUGETLB) {
        // As on a machine without huge pages set aside.
        return Err(Errno::ENODEV);
    }
    let name = name.read(&call.host, MAX_NAME, ErrorKind::InvalidArgument)?;
    let label = [b"memfd:", &*name].concat();
    let (mode, seals) = if flags.contains(MemfdFlags::MFD_NOEXEC_SEAL) {
        (0o666, Seals::EXECUTE)
    } else if flags.contains(MemfdFlags::MFD_ALLOW_SEALING) {
        (0o777, Seals::empty())
    } else {
        (0o777, Seals::SEAL)
    };
    let file = call.place.namespace().open_unmounted(&label, mode, seals, &caller(call))?;
    let status = FileStatus::READ | FileStatus::WRITE;
    install(call, file, status, flags.contains(MemfdFlags::MFD_CLOEXEC))
}
