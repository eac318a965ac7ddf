//! `signalfd(2)`.

use litebox_libos::file::{Description, Descriptor, FileStatus};
use litebox_libos::signal::{RECORD_SIZE, SignalFile, SignalInfo};
use litebox_libos::user::UserPointer;
use zerocopy::IntoBytes;

use super::read_set;
use crate::abi::signal::{SFD_CLOEXEC, SFD_NONBLOCK, SigInfo, SignalfdSiginfo};
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn signalfd<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    mask: UserPointer<u8>,
    size: usize,
) -> Result<Fd> {
    signalfd4(call, fd, mask, size, 0)
}

pub(crate) fn signalfd4<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    mask: UserPointer<u8>,
    size: usize,
    flags: i32,
) -> Result<Fd> {
    if flags & !(SFD_CLOEXEC | SFD_NONBLOCK) != 0 {
        return Err(Errno::EINVAL);
    }
    let wanted = read_set(&call.host, mask, size)?;
    // -1 asks for a new one.
    if fd.0 != -1 {
        let description = call.descriptors.get(fd.number()?)?;
        description.file_as::<SignalFile>().ok_or(Errno::EINVAL)?.set_wanted(&call.process, wanted);
        return Ok(fd);
    }
    let mut status = FileStatus::READ | FileStatus::WRITE;
    status.set(FileStatus::NONBLOCK, flags & SFD_NONBLOCK != 0);
    let file = SignalFile::new(wanted, record);
    let description = Description::new(file, status);
    Fd::install(call, Descriptor { description, close_on_exec: flags & SFD_CLOEXEC != 0 })
}

/// What a reader gets of a signal.
fn record(info: &SignalInfo) -> [u8; RECORD_SIZE] {
    let mut bytes = [0; RECORD_SIZE];
    let record = SignalfdSiginfo::new(&SigInfo::new(info), info);
    bytes.copy_from_slice(record.as_bytes());
    bytes
}
