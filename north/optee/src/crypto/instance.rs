//! The objects and operations of one instance; the calls on objects.

use super::attribute::{Attribute, AttributeValue, ObjectInfo};
use super::handle::{Mark, Table};
use super::object::Object;
use super::state::State;
use crate::error::{Result, TeeError};

/// Objects and states of operations of one instance of a trusted application, at most 1024 of each. A handle is not 0,
/// and is not given out again soon after what it named is gone.
pub struct Crypto {
    pub(super) objects: Table<Object>,
    pub(super) states: Table<State>,
}

impl Default for Crypto {
    fn default() -> Self {
        Self::new()
    }
}

impl Crypto {
    /// No objects and no states.
    pub const fn new() -> Self {
        Self { objects: Table::new(Mark::Object), states: Table::new(Mark::State) }
    }

    /// How many objects and how many states there are.
    pub const fn counts(&self) -> (usize, usize) {
        (self.objects.len(), self.states.len())
    }

    /// Makes an object of type `kind` for a value of at most `max_bits`, and returns its handle (system call 27,
    /// `TEE_AllocateTransientObject`). It has no value yet and may be used for everything.
    ///
    /// # Errors
    /// [`TeeError::NOT_SUPPORTED`]: no such type, or it has no values of that size; types of key pairs and public keys
    /// are not supported. [`TeeError::OUT_OF_MEMORY`].
    pub fn allocate_object(&mut self, kind: u32, max_bits: u32) -> Result<u32> {
        self.objects.insert(Object::new(kind, max_bits)?)
    }

    /// What is said of an object (system call 24, `TEE_GetObjectInfo1`).
    ///
    /// # Errors
    /// [`TeeError::BAD_STATE`]: no such object.
    pub fn object_info(&self, object: u32) -> Result<ObjectInfo> {
        Ok(self.object(object)?.info())
    }

    /// Takes from an object the uses that are not in `mask` (system call 25, `TEE_RestrictObjectUsage1`).
    ///
    /// # Errors
    /// [`TeeError::BAD_STATE`]: no such object.
    pub fn restrict_usage(&mut self, object: u32, mask: u32) -> Result<()> {
        self.object_mut(object)?.restrict(mask);
        Ok(())
    }

    /// An attribute of an object (system call 26, `TEE_GetObjectBufferAttribute` and `TEE_GetObjectValueAttribute`).
    ///
    /// # Errors
    /// [`TeeError::ITEM_NOT_FOUND`]: no such object, or it has no such attribute. [`TeeError::BAD_PARAMETERS`]: the
    /// object is not initialized, or the attribute is secret and the object not extractable.
    pub fn attribute(&self, object: u32, id: u32) -> Result<AttributeValue<'_>> {
        self.objects.get(object).ok_or(TeeError::ITEM_NOT_FOUND)?.attribute(id)
    }

    /// Forgets an object (system call 28, `TEE_FreeTransientObject`).
    ///
    /// # Errors
    /// [`TeeError::BAD_STATE`]: no such object. [`TeeError::ITEM_NOT_FOUND`]: it is the key of an operation.
    pub fn close_object(&mut self, object: u32) -> Result<()> {
        if self.object(object)?.busy {
            return Err(TeeError::ITEM_NOT_FOUND);
        }
        self.objects.remove(object);
        Ok(())
    }

    /// Takes its value from an object, and allows every use of it again (system call 29,
    /// `TEE_ResetTransientObject`). Keys of operations can be reset: libutee does so to set another key. A message
    /// that is under way goes on with the key that it began with.
    ///
    /// # Errors
    /// [`TeeError::BAD_STATE`]: no such object.
    pub fn reset_object(&mut self, object: u32) -> Result<()> {
        self.object_mut(object)?.reset();
        Ok(())
    }

    /// Gives an object its value (system call 30, `TEE_PopulateTransientObject`).
    ///
    /// # Errors
    /// [`TeeError::BAD_STATE`]: no such object, or the value is longer than the object was allocated for.
    /// [`TeeError::ITEM_NOT_FOUND`]: an attribute is unknown to the type, repeated or missing.
    /// [`TeeError::BAD_PARAMETERS`]: the object has a value, an attribute's content is of the wrong sort, or the type
    /// has no values of that size. [`TeeError::OUT_OF_MEMORY`].
    pub fn populate(&mut self, object: u32, attributes: &[Attribute]) -> Result<()> {
        self.object_mut(object)?.populate(attributes)
    }

    /// Gives the object `to` the value of the object `from`, and its restrictions (system call 31,
    /// `TEE_CopyObjectAttributes1`).
    ///
    /// # Errors
    /// [`TeeError::BAD_STATE`]: no such object, or the value is longer than `to` was allocated for.
    /// [`TeeError::BAD_PARAMETERS`]: `to` has a value, `from` has none, or they are of different types.
    /// [`TeeError::OUT_OF_MEMORY`].
    pub fn copy_object(&mut self, to: u32, from: u32) -> Result<()> {
        self.object(to)?;
        let secret = self.object(from)?.secret()?;
        self.object_mut(to)?.copy_from(&secret)
    }

    /// Gives an object a value of `bits` by the generator `random`, which fills what it is given (system call 54,
    /// `TEE_GenerateKey`).
    ///
    /// # Errors
    /// [`TeeError::BAD_STATE`]: no such object, or it has a value. [`TeeError::NOT_SUPPORTED`]: the type has no values
    /// of that size. [`TeeError::BAD_PARAMETERS`]: more than the object was allocated for.
    /// [`TeeError::OUT_OF_MEMORY`].
    pub fn generate_key(&mut self, object: u32, bits: u32, random: &mut dyn FnMut(&mut [u8])) -> Result<()> {
        self.object_mut(object)?.generate(bits, random)
    }

    pub(super) fn object(&self, object: u32) -> Result<&Object> {
        self.objects.get(object).ok_or(TeeError::BAD_STATE)
    }

    pub(super) fn object_mut(&mut self, object: u32) -> Result<&mut Object> {
        self.objects.get_mut(object).ok_or(TeeError::BAD_STATE)
    }
}
