//! The calls on operations.

use super::algorithm::Algorithm;
use super::instance::Crypto;
use super::state::State;
use crate::error::{Result, TeeError};

impl Crypto {
    /// Makes an operation by its algorithm (`TEE_ALG_`), its mode (`TEE_MODE_`) and the objects that are its keys, 0 for
    /// none, and returns its handle (system call 15, `TEE_AllocateOperation`). The keys become busy: they are closed
    /// with the operation.
    ///
    /// A key need not have a value yet, and what it may be used for is not checked here but when a message begins:
    /// libutee makes the operation first, over a fresh object, and copies the key into that afterwards
    /// (`TEE_SetOperationKey`, which checks the use as well).
    ///
    /// # Errors
    /// [`TeeError::NOT_SUPPORTED`]: the algorithm is not supported. [`TeeError::BAD_PARAMETERS`]: it has no such mode,
    /// or takes other keys than these in type or number, or a key is busy. [`TeeError::BAD_STATE`]: no such object.
    /// [`TeeError::OUT_OF_MEMORY`].
    pub fn allocate_state(&mut self, algorithm: u32, mode: u32, key1: u32, key2: u32) -> Result<u32> {
        let algorithm = Algorithm::of(algorithm).ok_or(TeeError::NOT_SUPPORTED)?;
        let mode = algorithm.mode(mode).ok_or(TeeError::BAD_PARAMETERS)?;
        self.check_keys(algorithm, key1, key2)?;
        let state = self.states.insert(State::new(algorithm, mode, key1))?;
        if let Some(key) = self.objects.get_mut(key1) {
            key.busy = true;
        }
        Ok(state)
    }

    /// Lets the operation `to` go on from where the operation `from` is (system call 16, `TEE_CopyOperation`).
    ///
    /// # Errors
    /// [`TeeError::BAD_PARAMETERS`]: no such operation, or they differ in algorithm or mode.
    /// [`TeeError::OUT_OF_MEMORY`].
    pub fn copy_state(&mut self, to: u32, from: u32) -> Result<()> {
        let snapshot = self.state(from)?.snapshot();
        self.state_mut(to)?.resume(snapshot)
    }

    /// Forgets an operation and closes its keys (system call 17, `TEE_FreeOperation`).
    ///
    /// # Errors
    /// [`TeeError::BAD_PARAMETERS`]: no such operation.
    pub fn free_state(&mut self, state: u32) -> Result<()> {
        let key = self.state(state)?.key();
        self.objects.remove(key);
        self.states.remove(state);
        Ok(())
    }

    /// Begins a digest or a message authentication code, and gives up one that was under way (system call 18,
    /// `TEE_MACInit`). None of the algorithms uses `_iv`.
    ///
    /// # Errors
    /// [`TeeError::BAD_PARAMETERS`]: no such operation, it is of another class, or its key has no value.
    /// [`TeeError::ACCESS_DENIED`]: its key may not be used for this. [`TeeError::OUT_OF_MEMORY`].
    pub fn hash_init(&mut self, state: u32, _iv: &[u8]) -> Result<()> {
        let key = self.state(state)?.key();
        let state = self.states.get_mut(state).ok_or(TeeError::BAD_PARAMETERS)?;
        state.hash_init(self.objects.get(key))
    }

    /// Takes in what comes next of a message (system call 19, `TEE_DigestUpdate`, `TEE_MACUpdate`).
    ///
    /// # Errors
    /// [`TeeError::BAD_PARAMETERS`]: no such operation, or it is of another class. [`TeeError::BAD_STATE`]: no message
    /// is under way.
    pub fn hash_update(&mut self, state: u32, data: &[u8]) -> Result<()> {
        self.state_mut(state)?.hash_update(data)
    }

    /// How many bytes [`Self::hash_final`] writes.
    ///
    /// # Errors
    /// [`TeeError::BAD_PARAMETERS`]: no such operation, or it is of another class.
    pub fn hash_length(&self, state: u32) -> Result<usize> {
        self.state(state)?.hash_length()
    }

    /// Ends a message: writes the result to the start of `out` and returns its length in bytes (system call 20,
    /// `TEE_DigestDoFinal`, `TEE_MACComputeFinal`).
    ///
    /// # Errors
    /// [`TeeError::BAD_PARAMETERS`]: no such operation, or it is of another class. [`TeeError::BAD_STATE`]: no message
    /// is under way. [`TeeError::SHORT_BUFFER`]: `out` is too short, and the message goes on.
    pub fn hash_final(&mut self, state: u32, out: &mut [u8]) -> Result<usize> {
        self.state_mut(state)?.hash_final(out)
    }

    /// Begins to encrypt or to decrypt a message, and gives up one that was under way (system call 21,
    /// `TEE_CipherInit`). `iv` is the first block to mix with in mode CBC, and the first counter in mode CTR; mode ECB
    /// does not use it.
    ///
    /// # Errors
    /// [`TeeError::BAD_PARAMETERS`]: no such operation, it is of another class, its key has no value, or `iv` is not of
    /// 16 bytes. [`TeeError::ACCESS_DENIED`]: its key may not be used for this. [`TeeError::OUT_OF_MEMORY`]. A message
    /// that was under way goes on.
    pub fn cipher_init(&mut self, state: u32, iv: &[u8]) -> Result<()> {
        let key = self.state(state)?.key();
        let state = self.states.get_mut(state).ok_or(TeeError::BAD_PARAMETERS)?;
        state.cipher_init(self.objects.get(key), iv)
    }

    /// Encrypts or decrypts what comes next of a message, in its place (system call 22, `TEE_CipherUpdate`).
    ///
    /// # Errors
    /// [`TeeError::BAD_PARAMETERS`]: no such operation, it is of another class, or the length is not a multiple of 16
    /// in modes ECB and CBC. [`TeeError::BAD_STATE`]: no message is under way. `data` is as it was.
    pub fn cipher_update(&mut self, state: u32, data: &mut [u8]) -> Result<()> {
        self.state_mut(state)?.cipher_update(data)
    }

    /// Encrypts or decrypts the last of a message, which may be nothing, in its place, and ends the message (system
    /// call 23, `TEE_CipherDoFinal`).
    ///
    /// # Errors
    /// As for [`Self::cipher_update`]; the message goes on then.
    pub fn cipher_final(&mut self, state: u32, data: &mut [u8]) -> Result<()> {
        self.state_mut(state)?.cipher_final(data)
    }

    /// None of the algorithms has a second key.
    fn check_keys(&self, algorithm: Algorithm, key1: u32, key2: u32) -> Result<()> {
        match (algorithm.key(), key1, key2) {
            (None, 0, 0) => Ok(()),
            (None, ..) | (Some(_), 0, _) => Err(TeeError::BAD_PARAMETERS),
            (Some(kind), ..) => {
                let key = self.object(key1)?;
                if key.busy || key.kind.number != kind || key2 != 0 {
                    return Err(TeeError::BAD_PARAMETERS);
                }
                Ok(())
            }
        }
    }

    fn state(&self, state: u32) -> Result<&State> {
        self.states.get(state).ok_or(TeeError::BAD_PARAMETERS)
    }

    fn state_mut(&mut self, state: u32) -> Result<&mut State> {
        self.states.get_mut(state).ok_or(TeeError::BAD_PARAMETERS)
    }
}
