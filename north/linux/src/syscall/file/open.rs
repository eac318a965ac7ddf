//! `open(2)`, `openat(2)`, `creat(2)`, `openat2(2)`.

use litebox_host::memory::{PAGE_SIZE, UserAccess};
use litebox_libos::event::{Readiness, block};
use litebox_libos::file::{Create, FifoFile, File, FileStatus, LastLink, MODE_MASK, OpenRequest};
use litebox_libos::user::{UserPointer, UserString};
use litebox_libos::{Error, ErrorKind};

use super::at::{At, CURRENT, install};
use crate::abi::file::open::{OpenFlags, OpenHow, ResolveFlags};
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;
use crate::syscall::terminal;

pub(crate) fn open<H: LinuxHost>(
    call: &mut Call<'_, H>,
    path: UserString,
    flags: i32,
    mode: u32,
) -> Result<Fd> {
    openat(call, CURRENT, path, flags, mode)
}

pub(crate) fn creat<H: LinuxHost>(call: &mut Call<'_, H>, path: UserString, mode: u32) -> Result<Fd> {
    let flags = OpenFlags::O_CREAT | OpenFlags::O_WRONLY | OpenFlags::O_TRUNC;
    open_at(call, CURRENT, path, How { flags, mode: mode & MODE_MASK, resolve: ResolveFlags::empty() })
}

pub(crate) fn openat<H: LinuxHost>(
    call: &mut Call<'_, H>,
    directory: Fd,
    path: UserString,
    flags: i32,
    mode: u32,
) -> Result<Fd> {
    // Unknown bits are ignored, as Linux does for this call alone.
    let flags = OpenFlags::from_bits_truncate(flags.cast_unsigned()).effective();
    open_at(call, directory, path, How { flags, mode: mode & MODE_MASK, resolve: ResolveFlags::empty() })
}

pub(crate) fn openat2<H: LinuxHost>(
    call: &mut Call<'_, H>,
    directory: Fd,
    path: UserString,
    how: UserPointer<OpenHow>,
    size: usize,
) -> Result<Fd> {
    let how = read_how(call, how, size)?;
    let flags = u32::try_from(how.flags).ok().and_then(OpenFlags::from_bits).ok_or(Errno::EINVAL)?;
    let resolve = ResolveFlags::from_bits(how.resolve).ok_or(Errno::EINVAL)?;
    if resolve.contains(ResolveFlags::RESOLVE_BENEATH | ResolveFlags::RESOLVE_IN_ROOT) {
        return Err(Errno::EINVAL);
    }
    let makes = flags.intersects(OpenFlags::O_CREAT | OpenFlags::TMPFILE_TOO);
    let mode = u32::try_from(how.mode).map_err(|_| Errno::EINVAL)?;
    if mode & !MODE_MASK != 0 || (mode != 0 && !makes) {
        return Err(Errno::EINVAL);
    }
    if flags.contains(OpenFlags::O_PATH) && flags != flags.effective() {
        return Err(Errno::EINVAL);
    }
    open_at(call, directory, path, How { flags, mode, resolve })
}

/// The structure, of which a later Linux may have more: then all that is unknown here must be 0.
fn read_how<H: LinuxHost>(call: &Call<'_, H>, how: UserPointer<OpenHow>, size: usize) -> Result<OpenHow> {
    if size < size_of::<OpenHow>() {
        return Err(Errno::EINVAL);
    }
    if size > PAGE_SIZE {
        return Err(Errno::E2BIG);
    }
    let value = how.read(&call.host)?;
    let mut at = how.element(1).address();
    let mut left = size - size_of::<OpenHow>();
    let mut tail = [0_u8; 64];
    while left > 0 {
        let part = tail.get_mut(..left.min(64)).unwrap_or_default();
        UserAccess::read(&call.host, at, part)?;
        if part.iter().any(|byte| *byte != 0) {
            return Err(Errno::E2BIG);
        }
        at = at.wrapping_add(part.len());
        left -= part.len();
    }
    Ok(value)
}

/// What all the calls come to.
#[derive(Clone, Copy)]
struct How {
    flags: OpenFlags,
    mode: u32,
    resolve: ResolveFlags,
}

fn open_at<H: LinuxHost>(call: &mut Call<'_, H>, directory: Fd, path: UserString, how: How) -> Result<Fd> {
    let request = request(how)?;
    let in_root = how.resolve.contains(ResolveFlags::RESOLVE_IN_ROOT);
    let at = if in_root { At::in_root(call, directory, path) } else { At::new(call, directory, path) }?;
    let mut view = at.view()?;
    view.limits = how.resolve.limits();
    let file = view.open(at.path(), &request)?;
    meet(call, &*file, request.status)?;
    terminal::opened(call, &*file, request.status, how.flags);
    install(call, file, request.status, how.flags.contains(OpenFlags::O_CLOEXEC))
}

/// Opening one side of a FIFO waits for the other (`fifo(7)`).
fn meet<H: LinuxHost>(call: &Call<'_, H>, file: &dyn File, status: FileStatus) -> Result<()> {
    let file: &dyn core::any::Any = file;
    let Some(fifo) = file.downcast_ref::<FifoFile>() else { return Ok(()) };
    if status.contains(FileStatus::NONBLOCK) {
        let alone = !status.contains(FileStatus::READ) && !fifo.has_met();
        return if alone { Err(Errno::ENXIO) } else { Ok(()) };
    }
    let queues = [(fifo.openings(), Readiness::READ | Readiness::WRITE)];
    Ok(block(&call.thread, &queues, None, || {
        if fifo.has_met() {
            Ok(())
        } else {
            Err(Error::new(ErrorKind::WouldBlock, "the other side is not open"))
        }
    })?)
}

fn request(how: How) -> Result<OpenRequest> {
    let flags = how.flags;
    let create = create(flags)?;
    let keep = flags.contains(OpenFlags::O_NOFOLLOW) || create == Create::Exclusive;
    Ok(OpenRequest {
        status: flags.status(),
        create,
        truncate: flags.contains(OpenFlags::O_TRUNC),
        directory: flags.contains(OpenFlags::O_DIRECTORY),
        link: if keep { LastLink::Keep } else { LastLink::Follow },
        mode: how.mode,
    })
}

fn create(flags: OpenFlags) -> Result<Create> {
    let makes = flags.contains(OpenFlags::O_CREAT);
    let folder = flags.contains(OpenFlags::O_DIRECTORY);
    if flags.contains(OpenFlags::TMPFILE_TOO) {
        // The bit means O_TMPFILE only together with O_DIRECTORY, so that older kernels refuse it.
        if !folder || makes || !flags.status().contains(FileStatus::WRITE) {
            return Err(Errno::EINVAL);
        }
        return Ok(Create::Unnamed { linkable: !flags.contains(OpenFlags::O_EXCL) });
    }
    match (makes, flags.contains(OpenFlags::O_EXCL)) {
        (true, _) if folder => Err(Errno::EINVAL),
        (true, true) => Ok(Create::Exclusive),
        (true, false) => Ok(Create::IfMissing),
        (false, _) => Ok(Create::No),
    }
}
