//! New descriptors.

use litebox_libos::file::Descriptor;
use litebox_libos::user::UserPointer;

use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

impl Fd {
    /// The descriptor numbered `number`.
    ///
    /// # Errors
    /// `EMFILE` for a number that no limit allows.
    pub(crate) fn numbered(number: u32) -> Result<Self> {
        i32::try_from(number).map(Self).map_err(|_| Errno::EMFILE)
    }

    /// Give `descriptor` the lowest free number.
    ///
    /// # Errors
    /// `EMFILE`, `ENOMEM`.
    pub(crate) fn install<H: LinuxHost>(call: &Call<'_, H>, descriptor: Descriptor) -> Result<Self> {
        Self::numbered(call.descriptors.insert(descriptor, 0, call.descriptor_limit())?)
    }

    /// Give two descriptors the lowest free numbers and tell the guest, or do nothing.
    ///
    /// # Errors
    /// `EMFILE`, `ENOMEM`, `EFAULT`.
    pub(crate) fn install_pair<H: LinuxHost>(
        call: &Call<'_, H>,
        pair: [Descriptor; 2],
        to: UserPointer<[u32; 2]>,
    ) -> Result<()> {
        let numbers = call.descriptors.insert_pair(pair, call.descriptor_limit())?;
        let told = to.write(&call.host, &numbers);
        if told.is_err() {
            for number in numbers {
                // Another thread may have closed it already.
                let _ = call.descriptors.close(number);
            }
        }
        Ok(told?)
    }
}
