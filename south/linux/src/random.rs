//! Noun *random*: the host kernel's generator.
#![expect(unsafe_code, reason = "a host call fills a buffer")]

use litebox_host::HostError;
use litebox_host::random::Random;

use crate::calls;
use crate::host::LinuxProcess;

impl Random for LinuxProcess {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), HostError> {
        let mut filled = 0;
        while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            // SAFETY: the kernel writes at most `rest.len()` bytes to `rest`.
            match unsafe { calls::getrandom(rest.as_mut_ptr().addr(), rest.len(), 0) } {
                Ok(count) => filled += count,
                Err(crate::error::HostErrno::EINTR) => {}
                Err(errno) => return Err(errno.into()),
            }
        }
        Ok(())
    }
}
