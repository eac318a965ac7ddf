//! A page that is filled from its start to its end while this is compiled: what does not fit does not compile.

use litebox_host::memory::PAGE_SIZE;

/// The page, and how much of it is filled.
pub(super) struct Page {
    pub(super) bytes: [u8; PAGE_SIZE],
    pub(super) at: usize,
}

impl Page {
    pub(super) const fn new() -> Self {
        Self { bytes: [0; PAGE_SIZE], at: 0 }
    }

    /// Append `bytes`; where they went.
    pub(super) const fn put(&mut self, bytes: &[u8]) -> usize {
        let start = self.at;
        let mut index = 0;
        while index < bytes.len() {
            self.bytes[start + index] = bytes[index];
            index += 1;
        }
        self.at += bytes.len();
        start
    }

    /// Append a string with its end; where it went.
    pub(super) const fn put_string(&mut self, string: &[u8]) -> usize {
        let start = self.put(string);
        self.put(&[0]);
        start
    }

    pub(super) const fn put_u16(&mut self, value: usize) {
        assert!(value <= u16::MAX as usize);
        self.put(&[(value & 0xff) as u8, (value >> 8) as u8]);
    }

    pub(super) const fn put_u32(&mut self, value: u32) {
        self.put(&value.to_le_bytes());
    }

    pub(super) const fn put_u64(&mut self, value: usize) {
        self.put(&value.to_le_bytes());
    }

    /// Go on at the next multiple of `alignment`, a power of two; the place.
    pub(super) const fn align(&mut self, alignment: usize) -> usize {
        self.at = self.at.next_multiple_of(alignment);
        self.at
    }
}

/// An offset in the page as ELF's narrower fields hold it.
pub(super) const fn narrow(offset: usize) -> u32 {
    assert!(offset <= PAGE_SIZE);
    offset as u32
}

/// The hash of a name in `DT_HASH` and in version definitions (System V ABI, "Hash Table").
pub(super) const fn elf_hash(name: &[u8]) -> u32 {
    let mut hash = 0_u32;
    let mut index = 0;
    while index < name.len() {
        hash = (hash << 4).wrapping_add(name[index] as u32);
        let high = hash & 0xf000_0000;
        hash = (hash ^ (high >> 24)) & !high;
        index += 1;
    }
    hash
}

/// The hash of a name in `DT_GNU_HASH`.
pub(super) const fn gnu_hash(name: &[u8]) -> u32 {
    let mut hash = 5381_u32;
    let mut index = 0;
    while index < name.len() {
        hash = hash.wrapping_mul(33).wrapping_add(name[index] as u32);
        index += 1;
    }
    hash
}
