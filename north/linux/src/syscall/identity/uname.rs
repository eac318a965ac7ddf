//! `uname(2)`.

use litebox_libos::user::UserPointer;

use crate::abi::identity::Utsname;
use crate::error::Result;
use crate::host::LinuxHost;
use crate::row::Call;

/// A field: text and zeros.
fn field(text: &str) -> [u8; 65] {
    let mut field = [0; 65];
    for (to, from) in field.iter_mut().zip(text.bytes()) {
        *to = from;
    }
    field
}

/// The release is that of the Linux whose behaviour the calls follow.
pub(crate) fn uname<H: LinuxHost>(call: &mut Call<'_, H>, names: UserPointer<Utsname>) -> Result<()> {
    let value = Utsname {
        system: field("Linux"),
        node: field("litebox"),
        release: field("6.18.0-litebox"),
        version: field("#1 SMP"),
        machine: field("x86_64"),
        domain: field("(none)"),
    };
    Ok(names.write(&call.host, &value)?)
}
