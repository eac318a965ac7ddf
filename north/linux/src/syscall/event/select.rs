//! `select(2)`, `pselect6(2)`.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use litebox_host::time::Deadline;
use litebox_libos::event::{self, PollItem, Readiness};
use litebox_libos::user::UserPointer;

use super::timeout;
use crate::abi::event::{SelectMask, Timeval};
use crate::abi::time::Timespec;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// What membership in each of the three sets waits for: `POLLIN_SET`, `POLLOUT_SET` and `POLLEX_SET` of Linux.
const INTERESTS: [Readiness; 3] = [
    Readiness::READ.union(Readiness::HANG_UP).union(Readiness::ERROR),
    Readiness::WRITE.union(Readiness::ERROR),
    Readiness::PRIORITY,
];

/// The read, write and except set; a null pointer is an empty one.
type Sets = [UserPointer<u64>; 3];

pub(crate) fn select<H: LinuxHost>(
    call: &mut Call<'_, H>,
    count: i32,
    read: UserPointer<u8>,
    write: UserPointer<u8>,
    except: UserPointer<u8>,
    timeout: UserPointer<u8>,
) -> Result<u32> {
    let timeout: UserPointer<Timeval> = timeout.cast();
    let limit = match timeout.non_null() {
        Some(timeout) => Some(duration(timeout.read(&call.host)?)?),
        None => None,
    };
    let deadline = timeout::deadline(call.task, limit);
    let outcome = wait(call, count, [read.cast(), write.cast(), except.cast()], deadline, None);
    if let Some(left) = left(call, deadline) {
        let seconds = i64::try_from(left.as_secs()).unwrap_or(i64::MAX);
        let value = Timeval { seconds, microseconds: i64::from(left.subsec_micros()) };
        // As Linux does: the result stands even if the time cannot be told.
        let _ = timeout.write(&call.host, &value);
    }
    outcome
}

pub(crate) fn pselect6<H: LinuxHost>(
    call: &mut Call<'_, H>,
    count: i32,
    read: UserPointer<u8>,
    write: UserPointer<u8>,
    except: UserPointer<u8>,
    timeout: UserPointer<u8>,
    mask: UserPointer<u8>,
) -> Result<u32> {
    let timeout: UserPointer<Timespec> = timeout.cast();
    let limit = match timeout.non_null() {
        Some(timeout) => Some(timeout::duration(timeout.read(&call.host)?)?),
        None => None,
    };
    let mask = match mask.cast::<SelectMask>().non_null() {
        Some(mask) => {
            let SelectMask { address, size } = mask.read(&call.host)?;
            let address = usize::try_from(address).map_err(|_| Errno::EFAULT)?;
            let size = usize::try_from(size).map_err(|_| Errno::EINVAL)?;
            timeout::signal_mask(&call.host, UserPointer::new(address), size)?
        }
        None => None,
    };
    let deadline = timeout::deadline(call.task, limit);
    let outcome = wait(call, count, [read.cast(), write.cast(), except.cast()], deadline, mask);
    if let Some(left) = left(call, deadline) {
        let _ = timeout.write(&call.host, &timeout::timespec(left));
    }
    outcome
}

/// Microseconds may exceed a second here (`select(2)`: Linux carries them over).
fn duration(time: Timeval) -> Result<Duration> {
    let seconds = u64::try_from(time.seconds).map_err(|_| Errno::EINVAL)?;
    let microseconds = u64::try_from(time.microseconds).map_err(|_| Errno::EINVAL)?;
    Ok(Duration::from_secs(seconds).saturating_add(Duration::from_micros(microseconds)))
}

fn left<H: LinuxHost>(call: &Call<'_, H>, deadline: Option<Deadline>) -> Option<Duration> {
    match deadline? {
        Deadline(0) => Some(Duration::ZERO),
        deadline => Some(timeout::remaining(&call.host, deadline)),
    }
}

fn wait<H: LinuxHost>(
    call: &mut Call<'_, H>,
    count: i32,
    sets: Sets,
    deadline: Option<Deadline>,
    mask: Option<u64>,
) -> Result<u32> {
    let count = u32::try_from(count).map_err(|_| Errno::EINVAL)?;
    // Numbers beyond the table are not looked at.
    let words = count.min(call.descriptor_limit()).div_ceil(64) as usize;
    let mut chosen = Vec::new();
    chosen.try_reserve_exact(words).map_err(|_| Errno::ENOMEM)?;
    let mut items = Vec::new();
    for index in 0..words {
        let word = read_word(call, &sets, index, count)?;
        add_items(call, &word, index, &mut items)?;
        chosen.push(word);
    }
    let numbers: Vec<u32> = items.iter().map(|(number, _)| *number).collect();
    let mut items: Vec<PollItem> = items.into_iter().map(|(_, item)| item).collect();
    let waited = call.task.with_signal_mask(mask, |task| event::poll(&task.caller(), &mut items, deadline));
    waited.map_err(|error| match Errno::from(error) {
        Errno::ERESTARTSYS => Errno::ERESTARTNOHAND,
        errno => errno,
    })?;
    keep_ready(&mut chosen, &numbers, &items);
    for (index, word) in chosen.iter().enumerate() {
        for (set, bits) in sets.iter().zip(word) {
            if let Some(set) = set.non_null() {
                set.element(index).write(&call.host, bits)?;
            }
        }
    }
    Ok(chosen.iter().flatten().map(|bits| bits.count_ones()).sum())
}

/// The `index`-th word of each set, without numbers from `count` on.
fn read_word<H: LinuxHost>(call: &Call<'_, H>, sets: &Sets, index: usize, count: u32) -> Result<[u64; 3]> {
    let first = u32::try_from(index * 64).map_err(|_| Errno::EINVAL)?;
    let below = count.saturating_sub(first);
    let valid = if below >= 64 { u64::MAX } else { (1 << below) - 1 };
    let mut word = [0; 3];
    for (bits, set) in word.iter_mut().zip(sets) {
        if let Some(set) = set.non_null() {
            *bits = set.element(index).read(&call.host)? & valid;
        }
    }
    Ok(word)
}

/// Add an item for each number in the `index`-th `word` of a set.
fn add_items<H: LinuxHost>(
    call: &Call<'_, H>,
    word: &[u64; 3],
    index: usize,
    items: &mut Vec<(u32, PollItem)>,
) -> Result<()> {
    let mut any = word.iter().fold(0, |any, bits| any | bits);
    items.try_reserve(any.count_ones() as usize).map_err(|_| Errno::ENOMEM)?;
    while any != 0 {
        let bit = any.trailing_zeros();
        any &= any - 1;
        let number = u32::try_from(index * 64).map_err(|_| Errno::EINVAL)? + bit;
        let description = Arc::clone(&call.descriptors.get_usable(number)?);
        let member = word.iter().zip(INTERESTS).filter(|(bits, _)| **bits & (1 << bit) != 0);
        let interest = member.fold(Readiness::empty(), |interest, (_, bits)| interest | bits);
        let item = PollItem { description: Some(description), interest, ready: Readiness::empty() };
        items.push((number, item));
    }
    Ok(())
}

/// Take the numbers that are not ready out of the sets.
fn keep_ready(words: &mut [[u64; 3]], numbers: &[u32], items: &[PollItem]) {
    for (number, item) in numbers.iter().zip(items) {
        let Some(word) = words.get_mut(*number as usize / 64) else { continue };
        for (bits, interest) in word.iter_mut().zip(INTERESTS) {
            if !item.ready.intersects(interest) {
                *bits &= !(1 << (number % 64));
            }
        }
    }
}
