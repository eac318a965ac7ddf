//! `sysinfo(2)`.

use litebox_host::time::Clock;
use litebox_libos::user::UserPointer;

use crate::abi::limit::Sysinfo;
use crate::error::Result;
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn sysinfo<H: LinuxHost>(call: &mut Call<'_, H>, info: UserPointer<Sysinfo>) -> Result<()> {
    let machine = call.place.namespace().machine();
    let processes = call.process.registry().processes();
    let threads: usize = processes.iter().map(|process| process.threads().len()).sum();
    let value = Sysinfo {
        uptime: i64::try_from(call.host.now(Clock::Boottime).as_secs()).unwrap_or(i64::MAX),
        memory: machine.memory,
        memory_free: machine.memory_free(),
        processes: u16::try_from(threads).unwrap_or(u16::MAX),
        unit: 1,
        ..Sysinfo::default()
    };
    Ok(info.write(&call.host, &value)?)
}
