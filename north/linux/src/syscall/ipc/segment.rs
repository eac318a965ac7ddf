//! `shmget(2)`, `shmat(2)`, `shmdt(2)`.

use alloc::format;
use alloc::sync::Arc;
use core::any::Any;

use litebox_host::memory::{PAGE_SIZE, Protection};
use litebox_libos::file::{File, Seals};
use litebox_libos::ipc::SharedSegment;
use litebox_libos::memory::{AreaFlags, Backing, MapRequest, Placement};
use litebox_libos::{Error, ErrorKind};

use super::{creation, identifier, ipc, mode};
use crate::abi::ipc::{SHM_EXEC, SHM_HUGETLB, SHM_RDONLY, SHM_REMAP, SHM_RND};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;
use crate::syscall::file::caller;

pub(crate) fn shmget<H: LinuxHost>(call: &mut Call<'_, H>, key: i32, size: usize, flags: i32) -> Result<i32> {
    let asking = caller(call);
    let make = || {
        if flags & SHM_HUGETLB != 0 {
            // There are no huge pages in the pool, as by default in Linux.
            let kind =
                if asking.credentials.may_change() { ErrorKind::NoMemory } else { ErrorKind::NotPermitted };
            return Err(Error::new(kind, "no huge pages are set aside"));
        }
        let label = format!("SYSV{key:08x}");
        let namespace = call.place.namespace();
        let file = namespace.open_unmounted(label.as_bytes(), mode(flags), Seals::SEAL, &asking)?;
        if let Some(regular) = file.regular() {
            regular.set_size(size as u64)?;
        }
        Ok(file)
    };
    Ok(ipc(call).segments.get(creation(key, flags), size, mode(flags), &asking, make)?)
}

/// Where `address` and `flags` put an attachment.
fn placement(address: usize, flags: i32) -> Result<Placement> {
    let replaces = flags & SHM_REMAP != 0;
    if address == 0 {
        return if replaces { Err(Errno::EINVAL) } else { Ok(Placement::Near(0)) };
    }
    let rounds = flags & SHM_RND != 0;
    let page = if rounds { address - address % PAGE_SIZE } else { address };
    match page {
        _ if !page.is_multiple_of(PAGE_SIZE) => Err(Errno::EINVAL),
        0 if replaces => Err(Errno::EINVAL),
        0 => Ok(Placement::Near(0)),
        _ if replaces => Ok(Placement::Exact(page)),
        _ => Ok(Placement::Empty(page)),
    }
}

pub(crate) fn shmat<H: LinuxHost>(
    call: &mut Call<'_, H>,
    id: i32,
    address: usize,
    flags: i32,
) -> Result<usize> {
    let id = identifier(id)?;
    let placement = placement(address, flags)?;
    let mut protection = Protection::READ;
    let mut area = AreaFlags::SHARED;
    let mut wanted = 0o444;
    if flags & SHM_RDONLY == 0 {
        protection |= Protection::WRITE;
        wanted |= 0o222;
    } else {
        area |= AreaFlags::READ_ONLY;
    }
    if flags & SHM_EXEC != 0 {
        protection |= Protection::EXECUTE;
        wanted |= 0o111;
    }
    let segment = ipc(call).segments.segments().get(id)?;
    let file: Arc<dyn File> = Arc::<SharedSegment>::clone(&segment);
    let request = MapRequest {
        placement,
        length: segment.size(),
        protection,
        flags: area,
        backing: Backing::from((file, 0)),
        label: None,
    };
    let attached = segment.attach(&caller(call), wanted, || call.memory.map(request));
    attached.map_err(|error| match error.kind {
        // Something is mapped there.
        ErrorKind::Exists => Errno::EINVAL,
        ErrorKind::NoSpace => Errno::ENOMEM,
        _ => error.into(),
    })
}

pub(crate) fn shmdt<H: LinuxHost>(call: &mut Call<'_, H>, address: usize) -> Result<()> {
    if !address.is_multiple_of(PAGE_SIZE) {
        return Err(Errno::EINVAL);
    }
    let areas = call.memory.areas()?;
    // What is left of an attachment at `address`: its areas lie as far from there as from the segment's start.
    let mut parts = areas.iter().filter_map(|area| {
        let Backing::File { file, offset, .. } = &area.backing else { return None };
        let distance = area.range.start.checked_sub(address)?;
        (distance as u64 == *offset && segment_of(file).is_some()).then_some((file, area))
    });
    let (file, first) = parts.next().ok_or(Errno::EINVAL)?;
    let segment = segment_of(file).ok_or(Errno::EINVAL)?;
    segment.note_detaching(call.process.id());
    call.memory.unmap(first.range.start, first.length())?;
    for (_, area) in parts.filter(|(other, _)| Arc::ptr_eq(other, file)) {
        call.memory.unmap(area.range.start, area.length())?;
    }
    Ok(())
}

fn segment_of(file: &Arc<dyn File>) -> Option<&SharedSegment> {
    let file: &dyn Any = &**file;
    file.downcast_ref()
}
