//! What every North is told, from the start block as the broker sent it.

use alloc::vec::Vec;

use litebox_broker_protocol::{ByteStrings, MountEntry, MountMode as Mode, StartView};
use litebox_host::file::MountIndex;
use litebox_libos::file::pseudo::Machine;
use litebox_libos::file::{MountMode, MountRequest};
use litebox_libos::identity::{Credentials, Identity};
use litebox_north_linux::abi::identity::{RELEASE, VERSION};

/// Copies of the strings.
pub(crate) fn owned(strings: ByteStrings<'_>) -> Vec<Vec<u8>> {
    strings.iter().map(<[u8]>::to_vec).collect()
}

/// On whose behalf the guest runs.
pub(crate) fn credentials(view: &StartView<'_>) -> Credentials {
    let ids = view.identity;
    let identity = |real, effective, saved| Identity { real, effective, saved, file_system: effective };
    Credentials {
        user: identity(ids.uid, ids.euid, ids.suid),
        group: identity(ids.gid, ids.egid, ids.sgid),
        groups: view.groups.iter().collect(),
    }
}

/// What the guest is told of the machine.
pub(crate) fn machine(view: &StartView<'_>) -> Machine {
    Machine {
        processors: view.cpus,
        memory: view.memory_limit,
        host_name: view.hostname.to_vec(),
        release: RELEASE.to_vec(),
        version: VERSION.to_vec(),
        processor_flags: b"fpu sse sse2".to_vec(),
    }
}

/// The folders of the host.
pub(crate) fn mounts(view: &StartView<'_>) -> Vec<MountRequest> {
    view.mounts.iter().map(request).collect()
}

fn request(mount: MountEntry<'_>) -> MountRequest {
    let mode = match mount.mode {
        Mode::ReadOnly => MountMode::ReadOnly,
        Mode::ReadWrite => MountMode::ReadWrite,
        Mode::Overlay => MountMode::Overlay,
    };
    MountRequest { target: mount.target.to_vec(), mount: MountIndex(mount.index), mode }
}
