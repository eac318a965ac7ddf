//! Values out of the bytes of an input; when it ends, zeros.

/// What is left of an input.
pub(crate) struct Take<'a>(pub(crate) &'a [u8]);

impl Take<'_> {
    /// Whether nothing is left.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        for byte in &mut bytes {
            if let Some((first, rest)) = self.0.split_first() {
                (*byte, self.0) = (*first, rest);
            }
        }
        bytes
    }

    /// One byte.
    pub(crate) fn byte(&mut self) -> u8 {
        let [byte] = self.bytes();
        byte
    }

    /// A number below `end`, which is not 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::from(u16::from_le_bytes(self.bytes())) % end
    }

    /// Four bytes.
    pub(crate) fn word(&mut self) -> u32 {
        u32::from_le_bytes(self.bytes())
    }

    /// Eight bytes.
    pub(crate) fn long(&mut self) -> u64 {
        u64::from_le_bytes(self.bytes())
    }
}
