//! `/dev/pts`: the slaves of pseudoterminals, by number (`pts(4)`).

use alloc::format;
use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;

use litebox_host::file::{AttributeChange, Attributes, FileKind, FileSystemStatistics, Timestamp};

use crate::error::{Error, ErrorKind, Result};
use crate::file::host::{FileHost, timestamp};
use crate::file::{
    Caller, Directory, FIRST_COOKIE, File, FileSystem, FileSystemKind, FolderFile, Listed, Listing, Opening,
    Vnode,
};
use crate::terminal::{Privilege, Pty, Slave, Terminals};

/// What all objects of the file system share.
struct Shared {
    host: Arc<dyn FileHost>,
    terminals: Arc<Terminals>,
    device: u64,
    started: Timestamp,
    root: Weak<TerminalVnode>,
}

/// The file system.
pub(in crate::file) struct TerminalFileSystem;

impl TerminalFileSystem {
    /// Its root.
    pub(in crate::file) fn create(
        host: &Arc<dyn FileHost>,
        terminals: &Arc<Terminals>,
        device: u64,
    ) -> Arc<dyn Vnode> {
        Arc::new_cyclic(|root| {
            let shared = Arc::new(Shared {
                host: Arc::clone(host),
                terminals: Arc::clone(terminals),
                device,
                started: timestamp(&**host),
                root: Weak::clone(root),
            });
            TerminalVnode { shared, shows: Shows::Root }
        })
    }
}

/// What an object of the file system shows.
enum Shows {
    Root,
    /// What opens a new pseudoterminal.
    Multiplexer,
    /// A slave.
    Slave(Arc<Pty>),
}

/// An object of `/dev/pts`.
struct TerminalVnode {
    shared: Arc<Shared>,
    shows: Shows,
}

/// The name of what opens a new pseudoterminal, and its place in the listing. Slaves come after it.
const MULTIPLEXER: &[u8] = b"ptmx";
/// Its device number: major 5, minor 2.
pub(super) const MULTIPLEXER_DEVICE: u64 = 0x502;
/// Inode numbers, as Linux gives them; slaves follow by their own number.
const ROOT_INODE: u64 = 1;
const MULTIPLEXER_INODE: u64 = 2;
/// The cookie of slave 0.
const FIRST_SLAVE: u64 = FIRST_COOKIE + 1;

/// Opens a new pseudoterminal through `opening`, a device node for that.
pub(super) fn open_master(
    terminals: &Terminals,
    host: &dyn FileHost,
    opening: Opening<'_>,
) -> Result<Arc<dyn File>> {
    let owner = opening.caller.credentials.user.file_system;
    Ok(terminals.open(owner, timestamp(host), Some(opening.location))?)
}

/// Opens the slave of `pty` through `opening`.
pub(super) fn open_slave(pty: &Arc<Pty>, opening: Opening<'_>) -> Result<Arc<dyn File>> {
    let privilege = privilege(opening.caller);
    Ok(Slave::open(pty, opening.location, privilege)?)
}

fn privilege(caller: &Caller) -> Privilege {
    if caller.credentials.user.effective == 0 { Privilege::Superuser } else { Privilege::Ordinary }
}

impl TerminalVnode {
    fn child(&self, shows: Shows) -> Arc<dyn Vnode> {
        Arc::new(Self { shared: Arc::clone(&self.shared), shows })
    }

    fn fixed(&self, kind: FileKind, inode: u64, mode: u32, special: u64) -> Attributes {
        let started = self.shared.started;
        Attributes {
            kind,
            mode,
            uid: 0,
            gid: 0,
            links: if kind == FileKind::Directory { 2 } else { 1 },
            inode,
            device: self.shared.device,
            special,
            size: 0,
            blocks: 0,
            block_size: 1024,
            accessed: started,
            modified: started,
            changed: started,
            born: Timestamp::default(),
        }
    }
}

/// A decimal number without leading zeros.
fn number(name: &[u8]) -> Option<u32> {
    let text = core::str::from_utf8(name).ok()?;
    let number: u32 = text.parse().ok()?;
    (text.len() == 1 || !text.starts_with(['0', '+'])).then_some(number)
}

impl Vnode for TerminalVnode {
    fn kind(&self) -> FileKind {
        match self.shows {
            Shows::Root => FileKind::Directory,
            Shows::Multiplexer | Shows::Slave(_) => FileKind::CharacterDevice,
        }
    }

    fn attributes(&self) -> Result<Attributes> {
        Ok(match &self.shows {
            Shows::Root => self.fixed(FileKind::Directory, ROOT_INODE, 0o755, 0),
            Shows::Multiplexer => {
                self.fixed(FileKind::CharacterDevice, MULTIPLEXER_INODE, 0o666, MULTIPLEXER_DEVICE)
            }
            Shows::Slave(pty) => Attributes { device: self.shared.device, ..pty.attributes() },
        })
    }

    fn set_attributes(&self, change: &AttributeChange) -> Result<()> {
        match &self.shows {
            Shows::Slave(pty) => {
                pty.set_attributes(change, timestamp(&*self.shared.host));
                Ok(())
            }
            _ => Err(Error::new(ErrorKind::NotPermitted, "the object's attributes are fixed")),
        }
    }

    fn open(self: Arc<Self>, opening: Opening<'_>) -> Result<Arc<dyn File>> {
        match &self.shows {
            Shows::Root => Ok(FolderFile::open(opening)),
            Shows::Multiplexer => open_master(&self.shared.terminals, &*self.shared.host, opening),
            Shows::Slave(pty) => open_slave(pty, opening),
        }
    }

    fn directory(&self) -> Option<&dyn Directory> {
        matches!(self.shows, Shows::Root).then_some(self)
    }

    fn place(&self) -> Option<(Arc<dyn Vnode>, Vec<u8>)> {
        let name = match &self.shows {
            Shows::Root => return None,
            Shows::Multiplexer => MULTIPLEXER.to_vec(),
            Shows::Slave(pty) => format!("{}", pty.number()).into_bytes(),
        };
        let root: Arc<dyn Vnode> = self.shared.root.upgrade()?;
        Some((root, name))
    }

    fn file_system(&self) -> &dyn FileSystem {
        &*self.shared
    }
}

impl Directory for TerminalVnode {
    fn lookup(&self, name: &[u8]) -> Result<Arc<dyn Vnode>> {
        if name == MULTIPLEXER {
            return Ok(self.child(Shows::Multiplexer));
        }
        let number = number(name).ok_or(Error::new(ErrorKind::NotFound, "no such terminal"))?;
        Ok(self.child(Shows::Slave(self.shared.terminals.get(number)?)))
    }

    fn list(&self, cookie: u64, sink: &mut dyn FnMut(Listed<'_>) -> Listing) -> Result<()> {
        let kind = FileKind::CharacterDevice;
        if cookie < FIRST_COOKIE {
            let entry = Listed { name: MULTIPLEXER, inode: MULTIPLEXER_INODE, kind, cookie: FIRST_COOKIE };
            if sink(entry) == Listing::Stop {
                return Ok(());
            }
        }
        for pty in self.shared.terminals.all() {
            let entry_cookie = FIRST_SLAVE + u64::from(pty.number());
            let name = format!("{}", pty.number());
            let entry =
                Listed { name: name.as_bytes(), inode: pty.attributes().inode, kind, cookie: entry_cookie };
            if entry_cookie > cookie && sink(entry) == Listing::Stop {
                return Ok(());
            }
        }
        Ok(())
    }
}

impl FileSystem for Shared {
    fn kind(&self) -> FileSystemKind {
        FileSystemKind::Terminal
    }

    fn device(&self) -> u64 {
        self.device
    }

    fn statistics(&self) -> Result<FileSystemStatistics> {
        Ok(FileSystemStatistics { block_size: 4096, name_length: 255, ..FileSystemStatistics::default() })
    }
}
