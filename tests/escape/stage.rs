//! What an attack is after: things planted outside the sandbox, whose state tells whether it got there.

use std::fs::{self, Permissions};
use std::io;
use std::net::{TcpListener, UdpSocket};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::victim::Victim;

/// Root tests the sandbox as this user: nobody.
const NOBODY: u32 = 65_534;

/// Whether this process is root, and so runs attacks as somebody else.
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Have `command` run as an ordinary user.
pub(crate) fn lower(command: &mut Command) {
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
}

fn give(path: &Path) -> io::Result<()> {
    if is_root() { chown(path, Some(NOBODY), Some(NOBODY)) } else { Ok(()) }
}

/// The planted things, and the sandbox's own root folder beside them.
pub(crate) struct Stage {
    folder: PathBuf,
    token: String,
    victim: Victim,
    tcp: TcpListener,
    udp: UdpSocket,
    unix: UnixListener,
}

/// What the victim file holds.
const UNTOUCHED: &str = "untouched\n";

impl Stage {
    /// Plant everything in a new folder; the process is a member of another sandbox of `beside`, if that is given.
    ///
    /// # Errors
    /// What could not be planted.
    pub(crate) fn plant(beside: Option<&Path>) -> Result<Self, String> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("litebox-escape-{}-{number}", std::process::id()));
        let token = format!("TOKEN-{:x}-{number}-{:x}", std::process::id(), u64::from(fresh()));
        plant_files(&folder, &token).map_err(|error| format!("{}: {error}", folder.display()))?;
        let victim = match beside {
            Some(litebox) => Victim::member(litebox, &token)?,
            None => Victim::process(&token)?,
        };
        let sockets = || -> io::Result<_> {
            let tcp = TcpListener::bind("127.0.0.1:0")?;
            tcp.set_nonblocking(true)?;
            let udp = UdpSocket::bind(tcp.local_addr()?)?;
            udp.set_nonblocking(true)?;
            let unix = UnixListener::bind(folder.join("socket"))?;
            unix.set_nonblocking(true)?;
            fs::set_permissions(folder.join("socket"), Permissions::from_mode(0o777))?;
            Ok((tcp, udp, unix))
        };
        let (tcp, udp, unix) = sockets().map_err(|error| format!("cannot listen: {error}"))?;
        Ok(Self { folder, token, victim, tcp, udp, unix })
    }

    /// The folder that a sandbox sees as its `/`.
    pub(crate) fn root(&self) -> PathBuf {
        self.folder.join("root")
    }

    /// What an attack is told: the secret, the victim file, the port, the victim process, the socket.
    ///
    /// # Errors
    /// The host does not say the port.
    pub(crate) fn arguments(&self) -> Result<Vec<String>, String> {
        let path = |name: &str| self.folder.join(name).display().to_string();
        let port = self.tcp.local_addr().map_err(|error| error.to_string())?.port();
        Ok(vec![
            path("secret"),
            path("open/victim"),
            port.to_string(),
            self.victim.number().to_string(),
            path("socket"),
        ])
    }

    /// What the attack that wrote `written` reached.
    pub(crate) fn reached(&mut self, written: &str) -> Vec<String> {
        let mut reached = Vec::new();
        let mut note = |is_reached: bool, what: &str| {
            if is_reached {
                reached.push(what.to_owned());
            }
        };
        note(written.contains(&self.token), "the secret was read");
        note(written.contains("REACHED"), "the attack says that it got there");
        note(self.is_touched(), "a file outside changed");
        note(!self.victim.is_well(), "the process outside was signalled");
        let mut bytes = [0; 16];
        let connected =
            self.tcp.accept().is_ok() || self.unix.accept().is_ok() || self.udp.recv(&mut bytes).is_ok();
        note(connected, "a socket outside was reached");
        reached
    }

    fn is_touched(&self) -> bool {
        let open = self.folder.join("open");
        let names = fs::read_dir(&open).map(|entries| entries.flatten().count());
        let is_plain =
            fs::metadata(open.join("victim")).is_ok_and(|found| found.permissions().mode() & 0o7777 == 0o666);
        let is_whole = fs::read_to_string(open.join("victim")).is_ok_and(|text| text == UNTOUCHED);
        !matches!(names, Ok(1)) || !is_plain || !is_whole
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // A leftover folder in the temporary directory does no harm.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A number that no attack can know beforehand.
fn fresh() -> u32 {
    use std::hash::{BuildHasher, Hasher, RandomState};
    let bits = RandomState::new().build_hasher().finish();
    u32::try_from(bits & 0xffff_ffff).unwrap_or_default()
}

fn plant_files(folder: &Path, token: &str) -> io::Result<()> {
    fs::create_dir(folder)?;
    fs::set_permissions(folder, Permissions::from_mode(0o755))?;
    fs::create_dir(folder.join("root"))?;
    fs::create_dir(folder.join("open"))?;
    fs::write(folder.join("secret"), token)?;
    fs::write(folder.join("open/victim"), UNTOUCHED)?;
    fs::set_permissions(folder.join("open"), Permissions::from_mode(0o777))?;
    fs::set_permissions(folder.join("open/victim"), Permissions::from_mode(0o666))?;
    for name in ["root", "secret", "open", "open/victim"] {
        give(&folder.join(name))?;
    }
    Ok(())
}
