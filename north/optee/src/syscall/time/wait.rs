//! Sleeping.

use core::time::Duration;

use litebox_host::time::{Clock, Deadline};
use litebox_libos::event::block;
use litebox_libos::{Error, ErrorKind};

use crate::error::Result;
use crate::host::TeeHost;
use crate::row::Call;

/// For ever.
const FOREVER: u32 = u32::MAX;

/// `_utee_wait` (`TEE_Wait`, section 7.2.2). A call that waits beyond its time limit is ended like any other.
pub(crate) fn wait<H: TeeHost>(call: &mut Call<'_, H>, milliseconds: u32) -> Result<()> {
    const SLEEPS: Error = Error::new(ErrorKind::WouldBlock, "sleeping");
    let limit = call.watchdog.deadline();
    let now = call.host.now(Clock::Monotonic);
    let end = now.saturating_add(Duration::from_millis(milliseconds.into())).as_nanos();
    let end = Deadline(u64::try_from(end).unwrap_or(u64::MAX));
    let end = if milliseconds == FOREVER { limit } else { end.min(limit) };
    while block(&call.thread, &[], Some(end), || Err::<(), Error>(SLEEPS))
        .is_err_and(|error| error.kind == ErrorKind::Interrupted)
    {}
    if call.watchdog.is_over() {
        call.ends = true;
        call.task.die(format_args!("it waited longer than its time limit"), call.registers);
    }
    Ok(())
}
