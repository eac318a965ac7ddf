//! The operation that `FUTEX_WAKE_OP` does on its second word.

use litebox_host::memory::UserAccess;
use litebox_libos::{Error, ErrorKind};

use crate::error::{Errno, Result};

/// How the word changes, and when its waiters are woken.
#[derive(Clone, Copy, Debug)]
pub(super) struct WakeOp {
    change: Change,
    operand: u32,
    /// `None` for one that there is not: the word changes all the same, as in Linux.
    comparison: Option<Comparison>,
    compared: i32,
}

#[derive(Clone, Copy, Debug)]
enum Change {
    Set,
    Add,
    Or,
    AndNot,
    Xor,
}

#[derive(Clone, Copy, Debug)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A 12-bit number with a sign.
fn signed_12(value: u32) -> i32 {
    (value << 20).cast_signed() >> 20
}

impl WakeOp {
    /// The operation that is packed into the call's last argument: 4 bits each of change and comparison, 12 bits
    /// each of operands.
    pub(super) fn decode(packed: u32) -> Result<Self> {
        /// The operand is a bit's number.
        const SHIFT: u32 = 8;
        let kind = packed >> 28;
        let operand = signed_12((packed >> 12) & 0xfff).cast_unsigned();
        let change = match kind & !SHIFT {
            0 => Change::Set,
            1 => Change::Add,
            2 => Change::Or,
            3 => Change::AndNot,
            4 => Change::Xor,
            _ => return Err(Errno::ENOSYS),
        };
        let comparison = match (packed >> 24) & 0xf {
            0 => Some(Comparison::Equal),
            1 => Some(Comparison::NotEqual),
            2 => Some(Comparison::Less),
            3 => Some(Comparison::LessOrEqual),
            4 => Some(Comparison::Greater),
            5 => Some(Comparison::GreaterOrEqual),
            _ => None,
        };
        // Linux takes only the low five bits of a shift, and says so in its log.
        let operand = if kind & SHIFT != 0 { 1 << (operand & 31) } else { operand };
        Ok(Self { change, operand, comparison, compared: signed_12(packed & 0xfff) })
    }

    fn changed(self, old: u32) -> u32 {
        match self.change {
            Change::Set => self.operand,
            Change::Add => old.wrapping_add(self.operand),
            Change::Or => old | self.operand,
            Change::AndNot => old & !self.operand,
            Change::Xor => old ^ self.operand,
        }
    }

    fn holds(self, old: u32) -> Option<bool> {
        let old = old.cast_signed();
        Some(match self.comparison? {
            Comparison::Equal => old == self.compared,
            Comparison::NotEqual => old != self.compared,
            Comparison::Less => old < self.compared,
            Comparison::LessOrEqual => old <= self.compared,
            Comparison::Greater => old > self.compared,
            Comparison::GreaterOrEqual => old >= self.compared,
        })
    }

    /// Change the word at `address` in one step; whether the old value fulfils the comparison.
    ///
    /// # Errors
    /// [`ErrorKind::NotImplemented`] after the change, if there is no such comparison.
    pub(super) fn apply(self, memory: &impl UserAccess, address: usize) -> litebox_libos::Result<bool> {
        let mut old = memory.load(address).map_err(Error::from)?;
        loop {
            let found = memory.compare_exchange(address, old, self.changed(old)).map_err(Error::from)?;
            if found == old {
                return self.holds(old).ok_or(UNKNOWN_COMPARISON);
            }
            old = found;
        }
    }
}

const UNKNOWN_COMPARISON: Error = Error::new(ErrorKind::NotImplemented, "no such comparison");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operands_have_signs_and_shifts() {
        // FUTEX_OP(FUTEX_OP_ADD, -1, FUTEX_OP_CMP_GT, 1), as glibc's condition variables used it.
        let operation = WakeOp::decode(0x1400_0000 | (0xfff << 12) | 1).unwrap();
        assert_eq!(operation.changed(5), 4);
        assert_eq!((operation.holds(2), operation.holds(1)), (Some(true), Some(false)));
        let shifted = WakeOp::decode(((8 | 2) << 28) | (31 << 12)).unwrap();
        assert_eq!(shifted.changed(0), 1 << 31);
        assert_eq!(WakeOp::decode(5 << 28).unwrap_err(), Errno::ENOSYS);
    }
}
