//! The start block of a machine: what a supervisor tells a sandbox, with the values of a small computer.

use std::os::unix::ffi::OsStrExt;

use litebox_broker_protocol::{
    Identity, LIMIT_COUNT, Limit, MountMode, Start, StartFlags, StartMount, Terminals,
};

use crate::run::Job;

/// The limit of a supervisor that is told none.
const PROCESSES: u32 = 1024;

/// As the supervisor numbers the first mount.
const ROOT_DEVICE: u64 = 0x40;

/// Limits that are not without end, as `RLIMIT_*` number, soft and hard: what Linux's first process has
/// (include/asm-generic/resource.h), with room for the descriptors that a system manager allows.
const LIMITS: [(usize, u64, u64); 8] = [
    (3, 8 << 20, u64::MAX),
    (4, 0, u64::MAX),
    (6, PROCESSES as u64, PROCESSES as u64),
    (7, 1024, 1 << 20),
    (8, 8 << 20, 8 << 20),
    (12, 819_200, 819_200),
    (13, 0, 0),
    (14, 0, 0),
];

/// The bytes of the block that starts `job` on a machine with `memory` bytes.
///
/// # Errors
/// A job that the block cannot say.
pub(super) fn block(job: &Job, flags: StartFlags, memory: u64) -> Result<Vec<u8>, String> {
    let program = job.argv.first().ok_or("there is no program to run")?;
    let mut limits = [Limit::UNLIMITED; LIMIT_COUNT];
    for (number, soft, hard) in LIMITS {
        limits[number] = Limit { soft, hard };
    }
    let start = Start {
        executable: program.as_bytes().to_vec(),
        directory: job.cwd.as_os_str().as_bytes().to_vec(),
        hostname: b"litebox".to_vec(),
        arguments: job.argv.iter().map(|word| word.as_bytes().to_vec()).collect(),
        environment: job.env.iter().map(|(name, value)| format!("{name}={value}").into_bytes()).collect(),
        identity: Identity::default(),
        groups: Vec::new(),
        umask: 0o22,
        // The kernel, its tables and the archive itself take the rest.
        memory_limit: memory / 4 * 3,
        cpus: 1,
        pids: PROCESSES,
        flags,
        terminals: Terminals::empty(),
        mounts: vec![StartMount {
            target: b"/".to_vec(),
            index: 0,
            mode: MountMode::Overlay,
            device: ROOT_DEVICE,
        }],
        limits,
    };
    start.encode().map_err(|error| format!("no start block says this job: {error:?}"))
}
