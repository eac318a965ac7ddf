//! `madvise(2)`.

use litebox_host::memory::Protection;
use litebox_libos::memory::{Advice, AreaFlags};

use crate::abi::memory::advice;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn madvise<H: LinuxHost>(
    call: &mut Call<'_, H>,
    address: usize,
    length: usize,
    advice: i32,
) -> Result<()> {
    Ok(call.memory.advise(address, length, decode(advice)?)?)
}

pub(super) fn decode(number: i32) -> Result<Advice> {
    Ok(match number {
        advice::NORMAL | advice::RANDOM | advice::SEQUENTIAL | advice::WILLNEED => Advice::Hint,
        advice::MERGEABLE | advice::UNMERGEABLE | advice::HUGEPAGE | advice::NOHUGEPAGE => Advice::Hint,
        advice::COLD | advice::PAGEOUT => Advice::Hint,
        advice::DONTNEED => Advice::DontNeed,
        advice::DONTNEED_LOCKED => Advice::DontNeedLocked,
        advice::FREE => Advice::Free,
        advice::REMOVE => Advice::Remove,
        advice::DONTFORK => Advice::Set(AreaFlags::NO_FORK),
        advice::DOFORK => Advice::Clear(AreaFlags::NO_FORK),
        advice::WIPEONFORK => Advice::Set(AreaFlags::WIPE_ON_FORK),
        advice::KEEPONFORK => Advice::Clear(AreaFlags::WIPE_ON_FORK),
        advice::DONTDUMP => Advice::Set(AreaFlags::NO_DUMP),
        advice::DODUMP => Advice::Clear(AreaFlags::NO_DUMP),
        advice::POPULATE_READ => Advice::Populate(Protection::READ),
        advice::POPULATE_WRITE => Advice::Populate(Protection::WRITE),
        // Breaking pages on purpose is for those who may administer the machine.
        advice::HWPOISON | advice::SOFT_OFFLINE => return Err(Errno::EPERM),
        _ => return Err(Errno::EINVAL),
    })
}
