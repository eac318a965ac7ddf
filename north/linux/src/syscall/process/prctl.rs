//! `prctl(2)`.

use litebox_host::memory::UserAccess;
use litebox_host::sync::Ordering;
use litebox_libos::signal::Signal;
use litebox_libos::thread::NAME_LENGTH;
use litebox_libos::user::UserPointer;

use crate::abi::process::{
    LAST_CAPABILITY, PR_CAPBSET_DROP, PR_CAPBSET_READ, PR_GET_AUXV, PR_GET_CHILD_SUBREAPER, PR_GET_DUMPABLE,
    PR_GET_KEEPCAPS, PR_GET_NAME, PR_GET_NO_NEW_PRIVS, PR_GET_PDEATHSIG, PR_GET_SECCOMP, PR_GET_SECUREBITS,
    PR_GET_THP_DISABLE, PR_GET_TID_ADDRESS, PR_GET_TIMERSLACK, PR_GET_TSC, PR_SET_CHILD_SUBREAPER,
    PR_SET_DUMPABLE, PR_SET_KEEPCAPS, PR_SET_NAME, PR_SET_NO_NEW_PRIVS, PR_SET_PDEATHSIG, PR_SET_PTRACER,
    PR_SET_THP_DISABLE, PR_SET_TIMERSLACK,
};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// Options that are not built are `EINVAL`, as those that do not exist: the filter of system calls, the names of
/// mappings and `PR_SET_MM` among them.
pub(crate) fn prctl<H: LinuxHost>(
    call: &mut Call<'_, H>,
    option: i32,
    second: u64,
    third: u64,
    fourth: u64,
    fifth: u64,
) -> Result<i32> {
    let rest_is_zero = third == 0 && fourth == 0 && fifth == 0;
    match option {
        PR_SET_NAME => set_name(call, second),
        PR_GET_NAME => put(call, second, &call.thread.name()),
        PR_SET_NO_NEW_PRIVS if second == 1 && rest_is_zero => {
            call.settings.no_new_privileges.store(true, Ordering::Relaxed);
            Ok(0)
        }
        PR_GET_NO_NEW_PRIVS if second == 0 && rest_is_zero => {
            Ok(i32::from(call.settings.no_new_privileges.load(Ordering::Relaxed)))
        }
        PR_CAPBSET_READ if second <= LAST_CAPABILITY => Ok(1),
        PR_CAPBSET_DROP if second <= LAST_CAPABILITY && call.credentials.may_change() => Ok(0),
        PR_CAPBSET_DROP if second <= LAST_CAPABILITY => Err(Errno::EPERM),
        PR_GET_SECCOMP | PR_GET_SECUREBITS | PR_GET_THP_DISABLE | PR_SET_THP_DISABLE | PR_SET_PTRACER => {
            Ok(0)
        }
        PR_GET_TID_ADDRESS => {
            let word = call.own.clear_child_tid as u64;
            put(call, second, &word.to_le_bytes())
        }
        PR_GET_AUXV if fourth == 0 && fifth == 0 => auxiliary_vector(call, second, third),
        // The time-stamp counter can be read (PR_TSC_ENABLE).
        PR_GET_TSC => put(call, second, &1_u32.to_le_bytes()),
        _ => setting(call, option, second),
    }
}

/// Options that only set or get one number.
fn setting<H: LinuxHost>(call: &Call<'_, H>, option: i32, value: u64) -> Result<i32> {
    let settings = &call.settings;
    let flag = |value: u64| u32::try_from(value).ok().filter(|value| *value <= 1).ok_or(Errno::EINVAL);
    match option {
        PR_SET_DUMPABLE => settings.undumpable.store(1 - flag(value)?, Ordering::Relaxed),
        PR_GET_DUMPABLE => return Ok(1 - settings.undumpable.load(Ordering::Relaxed).cast_signed()),
        PR_SET_KEEPCAPS => settings.keep_capabilities.store(flag(value)? == 1, Ordering::Relaxed),
        PR_GET_KEEPCAPS => return Ok(i32::from(settings.keep_capabilities.load(Ordering::Relaxed))),
        PR_SET_PDEATHSIG => {
            let number = i32::try_from(value).map_err(|_| Errno::EINVAL)?;
            let signal = Signal::new(number);
            if signal.is_none() && number != 0 {
                return Err(Errno::EINVAL);
            }
            call.process.set_death_signal(signal);
        }
        PR_GET_PDEATHSIG => {
            let number = call.process.death_signal().map_or(0, |signal| i32::from(signal.number()));
            return put(call, value, &number.to_le_bytes());
        }
        PR_SET_CHILD_SUBREAPER => call.process.set_reaper(value != 0),
        PR_GET_CHILD_SUBREAPER => {
            return put(call, value, &u32::from(call.process.is_reaper()).to_le_bytes());
        }
        PR_SET_TIMERSLACK => settings.timer_slack.store(value, Ordering::Relaxed),
        PR_GET_TIMERSLACK => {
            return Ok(i32::try_from(settings.timer_slack()).unwrap_or(i32::MAX));
        }
        _ => return Err(Errno::EINVAL),
    }
    Ok(0)
}

/// As much of the vector as `room` takes; how long it is.
fn auxiliary_vector<H: LinuxHost>(call: &Call<'_, H>, address: u64, room: u64) -> Result<i32> {
    let mut bytes = call.information.auxiliary_vector()?;
    let length = i32::try_from(bytes.len()).map_err(|_| Errno::EINVAL)?;
    bytes.truncate(usize::try_from(room).unwrap_or(usize::MAX));
    put(call, address, &bytes)?;
    Ok(length)
}

fn put<H: LinuxHost>(call: &Call<'_, H>, address: u64, bytes: &[u8]) -> Result<i32> {
    UserAccess::write(&call.host, usize::try_from(address).map_err(|_| Errno::EFAULT)?, bytes)?;
    Ok(0)
}

/// The name ends at its NUL; what is longer is cut. Bytes are read one by one, as the string may end with the
/// last page that is there.
fn set_name<H: LinuxHost>(call: &Call<'_, H>, address: u64) -> Result<i32> {
    let start = UserPointer::<u8>::new(usize::try_from(address).map_err(|_| Errno::EFAULT)?);
    let mut name = [0; NAME_LENGTH];
    for (index, slot) in name.iter_mut().enumerate().take(NAME_LENGTH - 1) {
        *slot = start.element(index).read(&call.host)?;
        if *slot == 0 {
            break;
        }
    }
    call.thread.set_name(name);
    Ok(0)
}
