//! Which types of object there are, and which sizes they take.

/// A type of object that holds a secret value, or no value at all. Types of public keys and key pairs have no row here:
/// they are not supported.
pub(super) struct Kind {
    /// Its number (`TEE_TYPE_`).
    pub(super) number: u32,
    /// The attribute that is its value; `None` for the type of pure data, which has none.
    pub(super) secret: Option<u32>,
    sizes: Sizes,
}

/// Which sizes in bits a value can have.
enum Sizes {
    /// 0 alone.
    Zero,
    /// From `least` to `most`, in steps of `step`.
    Steps { least: u32, most: u32, step: u32 },
    /// DES keys: from `least` to `most`, where one bit of each byte is for parity. A size can also be given without
    /// these bits, as in GlobalPlatform's API 1.0.
    Parity { least: u32, most: u32 },
}

/// Bits of one DES key.
const DES_BITS: u32 = 64;
/// Those that are not for parity.
const DES_KEY_BITS: u32 = 56;

pub(super) const AES: u32 = 0xa000_0010;
pub(super) const HMAC_MD5: u32 = 0xa000_0001;
pub(super) const HMAC_SHA1: u32 = 0xa000_0002;
pub(super) const HMAC_SHA224: u32 = 0xa000_0003;
pub(super) const HMAC_SHA256: u32 = 0xa000_0004;
pub(super) const HMAC_SHA384: u32 = 0xa000_0005;
pub(super) const HMAC_SHA512: u32 = 0xa000_0006;
const HMAC_SM3: u32 = 0xa000_0007;
const HMAC_SHA3_224: u32 = 0xa000_0008;
const HMAC_SHA3_256: u32 = 0xa000_0009;
const HMAC_SHA3_384: u32 = 0xa000_000a;
const HMAC_SHA3_512: u32 = 0xa000_000b;
const GENERIC_SECRET: u32 = 0xa000_0000;
const DES: u32 = 0xa000_0011;
const DES3: u32 = 0xa000_0013;
const SM4: u32 = 0xa000_0014;
const DATA: u32 = 0xa000_00bf;
const HKDF_IKM: u32 = 0xa100_00c0;
const CONCAT_KDF_Z: u32 = 0xa100_00c1;
const PBKDF2_PASSWORD: u32 = 0xa100_00c2;

/// `TEE_ATTR_SECRET_VALUE`.
const SECRET_VALUE: u32 = 0xc000_0000;

/// Sizes that GlobalPlatform leaves open are OP-TEE's.
const KINDS: &[Kind] = &[
    secret(GENERIC_SECRET, steps(0, 4096, 8)),
    secret(HMAC_MD5, steps(64, 512, 8)),
    secret(HMAC_SHA1, steps(80, 512, 8)),
    secret(HMAC_SHA224, steps(112, 512, 8)),
    secret(HMAC_SHA256, steps(192, 1024, 8)),
    secret(HMAC_SHA384, steps(256, 1024, 8)),
    secret(HMAC_SHA512, steps(256, 1024, 8)),
    secret(HMAC_SM3, steps(80, 1024, 8)),
    secret(HMAC_SHA3_224, steps(192, 1024, 8)),
    secret(HMAC_SHA3_256, steps(256, 1024, 8)),
    secret(HMAC_SHA3_384, steps(256, 1024, 8)),
    secret(HMAC_SHA3_512, steps(256, 1024, 8)),
    secret(AES, steps(128, 256, 64)),
    secret(DES, Sizes::Parity { least: 64, most: 64 }),
    secret(DES3, Sizes::Parity { least: 128, most: 192 }),
    secret(SM4, steps(128, 128, 128)),
    // What keys are derived from has attributes of its own.
    Kind { number: HKDF_IKM, secret: Some(0xc000_01c0), sizes: steps(0, 4096, 8) },
    Kind { number: CONCAT_KDF_Z, secret: Some(0xc000_01c1), sizes: steps(0, 4096, 8) },
    Kind { number: PBKDF2_PASSWORD, secret: Some(0xc000_01c2), sizes: steps(0, 4096, 8) },
    Kind { number: DATA, secret: None, sizes: Sizes::Zero },
];

const fn secret(number: u32, sizes: Sizes) -> Kind {
    Kind { number, secret: Some(SECRET_VALUE), sizes }
}

const fn steps(least: u32, most: u32, step: u32) -> Sizes {
    Sizes::Steps { least, most, step }
}

impl Kind {
    /// The type that has `number`, if it is supported.
    pub(super) fn of(number: u32) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.number == number)
    }

    /// The bytes of a value of `bits`, or `None` if a value of this type cannot have that size.
    pub(super) fn bytes(&self, bits: u32) -> Option<usize> {
        let bits = match self.sizes {
            Sizes::Parity { .. } if bits.is_multiple_of(DES_KEY_BITS) => bits / DES_KEY_BITS * DES_BITS,
            _ => bits,
        };
        let holds = match self.sizes {
            Sizes::Zero => bits == 0,
            Sizes::Steps { least, most, step } => (least..=most).contains(&bits) && bits.is_multiple_of(step),
            Sizes::Parity { least, most } => (least..=most).contains(&bits) && bits.is_multiple_of(DES_BITS),
        };
        if holds { usize::try_from(bits / u8::BITS).ok() } else { None }
    }

    /// The size in bits of a value of `bytes`, counted in the way that the object's maximum is.
    pub(super) fn bits(&self, bytes: usize, max_bits: u32) -> Option<u32> {
        let bits = u32::try_from(bytes).ok()?.checked_mul(u8::BITS)?;
        match self.sizes {
            Sizes::Parity { .. } if max_bits.is_multiple_of(DES_KEY_BITS) => {
                Some(bits / DES_BITS * DES_KEY_BITS)
            }
            _ => Some(bits),
        }
    }

    /// Makes random bytes a value of this type: those of a DES key get odd parity (FIPS 46-3).
    pub(super) fn shape(&self, value: &mut [u8]) {
        if !matches!(self.sizes, Sizes::Parity { .. }) {
            return;
        }
        for byte in value {
            let key = *byte & !1;
            *byte = key | u8::from(key.count_ones().is_multiple_of(2));
        }
    }
}
