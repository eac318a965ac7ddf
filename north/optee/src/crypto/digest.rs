//! Digests and message authentication codes under way.

use hmac::digest::{FixedOutput, Update};
use hmac::{Hmac, KeyInit};
use md5::Md5;
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};

use super::algorithm::Function;
use crate::error::{Result, TeeError};

/// A computation over a message, by whatever digest it is: `$name` has one variant a function.
macro_rules! computation {
    ($(#[doc = $doc:literal])* $name:ident { $($function:ident: $type:ty,)* }) => {
        $(#[doc = $doc])*
        #[derive(Clone)]
        pub(super) enum $name {
            $($function($type),)*
        }

        impl $name {
            /// Takes in what comes next of the message.
            pub(super) fn update(&mut self, data: &[u8]) {
                match self {
                    $(Self::$function(computation) => Update::update(computation, data),)*
                }
            }

            /// Writes the result to the start of `out` and returns its length. The computation stays as it is.
            ///
            /// # Errors
            /// [`TeeError::SHORT_BUFFER`].
            pub(super) fn result(&self, out: &mut [u8]) -> Result<usize> {
                match self {
                    $(Self::$function(computation) => write(computation.clone(), out),)*
                }
            }
        }
    };
}

computation! {
    /// A digest of a message.
    Digest {
        Md5: Md5,
        Sha1: Sha1,
        Sha224: Sha224,
        Sha256: Sha256,
        Sha384: Sha384,
        Sha512: Sha512,
    }
}

computation! {
    /// The HMAC of a message (RFC 2104).
    Authentication {
        Md5: Hmac<Md5>,
        Sha1: Hmac<Sha1>,
        Sha224: Hmac<Sha224>,
        Sha256: Hmac<Sha256>,
        Sha384: Hmac<Sha384>,
        Sha512: Hmac<Sha512>,
    }
}

impl Digest {
    /// Begins a message.
    pub(super) fn new(function: Function) -> Self {
        match function {
            Function::Md5 => Self::Md5(Md5::default()),
            Function::Sha1 => Self::Sha1(Sha1::default()),
            Function::Sha224 => Self::Sha224(Sha224::default()),
            Function::Sha256 => Self::Sha256(Sha256::default()),
            Function::Sha384 => Self::Sha384(Sha384::default()),
            Function::Sha512 => Self::Sha512(Sha512::default()),
        }
    }
}

impl Authentication {
    /// Begins a message that is authenticated with `key`.
    ///
    /// # Errors
    /// [`TeeError::BAD_PARAMETERS`]: the key has a length that the algorithm does not take; HMAC takes any.
    pub(super) fn new(function: Function, key: &[u8]) -> Result<Self> {
        match function {
            Function::Md5 => Hmac::new_from_slice(key).map(Self::Md5),
            Function::Sha1 => Hmac::new_from_slice(key).map(Self::Sha1),
            Function::Sha224 => Hmac::new_from_slice(key).map(Self::Sha224),
            Function::Sha256 => Hmac::new_from_slice(key).map(Self::Sha256),
            Function::Sha384 => Hmac::new_from_slice(key).map(Self::Sha384),
            Function::Sha512 => Hmac::new_from_slice(key).map(Self::Sha512),
        }
        .map_err(|_| TeeError::BAD_PARAMETERS)
    }
}

fn write(computation: impl FixedOutput, out: &mut [u8]) -> Result<usize> {
    let result = computation.finalize_fixed();
    out.get_mut(..result.len()).ok_or(TeeError::SHORT_BUFFER)?.copy_from_slice(&result);
    Ok(result.len())
}
