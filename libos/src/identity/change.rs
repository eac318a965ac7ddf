//! How a thread may change its numbers.

use super::{Credentials, Identity};
use crate::error::{Error, ErrorKind, Result};

const NOT_PERMITTED: Error = Error::new(ErrorKind::NotPermitted, "only a privileged thread may become that");

/// Whether a change is about users or groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The user numbers.
    User,
    /// The group numbers.
    Group,
}

impl Credentials {
    /// Whether the thread may become anybody: its effective user is 0.
    pub const fn may_change(&self) -> bool {
        self.user.effective == 0
    }

    /// The numbers of one kind.
    pub const fn numbers(&self, which: Which) -> Identity {
        match which {
            Which::User => self.user,
            Which::Group => self.group,
        }
    }

    fn numbers_mut(&mut self, which: Which) -> &mut Identity {
        match which {
            Which::User => &mut self.user,
            Which::Group => &mut self.group,
        }
    }

    /// `setuid(2)`, `setgid(2)`: a privileged thread changes all numbers, another one its effective one.
    ///
    /// # Errors
    /// [`ErrorKind::NotPermitted`].
    pub fn set(&mut self, which: Which, number: u32) -> Result<()> {
        let old = self.numbers(which);
        let new = if self.may_change() {
            Identity::all(number)
        } else if number == old.real || number == old.saved {
            Identity { effective: number, file_system: number, ..old }
        } else {
            return Err(NOT_PERMITTED);
        };
        *self.numbers_mut(which) = new;
        Ok(())
    }

    /// `setreuid(2)`, `setregid(2)`; `None` leaves a number alone.
    ///
    /// # Errors
    /// [`ErrorKind::NotPermitted`].
    pub fn set_real_effective(
        &mut self,
        which: Which,
        real: Option<u32>,
        effective: Option<u32>,
    ) -> Result<()> {
        let old = self.numbers(which);
        let real_ok = real.is_none_or(|real| real == old.real || real == old.effective);
        let effective_ok =
            effective.is_none_or(|effective| [old.real, old.effective, old.saved].contains(&effective));
        let permitted = self.may_change() || (real_ok && effective_ok);
        if !permitted {
            return Err(NOT_PERMITTED);
        }
        let effective_now = effective.unwrap_or(old.effective);
        let forget_saved = real.is_some() || effective.is_some_and(|effective| effective != old.real);
        *self.numbers_mut(which) = Identity {
            real: real.unwrap_or(old.real),
            effective: effective_now,
            saved: if forget_saved { effective_now } else { old.saved },
            file_system: effective_now,
        };
        Ok(())
    }

    /// `setresuid(2)`, `setresgid(2)`: real, effective and saved number; `None` leaves one alone.
    ///
    /// # Errors
    /// [`ErrorKind::NotPermitted`].
    pub fn set_all_three(&mut self, which: Which, new: [Option<u32>; 3]) -> Result<()> {
        let old = self.numbers(which);
        let own = [old.real, old.effective, old.saved];
        if !self.may_change() && !new.iter().flatten().all(|number| own.contains(number)) {
            return Err(NOT_PERMITTED);
        }
        let [real, effective, saved] = new;
        let effective = effective.unwrap_or(old.effective);
        *self.numbers_mut(which) = Identity {
            real: real.unwrap_or(old.real),
            effective,
            saved: saved.unwrap_or(old.saved),
            file_system: effective,
        };
        Ok(())
    }

    /// `setfsuid(2)`, `setfsgid(2)`: the number before, whether or not it changed.
    pub fn set_file_system(&mut self, which: Which, number: u32) -> u32 {
        let old = self.numbers(which);
        let own = [old.real, old.effective, old.saved, old.file_system];
        if self.may_change() || own.contains(&number) {
            self.numbers_mut(which).file_system = number;
        }
        old.file_system
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_gives_up_being_root_cannot_come_back() {
        let mut credentials = Credentials::default();
        credentials.set(Which::User, 1000).unwrap();
        assert_eq!(credentials.user, Identity::all(1000));
        assert_eq!(credentials.set(Which::User, 0), Err(NOT_PERMITTED));
        assert_eq!(credentials.set_all_three(Which::Group, [None, Some(5), None]), Err(NOT_PERMITTED));
    }

    #[test]
    fn the_saved_number_brings_rights_back() {
        let mut credentials = Credentials::default();
        credentials.set_all_three(Which::User, [Some(7), Some(7), Some(0)]).unwrap();
        credentials.set(Which::User, 0).unwrap();
        assert_eq!(credentials.user.effective, 0);
        assert_eq!(credentials.user.real, 7);
    }

    #[test]
    fn swapping_real_and_effective_saves_the_effective() {
        let mut credentials = Credentials::new(1, 1);
        credentials.user.effective = 2;
        credentials.set_real_effective(Which::User, Some(2), Some(1)).unwrap();
        assert_eq!(credentials.user, Identity { real: 2, effective: 1, saved: 1, file_system: 1 });
    }
}
