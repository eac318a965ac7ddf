//! Copies between the kernel and the current address space's guest.
#![expect(unsafe_code, reason = "guest memory is only touched through fallible copies")]

use core::ops::Range;

use litebox_host::memory::GuestCopies;

use crate::enter::copy;
use crate::host::BareMachine;
use crate::layout::GUEST;

impl GuestCopies for BareMachine {
    const GUEST: Range<usize> = GUEST;

    fn copy_in(&self, from: usize, to: &mut [u8]) -> usize {
        // SAFETY: `to` is borrowed; the source is where guest memory may lie, nothing of ours.
        unsafe { copy::copy(to.as_mut_ptr().addr(), from, to.len()) }
    }

    fn copy_out(&self, to: usize, from: &[u8]) -> usize {
        // SAFETY: `from` is borrowed; the target is where guest memory may lie, nothing of ours.
        unsafe { copy::copy(to, from.as_ptr().addr(), from.len()) }
    }

    fn copy_zeros(&self, to: usize, count: usize) -> usize {
        // SAFETY: the target is where guest memory may lie, nothing of ours.
        unsafe { copy::clear(to, count) }
    }

    fn load_word(&self, at: usize) -> Option<u32> {
        // SAFETY: the word is where guest memory may lie, nothing of ours.
        unsafe { copy::load(at) }
    }

    fn exchange_word(&self, at: usize, current: u32, new: u32) -> Option<u32> {
        // SAFETY: the word is where guest memory may lie, nothing of ours.
        unsafe { copy::exchange(at, current, new) }
    }
}
