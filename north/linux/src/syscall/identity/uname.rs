//! `uname(2)`.

use litebox_libos::user::UserPointer;

use crate::abi::identity::{RELEASE, Utsname, VERSION};
use crate::error::Result;
use crate::host::LinuxHost;
use crate::row::Call;

/// A field: text, at most 64 bytes of it, and zeros.
fn field(text: &[u8]) -> [u8; 65] {
    let mut field = [0; 65];
    for (to, from) in field.iter_mut().take(64).zip(text) {
        *to = *from;
    }
    field
}

pub(crate) fn uname<H: LinuxHost>(call: &mut Call<'_, H>, names: UserPointer<Utsname>) -> Result<()> {
    let value = Utsname {
        system: field(b"Linux"),
        node: field(&call.place.namespace().machine().host_name),
        release: field(RELEASE),
        version: field(VERSION),
        machine: field(b"x86_64"),
        domain: field(b"(none)"),
    };
    Ok(names.write(&call.host, &value)?)
}
