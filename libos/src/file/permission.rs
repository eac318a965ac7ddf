//! Permission bits and ownership.

use litebox_host::file::{Attributes, FileKind};

use crate::error::{Error, ErrorKind, Result};
use crate::identity::Credentials;

bitflags::bitflags! {
    /// What somebody wants to do with an object; the numbers are those of one class of permission bits.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
    pub struct Access: u32 {
        /// Run a file, or look up names in a folder.
        const EXECUTE = 1;
        /// Change it.
        const WRITE = 2;
        /// Read it.
        const READ = 4;
    }
}

/// The set-user-id bit.
pub const SET_USER: u32 = 0o4000;
/// The set-group-id bit; on a folder, what is made in it inherits the folder's group.
pub const SET_GROUP: u32 = 0o2000;
/// On a folder: names may be removed only by the owner of the object or of the folder.
pub const STICKY: u32 = 0o1000;
/// The bits that `chmod(2)` can change.
pub const MODE_MASK: u32 = 0o7777;

const DENIED: Error = Error::new(ErrorKind::AccessDenied, "the permission bits forbid it");
const NOT_OWNER: Error = Error::new(ErrorKind::NotPermitted, "only the owner may");

/// Whether `credentials` allow `access` to an object with `attributes` (`path_resolution(7)`).
///
/// # Errors
/// [`ErrorKind::AccessDenied`].
pub fn check_access(attributes: &Attributes, access: Access, credentials: &Credentials) -> Result<()> {
    if credentials.is_privileged() {
        // Root passes, but runs only what somebody may run.
        let runnable = attributes.kind == FileKind::Directory || attributes.mode & 0o111 != 0;
        return if access.contains(Access::EXECUTE) && !runnable { Err(DENIED) } else { Ok(()) };
    }
    let class = if attributes.uid == credentials.user.file_system {
        attributes.mode >> 6
    } else if credentials.is_in_group(attributes.gid) {
        attributes.mode >> 3
    } else {
        attributes.mode
    };
    if Access::from_bits_truncate(class).contains(access) { Ok(()) } else { Err(DENIED) }
}

/// Refuse those who neither own the object nor are privileged.
///
/// # Errors
/// [`ErrorKind::NotPermitted`].
pub fn check_owner(attributes: &Attributes, credentials: &Credentials) -> Result<()> {
    if owns(attributes, credentials) { Ok(()) } else { Err(NOT_OWNER) }
}

/// Whether `credentials` are the owner's or privileged.
pub(super) fn owns(attributes: &Attributes, credentials: &Credentials) -> bool {
    credentials.is_privileged() || attributes.uid == credentials.user.file_system
}

/// Whether a name for `object` may be taken out of `folder` (its write permission was checked apart).
///
/// # Errors
/// [`ErrorKind::NotPermitted`] for somebody else's object in a sticky folder.
pub(super) fn check_sticky(
    folder: &Attributes,
    object: &Attributes,
    credentials: &Credentials,
) -> Result<()> {
    if folder.mode & STICKY == 0 || owns(object, credentials) || owns(folder, credentials) {
        return Ok(());
    }
    Err(NOT_OWNER)
}
