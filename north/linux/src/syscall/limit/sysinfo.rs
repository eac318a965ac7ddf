//! `sysinfo(2)`.

use litebox_host::time::Clock;
use litebox_libos::limit::{INFINITE, Resource};
use litebox_libos::user::UserPointer;

use crate::abi::limit::Sysinfo;
use crate::error::Result;
use crate::host::LinuxHost;
use crate::row::Call;

/// What the sandbox has of memory where its address space has no limit: programs size caches by it.
const MEMORY: u64 = 4 << 30;

pub(crate) fn sysinfo<H: LinuxHost>(call: &mut Call<'_, H>, info: UserPointer<Sysinfo>) -> Result<()> {
    let limit = call.process.limits.soft(Resource::AddressSpace);
    let memory = if limit == INFINITE { MEMORY } else { limit };
    let processes = call.process.registry().processes();
    let threads: usize = processes.iter().map(|process| process.threads().len()).sum();
    let value = Sysinfo {
        uptime: i64::try_from(call.host.now(Clock::Boottime).as_secs()).unwrap_or(i64::MAX),
        memory,
        memory_free: memory / 2,
        processes: u16::try_from(threads).unwrap_or(u16::MAX),
        unit: 1,
        ..Sysinfo::default()
    };
    Ok(info.write(&call.host, &value)?)
}
