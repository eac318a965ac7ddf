//! `eventfd(2)`.

use litebox_libos::event::{EventCounter, Taking};
use litebox_libos::file::{Description, Descriptor, FileStatus};

use crate::abi::event::EventFdFlags;
use crate::arg::{Arg, Fd};
use crate::error::Result;
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn eventfd<H: LinuxHost>(call: &mut Call<'_, H>, value: u32) -> Result<Fd> {
    create(call, value, EventFdFlags::empty())
}

pub(crate) fn eventfd2<H: LinuxHost>(call: &mut Call<'_, H>, value: u32, flags: i32) -> Result<Fd> {
    create(call, value, EventFdFlags::decode(u64::from(flags.cast_unsigned()))?)
}

fn create<H: LinuxHost>(call: &mut Call<'_, H>, value: u32, flags: EventFdFlags) -> Result<Fd> {
    let taking = if flags.contains(EventFdFlags::EFD_SEMAPHORE) { Taking::One } else { Taking::All };
    let mut status = FileStatus::READ | FileStatus::WRITE;
    status.set(FileStatus::NONBLOCK, flags.contains(EventFdFlags::EFD_NONBLOCK));
    let description = Description::new(EventCounter::new(u64::from(value), taking), status);
    let close_on_exec = flags.contains(EventFdFlags::EFD_CLOEXEC);
    Fd::install(call, Descriptor { description, close_on_exec })
}
