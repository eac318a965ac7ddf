//! Files that are open for writing, and files that are executed: never both (`execve(2)`, `open(2)`: `ETXTBSY`).

use alloc::sync::Arc;

use litebox_host::sync::{AtomicU32, Ordering};

use super::Vnode;
use crate::error::{Error, ErrorKind, Result};

/// How often an object is open for writing, or executed: a signed number, above 0 for the one and below for the other.
#[derive(Debug, Default)]
pub struct Users(AtomicU32);

/// What an object is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// It is open for writing.
    Writing,
    /// A program runs from it.
    Executing,
}

const WRITTEN: Error = Error::new(ErrorKind::TextBusy, "the program is open for writing");
const EXECUTED: Error = Error::new(ErrorKind::TextBusy, "the file is a program that runs");

impl Users {
    /// Refuse a change of the bytes while the object is executed.
    ///
    /// # Errors
    /// [`ErrorKind::TextBusy`].
    pub fn check_change(&self) -> Result<()> {
        if self.0.load(Ordering::Relaxed).cast_signed() < 0 { Err(EXECUTED) } else { Ok(()) }
    }

    fn begin(&self, what: Use) -> Result<()> {
        let step = |count: u32| {
            let count = count.cast_signed();
            let next = match what {
                Use::Writing if count >= 0 => count.checked_add(1),
                Use::Executing if count <= 0 => count.checked_sub(1),
                _ => None,
            };
            next.map(i32::cast_unsigned)
        };
        let changed = self.0.fetch_update(Ordering::AcqRel, Ordering::Relaxed, step);
        changed.map(drop).map_err(|_| if what == Use::Writing { EXECUTED } else { WRITTEN })
    }

    fn end(&self, what: Use) {
        match what {
            Use::Writing => self.0.fetch_sub(1, Ordering::AcqRel),
            Use::Executing => self.0.fetch_add(1, Ordering::AcqRel),
        };
    }
}

/// One use of an object, over on drop.
pub struct InUse {
    object: Arc<dyn Vnode>,
    what: Use,
}

impl InUse {
    /// Use `object`; nothing is counted of objects that are never both written and executed.
    ///
    /// # Errors
    /// [`ErrorKind::TextBusy`] if it is in the other use.
    pub fn begin(object: &Arc<dyn Vnode>, what: Use) -> Result<Option<Self>> {
        let Some(users) = object.users() else { return Ok(None) };
        users.begin(what)?;
        Ok(Some(Self { object: Arc::clone(object), what }))
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        if let Some(users) = self.object.users() {
            users.end(self.what);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writers_and_programs_exclude_one_another() {
        let users = Users::default();
        for _ in 0..2 {
            assert_eq!(users.begin(Use::Writing), Ok(()));
        }
        assert_eq!(users.begin(Use::Executing), Err(WRITTEN));
        assert_eq!(users.check_change(), Ok(()));
        users.end(Use::Writing);
        assert_eq!(users.begin(Use::Executing), Err(WRITTEN));
        users.end(Use::Writing);
        for _ in 0..2 {
            assert_eq!(users.begin(Use::Executing), Ok(()));
        }
        assert_eq!(users.begin(Use::Writing), Err(EXECUTED));
        assert_eq!(users.check_change(), Err(EXECUTED));
        users.end(Use::Executing);
        users.end(Use::Executing);
        assert_eq!(users.begin(Use::Writing), Ok(()));
    }
}
