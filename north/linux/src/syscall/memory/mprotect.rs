//! `mprotect(2)`.

use litebox_host::memory::PAGE_SIZE;
use litebox_libos::memory::{Span, round_up};

use super::mmap::decode_protection;
use crate::abi::memory::{PROT_EXEC, PROT_GROWSDOWN, PROT_GROWSUP, PROT_READ, PROT_SEM, PROT_WRITE};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// The bits that mean something on x86-64.
const KNOWN: u64 = PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM;

pub(crate) fn mprotect<H: LinuxHost>(
    call: &mut Call<'_, H>,
    address: usize,
    length: usize,
    protection: u64,
) -> Result<()> {
    let which = match protection & (PROT_GROWSDOWN | PROT_GROWSUP) {
        0 => Span::Exact,
        PROT_GROWSDOWN => Span::WholeStack,
        _ => return Err(Errno::EINVAL),
    };
    if !address.is_multiple_of(PAGE_SIZE) {
        return Err(Errno::EINVAL);
    }
    if length == 0 {
        return Ok(());
    }
    if round_up(length).and_then(|length| address.checked_add(length)).is_none() {
        return Err(Errno::ENOMEM);
    }
    if protection & !(KNOWN | PROT_GROWSDOWN) != 0 {
        return Err(Errno::EINVAL);
    }
    Ok(call.memory.protect(address, length, decode_protection(protection), which)?)
}
