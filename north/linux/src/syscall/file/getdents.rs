//! `getdents(2)`, `getdents64(2)`.

use alloc::vec::Vec;

use litebox_host::memory::UserAccess;
use litebox_libos::file::Listing;
use litebox_libos::user::UserPointer;

use super::at::usable;
use crate::abi::file::path::EntryLayout;
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// The most bytes that one call gives: programs ask for 32 KiB, and the entries are gathered here first.
const MAX_BYTES: usize = 256 << 10;

pub(crate) fn getdents<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    buffer: UserPointer<u8>,
    count: u32,
) -> Result<usize> {
    list(call, fd, buffer, count, EntryLayout::Old)
}

pub(crate) fn getdents64<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    buffer: UserPointer<u8>,
    count: u32,
) -> Result<usize> {
    list(call, fd, buffer, count, EntryLayout::New)
}

fn list<H: LinuxHost>(
    call: &Call<'_, H>,
    fd: Fd,
    buffer: UserPointer<u8>,
    count: u32,
    layout: EntryLayout,
) -> Result<usize> {
    let description = usable(call, fd)?;
    let folder = description.file().folder().ok_or(Errno::ENOTDIR)?;
    let room = (count as usize).min(MAX_BYTES);
    let mut bytes: Vec<u8> = Vec::new();
    bytes.try_reserve_exact(room).map_err(|_| Errno::ENOMEM)?;
    let mut offset = description.offset().lock();
    let mut cookie = *offset;
    let mut too_small = false;
    folder.list(cookie, &mut |entry| {
        if bytes.len() + layout.size(entry.name.len()) > room {
            too_small = bytes.is_empty();
            return Listing::Stop;
        }
        layout.append(&entry, &mut bytes);
        cookie = entry.cookie;
        Listing::More
    })?;
    if too_small {
        return Err(Errno::EINVAL);
    }
    UserAccess::write(&call.host, buffer.address(), &bytes)?;
    *offset = cookie;
    Ok(bytes.len())
}
