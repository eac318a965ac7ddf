//! The objects of one kind, by number and by key.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::sync::Mutex;

use super::{NO_MEMORY, REMOVED};
use crate::error::{Error, ErrorKind, Result};

/// How an object is asked for (`IPC_CREAT`, `IPC_EXCL`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Creation {
    /// The key; 0 for a new object without one.
    pub key: i32,
    /// It is made if there is none.
    pub create: bool,
    /// With `create`: there must be none.
    pub exclusive: bool,
}

/// The objects of one kind. A number is that of a place, and of how often the place was used before: so that a number
/// does not name another object soon after its own went.
pub struct Objects<T> {
    places: Mutex<Vec<Place<T>>>,
    limit: usize,
}

struct Place<T> {
    /// How often the place was used before.
    sequence: i32,
    entry: Option<Entry<T>>,
}

struct Entry<T> {
    key: i32,
    object: Arc<T>,
}

/// Numbers that are the same place are this far apart.
const PLACES: i32 = 1 << 15;
/// One more than the largest sequence number.
const SEQUENCES: i32 = 1 << 16;

const NOT_FOUND: Error = Error::new(ErrorKind::NotFound, "no object has this key");
const NO_OBJECT: Error = Error::new(ErrorKind::InvalidArgument, "no object has this number");

impl<T> Objects<T> {
    /// No objects, and at most `limit` at a time.
    pub(super) const fn new(limit: usize) -> Self {
        Self { places: Mutex::new(Vec::new()), limit }
    }

    /// The number of the object that `creation` asks for: of one that has the key if `accept` agrees, or of the one
    /// that `make` makes, which is told its number.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], [`ErrorKind::Exists`], [`ErrorKind::NoSpace`] if there are too many,
    /// [`ErrorKind::NoMemory`]; those of `accept` and `make`.
    pub(super) fn find_or_make(
        &self,
        creation: Creation,
        accept: impl FnOnce(&T) -> Result<()>,
        make: impl FnOnce(i32) -> Result<Arc<T>>,
    ) -> Result<i32> {
        let mut places = self.places.lock();
        let has_key = |place: &Place<T>| place.entry.as_ref().is_some_and(|entry| entry.key == creation.key);
        let found = if creation.key == 0 { None } else { places.iter().position(has_key) };
        if let Some(index) = found {
            if creation.create && creation.exclusive {
                return Err(Error::new(ErrorKind::Exists, "an object has this key"));
            }
            let place = places.get(index).ok_or(NO_OBJECT)?;
            accept(&place.entry.as_ref().ok_or(NO_OBJECT)?.object)?;
            return number(index, place.sequence);
        }
        if !creation.create && creation.key != 0 {
            return Err(NOT_FOUND);
        }
        let index = self.free_place(&mut places)?;
        let place = places.get_mut(index).ok_or(NO_MEMORY)?;
        let number = number(index, place.sequence)?;
        place.entry = Some(Entry { key: creation.key, object: make(number)? });
        Ok(number)
    }

    fn free_place(&self, places: &mut Vec<Place<T>>) -> Result<usize> {
        if let Some(index) = places.iter().position(|place| place.entry.is_none()) {
            return Ok(index);
        }
        if places.len() >= self.limit {
            return Err(Error::new(ErrorKind::NoSpace, "too many objects of this kind"));
        }
        places.try_reserve(1).map_err(|_| NO_MEMORY)?;
        places.push(Place { sequence: 0, entry: None });
        Ok(places.len() - 1)
    }

    /// The object numbered `id`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`]; [`ErrorKind::Removed`] if its place has another object by now.
    pub fn get(&self, id: i32) -> Result<Arc<T>> {
        let places = self.places.lock();
        let (index, sequence) = split(id)?;
        let place = places.get(index).ok_or(NO_OBJECT)?;
        let entry = place.entry.as_ref().ok_or(NO_OBJECT)?;
        if place.sequence == sequence { Ok(Arc::clone(&entry.object)) } else { Err(REMOVED) }
    }

    /// The object at place `index`, and its number.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if there is none.
    pub fn at(&self, index: i32) -> Result<(i32, Arc<T>)> {
        let places = self.places.lock();
        // Like Linux: of a number given in its place, only the place counts.
        let (index, _) = split(index)?;
        let place = places.get(index).ok_or(NO_OBJECT)?;
        let entry = place.entry.as_ref().ok_or(NO_OBJECT)?;
        Ok((number(index, place.sequence)?, Arc::clone(&entry.object)))
    }

    /// Take the object numbered `id` out, if it is there.
    pub(super) fn remove(&self, id: i32) -> Option<Arc<T>> {
        let (index, sequence) = split(id).ok()?;
        let mut places = self.places.lock();
        let place = places.get_mut(index).filter(|place| place.sequence == sequence)?;
        let entry = place.entry.take()?;
        place.sequence = (sequence + 1) % SEQUENCES;
        Some(entry.object)
    }

    /// The object numbered `id` can no longer be found by its key.
    pub(super) fn forget_key(&self, id: i32) {
        let Ok((index, sequence)) = split(id) else { return };
        let mut places = self.places.lock();
        let place = places.get_mut(index).filter(|place| place.sequence == sequence);
        if let Some(entry) = place.and_then(|place| place.entry.as_mut()) {
            entry.key = 0;
        }
    }

    /// All objects with their numbers, by place.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`].
    pub fn all(&self) -> Result<Vec<(i32, Arc<T>)>> {
        let places = self.places.lock();
        let mut all = Vec::new();
        all.try_reserve_exact(places.len()).map_err(|_| NO_MEMORY)?;
        for (index, place) in places.iter().enumerate() {
            if let Some(entry) = &place.entry {
                all.push((number(index, place.sequence)?, Arc::clone(&entry.object)));
            }
        }
        Ok(all)
    }

    /// How many objects there are.
    pub fn count(&self) -> usize {
        self.places.lock().iter().filter(|place| place.entry.is_some()).count()
    }

    /// The highest place with an object; 0 if there is none.
    pub fn highest(&self) -> usize {
        self.places.lock().iter().rposition(|place| place.entry.is_some()).unwrap_or(0)
    }
}

fn number(index: usize, sequence: i32) -> Result<i32> {
    let index = i32::try_from(index).map_err(|_| NO_OBJECT)?;
    sequence.checked_mul(PLACES).and_then(|first| first.checked_add(index)).ok_or(NO_OBJECT)
}

fn split(id: i32) -> Result<(usize, i32)> {
    let index = usize::try_from(id).map_err(|_| NO_OBJECT)? % usize::try_from(PLACES).unwrap_or(1);
    Ok((index, id / PLACES))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(objects: &Objects<u32>, key: i32, create: bool, exclusive: bool) -> Result<i32> {
        objects.find_or_make(
            Creation { key, create, exclusive },
            |_| Ok(()),
            |id| Ok(Arc::new(id.unsigned_abs())),
        )
    }

    fn kind<T>(outcome: Result<T>) -> Option<ErrorKind> {
        outcome.err().map(|error| error.kind)
    }

    #[test]
    fn a_key_names_one_object_and_no_key_a_new_one_each_time() {
        let objects = Objects::new(8);
        assert_eq!(kind(ask(&objects, 5, false, false)), Some(ErrorKind::NotFound));
        let first = ask(&objects, 5, true, true).unwrap();
        assert_eq!(ask(&objects, 5, true, false), Ok(first));
        assert_eq!(kind(ask(&objects, 5, true, true)), Some(ErrorKind::Exists));
        assert_ne!(ask(&objects, 0, false, false), ask(&objects, 0, false, false));
        assert_eq!(objects.count(), 3);
    }

    #[test]
    fn a_removed_number_is_not_that_of_the_next_object() {
        let objects = Objects::new(1);
        let first = ask(&objects, 5, true, false).unwrap();
        assert_eq!(kind(ask(&objects, 6, true, false)), Some(ErrorKind::NoSpace));
        assert!(objects.remove(first).is_some());
        assert_eq!(kind(objects.get(first)), Some(ErrorKind::InvalidArgument));
        let second = ask(&objects, 6, true, false).unwrap();
        assert_ne!(first, second);
        assert_eq!(kind(objects.get(first)), Some(ErrorKind::Removed));
        assert!(objects.remove(first).is_none());
        assert_eq!(objects.at(0).unwrap().0, second);
    }

    #[test]
    fn numbers_never_become_negative() {
        let objects = Objects::new(1);
        for _ in 0..=SEQUENCES {
            let id = ask(&objects, 0, true, false).unwrap();
            assert!(id >= 0);
            objects.remove(id);
        }
        assert_eq!(kind(objects.get(-1)), Some(ErrorKind::InvalidArgument));
    }
}
