//! Which algorithms there are, by number.

use super::kind;
use super::object::Usage;

/// An algorithm of operations.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    /// AES, its blocks put together in one of three ways.
    Cipher(Chain),
    /// A digest.
    Digest(Function),
    /// A message authentication code: HMAC with a digest.
    Mac(Function),
}

/// How a cipher of blocks is used for longer messages (NIST SP 800-38A).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Chain {
    /// Each block by itself (ECB).
    Alone,
    /// Each block mixed with the encrypted one before it (CBC).
    Chained,
    /// A stream of encrypted counters, 128 bits wide, with the most significant byte first (CTR).
    Counter,
}

/// A digest function (MD5: RFC 1321; the others: FIPS 180-4).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// What an operation does (`TEE_OperationMode`).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Encrypt,
    Decrypt,
    Mac,
    Digest,
}

impl Algorithm {
    /// The algorithm that has `number` (`TEE_ALG_`), if it is supported.
    pub(super) const fn of(number: u32) -> Option<Self> {
        Some(match number {
            0x1000_0010 => Self::Cipher(Chain::Alone),
            0x1000_0110 => Self::Cipher(Chain::Chained),
            0x1000_0210 => Self::Cipher(Chain::Counter),
            0x5000_0001 => Self::Digest(Function::Md5),
            0x5000_0002 => Self::Digest(Function::Sha1),
            0x5000_0003 => Self::Digest(Function::Sha224),
            0x5000_0004 => Self::Digest(Function::Sha256),
            0x5000_0005 => Self::Digest(Function::Sha384),
            0x5000_0006 => Self::Digest(Function::Sha512),
            0x3000_0001 => Self::Mac(Function::Md5),
            0x3000_0002 => Self::Mac(Function::Sha1),
            0x3000_0003 => Self::Mac(Function::Sha224),
            0x3000_0004 => Self::Mac(Function::Sha256),
            0x3000_0005 => Self::Mac(Function::Sha384),
            0x3000_0006 => Self::Mac(Function::Sha512),
            _ => return None,
        })
    }

    /// The mode that has `number`, if this algorithm has it.
    pub(super) const fn mode(self, number: u32) -> Option<Mode> {
        match (self, number) {
            (Self::Cipher(_), 0) => Some(Mode::Encrypt),
            (Self::Cipher(_), 1) => Some(Mode::Decrypt),
            (Self::Mac(_), 4) => Some(Mode::Mac),
            (Self::Digest(_), 5) => Some(Mode::Digest),
            _ => None,
        }
    }

    /// The type of object that its key is (`TEE_TYPE_`), if it has a key.
    pub(super) const fn key(self) -> Option<u32> {
        match self {
            Self::Cipher(_) => Some(kind::AES),
            Self::Digest(_) => None,
            Self::Mac(Function::Md5) => Some(kind::HMAC_MD5),
            Self::Mac(Function::Sha1) => Some(kind::HMAC_SHA1),
            Self::Mac(Function::Sha224) => Some(kind::HMAC_SHA224),
            Self::Mac(Function::Sha256) => Some(kind::HMAC_SHA256),
            Self::Mac(Function::Sha384) => Some(kind::HMAC_SHA384),
            Self::Mac(Function::Sha512) => Some(kind::HMAC_SHA512),
        }
    }
}

impl Function {
    /// Bytes of the result, of the digest and of its HMAC alike.
    pub(super) const fn length(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

impl Mode {
    /// What a key must be allowed for.
    pub(super) const fn usage(self) -> Usage {
        match self {
            Self::Encrypt => Usage::ENCRYPT,
            Self::Decrypt => Usage::DECRYPT,
            Self::Mac => Usage::MAC,
            Self::Digest => Usage::empty(),
        }
    }
}
