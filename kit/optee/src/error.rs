//! Results of the API: a number that is 0 for success.

/// What a function of the API, a call or a TA answers instead of success.
///
/// A newtype over the number and no enumeration: a TA may return errors of its own.
/// The names are those of TEE Internal Core API 1.3.1, section 3.3.3, without `TEE_ERROR_`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct Error(pub u32);

/// The result of most functions here.
pub type Result<T> = core::result::Result<T, Error>;

/// The number that stands for no error.
pub const SUCCESS: u32 = 0;

macro_rules! errors {
    ($($(#[doc = $doc:literal])* $name:ident = $number:literal;)*) => {
        impl Error {
            $($(#[doc = $doc])* pub const $name: Self = Self($number);)*
        }
    };
}

errors! {
    /// An object is damaged, and has been removed.
    CORRUPT_OBJECT = 0xF010_0001;
    /// The store of an object cannot be reached now.
    STORAGE_NOT_AVAILABLE = 0xF010_0003;
    /// A ciphertext has the wrong form.
    CIPHERTEXT_INVALID = 0xF010_0006;
    /// Anything else.
    GENERIC = 0xFFFF_0000;
    /// The caller has no right to this.
    ACCESS_DENIED = 0xFFFF_0001;
    /// The operation was cancelled.
    CANCEL = 0xFFFF_0002;
    /// Another handle is in the way.
    ACCESS_CONFLICT = 0xFFFF_0003;
    /// More data than the operation takes.
    EXCESS_DATA = 0xFFFF_0004;
    /// Data of the wrong form.
    BAD_FORMAT = 0xFFFF_0005;
    /// Parameters of the wrong kind or value.
    BAD_PARAMETERS = 0xFFFF_0006;
    /// Not now.
    BAD_STATE = 0xFFFF_0007;
    /// No such thing.
    ITEM_NOT_FOUND = 0xFFFF_0008;
    /// Foreseen, and absent.
    NOT_IMPLEMENTED = 0xFFFF_0009;
    /// Legal, and not offered.
    NOT_SUPPORTED = 0xFFFF_000A;
    /// Data were expected.
    NO_DATA = 0xFFFF_000B;
    /// No memory is left.
    OUT_OF_MEMORY = 0xFFFF_000C;
    /// In use by another.
    BUSY = 0xFFFF_000D;
    /// The other side cannot be reached.
    COMMUNICATION = 0xFFFF_000E;
    /// A check of security failed.
    SECURITY = 0xFFFF_000F;
    /// The output does not fit; its size is reported.
    SHORT_BUFFER = 0xFFFF_0010;
    /// A number is too large.
    OVERFLOW = 0xFFFF_300F;
    /// The TA has panicked.
    TARGET_DEAD = 0xFFFF_3024;
    /// The store is full.
    STORAGE_NO_SPACE = 0xFFFF_3041;
    /// A message authentication code differs.
    MAC_INVALID = 0xFFFF_3071;
    /// A signature differs.
    SIGNATURE_INVALID = 0xFFFF_3072;
    /// The TA has not set its time.
    TIME_NOT_SET = 0xFFFF_5000;
    /// The TA's time may have been tampered with.
    TIME_NEEDS_RESET = 0xFFFF_5001;
}

/// Turns the number that a call or a TA answers into a result.
///
/// # Errors
/// The number is not [`SUCCESS`].
pub const fn check(number: u32) -> Result<()> {
    match number {
        SUCCESS => Ok(()),
        _ => Err(Error(number)),
    }
}

/// The number for a result, as C wants it.
#[must_use]
pub fn number(result: Result<()>) -> u32 {
    result.err().map_or(SUCCESS, |error| error.0)
}

#[cfg(test)]
mod tests {
    use super::{Error, check, number};

    #[test]
    fn numbers_and_results_are_two_forms_of_one() {
        assert_eq!(check(0), Ok(()));
        assert_eq!(check(0xFFFF_0010), Err(Error::SHORT_BUFFER));
        assert_eq!(number(check(7)), 7);
    }
}
