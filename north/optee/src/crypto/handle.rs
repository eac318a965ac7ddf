//! Handles, and the table that gives them out.

use alloc::vec::Vec;

use crate::error::{Result, TeeError};

/// Values by handle. A handle names a place and how often that place was used, so that a place which is used again has
/// another handle, and small numbers or those of another table name nothing.
pub(super) struct Table<T> {
    places: Vec<Place<T>>,
    used: usize,
    /// What tells the handles of this table from those of the other.
    mark: u32,
}

struct Place<T> {
    /// Which use of the place this is, or will be next.
    turn: u32,
    value: Option<T>,
}

/// Values that a table holds at most.
pub(super) const CAPACITY: usize = 1 << PLACE_BITS;
const PLACE_BITS: u32 = 10;
const TURN_BITS: u32 = 21;
/// Turns follow one another at this distance, which is odd: each of them comes up before one comes again.
const TURN_STEP: u32 = 0x9_e377;

impl<T> Table<T> {
    /// An empty table; `mark` is the highest bit of its handles.
    pub(super) const fn new(mark: Mark) -> Self {
        Self { places: Vec::new(), used: 0, mark: (mark as u32) << (PLACE_BITS + TURN_BITS) }
    }

    /// How many values there are.
    pub(super) const fn len(&self) -> usize {
        self.used
    }

    /// Takes in `value` and returns its handle, never 0.
    ///
    /// # Errors
    /// [`TeeError::OUT_OF_MEMORY`] if there are [`CAPACITY`] values, or if memory is short.
    pub(super) fn insert(&mut self, value: T) -> Result<u32> {
        let index = self.free_place()?;
        let place = self.places.get_mut(index).ok_or(TeeError::OUT_OF_MEMORY)?;
        place.value = Some(value);
        self.used += 1;
        let index = u32::try_from(index).map_err(|_| TeeError::OUT_OF_MEMORY)?;
        Ok(self.mark | (place.turn << PLACE_BITS) | index)
    }

    /// The value that has `handle`.
    pub(super) fn get(&self, handle: u32) -> Option<&T> {
        let place = self.places.get(place_of(handle))?;
        if self.handle_matches(place.turn, handle) { place.value.as_ref() } else { None }
    }

    /// The value that has `handle`, to change.
    pub(super) fn get_mut(&mut self, handle: u32) -> Option<&mut T> {
        self.get(handle)?;
        self.places.get_mut(place_of(handle))?.value.as_mut()
    }

    /// Drops the value that has `handle`, where it lies, and returns whether there was one.
    pub(super) fn remove(&mut self, handle: u32) -> bool {
        if self.get(handle).is_none() {
            return false;
        }
        let Some(place) = self.places.get_mut(place_of(handle)) else { return false };
        place.value = None;
        place.turn = after(place.turn);
        self.used -= 1;
        true
    }

    fn free_place(&mut self) -> Result<usize> {
        if let Some(index) = self.places.iter().position(|place| place.value.is_none()) {
            return Ok(index);
        }
        if self.places.len() >= CAPACITY {
            return Err(TeeError::OUT_OF_MEMORY);
        }
        self.places.try_reserve(1).map_err(|_| TeeError::OUT_OF_MEMORY)?;
        self.places.push(Place { turn: after(0), value: None });
        Ok(self.places.len() - 1)
    }

    const fn handle_matches(&self, turn: u32, handle: u32) -> bool {
        handle >> PLACE_BITS == (self.mark >> PLACE_BITS) | turn
    }
}

/// Which of the two tables a handle is of.
#[derive(Clone, Copy)]
pub(super) enum Mark {
    /// Objects.
    Object = 0,
    /// States of operations.
    State = 1,
}

const fn place_of(handle: u32) -> usize {
    handle as usize & (CAPACITY - 1)
}

/// The turn after `turn`; 0 is none, as a handle of it could be 0.
const fn after(turn: u32) -> u32 {
    match turn.wrapping_add(TURN_STEP) & ((1 << TURN_BITS) - 1) {
        0 => TURN_STEP,
        next => next,
    }
}

#[cfg(test)]
mod tests {
    use super::{CAPACITY, Mark, Table, after};
    use crate::error::TeeError;

    #[test]
    fn a_place_that_is_used_again_has_another_handle() {
        let mut table = Table::new(Mark::Object);
        let first = table.insert('a').unwrap();
        assert_eq!(table.get(first), Some(&'a'));
        assert!(table.remove(first));
        assert!(!table.remove(first));
        let second = table.insert('b').unwrap();
        assert_ne!(first, second);
        assert_eq!(table.get(first), None);
        assert_eq!(table.get_mut(second), Some(&mut 'b'));
    }

    #[test]
    fn handles_are_neither_small_nor_those_of_the_other_table() {
        let (mut objects, mut states) = (Table::new(Mark::Object), Table::new(Mark::State));
        for _ in 0..CAPACITY {
            let (object, state) = (objects.insert(()).unwrap(), states.insert(()).unwrap());
            assert!(object > 0xffff && state > 0xffff);
            assert!(objects.get(state).is_none() && states.get(object).is_none());
        }
        assert_eq!(objects.insert(()), Err(TeeError::OUT_OF_MEMORY));
        assert_eq!(objects.len(), CAPACITY);
    }

    #[test]
    fn a_turn_comes_again_only_after_all_others() {
        let first = after(0);
        let (mut turn, mut count) = (after(first), 1);
        while turn != first {
            assert_ne!(turn, 0);
            (turn, count) = (after(turn), count + 1);
        }
        assert_eq!(count, (1 << 21) - 1);
    }
}
