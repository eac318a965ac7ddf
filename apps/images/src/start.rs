//! From the start block, as the broker sent it, to what the Linux shim is told.

use litebox_broker_protocol::{ByteStrings, MountEntry, MountMode as Mode, StartFlags, StartView};
use litebox_host::file::MountIndex;
use litebox_libos::file::pseudo::Machine;
use litebox_libos::file::{MountMode, MountRequest};
use litebox_libos::identity::{Credentials, Identity};
use litebox_north_linux::abi::identity::{RELEASE, VERSION};
use litebox_north_linux::loader::Processor;
use litebox_north_linux::start::{Configuration, OwnTerminal};

/// What the shim is told; `None` if the block is malformed.
pub fn configuration(block: &[u8], processor: Processor) -> Option<Configuration> {
    let view = StartView::decode(block).ok()?;
    let ids = view.identity;
    let owned = |strings: ByteStrings<'_>| strings.iter().map(<[u8]>::to_vec).collect();
    let identity = |real, effective, saved| Identity { real, effective, saved, file_system: effective };
    Some(Configuration {
        executable: view.executable.to_vec(),
        directory: view.directory.to_vec(),
        arguments: owned(view.arguments),
        environment: owned(view.environment),
        credentials: Credentials {
            user: identity(ids.uid, ids.euid, ids.suid),
            group: identity(ids.gid, ids.egid, ids.sgid),
            groups: view.groups.iter().collect(),
        },
        mask: view.umask,
        mounts: view.mounts.iter().map(request).collect(),
        machine: Machine {
            processors: view.cpus,
            memory: view.memory_limit,
            host_name: view.hostname.to_vec(),
            release: RELEASE.to_vec(),
            version: VERSION.to_vec(),
            processor_flags: b"fpu sse sse2".to_vec(),
        },
        processor,
        tracing: view.flags.contains(StartFlags::TRACE),
        threads: view.pids,
        terminal: view
            .flags
            .contains(StartFlags::TERMINAL)
            .then(|| OwnTerminal { is_error: view.flags.contains(StartFlags::TERMINAL_ERROR) }),
    })
}

fn request(mount: MountEntry<'_>) -> MountRequest {
    let mode = match mount.mode {
        Mode::ReadOnly => MountMode::ReadOnly,
        Mode::ReadWrite => MountMode::ReadWrite,
        Mode::Overlay => MountMode::Overlay,
    };
    MountRequest { target: mount.target.to_vec(), mount: MountIndex(mount.index), mode }
}
