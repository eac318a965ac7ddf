//! What a TA says of itself in its image.
#![expect(unsafe_code, reason = "constants with pointers are shared")]

use core::ffi::CStr;

/// A universally unique identifier as C holds it: numbers in the machine's order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Uuid {
    /// The first eight digits.
    pub time_low: u32,
    /// The next four.
    pub time_mid: u16,
    /// The next four.
    pub time_hi_and_version: u16,
    /// The last sixteen, in order.
    pub clock_seq_and_node: [u8; 8],
}

impl Uuid {
    /// Reads the usual form: 8, 4, 4, 4 and 12 hexadecimal digits.
    ///
    /// # Panics
    /// The text is of another form. It is meant for constants, where that is an error of the compiler.
    #[must_use]
    pub const fn parse(text: &str) -> Self {
        let text = text.as_bytes();
        assert!(text.len() == 36, "a UUID has 36 characters");
        let bytes = (hexadecimal(text, 24, 36) | hexadecimal(text, 19, 23) << 48).to_be_bytes();
        Self {
            time_low: hexadecimal(text, 0, 8) as u32,
            time_mid: hexadecimal(text, 9, 13) as u16,
            time_hi_and_version: hexadecimal(text, 14, 18) as u16,
            clock_seq_and_node: bytes,
        }
    }
}

/// The number that the digits from `at` to `end` write.
const fn hexadecimal(text: &[u8], mut at: usize, end: usize) -> u64 {
    assert!(end == text.len() || text[end] == b'-', "groups of a UUID are parted by `-`");
    let mut value = 0;
    while at < end {
        let digit = match text[at] {
            digit @ b'0'..=b'9' => digit - b'0',
            digit @ b'a'..=b'f' => digit - b'a' + 10,
            digit @ b'A'..=b'F' => digit - b'A' + 10,
            _ => panic!("a UUID is written in hexadecimal digits"),
        };
        value = value << 4 | digit as u64;
        at += 1;
    }
    value
}

/// What stands at the start of a TA's image, in section `.ta_head`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Head {
    /// Which TA this is.
    pub uuid: Uuid,
    /// Bytes of stack for each entry: a multiple of 16, not 0.
    pub stack_size: u32,
    /// Flags of [`flags`].
    pub flags: u32,
    /// Once the entry point; all ones today.
    pub deprecated_entry: u64,
}

/// Bits of [`Head::flags`].
pub mod flags {
    /// One instance serves all clients.
    pub const SINGLE_INSTANCE: u32 = 0x4;
    /// One instance has several sessions.
    pub const MULTI_SESSION: u32 = 0x8;
    /// The single instance outlives its last session.
    pub const INSTANCE_KEEP_ALIVE: u32 = 0x10;
    /// A damaged object keeps its handle.
    pub const DONT_CLOSE_HANDLE_ON_CORRUPT_OBJECT: u32 = 0x800;
}

impl Head {
    /// A head.
    #[must_use]
    pub const fn new(uuid: Uuid, stack_size: u32, flags: u32) -> Self {
        Self { uuid, stack_size, flags, deprecated_entry: u64::MAX }
    }
}

/// A property that a TA writes down: `struct ta_property`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Property {
    /// A text, null at the end of a table.
    pub(crate) name: *const u8,
    /// The kind of its value.
    pub(crate) kind: u32,
    /// Where the value is.
    pub(crate) value: *const u8,
}

// SAFETY: what the pointers lead to is constant, by each way to make a property.
unsafe impl Sync for Property {}

impl Property {
    /// The end of a table.
    pub const END: Self = Self { name: core::ptr::null(), kind: 0, value: core::ptr::null() };

    /// A text.
    #[must_use]
    pub const fn text(name: &'static CStr, value: &'static CStr) -> Self {
        const STRING: u32 = 4;
        Self { name: name.as_ptr().cast(), kind: STRING, value: value.as_ptr().cast() }
    }
}

#[cfg(test)]
mod tests {
    use super::{Head, Uuid};

    #[test]
    fn a_uuid_is_read_from_text() {
        let expected = Uuid {
            time_low: 0x5b0c_3d1e,
            time_mid: 0x8a41,
            time_hi_and_version: 0x4d0b,
            clock_seq_and_node: [0x9e, 0x11, 0x6c, 0x69, 0x74, 0x65, 0, 1],
        };
        assert_eq!(Uuid::parse("5b0c3d1e-8a41-4d0b-9E11-6c6974650001"), expected);
    }

    #[test]
    fn a_head_has_the_size_of_the_abi() {
        assert_eq!(size_of::<Head>(), 32);
    }
}
