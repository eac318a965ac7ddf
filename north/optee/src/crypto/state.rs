//! An operation: an algorithm, its key, and the computation under way.

use super::algorithm::{Algorithm, Mode};
use super::cipher::Cipher;
use super::digest::{Authentication, Digest};
use super::held::Held;
use super::object::Object;
use crate::error::{Result, TeeError};

/// The state of an operation.
pub(super) struct State {
    algorithm: Algorithm,
    mode: Mode,
    key: u32,
    running: Held<Running>,
}

/// A computation that began and did not end.
#[derive(Clone)]
enum Running {
    Cipher(Cipher),
    Digest(Digest),
    Authentication(Authentication),
}

/// What one state takes of another.
pub(super) struct Snapshot {
    algorithm: Algorithm,
    mode: Mode,
    running: Option<Running>,
}

impl State {
    /// An operation that did not begin. `key` is the handle of its key, 0 for none: the object is busy as long as this
    /// state is there.
    pub(super) const fn new(algorithm: Algorithm, mode: Mode, key: u32) -> Self {
        Self { algorithm, mode, key, running: Held::empty() }
    }

    /// The handle of its key; 0 for none.
    pub(super) const fn key(&self) -> u32 {
        self.key
    }

    /// How far it is.
    pub(super) fn snapshot(&self) -> Snapshot {
        Snapshot { algorithm: self.algorithm, mode: self.mode, running: self.running.get().cloned() }
    }

    /// Goes on from where another state was.
    ///
    /// # Errors
    /// [`TeeError::BAD_PARAMETERS`]: of another algorithm or mode. [`TeeError::OUT_OF_MEMORY`].
    pub(super) fn resume(&mut self, snapshot: Snapshot) -> Result<()> {
        if (self.algorithm, self.mode) != (snapshot.algorithm, snapshot.mode) {
            return Err(TeeError::BAD_PARAMETERS);
        }
        match snapshot.running {
            Some(running) => self.running.put(running),
            None => {
                self.running.clear();
                Ok(())
            }
        }
    }

    /// Begins a digest or a message authentication code.
    ///
    /// # Errors
    /// [`TeeError::BAD_PARAMETERS`]: another algorithm, or its key is not initialized. [`TeeError::ACCESS_DENIED`]: the
    /// key is not for this. [`TeeError::OUT_OF_MEMORY`].
    pub(super) fn hash_init(&mut self, key: Option<&Object>) -> Result<()> {
        let running = match self.algorithm {
            Algorithm::Digest(function) => Running::Digest(Digest::new(function)),
            Algorithm::Mac(function) => {
                Running::Authentication(Authentication::new(function, self.key_bytes(key)?)?)
            }
            Algorithm::Cipher(_) => return Err(TeeError::BAD_PARAMETERS),
        };
        self.running.put(running)
    }

    /// Takes in what comes next of the message.
    ///
    /// # Errors
    /// [`TeeError::BAD_PARAMETERS`]: another algorithm. [`TeeError::BAD_STATE`]: not begun.
    pub(super) fn hash_update(&mut self, data: &[u8]) -> Result<()> {
        self.hash_length()?;
        match self.running.get_mut() {
            Some(Running::Digest(digest)) => digest.update(data),
            Some(Running::Authentication(authentication)) => authentication.update(data),
            Some(Running::Cipher(_)) | None => return Err(TeeError::BAD_STATE),
        }
        Ok(())
    }

    /// Bytes of the result.
    ///
    /// # Errors
    /// [`TeeError::BAD_PARAMETERS`]: another algorithm.
    pub(super) const fn hash_length(&self) -> Result<usize> {
        match self.algorithm {
            Algorithm::Digest(function) | Algorithm::Mac(function) => Ok(function.length()),
            Algorithm::Cipher(_) => Err(TeeError::BAD_PARAMETERS),
        }
    }

    /// Ends the message: writes the result to the start of `out` and returns its length.
    ///
    /// # Errors
    /// [`TeeError::BAD_PARAMETERS`]: another algorithm. [`TeeError::BAD_STATE`]: not begun.
    /// [`TeeError::SHORT_BUFFER`], and then the message is not ended.
    pub(super) fn hash_final(&mut self, out: &mut [u8]) -> Result<usize> {
        self.hash_length()?;
        let length = match self.running.get() {
            Some(Running::Digest(digest)) => digest.result(out)?,
            Some(Running::Authentication(authentication)) => authentication.result(out)?,
            Some(Running::Cipher(_)) | None => return Err(TeeError::BAD_STATE),
        };
        self.running.clear();
        Ok(length)
    }

    /// Begins to encrypt or decrypt.
    ///
    /// # Errors
    /// [`TeeError::BAD_PARAMETERS`]: another algorithm, its key is not initialized, or `iv` is not one block.
    /// [`TeeError::ACCESS_DENIED`]: the key is not for this. [`TeeError::OUT_OF_MEMORY`].
    pub(super) fn cipher_init(&mut self, key: Option<&Object>, iv: &[u8]) -> Result<()> {
        let Algorithm::Cipher(chain) = self.algorithm else { return Err(TeeError::BAD_PARAMETERS) };
        let cipher = Cipher::new(chain, self.mode, self.key_bytes(key)?, iv)?;
        self.running.put(Running::Cipher(cipher))
    }

    /// Encrypts or decrypts what comes next of the message, in its place.
    ///
    /// # Errors
    /// [`TeeError::BAD_PARAMETERS`]: another algorithm, or not whole blocks in modes ECB and CBC.
    /// [`TeeError::BAD_STATE`]: not begun. `data` is as it was.
    pub(super) fn cipher_update(&mut self, data: &mut [u8]) -> Result<()> {
        let Algorithm::Cipher(_) = self.algorithm else { return Err(TeeError::BAD_PARAMETERS) };
        match self.running.get_mut() {
            Some(Running::Cipher(cipher)) => cipher.update(data),
            _ => Err(TeeError::BAD_STATE),
        }
    }

    /// Encrypts or decrypts the last of the message, which may be nothing, and ends it.
    ///
    /// # Errors
    /// Those of [`Self::cipher_update`], and then the message is not ended.
    pub(super) fn cipher_final(&mut self, data: &mut [u8]) -> Result<()> {
        self.cipher_update(data)?;
        self.running.clear();
        Ok(())
    }

    fn key_bytes<'key>(&self, key: Option<&'key Object>) -> Result<&'key [u8]> {
        key.ok_or(TeeError::BAD_PARAMETERS)?.key(self.mode.usage())
    }
}
