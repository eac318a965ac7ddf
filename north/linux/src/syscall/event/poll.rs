//! `poll(2)`, `ppoll(2)`.

use alloc::vec::Vec;
use core::time::Duration;

use litebox_host::time::Deadline;
use litebox_libos::event::{self, PollItem, Readiness};
use litebox_libos::user::UserPointer;

use super::timeout;
use crate::abi::event::{PollEvents, PollFd};
use crate::abi::time::Timespec;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn poll<H: LinuxHost>(
    call: &mut Call<'_, H>,
    descriptors: UserPointer<u8>,
    count: u32,
    timeout: i32,
) -> Result<u32> {
    let deadline = timeout::deadline(call.task, timeout::milliseconds(timeout));
    wait(call, descriptors.cast(), count, deadline, None)
}

pub(crate) fn ppoll<H: LinuxHost>(
    call: &mut Call<'_, H>,
    descriptors: UserPointer<u8>,
    count: u32,
    timeout: UserPointer<u8>,
    mask: UserPointer<u8>,
    size: usize,
) -> Result<u32> {
    let timeout: UserPointer<Timespec> = timeout.cast();
    let limit = match timeout.non_null() {
        Some(timeout) => Some(timeout::duration(timeout.read(&call.host)?)?),
        None => None,
    };
    let mask = timeout::signal_mask(&call.host, mask.cast(), size)?;
    let deadline = timeout::deadline(call.task, limit);
    let outcome = wait(call, descriptors.cast(), count, deadline, mask);
    if let Some(deadline) = deadline {
        let left =
            if deadline == Deadline(0) { Duration::ZERO } else { timeout::remaining(&call.host, deadline) };
        // As Linux does: the result stands even if the time cannot be told.
        let _ = timeout.write(&call.host, &timeout::timespec(left));
    }
    outcome
}

fn wait<H: LinuxHost>(
    call: &mut Call<'_, H>,
    descriptors: UserPointer<PollFd>,
    count: u32,
    deadline: Option<Deadline>,
    mask: Option<u64>,
) -> Result<u32> {
    if count > call.descriptor_limit() {
        return Err(Errno::EINVAL);
    }
    let count = count as usize;
    let mut entries: Vec<PollFd> = Vec::new();
    let mut items: Vec<PollItem> = Vec::new();
    entries.try_reserve_exact(count).map_err(|_| Errno::ENOMEM)?;
    items.try_reserve_exact(count).map_err(|_| Errno::ENOMEM)?;
    for index in 0..count {
        let mut entry = descriptors.element(index).read(&call.host)?;
        items.push(item(call, &mut entry));
        entries.push(entry);
    }
    let any_invalid = entries.iter().any(|entry| entry.revents != 0);
    let deadline = if any_invalid { Some(Deadline(0)) } else { deadline };
    call.task.with_signal_mask(mask, |task| event::poll(&task.caller(), &mut items, deadline)).map_err(
        |error| match Errno::from(error) {
            Errno::ERESTARTSYS => Errno::ERESTARTNOHAND,
            errno => errno,
        },
    )?;
    let mut ready = 0;
    for (index, (entry, item)) in entries.iter_mut().zip(&items).enumerate() {
        entry.revents |= low_half(PollEvents::from_bits_truncate(u32::from(entry.events)).answer(item.ready));
        ready += u32::from(entry.revents != 0);
        descriptors.element(index).write(&call.host, entry)?;
    }
    Ok(ready)
}

/// What to wait for on behalf of `entry`. A closed number is answered at once.
fn item<H: LinuxHost>(call: &Call<'_, H>, entry: &mut PollFd) -> PollItem {
    entry.revents = 0;
    let interest = PollEvents::from_bits_truncate(u32::from(entry.events)).interest();
    let Ok(number) = u32::try_from(entry.fd) else {
        return PollItem { description: None, interest, ready: Readiness::empty() };
    };
    let description = call.descriptors.get_usable(number).ok();
    if description.is_none() {
        entry.revents = low_half(PollEvents::NVAL);
    }
    PollItem { description, interest, ready: Readiness::empty() }
}

#[expect(clippy::cast_possible_truncation, reason = "the events of poll lie in the low half")]
fn low_half(events: PollEvents) -> u16 {
    events.bits() as u16
}
