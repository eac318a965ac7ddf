//! `/dev`: the devices that every program expects (`null(4)`, `full(4)`, `random(4)`, `tty(4)`).

use alloc::sync::Arc;

use litebox_host::file::{Attributes, FileKind};

use super::terminals::{MULTIPLEXER_DEVICE, open_master, open_slave};
use super::{ControllingTerminal, Processes};
use crate::error::{Error, ErrorKind, Result};
use crate::file::host::FileHost;
use crate::file::tree::{Node, Special, Tree, TreeOptions};
use crate::file::{Directory, File, FileSystemKind, Location, NewVnode, Opening, Ownership, STICKY};
use crate::terminal::Terminals;
use crate::user::{Destination, Source};

/// A device without hardware.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Device {
    Null,
    Zero,
    Full,
    Random,
    Terminal,
    Multiplexer,
}

/// Name, device and number: major × 256 + minor, from the kernel's list of allocated device numbers.
const DEVICES: &[(&[u8], Device, u64)] = &[
    (b"null", Device::Null, 0x103),
    (b"zero", Device::Zero, 0x105),
    (b"full", Device::Full, 0x107),
    (b"random", Device::Random, 0x108),
    (b"urandom", Device::Random, 0x109),
    (b"tty", Device::Terminal, TERMINAL_DEVICE),
    (b"ptmx", Device::Multiplexer, MULTIPLEXER_DEVICE),
];

/// `/dev/tty`, whatever that is for each process (`tty(4)`).
pub(in crate::file) const TERMINAL_DEVICE: u64 = 0x500;

const LINKS: &[(&[u8], &[u8])] = &[
    (b"fd", b"/proc/self/fd"),
    (b"stdin", b"/proc/self/fd/0"),
    (b"stdout", b"/proc/self/fd/1"),
    (b"stderr", b"/proc/self/fd/2"),
];

/// The owner of what the sandbox starts with.
pub(super) const fn by_root(mode: u32) -> Ownership {
    Ownership { mode, user: 0, group: 0 }
}

/// A tree with all devices, numbered `device`; up to `limit` bytes can be kept in it, as in `/dev/shm`.
///
/// # Errors
/// [`ErrorKind::NoSpace`] for a limit that does not hold even the devices.
pub(in crate::file) fn device_tree(
    host: &Arc<dyn FileHost>,
    processes: &Arc<Processes>,
    terminals: &Arc<Terminals>,
    device: u64,
    limit: u64,
) -> Result<Arc<Node>> {
    let root = Tree::create(TreeOptions {
        host: Arc::clone(host),
        kind: FileSystemKind::Device,
        device,
        lower: None,
        limit,
        mode: 0o755,
    })?;
    for (name, device, number) in DEVICES {
        let special = Arc::new(DeviceNode {
            device: *device,
            host: Arc::clone(host),
            processes: Arc::clone(processes),
            terminals: Arc::clone(terminals),
        });
        root.insert(name, root.special_child(name, FileKind::CharacterDevice, 0o666, *number, special))?;
    }
    for (name, target) in LINKS {
        root.create(name, NewVnode::Symlink(target), by_root(0o777))?;
    }
    root.create(b"shm", NewVnode::Directory, by_root(0o777 | STICKY))?;
    root.create(b"pts", NewVnode::Directory, by_root(0o755))?;
    Ok(root)
}

struct DeviceNode {
    device: Device,
    host: Arc<dyn FileHost>,
    processes: Arc<Processes>,
    terminals: Arc<Terminals>,
}

const NO_TERMINAL: Error = Error::new(ErrorKind::NoSuchDevice, "the process has no controlling terminal");

impl Special for DeviceNode {
    fn open(&self, opening: Opening<'_>) -> Result<Arc<dyn File>> {
        match self.device {
            Device::Terminal => {
                let process = self.processes.get(opening.caller.process)?;
                match process.terminal().ok_or(NO_TERMINAL)? {
                    ControllingTerminal::Pseudoterminal(pty) => open_slave(&pty, opening),
                    ControllingTerminal::Stream(file) => Ok(file),
                }
            }
            Device::Multiplexer => open_master(&self.terminals, &*self.host, opening),
            device => {
                let host = Arc::clone(&self.host);
                Ok(Arc::new(DeviceFile { device, host, location: opening.location }))
            }
        }
    }
}

struct DeviceFile {
    device: Device,
    host: Arc<dyn FileHost>,
    location: Location,
}

/// Bytes made at a time.
const CHUNK: usize = 512;

impl DeviceFile {
    /// Hand over bytes that `fill` makes until no more are wanted.
    fn give(to: &mut dyn Destination, mut fill: impl FnMut(&mut [u8]) -> Result<()>) -> Result<usize> {
        let mut chunk = [0; CHUNK];
        let mut done = 0;
        while to.remaining() > 0 {
            let part = chunk.get_mut(..to.remaining().min(CHUNK)).unwrap_or_default();
            let put = fill(part).and_then(|()| to.put(part));
            match put {
                Ok(count) => {
                    done += count;
                    if count < part.len() {
                        break;
                    }
                }
                Err(_) if done > 0 => break,
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }
}

impl File for DeviceFile {
    fn read(&self, _: Option<u64>, to: &mut dyn Destination) -> Result<usize> {
        match self.device {
            Device::Null | Device::Terminal | Device::Multiplexer => Ok(0),
            Device::Zero | Device::Full => Self::give(to, |_| Ok(())),
            Device::Random => Self::give(to, |part| Ok(self.host.fill(part)?)),
        }
    }

    fn write(&self, _: Option<u64>, from: &mut dyn Source) -> Result<usize> {
        match self.device {
            Device::Full => Err(Error::new(ErrorKind::NoSpace, "the device is always full")),
            // Nobody looks at the bytes; what is written to a random device is not mixed in.
            _ => Ok(from.remaining()),
        }
    }

    fn attributes(&self) -> Result<Attributes> {
        self.location.vnode.attributes()
    }

    fn is_seekable(&self) -> bool {
        true
    }

    /// As Linux's do, these devices start over at any seek.
    fn ignores_seek(&self) -> bool {
        true
    }

    fn location(&self) -> Option<&Location> {
        Some(&self.location)
    }
}
