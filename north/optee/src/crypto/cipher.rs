//! AES under way.

use aes::cipher::array::Array;
use aes::cipher::consts::U16;
use aes::cipher::{
    BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, BlockSizeUser, InnerIvInit,
    IvState, KeyInit, StreamCipher, StreamCipherCoreWrapper,
};
use aes::{Aes128, Aes192, Aes256};
use ctr::CtrCore;
use ctr::flavors::Ctr128BE;
use zeroize::Zeroizing;

use super::algorithm::{Chain, Mode};
use crate::error::{Result, TeeError};

/// A message that is being encrypted or decrypted with a key of one of three sizes.
#[derive(Clone)]
pub(super) enum Cipher {
    Short(Chained<Aes128>),
    Middle(Chained<Aes192>),
    Long(Chained<Aes256>),
}

impl Cipher {
    /// Begins a message. In mode ECB `iv` is not used.
    ///
    /// # Errors
    /// [`TeeError::BAD_PARAMETERS`]: `iv` is not one block, `key` not of 16, 24 or 32 bytes, or `mode` neither
    /// encrypts nor decrypts.
    pub(super) fn new(chain: Chain, mode: Mode, key: &[u8], iv: &[u8]) -> Result<Self> {
        match key.len() {
            16 => Chained::new(chain, mode, key, iv).map(Self::Short),
            24 => Chained::new(chain, mode, key, iv).map(Self::Middle),
            32 => Chained::new(chain, mode, key, iv).map(Self::Long),
            _ => Err(TeeError::BAD_PARAMETERS),
        }
    }

    /// Encrypts or decrypts what comes next of the message, in its place.
    ///
    /// # Errors
    /// [`TeeError::BAD_PARAMETERS`]: not whole blocks, in modes ECB and CBC; `data` is as it was.
    pub(super) fn update(&mut self, data: &mut [u8]) -> Result<()> {
        match self {
            Self::Short(chained) => chained.update(data),
            Self::Middle(chained) => chained.update(data),
            Self::Long(chained) => chained.update(data),
        }
    }
}

/// A cipher of 16-byte blocks, and how far a message of them is.
#[derive(Clone)]
pub(super) struct Chained<C: BlockCipher> {
    cipher: C,
    way: Way,
    /// In mode CBC the encrypted block before the next one, in mode CTR the counter of the next byte's block; neither
    /// is a secret.
    block: Block,
    /// In mode CTR: bytes of the counter's block that were used.
    used: usize,
}

/// What is done to blocks.
#[derive(Clone, Copy)]
enum Way {
    EncryptAlone,
    DecryptAlone,
    EncryptChained,
    DecryptChained,
    Counter,
}

/// What AES is with a key of any size.
pub(super) trait BlockCipher:
    BlockCipherEncrypt + BlockCipherDecrypt + BlockSizeUser<BlockSize = U16> + KeyInit + Clone
{
}

impl BlockCipher for Aes128 {}
impl BlockCipher for Aes192 {}
impl BlockCipher for Aes256 {}

type Block = Array<u8, U16>;

/// Bytes of a block.
const BLOCK: usize = 16;

impl<C: BlockCipher> Chained<C> {
    fn new(chain: Chain, mode: Mode, key: &[u8], iv: &[u8]) -> Result<Self> {
        let way = match (chain, mode) {
            (Chain::Alone, Mode::Encrypt) => Way::EncryptAlone,
            (Chain::Alone, Mode::Decrypt) => Way::DecryptAlone,
            (Chain::Chained, Mode::Encrypt) => Way::EncryptChained,
            (Chain::Chained, Mode::Decrypt) => Way::DecryptChained,
            (Chain::Counter, Mode::Encrypt | Mode::Decrypt) => Way::Counter,
            (_, Mode::Mac | Mode::Digest) => return Err(TeeError::BAD_PARAMETERS),
        };
        let block = match chain {
            Chain::Alone => Block::default(),
            Chain::Chained | Chain::Counter => Block::try_from(iv).map_err(|_| TeeError::BAD_PARAMETERS)?,
        };
        let cipher = C::new_from_slice(key).map_err(|_| TeeError::BAD_PARAMETERS)?;
        Ok(Self { cipher, way, block, used: 0 })
    }

    fn update(&mut self, data: &mut [u8]) -> Result<()> {
        match self.way {
            Way::EncryptAlone => self.cipher.encrypt_blocks(blocks(data)?),
            Way::DecryptAlone => self.cipher.decrypt_blocks(blocks(data)?),
            Way::EncryptChained => {
                let mut chain = cbc::Encryptor::inner_iv_init(&self.cipher, &self.block);
                chain.encrypt_blocks(blocks(data)?);
                self.block = chain.iv_state();
            }
            Way::DecryptChained => {
                let mut chain = cbc::Decryptor::inner_iv_init(&self.cipher, &self.block);
                chain.decrypt_blocks(blocks(data)?);
                self.block = chain.iv_state();
            }
            Way::Counter => self.count(data),
        }
        Ok(())
    }

    fn count(&mut self, data: &mut [u8]) {
        let counter = CtrCore::<&C, Ctr128BE>::inner_iv_init(&self.cipher, &self.block);
        let mut stream = StreamCipherCoreWrapper::from_core(counter);
        let mut passed = Zeroizing::new([0; BLOCK]);
        stream.apply_keystream(passed.get_mut(..self.used).unwrap_or_default());
        stream.apply_keystream(data);
        let end = data.len() as u128 + self.used as u128;
        let next = u128::from_be_bytes(self.block.into()).wrapping_add(end / BLOCK as u128);
        self.block = next.to_be_bytes().into();
        self.used = (self.used + data.len() % BLOCK) % BLOCK;
    }
}

fn blocks(data: &mut [u8]) -> Result<&mut [Block]> {
    match Array::slice_as_chunks_mut(data) {
        (blocks, []) => Ok(blocks),
        _ => Err(TeeError::BAD_PARAMETERS),
    }
}
