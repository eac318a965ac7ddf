//! Keys and operations in safe Rust: sections 5.3 to 6.5. What the API calls misuse ends the TA, here as in C.
//!
//! Where a result goes to a buffer, `length` is set to what was written, or with `SHORT_BUFFER` to what is needed.
#![expect(unsafe_code, reason = "slices are handed to the functions that C's are")]

use crate::abi::{Attribute, ObjectInfo, Parameter};
use crate::error::{Error, Result};
use crate::{object, operation};

/// `TEE_ATTR_SECRET_VALUE`.
const SECRET_VALUE: u32 = 0xC000_0000;

/// `TEE_MODE_…`: what an operation does.
pub mod mode {
    /// Encrypts.
    pub const ENCRYPT: u32 = 0;
    /// Decrypts.
    pub const DECRYPT: u32 = 1;
    /// Computes message authentication codes.
    pub const MAC: u32 = 4;
    /// Computes digests.
    pub const DIGEST: u32 = 5;
}

/// Where a slice starts; null without bytes, which needs no memory.
fn start(bytes: &[u8]) -> *const u8 {
    if bytes.is_empty() { core::ptr::null() } else { bytes.as_ptr() }
}

/// A transient object for a key; it is closed when dropped.
#[derive(Debug)]
pub struct Key(u32);

impl Key {
    /// An empty object of a `TEE_TYPE_…`, for keys of at most `max_bits`.
    ///
    /// # Errors
    /// `NOT_SUPPORTED`, `OUT_OF_MEMORY`.
    pub fn empty(kind: u32, max_bits: u32) -> Result<Self> {
        object::allocate(kind, max_bits).map(Self)
    }

    /// A secret key of these bytes.
    ///
    /// # Errors
    /// As for [`Self::empty`]; `BAD_PARAMETERS`.
    pub fn secret(kind: u32, bytes: &[u8]) -> Result<Self> {
        let bits = u32::try_from(bytes.len() * 8).map_err(|_| Error::NOT_SUPPORTED)?;
        let key = Self::empty(kind, bits)?;
        let address = bytes.as_ptr().expose_provenance() as u64;
        let value = Parameter::from_memory(address, bytes.len() as u64);
        // SAFETY: the attribute points to the slice.
        unsafe { object::populate(key.0, &[Attribute::new(SECRET_VALUE, value)]) }.map(|()| key)
    }

    /// Describes the object.
    ///
    /// # Errors
    /// None for a transient object.
    pub fn information(&self) -> Result<ObjectInfo> {
        object::information(self.0 as usize)
    }

    /// Keeps only these rights of [`usage`](crate::abi::usage).
    ///
    /// # Errors
    /// None for a transient object.
    pub fn restrict(&mut self, usage: u32) -> Result<()> {
        object::restrict(self.0, usage)
    }

    /// Takes over the attributes of another key. This one must be empty.
    ///
    /// # Errors
    /// None for a transient object.
    pub fn copy_from(&mut self, source: &Self) -> Result<()> {
        object::copy(self.0, source.0)
    }

    /// Reads the bytes of a secret key that may be extracted.
    ///
    /// # Errors
    /// `SHORT_BUFFER`, `ITEM_NOT_FOUND`.
    pub fn secret_value(&self, output: &mut [u8], length: &mut usize) -> Result<()> {
        *length = output.len();
        // SAFETY: the buffer is the slice.
        unsafe { object::buffer_attribute(self.0, SECRET_VALUE, output.as_mut_ptr(), length) }
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        object::close(self.0);
    }
}

/// An operation; it is freed when dropped.
#[derive(Debug)]
pub struct Operation(usize);

impl Operation {
    /// An operation of a `TEE_ALG_…` in a [`mode`], for keys of at most `max_bits`.
    ///
    /// # Errors
    /// `NOT_SUPPORTED`, `OUT_OF_MEMORY`.
    pub fn new(algorithm: u32, mode: u32, max_bits: u32) -> Result<Self> {
        operation::allocate(algorithm, mode, max_bits).map(Self)
    }

    /// Copies a key into the operation.
    ///
    /// # Errors
    /// None for a transient object.
    pub fn set_key(&mut self, key: &Key) -> Result<()> {
        operation::set_key(self.0, &[key.0 as usize])
    }

    /// Goes on where another operation of the same algorithm and mode stands.
    pub fn copy_from(&mut self, source: &Self) {
        operation::copy(self.0, source.0);
    }

    /// Begins a cipher.
    pub fn cipher_init(&mut self, iv: &[u8]) {
        // SAFETY: the vector is the slice.
        unsafe { operation::cipher_init(self.0, start(iv), iv.len()) };
    }

    /// Ciphers what fills blocks.
    ///
    /// # Errors
    /// `SHORT_BUFFER`: nothing was taken.
    pub fn cipher_update(&mut self, data: &[u8], output: &mut [u8], length: &mut usize) -> Result<()> {
        *length = output.len();
        // SAFETY: input and output are the slices.
        unsafe { operation::cipher_update(self.0, start(data), data.len(), output.as_mut_ptr(), length) }
    }

    /// Ciphers the last input and ends the cipher.
    ///
    /// # Errors
    /// `SHORT_BUFFER`: nothing was taken.
    pub fn cipher_final(&mut self, data: &[u8], output: &mut [u8], length: &mut usize) -> Result<()> {
        *length = output.len();
        // SAFETY: input and output are the slices.
        unsafe { operation::cipher_final(self.0, start(data), data.len(), output.as_mut_ptr(), length) }
    }

    /// Takes more data into a digest.
    pub fn digest_update(&mut self, data: &[u8]) {
        // SAFETY: the data are the slice.
        unsafe { operation::digest_update(self.0, start(data), data.len()) };
    }

    /// Takes the last data and writes the digest; the operation is ready for the next.
    ///
    /// # Errors
    /// `SHORT_BUFFER`.
    pub fn digest_final(&mut self, data: &[u8], output: &mut [u8], length: &mut usize) -> Result<()> {
        *length = output.len();
        // SAFETY: data and output are the slices.
        unsafe { operation::digest_final(self.0, start(data), data.len(), output.as_mut_ptr(), length) }
    }

    /// Begins a message authentication code that takes no initialisation vector.
    pub fn mac_init(&mut self) {
        // SAFETY: null of no bytes is no vector.
        unsafe { operation::mac_init(self.0, core::ptr::null(), 0) };
    }

    /// Takes more data into a message authentication code.
    pub fn mac_update(&mut self, data: &[u8]) {
        // SAFETY: the data are the slice.
        unsafe { operation::mac_update(self.0, start(data), data.len()) };
    }

    /// Takes the last data and writes the code.
    ///
    /// # Errors
    /// `SHORT_BUFFER`.
    pub fn mac_final(&mut self, data: &[u8], output: &mut [u8], length: &mut usize) -> Result<()> {
        *length = output.len();
        // SAFETY: data and output are the slices.
        unsafe { operation::mac_final(self.0, start(data), data.len(), output.as_mut_ptr(), length) }
    }

    /// Takes the last data and compares the code with one that is given.
    ///
    /// # Errors
    /// `MAC_INVALID`.
    pub fn mac_compare(&mut self, data: &[u8], code: &[u8]) -> Result<()> {
        // SAFETY: the data are the slice.
        unsafe { operation::mac_compare(self.0, start(data), data.len(), code) }
    }
}

impl Drop for Operation {
    fn drop(&mut self) {
        operation::free(self.0);
    }
}
