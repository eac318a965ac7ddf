//! Limits: what the library OS is told, and what the host enforces around it.

use crate::Error;
use litebox_broker_protocol::{LIMIT_COUNT, Limit};
use rustix::process::{Resource, Rlimit};
use rustix::thread::CpuSet;

/// The most processes and threads without a limit of the user's.
const DEFAULT_PROCESSES: u32 = 1024;

/// The least memory, in bytes, with which a program can start.
const LEAST_MEMORY: u64 = 4 << 20;

/// What the library OS and its threads take of a host process's data segment, in bytes.
const OWN_DATA: u64 = 64 << 20;

/// Processes that run no guest code, and room.
const WATCHERS: u64 = 8;

/// The stack limit of most hosts, in bytes.
const USUAL_STACK: u64 = 8 << 20;

/// The limits of `getrlimit(2)`, in the order of their numbers.
const RESOURCES: [Resource; LIMIT_COUNT] = [
    Resource::Cpu,
    Resource::Fsize,
    Resource::Data,
    Resource::Stack,
    Resource::Core,
    Resource::Rss,
    Resource::Nproc,
    Resource::Nofile,
    Resource::Memlock,
    Resource::As,
    Resource::Locks,
    Resource::Sigpending,
    Resource::Msgqueue,
    Resource::Nice,
    Resource::Rtprio,
    Resource::Rttime,
];

/// Limits as they were asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits {
    pub(crate) memory: Option<u64>,
    pub(crate) processors: Option<u32>,
    pub(crate) processes: Option<u32>,
}

impl Limits {
    /// Refuses limits that have no meaning or that nothing enforces.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if let Some(bytes) = self.memory.filter(|bytes| *bytes < LEAST_MEMORY) {
            let cause = format!("a memory limit of {bytes} bytes is too small for any program");
            return Err(Error::refused("limits.memory", cause, "--mem 64M"));
        }
        if let Some(count) = self.processors {
            let host = processors();
            if count == 0 || count > host {
                let cause = format!("{count} processors: this host can give 1 to {host}");
                return Err(Error::refused("limits.cpus", cause, format!("--cpus {host}")));
            }
        }
        if self.processes == Some(0) {
            return Err(Error::refused("limits.processes", "no process at all is no program", "--pids 64"));
        }
        Ok(())
    }

    /// Memory for the guest, in bytes: the host's when there is no limit.
    pub(crate) fn memory(&self) -> u64 {
        self.memory.unwrap_or_else(|| {
            let host = rustix::system::sysinfo();
            host.totalram.saturating_mul(host.mem_unit.into())
        })
    }

    pub(crate) fn processors(&self) -> u32 {
        self.processors.unwrap_or_else(processors)
    }

    pub(crate) fn processes(&self) -> u32 {
        self.processes.unwrap_or(DEFAULT_PROCESSES)
    }

    /// The processes and threads of the sandbox on the host: the guest's, one more of the library OS's for each that
    /// has an alarm, and those that watch.
    pub(crate) fn host_processes(&self) -> u64 {
        u64::from(self.processes()).saturating_mul(2).saturating_add(WATCHERS)
    }

    /// The memory of all its processes on the host, in bytes, if the guest's is limited.
    pub(crate) fn host_memory(&self) -> Option<u64> {
        self.memory.map(|bytes| bytes.saturating_add(OWN_DATA))
    }

    /// Puts what the host can enforce on this process, for its children to inherit, until the value is dropped.
    pub(crate) fn inherit(&self) -> Result<Inherited, Error> {
        let mut inherited = Inherited { stack: stack()?, data: None, processors: None };
        if let Some(bytes) = self.memory {
            let before = rustix::process::getrlimit(Resource::Data);
            let wanted = bytes.saturating_add(OWN_DATA);
            let soft = before.current.map_or(wanted, |soft| soft.min(wanted));
            let limit = Rlimit { current: Some(soft), maximum: before.maximum };
            rustix::process::setrlimit(Resource::Data, limit).map_err(Error::host("limit memory"))?;
            inherited.data = Some(before);
        }
        if let Some(count) = self.processors {
            let before =
                rustix::thread::sched_getaffinity(None).map_err(Error::host("read the processors"))?;
            let limited = first_processors(&before, count);
            rustix::thread::sched_setaffinity(None, &limited).map_err(Error::host("limit processors"))?;
            inherited.processors = Some(before);
        }
        Ok(inherited)
    }
}

/// Limits the stack to what is usual, and gives the limit from before. The kernel lays out an address space by this
/// limit: a large one, or none, moves its own mappings to where guests are. The guest's limit is the library OS's.
fn stack() -> Result<Rlimit, Error> {
    let before = rustix::process::getrlimit(Resource::Stack);
    let usual = before.maximum.map_or(USUAL_STACK, |hard| hard.min(USUAL_STACK));
    let limit = Rlimit { current: Some(usual), maximum: before.maximum };
    rustix::process::setrlimit(Resource::Stack, limit).map_err(Error::host("limit the stack"))?;
    Ok(before)
}

/// Host limits of this process that are put back when this is dropped.
pub(crate) struct Inherited {
    stack: Rlimit,
    data: Option<Rlimit>,
    processors: Option<CpuSet>,
}

impl Drop for Inherited {
    fn drop(&mut self) {
        // It was allowed before.
        let _ = rustix::process::setrlimit(Resource::Stack, self.stack);
        if let Some(data) = self.data.take() {
            // As above.
            let _ = rustix::process::setrlimit(Resource::Data, data);
        }
        if let Some(processors) = self.processors.take() {
            // As above.
            let _ = rustix::thread::sched_setaffinity(None, &processors);
        }
    }
}

fn first_processors(all: &CpuSet, count: u32) -> CpuSet {
    let mut some = CpuSet::new();
    let wanted = usize::try_from(count).unwrap_or(usize::MAX);
    for processor in (0..CpuSet::MAX_CPU).filter(|processor| all.is_set(*processor)).take(wanted) {
        some.set(processor);
    }
    some
}

/// How many processors this process may use.
fn processors() -> u32 {
    let allowed = rustix::thread::sched_getaffinity(None).map_or(1, |allowed| allowed.count());
    allowed.max(1)
}

/// The caller's resource limits, as the guest's first process has them.
pub(crate) fn resource_limits() -> [Limit; LIMIT_COUNT] {
    RESOURCES.map(|resource| {
        let limit = rustix::process::getrlimit(resource);
        let hard = limit.maximum.unwrap_or(u64::MAX);
        Limit { soft: limit.current.unwrap_or(u64::MAX).min(hard), hard }
    })
}
