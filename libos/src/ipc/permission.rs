//! Who may do what with an object.

use crate::error::{Error, ErrorKind, Result};
use crate::identity::Credentials;

/// Owner, creator and permission bits of an object (`struct ipc_perm` of `sysvipc(7)`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The key that it is found by; 0 for one without.
    pub key: i32,
    /// The owner.
    pub user: u32,
    /// The owner's group.
    pub group: u32,
    /// Who made it.
    pub creator_user: u32,
    /// The group of who made it.
    pub creator_group: u32,
    /// Nine permission bits.
    pub mode: u32,
}

/// What the owner may change (`IPC_SET`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The new owner.
    pub user: u32,
    /// The new owner's group.
    pub group: u32,
    /// The new permission bits.
    pub mode: u32,
}

/// The nine bits.
const BITS: u32 = 0o777;

impl Permission {
    /// Those of an object that `credentials` make.
    pub const fn new(key: i32, mode: u32, credentials: &Credentials) -> Self {
        let (user, group) = (credentials.user.effective, credentials.group.effective);
        Self { key, user, group, creator_user: user, creator_group: group, mode: mode & BITS }
    }

    /// Whether `credentials` may do what `wanted` says: any of three bits of permission, in any of the three places.
    ///
    /// # Errors
    /// [`ErrorKind::AccessDenied`].
    pub fn check(&self, credentials: &Credentials, wanted: u32) -> Result<()> {
        let wanted = (wanted >> 6 | wanted >> 3 | wanted) & 0o7;
        let granted = if self.is_of(credentials) {
            self.mode >> 6
        } else if credentials.is_in_group(self.group) || credentials.is_in_group(self.creator_group) {
            self.mode >> 3
        } else {
            self.mode
        };
        // User 0 has CAP_IPC_OWNER.
        if wanted & !granted == 0 || credentials.may_change() {
            return Ok(());
        }
        Err(Error::new(ErrorKind::AccessDenied, "the object's permission bits forbid it"))
    }

    /// Whether `credentials` may change or remove the object.
    ///
    /// # Errors
    /// [`ErrorKind::NotPermitted`].
    pub const fn check_owner(&self, credentials: &Credentials) -> Result<()> {
        // User 0 has CAP_SYS_ADMIN.
        if self.is_of(credentials) || credentials.may_change() {
            return Ok(());
        }
        Err(Error::new(ErrorKind::NotPermitted, "only the object's owner and its creator may"))
    }

    const fn is_of(&self, credentials: &Credentials) -> bool {
        let user = credentials.user.effective;
        user == self.user || user == self.creator_user
    }

    /// Change owner and permission bits.
    pub const fn change(&mut self, change: &Change) {
        self.user = change.user;
        self.group = change.group;
        self.mode = change.mode & BITS;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owner_group_and_others_have_their_own_bits() {
        let (owner, member, other) = (Credentials::new(5, 7), Credentials::new(6, 7), Credentials::new(6, 8));
        let permission = Permission::new(1, 0o640, &owner);
        assert!(permission.check(&owner, 0o600).is_ok());
        assert!(permission.check(&member, 0o444).is_ok());
        assert_eq!(permission.check(&member, 0o222).unwrap_err().kind, ErrorKind::AccessDenied);
        assert_eq!(permission.check(&other, 0o4).unwrap_err().kind, ErrorKind::AccessDenied);
        assert!(permission.check(&Credentials::new(0, 0), 0o777).is_ok());
        assert_eq!(permission.check_owner(&member).unwrap_err().kind, ErrorKind::NotPermitted);
    }

    #[test]
    fn the_creator_stays_one_after_a_change_of_owner() {
        let owner = Credentials::new(5, 7);
        let mut permission = Permission::new(1, 0o600, &owner);
        permission.change(&Change { user: 9, group: 9, mode: 0o7400 });
        assert_eq!(permission.mode, 0o400);
        assert!(permission.check_owner(&owner).is_ok());
        assert!(permission.check_owner(&Credentials::new(9, 9)).is_ok());
    }
}
