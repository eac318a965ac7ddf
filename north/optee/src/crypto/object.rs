//! An object: a key, and what it may be used for.

use alloc::vec::Vec;

use bitflags::bitflags;
use zeroize::Zeroizing;

use super::attribute::{Attribute, AttributeContent, AttributeValue, ObjectInfo};
use super::kind::Kind;
use crate::error::{Result, TeeError};

/// A transient object.
pub(super) struct Object {
    /// Its type.
    pub(super) kind: &'static Kind,
    max_bits: u32,
    usage: Usage,
    /// It is the key of an operation, and closed with that.
    pub(super) busy: bool,
    /// Its value; `None` while it is not initialized.
    secret: Option<Zeroizing<Vec<u8>>>,
}

bitflags! {
    /// What a key may be used for (`TEE_USAGE_`). Bits without a meaning are kept, as a fresh object has them all.
    #[derive(Clone, Copy)]
    pub(super) struct Usage: u32 {
        /// To be read by the application.
        const EXTRACTABLE = 1;
        /// To encrypt.
        const ENCRYPT = 2;
        /// To decrypt.
        const DECRYPT = 4;
        /// To compute message authentication codes.
        const MAC = 8;
        const _ = !0;
    }
}

/// `TEE_HANDLE_FLAG_INITIALIZED`.
const INITIALIZED: u32 = 0x2_0000;
/// The bit of an attribute's number that allows it to be read without [`Usage::EXTRACTABLE`] (`TEE_ATTR_FLAG_PUBLIC`).
const PUBLIC: u32 = 1 << 28;

impl Object {
    /// An object without a value, for one of at most `max_bits`.
    ///
    /// # Errors
    /// [`TeeError::NOT_SUPPORTED`]: no such type, or it has no values of that size.
    pub(super) fn new(kind: u32, max_bits: u32) -> Result<Self> {
        let kind = Kind::of(kind).ok_or(TeeError::NOT_SUPPORTED)?;
        kind.bytes(max_bits).ok_or(TeeError::NOT_SUPPORTED)?;
        Ok(Self { kind, max_bits, usage: Usage::all(), busy: false, secret: None })
    }

    /// What is said of it.
    pub(super) fn info(&self) -> ObjectInfo {
        let bits = self.secret.as_ref().and_then(|secret| self.kind.bits(secret.len(), self.max_bits));
        ObjectInfo {
            kind: self.kind.number,
            size_bits: bits.unwrap_or(0),
            max_bits: self.max_bits,
            usage: self.usage.bits(),
            data_size: 0,
            data_position: 0,
            handle_flags: if self.secret.is_some() { INITIALIZED } else { 0 },
        }
    }

    /// Takes away the uses that are not in `mask`.
    pub(super) fn restrict(&mut self, mask: u32) {
        self.usage &= Usage::from_bits_retain(mask);
    }

    /// The attribute `id`.
    ///
    /// # Errors
    /// [`TeeError::BAD_PARAMETERS`]: not initialized, or the attribute is secret and the object not extractable.
    /// [`TeeError::ITEM_NOT_FOUND`]: the object has no such attribute.
    pub(super) fn attribute(&self, id: u32) -> Result<AttributeValue<'_>> {
        let secret = self.secret.as_ref().ok_or(TeeError::BAD_PARAMETERS)?;
        if id & PUBLIC == 0 && !self.usage.contains(Usage::EXTRACTABLE) {
            return Err(TeeError::BAD_PARAMETERS);
        }
        if self.kind.secret == Some(id) {
            Ok(AttributeValue::Bytes(secret))
        } else {
            Err(TeeError::ITEM_NOT_FOUND)
        }
    }

    /// Forgets its value, and allows every use again.
    pub(super) fn reset(&mut self) {
        self.secret = None;
        self.usage = Usage::all();
    }

    /// Takes its value from `attributes`.
    ///
    /// # Errors
    /// [`TeeError::BAD_PARAMETERS`]: initialized before, numbers in place of bytes, or a size that the type does not
    /// have. [`TeeError::ITEM_NOT_FOUND`]: an attribute is unknown, repeated or missing. [`TeeError::BAD_STATE`]: more
    /// than the object was allocated for. [`TeeError::OUT_OF_MEMORY`].
    pub(super) fn populate(&mut self, attributes: &[Attribute]) -> Result<()> {
        if self.secret.is_some() {
            return Err(TeeError::BAD_PARAMETERS);
        }
        let value: &[u8] = match (self.kind.secret, attributes) {
            (None, []) => &[],
            (Some(id), [attribute]) if attribute.id == id => match &attribute.value {
                AttributeContent::Bytes(bytes) => bytes,
                AttributeContent::Value(..) => return Err(TeeError::BAD_PARAMETERS),
            },
            _ => return Err(TeeError::ITEM_NOT_FOUND),
        };
        self.fill(value)
    }

    /// Takes value and uses of `source`.
    ///
    /// # Errors
    /// [`TeeError::BAD_PARAMETERS`]: initialized before, `source` is not initialized, or is of another type.
    /// [`TeeError::BAD_STATE`]: more than the object was allocated for. [`TeeError::OUT_OF_MEMORY`].
    pub(super) fn copy_from(&mut self, source: &Secret) -> Result<()> {
        if self.secret.is_some() || self.kind.number != source.kind.number {
            return Err(TeeError::BAD_PARAMETERS);
        }
        self.fill(&source.value)?;
        self.usage = source.usage;
        Ok(())
    }

    /// What [`Self::copy_from`] of another object takes.
    ///
    /// # Errors
    /// [`TeeError::BAD_PARAMETERS`]: not initialized. [`TeeError::OUT_OF_MEMORY`].
    pub(super) fn secret(&self) -> Result<Secret> {
        let secret = self.secret.as_ref().ok_or(TeeError::BAD_PARAMETERS)?;
        Ok(Secret { kind: self.kind, usage: self.usage, value: copy(secret)? })
    }

    /// Takes a random value of `bits`.
    ///
    /// # Errors
    /// [`TeeError::BAD_STATE`]: initialized before. [`TeeError::NOT_SUPPORTED`]: a size that the type does not have, or
    /// a type without values. [`TeeError::BAD_PARAMETERS`]: more than the object was allocated for.
    /// [`TeeError::OUT_OF_MEMORY`].
    pub(super) fn generate(&mut self, bits: u32, random: &mut dyn FnMut(&mut [u8])) -> Result<()> {
        if self.secret.is_some() {
            return Err(TeeError::BAD_STATE);
        }
        self.kind.secret.ok_or(TeeError::NOT_SUPPORTED)?;
        let bytes = self.kind.bytes(bits).ok_or(TeeError::NOT_SUPPORTED)?;
        if bytes > self.capacity() {
            return Err(TeeError::BAD_PARAMETERS);
        }
        let mut value = zeros(bytes)?;
        random(&mut value);
        self.kind.shape(&mut value);
        self.secret = Some(value);
        Ok(())
    }

    /// The value, to be used as a key for `usage`.
    ///
    /// # Errors
    /// [`TeeError::BAD_PARAMETERS`]: not initialized. [`TeeError::ACCESS_DENIED`]: not allowed for that use.
    pub(super) fn key(&self, usage: Usage) -> Result<&[u8]> {
        let secret = self.secret.as_ref().ok_or(TeeError::BAD_PARAMETERS)?;
        if self.usage.contains(usage) { Ok(secret) } else { Err(TeeError::ACCESS_DENIED) }
    }

    fn fill(&mut self, value: &[u8]) -> Result<()> {
        if value.len() > self.capacity() {
            return Err(TeeError::BAD_STATE);
        }
        let bits = self.kind.bits(value.len(), self.max_bits).ok_or(TeeError::BAD_PARAMETERS)?;
        if self.kind.bytes(bits) != Some(value.len()) {
            return Err(TeeError::BAD_PARAMETERS);
        }
        self.secret = Some(copy(value)?);
        Ok(())
    }

    /// Bytes that its value has at most.
    fn capacity(&self) -> usize {
        self.kind.bytes(self.max_bits).unwrap_or(0)
    }
}

/// What one object takes of another.
pub(super) struct Secret {
    kind: &'static Kind,
    usage: Usage,
    value: Zeroizing<Vec<u8>>,
}

fn copy(value: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let mut copy = zeros(value.len())?;
    copy.copy_from_slice(value);
    Ok(copy)
}

fn zeros(bytes: usize) -> Result<Zeroizing<Vec<u8>>> {
    let mut zeros = Zeroizing::new(Vec::new());
    zeros.try_reserve_exact(bytes).map_err(|_| TeeError::OUT_OF_MEMORY)?;
    zeros.resize(bytes, 0);
    Ok(zeros)
}
