//! `pipe(2)`.

use alloc::sync::Arc;

use litebox_libos::file::{Description, Descriptor, File, FileStatus};
use litebox_libos::pipe::PipeEnd;
use litebox_libos::user::UserPointer;

use crate::abi::pipe::PipeFlags;
use crate::arg::{Arg, Fd};
use crate::error::Result;
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn pipe<H: LinuxHost>(call: &mut Call<'_, H>, descriptors: UserPointer<u8>) -> Result<()> {
    create(call, descriptors, PipeFlags::empty())
}

pub(crate) fn pipe2<H: LinuxHost>(
    call: &mut Call<'_, H>,
    descriptors: UserPointer<u8>,
    flags: i32,
) -> Result<()> {
    create(call, descriptors, PipeFlags::decode(u64::from(flags.cast_unsigned()))?)
}

fn create<H: LinuxHost>(
    call: &mut Call<'_, H>,
    descriptors: UserPointer<u8>,
    flags: PipeFlags,
) -> Result<()> {
    let (reader, writer) =
        PipeEnd::pair_of(call.credentials.user.file_system, call.credentials.group.file_system);
    let mut status = FileStatus::empty();
    status.set(FileStatus::NONBLOCK, flags.contains(PipeFlags::O_NONBLOCK));
    status.set(FileStatus::DIRECT, flags.contains(PipeFlags::O_DIRECT));
    writer.set_packet_mode(flags.contains(PipeFlags::O_DIRECT));
    let close_on_exec = flags.contains(PipeFlags::O_CLOEXEC);
    let open = |file: Arc<dyn File>, access| Descriptor {
        description: Description::new(file, status | access),
        close_on_exec,
    };
    let pair = [open(reader, FileStatus::READ), open(writer, FileStatus::WRITE)];
    Fd::install_pair(call, pair, descriptors.cast())
}
