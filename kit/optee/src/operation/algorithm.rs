//! What is known of an algorithm from its number: section 6.10.1.

use crate::abi::usage;

/// Classes of operations: bits 31 to 28.
pub(super) mod class {
    pub(crate) const CIPHER: u32 = 1;
    pub(crate) const MAC: u32 = 3;
    pub(crate) const DIGEST: u32 = 5;
}

/// Modes of an operation.
pub(super) mod mode {
    pub(crate) const ENCRYPT: u32 = 0;
    pub(crate) const DECRYPT: u32 = 1;
    pub(crate) const MAC: u32 = 4;
    pub(crate) const DIGEST: u32 = 5;
}

/// How a cipher chains its blocks: bits 11 to 8.
mod chain {
    pub(super) const CTR: u32 = 2;
    pub(super) const CTS: u32 = 3;
    pub(super) const XTS: u32 = 4;
}

/// Main algorithms: bits 7 to 0.
mod main {
    pub(super) const MD5: u32 = 1;
    pub(super) const SHA512: u32 = 6;
    pub(super) const AES: u32 = 0x10;
    pub(super) const DES: u32 = 0x11;
    pub(super) const DES3: u32 = 0x13;
    pub(super) const SM4: u32 = 0x14;
}

/// How many bytes an update keeps back for the final step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hold {
    /// What does not fill a block.
    Rest,
    /// More than one block and at most two: the last two are ciphered together.
    LastTwo,
}

/// An algorithm in a mode, both of which fit each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Algorithm {
    pub(super) number: u32,
    pub(super) mode: u32,
}

impl Algorithm {
    /// The algorithm, if this library knows it in this mode.
    pub(super) fn new(number: u32, mode: u32) -> Option<Self> {
        let algorithm = Self { number, mode };
        let fits = match algorithm.class() {
            class::CIPHER => matches!(mode, mode::ENCRYPT | mode::DECRYPT) && algorithm.is_cipher(),
            class::MAC => mode == mode::MAC,
            class::DIGEST => mode == mode::DIGEST,
            _ => false,
        };
        fits.then_some(algorithm)
    }

    pub(super) fn class(self) -> u32 {
        self.number >> 28
    }

    fn chain(self) -> u32 {
        self.number >> 8 & 0xF
    }

    fn main(self) -> u32 {
        self.number & 0xFF
    }

    fn is_cipher(self) -> bool {
        matches!(self.main(), main::AES | main::DES | main::DES3 | main::SM4)
    }

    /// Bytes of a block; 1 where any number of bytes is ciphered at once.
    pub(super) fn block(self) -> usize {
        match (self.chain(), self.main()) {
            (chain::CTR, _) => 1,
            (_, main::DES | main::DES3) => 8,
            _ => 16,
        }
    }

    /// What an update keeps back.
    pub(super) fn hold(self) -> Hold {
        if matches!(self.chain(), chain::CTS | chain::XTS) { Hold::LastTwo } else { Hold::Rest }
    }

    /// How many keys it takes.
    pub(super) fn keys(self) -> usize {
        match self.class() {
            class::DIGEST => 0,
            class::CIPHER if self.chain() == chain::XTS => 2,
            _ => 1,
        }
    }

    /// The type of its keys: a secret type has the number of the main algorithm.
    pub(super) fn key_type(self) -> u32 {
        0xA000_0000 | self.main()
    }

    /// The rights that its keys must have.
    pub(super) fn key_usage(self) -> u32 {
        match self.mode {
            mode::ENCRYPT => usage::ENCRYPT,
            mode::DECRYPT => usage::DECRYPT,
            mode::MAC => usage::MAC,
            _ => 0,
        }
    }

    /// Bytes of its result, 0 for a cipher or where only the kernel knows.
    pub(super) fn digest_length(self) -> u32 {
        const LENGTHS: [u32; 6] = [16, 20, 28, 32, 48, 64];
        match (self.class(), self.main()) {
            (class::CIPHER, _) => 0,
            (_, main @ main::MD5..=main::SHA512) => LENGTHS[main as usize - 1],
            (_, main::AES) => 16,
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Algorithm, Hold, mode};

    fn of(number: u32, mode: u32) -> Algorithm {
        Algorithm::new(number, mode).expect("is known")
    }

    #[test]
    fn modes_that_do_not_fit_are_refused() {
        assert_eq!(Algorithm::new(0x1000_0110, mode::DIGEST), None);
        assert_eq!(Algorithm::new(0x5000_0004, mode::ENCRYPT), None);
        assert_eq!(Algorithm::new(0x1000_00FF, mode::ENCRYPT), None);
        assert_eq!(Algorithm::new(0x6000_0030, mode::ENCRYPT), None);
    }

    #[test]
    fn numbers_tell_blocks_keys_and_lengths() {
        let (cbc, ctr, xts) =
            (of(0x1000_0110, mode::ENCRYPT), of(0x1000_0210, mode::DECRYPT), of(0x1000_0410, mode::ENCRYPT));
        assert_eq!((cbc.block(), cbc.keys(), cbc.hold(), cbc.key_type()), (16, 1, Hold::Rest, 0xA000_0010));
        assert_eq!((ctr.block(), ctr.key_usage()), (1, 4));
        assert_eq!((xts.keys(), xts.hold()), (2, Hold::LastTwo));
        assert_eq!(of(0x1000_0013, mode::ENCRYPT).block(), 8);
        assert_eq!(of(0x5000_0005, mode::DIGEST).digest_length(), 48);
        let mac = of(0x3000_0004, mode::MAC);
        assert_eq!((mac.digest_length(), mac.key_type()), (32, 0xA000_0004));
    }
}
