//! Noun *random*: the processor's generator (Intel SDM volume 1, section 7.3.17).
#![expect(unsafe_code, reason = "RDRAND is an instruction")]

use core::arch::asm;

use litebox_host::HostError;
use litebox_host::random::Random;

use crate::host::BareMachine;

/// How often the generator may fail in a row, as its description advises.
const TRIES: u32 = 10;

fn word() -> Option<u64> {
    for _ in 0..TRIES {
        let (value, ok): (u64, u8);
        // SAFETY: the instruction exists (`is_there`) and only changes the registers named.
        unsafe { asm!("rdrand {}", "setc {}", out(reg) value, out(reg_byte) ok, options(nomem, nostack)) };
        if ok != 0 {
            return Some(value);
        }
    }
    None
}

fn is_there() -> bool {
    core::arch::x86_64::__cpuid(1).ecx & 1 << 30 != 0
}

impl Random for BareMachine {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), HostError> {
        if !is_there() {
            return Err(HostError::NotSupported);
        }
        for chunk in bytes.chunks_mut(8) {
            let word = word().ok_or(HostError::Unknown)?.to_le_bytes();
            for (to, from) in chunk.iter_mut().zip(word) {
                *to = from;
            }
        }
        Ok(())
    }
}
