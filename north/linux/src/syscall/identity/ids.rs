//! The user and group numbers of a thread (`credentials(7)`).

use litebox_libos::identity::{Credentials, Identity, Which};
use litebox_libos::user::UserPointer;

use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// "Leave it": -1 as an unsigned number.
fn unless_minus_one(number: u32) -> Option<u32> {
    Some(number).filter(|number| *number != u32::MAX)
}

/// Change the calling thread's numbers.
fn change<H: LinuxHost>(
    call: &mut Call<'_, H>,
    change: impl FnOnce(&mut Credentials) -> litebox_libos::Result<()>,
) -> Result<()> {
    change(&mut call.credentials)?;
    call.show_credentials();
    Ok(())
}

pub(crate) fn getuid<H: LinuxHost>(call: &mut Call<'_, H>) -> Result<u32> {
    Ok(call.credentials.user.real)
}

pub(crate) fn getgid<H: LinuxHost>(call: &mut Call<'_, H>) -> Result<u32> {
    Ok(call.credentials.group.real)
}

pub(crate) fn geteuid<H: LinuxHost>(call: &mut Call<'_, H>) -> Result<u32> {
    Ok(call.credentials.user.effective)
}

pub(crate) fn getegid<H: LinuxHost>(call: &mut Call<'_, H>) -> Result<u32> {
    Ok(call.credentials.group.effective)
}

pub(crate) fn setuid<H: LinuxHost>(call: &mut Call<'_, H>, user: u32) -> Result<()> {
    let user = unless_minus_one(user).ok_or(Errno::EINVAL)?;
    change(call, |own| own.set(Which::User, user))
}

pub(crate) fn setgid<H: LinuxHost>(call: &mut Call<'_, H>, group: u32) -> Result<()> {
    let group = unless_minus_one(group).ok_or(Errno::EINVAL)?;
    change(call, |own| own.set(Which::Group, group))
}

pub(crate) fn setreuid<H: LinuxHost>(call: &mut Call<'_, H>, real: u32, effective: u32) -> Result<()> {
    let (real, effective) = (unless_minus_one(real), unless_minus_one(effective));
    change(call, |own| own.set_real_effective(Which::User, real, effective))
}

pub(crate) fn setregid<H: LinuxHost>(call: &mut Call<'_, H>, real: u32, effective: u32) -> Result<()> {
    let (real, effective) = (unless_minus_one(real), unless_minus_one(effective));
    change(call, |own| own.set_real_effective(Which::Group, real, effective))
}

pub(crate) fn setresuid<H: LinuxHost>(
    call: &mut Call<'_, H>,
    real: u32,
    effective: u32,
    saved: u32,
) -> Result<()> {
    change(call, |own| own.set_all_three(Which::User, [real, effective, saved].map(unless_minus_one)))
}

pub(crate) fn setresgid<H: LinuxHost>(
    call: &mut Call<'_, H>,
    real: u32,
    effective: u32,
    saved: u32,
) -> Result<()> {
    change(call, |own| own.set_all_three(Which::Group, [real, effective, saved].map(unless_minus_one)))
}

pub(crate) fn getresuid<H: LinuxHost>(
    call: &mut Call<'_, H>,
    real: UserPointer<u32>,
    effective: UserPointer<u32>,
    saved: UserPointer<u32>,
) -> Result<()> {
    put(call, call.credentials.user, [real, effective, saved])
}

pub(crate) fn getresgid<H: LinuxHost>(
    call: &mut Call<'_, H>,
    real: UserPointer<u32>,
    effective: UserPointer<u32>,
    saved: UserPointer<u32>,
) -> Result<()> {
    put(call, call.credentials.group, [real, effective, saved])
}

fn put<H: LinuxHost>(call: &Call<'_, H>, numbers: Identity, places: [UserPointer<u32>; 3]) -> Result<()> {
    for (place, number) in places.into_iter().zip([numbers.real, numbers.effective, numbers.saved]) {
        place.write(&call.host, &number)?;
    }
    Ok(())
}

pub(crate) fn setfsuid<H: LinuxHost>(call: &mut Call<'_, H>, user: u32) -> Result<u32> {
    Ok(set_file_system(call, Which::User, user))
}

pub(crate) fn setfsgid<H: LinuxHost>(call: &mut Call<'_, H>, group: u32) -> Result<u32> {
    Ok(set_file_system(call, Which::Group, group))
}

/// As Linux, -1 is nobody, so it changes nothing; the answer is the number before in any case.
fn set_file_system<H: LinuxHost>(call: &mut Call<'_, H>, which: Which, number: u32) -> u32 {
    match unless_minus_one(number) {
        Some(number) => {
            let before = call.credentials.set_file_system(which, number);
            call.show_credentials();
            before
        }
        None => call.credentials.numbers(which).file_system,
    }
}
