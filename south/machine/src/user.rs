//! Fallible access to the current address space.
#![expect(unsafe_code, reason = "guest memory is only touched through fallible copies")]

use litebox_host::memory::{AccessFault, UserAccess};

use crate::enter::copy;
use crate::host::BareMachine;
use crate::layout::GUEST;

fn accessible(address: usize, count: usize) -> usize {
    AccessFault::accessible(&GUEST, address, count)
}

impl UserAccess for BareMachine {
    fn read(&self, from: usize, to: &mut [u8]) -> Result<(), AccessFault> {
        let tried = accessible(from, to.len());
        // SAFETY: `to` is a borrowed buffer at least `tried` long; the source is in the guest's half.
        let left = unsafe { copy::copy(to.as_mut_ptr().addr(), from, tried) };
        AccessFault::unless_all(to.len(), tried, left)
    }

    fn write(&self, to: usize, from: &[u8]) -> Result<(), AccessFault> {
        let tried = accessible(to, from.len());
        // SAFETY: `from` is a borrowed buffer at least `tried` long; the target is in the guest's half.
        let left = unsafe { copy::copy(to, from.as_ptr().addr(), tried) };
        AccessFault::unless_all(from.len(), tried, left)
    }

    fn clear(&self, to: usize, count: usize) -> Result<(), AccessFault> {
        let tried = accessible(to, count);
        // SAFETY: the target is in the guest's half.
        let left = unsafe { copy::clear(to, tried) };
        AccessFault::unless_all(count, tried, left)
    }

    fn load(&self, at: usize) -> Result<u32, AccessFault> {
        AccessFault::unless_word(&GUEST, at)?;
        // SAFETY: the word is in the guest's half.
        unsafe { copy::load(at) }.ok_or(AccessFault::AT_ONCE)
    }

    fn compare_exchange(&self, at: usize, current: u32, new: u32) -> Result<u32, AccessFault> {
        AccessFault::unless_word(&GUEST, at)?;
        // SAFETY: the word is in the guest's half.
        unsafe { copy::exchange(at, current, new) }.ok_or(AccessFault::AT_ONCE)
    }
}
