//! `mmap(2)`.

use litebox_host::file::FileKind;
use litebox_host::memory::{PAGE_SIZE, Protection};
use litebox_libos::file::FileStatus;
use litebox_libos::memory::{AreaFlags, Backing, MapRequest, Placement};

use crate::abi::memory::{
    DEVICE_ZERO, MAP_32BIT, MAP_ANONYMOUS, MAP_FIXED, MAP_FIXED_NOREPLACE, MAP_GROWSDOWN, MAP_HUGETLB,
    MAP_LOCKED, MAP_NORESERVE, MAP_PRIVATE, MAP_SHARED, MAP_SHARED_VALIDATE, MAP_TYPE, MAP_VALIDATED,
    PROT_EXEC, PROT_READ, PROT_WRITE,
};
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

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
        (Backing::Anonymous, anonymous(flags)?)
    } else {
        file(call, flags, protection, fd, offset)?
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

fn anonymous(flags: u64) -> Result<AreaFlags> {
    if flags & MAP_HUGETLB != 0 {
        // There are no huge pages in the pool, as by default in Linux.
        return Err(Errno::ENOMEM);
    }
    let grows = flags & MAP_GROWSDOWN != 0;
    match flags & MAP_TYPE {
        MAP_SHARED if !grows => Ok(AreaFlags::SHARED),
        MAP_PRIVATE if grows => Ok(AreaFlags::GROWS_DOWN),
        MAP_PRIVATE => Ok(AreaFlags::empty()),
        _ => Err(Errno::EINVAL),
    }
}

/// The checks of Linux's `do_mmap`, in its order.
fn file<H: LinuxHost>(
    call: &Call<'_, H>,
    flags: u64,
    protection: Protection,
    fd: Fd,
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
        return anonymous(flags & !MAP_HUGETLB).map(|area| (Backing::Anonymous, area));
    }
    if attributes.kind != FileKind::Regular || (shared && writes) {
        return Err(Errno::ENODEV);
    }
    if flags & (MAP_GROWSDOWN | MAP_HUGETLB) != 0 {
        return Err(Errno::EINVAL);
    }
    // What is shared here can only be read, so that it never has to be written back.
    let area = if shared { AreaFlags::SHARED | AreaFlags::READ_ONLY } else { AreaFlags::empty() };
    Ok((Backing::from((description.file().clone(), offset)), area))
}
