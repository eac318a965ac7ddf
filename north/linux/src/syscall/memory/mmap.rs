//! `mmap(2)`.

use litebox_host::file::FileKind;
use litebox_host::memory::{PAGE_SIZE, Protection};
use litebox_libos::file::{FileStatus, RegularFile, Seals};
use litebox_libos::memory::{AreaFlags, Backing, MapRequest, Placement, round_up};

use crate::abi::memory::{
    DEVICE_ZERO, MAP_32BIT, MAP_ANONYMOUS, MAP_FIXED, MAP_FIXED_NOREPLACE, MAP_GROWSDOWN, MAP_HUGETLB,
    MAP_LOCKED, MAP_NORESERVE, MAP_PRIVATE, MAP_SHARED, MAP_SHARED_VALIDATE, MAP_TYPE, MAP_VALIDATED,
    PROT_EXEC, PROT_READ, PROT_WRITE,
};
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;
use crate::syscall::file::caller;

pub(crate) fn mmap<H: LinuxHost>(
    call: &mut Call<'_, H>,
    address: usize,
    length: usize,
    protection: u64,
    flags: u64,
    fd: Fd,
    offset: u64,
) -> Result<usize> {
    if !offset.is_multiple_of(PAGE_SIZE as u64) {
        return Err(Errno::EINVAL);
    }
    let protection = decode_protection(protection);
    let (backing, flags_of_kind) = if flags & MAP_ANONYMOUS != 0 {
        anonymous(call, flags, length)?
    } else {
        file(call, flags, protection, fd, length, offset)?
    };
    if flags & MAP_LOCKED != 0 && call.memory.limits().locked == 0 {
        return Err(Errno::EPERM);
    }
    let request = MapRequest {
        placement: placement(address, flags),
        length,
        protection,
        flags: flags_of_kind | common_flags(flags),
        backing,
        label: None,
    };
    Ok(call.memory.map(request)?)
}

/// The protection in `bits`; others than the three have no meaning to `mmap`.
pub(super) fn decode_protection(bits: u64) -> Protection {
    let mut protection = Protection::empty();
    protection.set(Protection::READ, bits & PROT_READ != 0);
    protection.set(Protection::WRITE, bits & PROT_WRITE != 0);
    protection.set(Protection::EXECUTE, bits & PROT_EXEC != 0);
    protection
}

fn placement(address: usize, flags: u64) -> Placement {
    if flags & MAP_FIXED_NOREPLACE != 0 {
        Placement::Empty(address)
    } else if flags & MAP_FIXED != 0 {
        Placement::Exact(address)
    } else if flags & MAP_32BIT != 0 {
        Placement::Low
    } else {
        Placement::Near(address)
    }
}

/// The flags that mean the same for files and anonymous memory. `MAP_POPULATE`, `MAP_STACK` and the like are
/// hints.
fn common_flags(flags: u64) -> AreaFlags {
    let mut area = AreaFlags::empty();
    area.set(AreaFlags::LOCKED, flags & MAP_LOCKED != 0);
    area.set(AreaFlags::NO_RESERVE, flags & MAP_NORESERVE != 0);
    area
}

fn anonymous<H: LinuxHost>(call: &Call<'_, H>, flags: u64, length: usize) -> Result<(Backing, AreaFlags)> {
    if flags & MAP_HUGETLB != 0 {
        // There are no huge pages in the pool, as by default in Linux.
        return Err(Errno::ENOMEM);
    }
    let grows = flags & MAP_GROWSDOWN != 0;
    match flags & MAP_TYPE {
        MAP_SHARED if !grows => Ok((shared_memory(call, length)?, AreaFlags::SHARED)),
        MAP_PRIVATE if grows => Ok((Backing::Anonymous, AreaFlags::GROWS_DOWN)),
        MAP_PRIVATE => Ok((Backing::Anonymous, AreaFlags::empty())),
        _ => Err(Errno::EINVAL),
    }
}

/// Shared anonymous memory: as in Linux, a file without a name, shown as a deleted `/dev/zero`.
fn shared_memory<H: LinuxHost>(call: &Call<'_, H>, length: usize) -> Result<Backing> {
    if length == 0 {
        return Err(Errno::EINVAL);
    }
    let size = round_up(length).filter(|size| *size <= call.host.range().len()).ok_or(Errno::ENOMEM)?;
    let file = call.place.namespace().open_unmounted(b"dev/zero", 0o777, Seals::SEAL, &caller(call))?;
    file.regular().ok_or(Errno::ENODEV)?.set_size(size as u64)?;
    Ok(Backing::from((file, 0)))
}

/// The checks of Linux's `do_mmap`, in its order.
fn file<H: LinuxHost>(
    call: &Call<'_, H>,
    flags: u64,
    protection: Protection,
    fd: Fd,
    length: usize,
    offset: u64,
) -> Result<(Backing, AreaFlags)> {
    let description = call.descriptors.get(fd.number()?)?;
    let status = description.status();
    if status.contains(FileStatus::PATH) {
        return Err(Errno::EBADF);
    }
    let shared = match flags & MAP_TYPE {
        MAP_SHARED_VALIDATE if flags & !MAP_VALIDATED != 0 => return Err(Errno::EOPNOTSUPP),
        MAP_SHARED | MAP_SHARED_VALIDATE => true,
        MAP_PRIVATE => false,
        _ => return Err(Errno::EINVAL),
    };
    let writes = protection.contains(Protection::WRITE);
    if shared && writes && !status.contains(FileStatus::WRITE) || !status.contains(FileStatus::READ) {
        return Err(Errno::EACCES);
    }
    let attributes = description.file().attributes()?;
    if attributes.kind == FileKind::CharacterDevice && attributes.special == DEVICE_ZERO {
        return anonymous(call, flags & !MAP_HUGETLB, length);
    }
    // What the host writes on its own cannot be mapped for writing by several: it is only read.
    let writable = status.contains(FileStatus::WRITE) && description.file().paged().is_some();
    if attributes.kind != FileKind::Regular || (shared && writes && !writable) {
        return Err(Errno::ENODEV);
    }
    if flags & (MAP_GROWSDOWN | MAP_HUGETLB) != 0 {
        return Err(Errno::EINVAL);
    }
    let sealed = description.file().regular().and_then(RegularFile::seals);
    let sealed = sealed.is_some_and(|seals| seals.intersects(Seals::WRITE | Seals::FUTURE_WRITE));
    if shared && writes && sealed {
        return Err(Errno::EPERM);
    }
    let area = match shared {
        true if writable && !sealed => AreaFlags::SHARED,
        true => AreaFlags::SHARED | AreaFlags::READ_ONLY,
        false => AreaFlags::empty(),
    };
    Ok((Backing::from((description.file().clone(), offset)), area))
}
