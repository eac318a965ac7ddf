//! Times (section 7.2 and 7.3).

use litebox_host::time::Clock;
use litebox_libos::user::UserPointer;

use crate::abi::time::{Category, Time};
use crate::error::{Result, TeeError};
use crate::host::TeeHost;
use crate::row::Call;

/// `_utee_get_time`. The application's own time is the clock's, moved by what the application set.
pub(crate) fn get_time<H: TeeHost>(
    call: &mut Call<'_, H>,
    category: u32,
    time: UserPointer<Time>,
) -> Result<()> {
    let category = Category::decode(category).ok_or(TeeError::BAD_PARAMETERS)?;
    let now = match category {
        Category::System => call.host.now(Clock::Monotonic),
        Category::Persistent | Category::Ree => call.host.now(Clock::Realtime),
    };
    let (mut value, mut overflows) = Time::of(now);
    if category == Category::Persistent {
        let uuid = call.application()?.instance.uuid();
        let distance = call.engine.time_of(uuid).ok_or(TeeError::TIME_NOT_SET)?;
        let seconds = i64::from(value.seconds).wrapping_add(distance);
        overflows |= u32::try_from(seconds).is_err();
        value.seconds = u32::try_from(seconds & i64::from(u32::MAX)).unwrap_or_default();
    }
    time.write(&call.host, &value)?;
    if overflows { Err(TeeError::OVERFLOW) } else { Ok(()) }
}

/// `_utee_set_ta_time`: whole seconds count.
pub(crate) fn set_ta_time<H: TeeHost>(call: &mut Call<'_, H>, time: UserPointer<Time>) -> Result<()> {
    let wanted = time.read(&call.host)?;
    if wanted.milliseconds >= 1000 {
        return Err(TeeError::BAD_PARAMETERS);
    }
    let (now, _) = Time::of(call.host.now(Clock::Realtime));
    let uuid = call.application()?.instance.uuid();
    call.engine.set_time_of(uuid, i64::from(wanted.seconds) - i64::from(now.seconds));
    Ok(())
}
