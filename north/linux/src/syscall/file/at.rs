//! What the path-based calls share: a path from guest memory, where it begins, and who asks.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_libos::ErrorKind;
use litebox_libos::file::{
    Caller, Description, Descriptor, File, FileStatus, LastLink, Location, MAX_PATH, Place, View, WalkLimits,
};
use litebox_libos::user::UserString;

use crate::abi::file::path::{AT_FDCWD, AtFlags};
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// The working directory, as a directory descriptor.
pub(super) const CURRENT: Fd = Fd(AT_FDCWD);

/// A path as a call names it.
pub(crate) struct At {
    path: Vec<u8>,
    base: Base,
    place: Arc<Place>,
    caller: Caller,
}

/// Where a relative path begins, and what an empty path names.
enum Base {
    Location(Location),
    /// An object that lies in no folder: only an empty path can begin there.
    Open(Arc<Description>),
}

/// What a path or a descriptor names.
pub(crate) enum Object {
    /// An object of a file system.
    Location(Location),
    /// An open object that lies in no folder.
    Open(Arc<Description>),
}

/// Who asks: the calling thread.
pub(crate) fn caller<H: LinuxHost>(call: &Call<'_, H>) -> Caller {
    Caller { credentials: call.credentials.clone(), process: call.process.id(), thread: call.thread.id() }
}

/// Copy a path in (`ENAMETOOLONG` beyond `PATH_MAX`).
pub(super) fn read_path<H: LinuxHost>(call: &Call<'_, H>, path: UserString) -> Result<Vec<u8>> {
    Ok(path.read(&call.host, MAX_PATH, ErrorKind::NameTooLong)?)
}

impl At {
    /// `path` in the folder that `directory` refers to, which does not matter if the path is absolute.
    pub(crate) fn new<H: LinuxHost>(call: &Call<'_, H>, directory: Fd, path: UserString) -> Result<Self> {
        let path = read_path(call, path)?;
        Self::with_path(call, directory, path)
    }

    /// As [`At::new`], with the path copied in before.
    pub(super) fn with_path<H: LinuxHost>(call: &Call<'_, H>, directory: Fd, path: Vec<u8>) -> Result<Self> {
        let directory = if path.first() == Some(&b'/') { CURRENT } else { directory };
        Self::based(call, directory, path)
    }

    /// As [`At::new`], where the folder of `directory` is the root that an absolute path begins at.
    pub(super) fn in_root<H: LinuxHost>(call: &Call<'_, H>, directory: Fd, path: UserString) -> Result<Self> {
        let path = read_path(call, path)?;
        Self::based(call, directory, path)
    }

    fn based<H: LinuxHost>(call: &Call<'_, H>, directory: Fd, path: Vec<u8>) -> Result<Self> {
        let base = if directory == CURRENT {
            Base::Location(call.place.current())
        } else {
            let description = call.descriptors.get(directory.number()?)?;
            match description.file().location() {
                Some(location) => Base::Location(location.clone()),
                None => Base::Open(description),
            }
        };
        Ok(Self { path, base, place: Arc::clone(&call.place), caller: caller(call) })
    }

    /// The path.
    pub(crate) fn path(&self) -> &[u8] {
        &self.path
    }

    /// Who asks.
    pub(crate) fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Ask with the real user's rights.
    pub(super) fn ask_as_real(&mut self) {
        self.caller.credentials = self.caller.credentials.as_real();
    }

    /// The tree from where the path begins.
    pub(super) fn view(&self) -> Result<View<'_>> {
        if self.path.is_empty() {
            return Err(Errno::ENOENT);
        }
        let start = match &self.base {
            Base::Location(location) if location.vnode.directory().is_some() => location.clone(),
            _ => return Err(Errno::ENOTDIR),
        };
        Ok(View { place: &self.place, caller: &self.caller, start, limits: WalkLimits::empty() })
    }

    /// What the path names.
    pub(super) fn find(&self, link: LastLink) -> Result<Location> {
        Ok(self.view()?.find(&self.path, link)?)
    }

    /// What the path names, where `flags` may ask for the descriptor's own object.
    pub(crate) fn object(&self, flags: AtFlags) -> Result<Object> {
        if self.path.is_empty() && flags.contains(AtFlags::AT_EMPTY_PATH) {
            return Ok(match &self.base {
                Base::Location(location) => Object::Location(location.clone()),
                Base::Open(description) => Object::Open(Arc::clone(description)),
            });
        }
        let keep = flags.contains(AtFlags::AT_SYMLINK_NOFOLLOW);
        self.find(if keep { LastLink::Keep } else { LastLink::Follow }).map(Object::Location)
    }
}

/// What the descriptor `fd` refers to; a mere name (`O_PATH`) is `EBADF`.
pub(crate) fn usable<H: LinuxHost>(call: &Call<'_, H>, fd: Fd) -> Result<Arc<Description>> {
    Ok(call.descriptors.get_usable(fd.number()?)?)
}

/// The place of the open object `fd`; `without` for one that lies in no folder.
pub(super) fn location_of<H: LinuxHost>(call: &Call<'_, H>, fd: Fd, without: Errno) -> Result<Location> {
    usable(call, fd)?.file().location().cloned().ok_or(without)
}

/// Give `file`, opened with `status`, the lowest free descriptor.
pub(crate) fn install<H: LinuxHost>(
    call: &Call<'_, H>,
    file: Arc<dyn File>,
    status: FileStatus,
    close_on_exec: bool,
) -> Result<Fd> {
    let description = Description::new(file, status);
    Fd::install(call, Descriptor { description, close_on_exec })
}
