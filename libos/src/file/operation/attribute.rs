//! Changing attributes (`chmod(2)`, `chown(2)`, `utimensat(2)`, `truncate(2)`) and asking for rights
//! (`access(2)`).

use litebox_host::file::{AttributeChange, Attributes, FileKind, Timestamp};

use crate::error::{Error, ErrorKind, Result};
use crate::file::permission::{Access, MODE_MASK, SET_GROUP, SET_USER, check_access, check_owner, owns};
use crate::file::{Caller, Location};

/// What becomes of one time of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetTime {
    /// It stays.
    Keep,
    /// It becomes the present, which is this.
    Now(Timestamp),
    /// It becomes this.
    At(Timestamp),
}

impl SetTime {
    fn value(self) -> Option<Timestamp> {
        match self {
            Self::Keep => None,
            Self::Now(time) | Self::At(time) => Some(time),
        }
    }
}

/// Set the permission bits of `at`.
///
/// # Errors
/// [`ErrorKind::ReadOnly`], [`ErrorKind::NotPermitted`].
pub fn change_mode(at: &Location, mode: u32, caller: &Caller) -> Result<()> {
    at.writable()?;
    if at.vnode.kind() == FileKind::Symlink {
        return Err(Error::new(ErrorKind::NotSupported, "a symbolic link has no permission bits"));
    }
    let attributes = at.vnode.attributes()?;
    check_owner(&attributes, &caller.credentials)?;
    let mut mode = mode & MODE_MASK;
    if !caller.credentials.is_privileged() && !caller.credentials.is_in_group(attributes.gid) {
        mode &= !SET_GROUP;
    }
    at.vnode.set_attributes(&AttributeChange { mode: Some(mode), ..AttributeChange::default() })
}

/// Set the owner and the group of `at`; `None` leaves one alone.
///
/// # Errors
/// [`ErrorKind::ReadOnly`]; [`ErrorKind::NotPermitted`] for giving away, or taking into a strange group.
pub fn change_owner(at: &Location, user: Option<u32>, group: Option<u32>, caller: &Caller) -> Result<()> {
    at.writable()?;
    let attributes = at.vnode.attributes()?;
    let credentials = &caller.credentials;
    let owner = attributes.uid == credentials.user.file_system;
    let user_stays = user.is_none_or(|user| owner && user == attributes.uid);
    let group_stays =
        group.is_none_or(|group| owner && (group == attributes.gid || credentials.is_in_group(group)));
    let allowed = credentials.is_privileged() || (user_stays && group_stays);
    if !allowed {
        return Err(Error::new(ErrorKind::NotPermitted, "only root gives files away"));
    }
    let mode = mode_after_chown(&attributes);
    at.vnode.set_attributes(&AttributeChange { mode, uid: user, gid: group, ..AttributeChange::default() })
}

/// A change of owner takes the set-user-id bit away, and the set-group-id bit if it is one of running.
fn mode_after_chown(attributes: &Attributes) -> Option<u32> {
    if attributes.kind == FileKind::Directory {
        return None;
    }
    let drop_group = if attributes.mode & 0o010 != 0 { SET_GROUP } else { 0 };
    let mode = attributes.mode & !(SET_USER | drop_group);
    (mode != attributes.mode).then_some(mode)
}

/// Set the times of `at`.
///
/// # Errors
/// [`ErrorKind::ReadOnly`]; [`ErrorKind::AccessDenied`] where setting to the present needs write permission;
/// [`ErrorKind::NotPermitted`] where other times need ownership.
pub fn change_times(at: &Location, accessed: SetTime, modified: SetTime, caller: &Caller) -> Result<()> {
    if accessed == SetTime::Keep && modified == SetTime::Keep {
        return Ok(());
    }
    at.writable()?;
    let attributes = at.vnode.attributes()?;
    if !owns(&attributes, &caller.credentials) {
        match (accessed, modified) {
            (SetTime::Now(_), SetTime::Now(_)) => {
                check_access(&attributes, Access::WRITE, &caller.credentials)?;
            }
            _ => check_owner(&attributes, &caller.credentials)?,
        }
    }
    let (accessed, modified) = (accessed.value(), modified.value());
    at.vnode.set_attributes(&AttributeChange { accessed, modified, ..AttributeChange::default() })
}

/// Whether `caller` may set the size of the file `at` by its path.
///
/// # Errors
/// [`ErrorKind::IsDirectory`], [`ErrorKind::InvalidArgument`] for what has no size, [`ErrorKind::ReadOnly`],
/// [`ErrorKind::AccessDenied`].
pub fn check_size_change(at: &Location, caller: &Caller) -> Result<()> {
    match at.vnode.kind() {
        FileKind::Regular => {}
        FileKind::Directory => return Err(Error::new(ErrorKind::IsDirectory, "a folder has no size")),
        _ => return Err(Error::new(ErrorKind::InvalidArgument, "the object has no size")),
    }
    at.writable()?;
    check_access(&at.vnode.attributes()?, Access::WRITE, &caller.credentials)
}

/// Whether `caller` has the rights `access` to `at` (`access(2)`).
///
/// # Errors
/// [`ErrorKind::ReadOnly`], [`ErrorKind::AccessDenied`].
pub fn check_rights(at: &Location, access: Access, caller: &Caller) -> Result<()> {
    let kept = matches!(at.vnode.kind(), FileKind::Regular | FileKind::Directory | FileKind::Symlink);
    check_access(&at.vnode.attributes()?, access, &caller.credentials)?;
    if access.contains(Access::WRITE) && kept { at.writable() } else { Ok(()) }
}
