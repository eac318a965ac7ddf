//! `epoll_create(2)`, `epoll_ctl(2)`, `epoll_wait(2)` and their variants.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use litebox_libos::event::{Epoll, Trigger, Watching};
use litebox_libos::file::{Description, Descriptor, FileStatus};
use litebox_libos::user::UserPointer;

use super::timeout;
use crate::abi::event::{EPOLL_CTL_ADD, EPOLL_CTL_DEL, EPOLL_CTL_MOD, EpollEvent, EpollFlags, PollEvents};
use crate::abi::time::Timespec;
use crate::arg::{Arg, Fd};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn epoll_create<H: LinuxHost>(call: &mut Call<'_, H>, size: i32) -> Result<Fd> {
    if size <= 0 {
        return Err(Errno::EINVAL);
    }
    create(call, EpollFlags::empty())
}

pub(crate) fn epoll_create1<H: LinuxHost>(call: &mut Call<'_, H>, flags: i32) -> Result<Fd> {
    create(call, EpollFlags::decode(u64::from(flags.cast_unsigned()))?)
}

fn create<H: LinuxHost>(call: &mut Call<'_, H>, flags: EpollFlags) -> Result<Fd> {
    let file = Epoll::new(call.host.clone());
    let description = Description::new(file, FileStatus::READ | FileStatus::WRITE);
    let close_on_exec = flags.contains(EpollFlags::EPOLL_CLOEXEC);
    Fd::install(call, Descriptor { description, close_on_exec })
}

pub(crate) fn epoll_ctl<H: LinuxHost>(
    call: &mut Call<'_, H>,
    epoll: Fd,
    operation: i32,
    fd: Fd,
    event: UserPointer<u8>,
) -> Result<()> {
    let event = match operation {
        EPOLL_CTL_DEL => EpollEvent::default(),
        _ => event.cast::<EpollEvent>().read(&call.host)?,
    };
    let number = fd.number()?;
    let instance = call.descriptors.get_usable(epoll.number()?)?;
    let target = call.descriptors.get_usable(number)?;
    if !target.file().is_watchable() {
        return Err(Errno::EPERM);
    }
    if Arc::ptr_eq(target.file(), instance.file()) {
        return Err(Errno::EINVAL);
    }
    let list = instance.file_as::<Epoll<H>>().ok_or(Errno::EINVAL)?;
    match operation {
        EPOLL_CTL_ADD => {
            let watching = watching(event)?;
            list.add(number, &target, watching, call.asker(), call.descriptors.nesting())?;
        }
        EPOLL_CTL_MOD => {
            let watching = watching(event)?;
            if watching.exclusive {
                return Err(Errno::EINVAL);
            }
            list.modify(number, &target, watching, call.asker())?;
        }
        EPOLL_CTL_DEL => list.remove(number, &target)?,
        _ => return Err(Errno::EINVAL),
    }
    Ok(())
}

/// What may be combined with `EPOLLEXCLUSIVE` (`epoll_ctl(2)`).
const WITH_EXCLUSIVE: PollEvents = PollEvents::IN
    .union(PollEvents::OUT)
    .union(PollEvents::ERR)
    .union(PollEvents::HUP)
    .union(PollEvents::WAKEUP)
    .union(PollEvents::ET)
    .union(PollEvents::EXCLUSIVE);

fn watching(event: EpollEvent) -> Result<Watching> {
    let events = PollEvents::from_bits_retain(event.events);
    let exclusive = events.contains(PollEvents::EXCLUSIVE);
    if exclusive && !WITH_EXCLUSIVE.contains(events) {
        return Err(Errno::EINVAL);
    }
    Ok(Watching {
        interest: events.interest(),
        trigger: if events.contains(PollEvents::ET) { Trigger::Edge } else { Trigger::Level },
        once: events.contains(PollEvents::ONESHOT),
        exclusive,
        data: event.data(),
        mask: event.events,
    })
}

pub(crate) fn epoll_wait<H: LinuxHost>(
    call: &mut Call<'_, H>,
    epoll: Fd,
    events: UserPointer<u8>,
    count: i32,
    timeout: i32,
) -> Result<u32> {
    wait(call, epoll, events.cast(), count, timeout::milliseconds(timeout), None)
}

pub(crate) fn epoll_pwait<H: LinuxHost>(
    call: &mut Call<'_, H>,
    epoll: Fd,
    events: UserPointer<u8>,
    count: i32,
    timeout: i32,
    mask: UserPointer<u8>,
    size: usize,
) -> Result<u32> {
    let mask = timeout::signal_mask(&call.host, mask.cast(), size)?;
    wait(call, epoll, events.cast(), count, timeout::milliseconds(timeout), mask)
}

pub(crate) fn epoll_pwait2<H: LinuxHost>(
    call: &mut Call<'_, H>,
    epoll: Fd,
    events: UserPointer<u8>,
    count: i32,
    timeout: UserPointer<u8>,
    mask: UserPointer<u8>,
    size: usize,
) -> Result<u32> {
    let timeout = match timeout.cast::<Timespec>().non_null() {
        Some(timeout) => Some(timeout::duration(timeout.read(&call.host)?)?),
        None => None,
    };
    let mask = timeout::signal_mask(&call.host, mask.cast(), size)?;
    wait(call, epoll, events.cast(), count, timeout, mask)
}

fn wait<H: LinuxHost>(
    call: &mut Call<'_, H>,
    epoll: Fd,
    events: UserPointer<EpollEvent>,
    count: i32,
    timeout: Option<Duration>,
    mask: Option<u64>,
) -> Result<u32> {
    /// `EP_MAX_EVENTS`: the array fits an `int`.
    const MOST: usize = i32::MAX as usize / size_of::<EpollEvent>();
    let most = match usize::try_from(count) {
        Ok(most @ 1..=MOST) => most,
        _ => return Err(Errno::EINVAL),
    };
    let instance = call.descriptors.get_usable(epoll.number()?)?;
    let list = instance.file_as::<Epoll<H>>().ok_or(Errno::EINVAL)?;
    let deadline = timeout::deadline(call.task, timeout);
    let mut reports = Vec::new();
    let waited =
        call.task.with_signal_mask(mask, |task| list.wait(&task.caller(), most, deadline, &mut reports));
    // Never started again once a handler ran, whatever it asked for (`signal(7)`).
    waited.map_err(|error| match Errno::from(error) {
        Errno::ERESTARTSYS => Errno::ERESTARTNOHAND,
        errno => errno,
    })?;
    let mut written = 0;
    for report in reports {
        let mask = PollEvents::from_bits_retain(report.mask);
        let event = EpollEvent::new(mask.answer(report.ready).bits(), report.data);
        match events.element(written as usize).write(&call.host, &event) {
            Err(_) if written > 0 => break,
            outcome => outcome?,
        }
        written += 1;
    }
    Ok(written)
}
