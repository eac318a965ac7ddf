//! `/dev`, `/proc`, `/sys`.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use litebox_host::file::FileKind;

use super::fixture::{Sandbox, read_all};
use crate::error::{Error, ErrorKind, Result};
use crate::file::pseudo::{
    ControllingTerminal, ProcessInformation, ProcessLocation, ProcessText, ProcessTexts,
};
use crate::file::{Create, Description, FileStatus, LastLink, Location, MountMode};

/// A process for `/proc` to show.
struct Shown {
    open: Vec<(u32, Arc<Description>)>,
    program: Location,
}

impl ProcessTexts for Shown {
    fn text(&self, thread: u32, what: ProcessText) -> Result<Vec<u8>> {
        match what {
            ProcessText::Comm => Ok(alloc::format!("thread {thread}\n").into_bytes()),
            ProcessText::Descriptor(number) => Ok(alloc::format!("number {number}\n").into_bytes()),
            _ => Err(Error::new(ErrorKind::NotFound, "not told")),
        }
    }
}

impl ProcessInformation for Shown {
    fn started(&self) -> Duration {
        Duration::from_secs(1)
    }
    fn owner(&self) -> (u32, u32) {
        (5, 6)
    }
    fn threads(&self) -> Vec<u32> {
        alloc::vec![7, 8]
    }
    fn descriptors(&self) -> Vec<(u32, Arc<Description>)> {
        self.open.clone()
    }
    fn location(&self, what: ProcessLocation) -> Option<Location> {
        (what == ProcessLocation::Program).then(|| self.program.clone())
    }
    fn terminal(&self) -> Option<ControllingTerminal> {
        None
    }
}

#[test]
fn opening_the_multiplexer_makes_a_terminal() {
    let (sandbox, _process) = sandbox();
    let both = FileStatus::READ | FileStatus::WRITE;
    let master = sandbox.open("/dev/ptmx", both, Create::No).unwrap();
    assert_eq!(sandbox.names("/dev/pts"), [b"ptmx".to_vec(), b"0".to_vec()]);
    assert_eq!(sandbox.attributes("/dev/pts/0").unwrap().special, 0x8800);
    let locked = sandbox.open("/dev/pts/0", both, Create::No);
    assert_eq!(locked.err().map(|error| error.kind), Some(ErrorKind::InputOutput));
    sandbox.place.namespace().terminals().get(0).unwrap().set_locked(false);
    let slave = sandbox.open("/dev/pts/0", both, Create::No).unwrap();
    assert_eq!(slave.write(None, &mut &b"x"[..]), Ok(1));
    let mut bytes = [0; 4];
    assert_eq!(master.read(None, &mut bytes.as_mut_slice()), Ok(1));
    drop(master);
    assert_eq!(sandbox.find_error("/dev/pts/0"), Some(ErrorKind::NotFound));
    assert_eq!(slave.read(None, &mut bytes.as_mut_slice()), Ok(0));
    assert_eq!(slave.write(None, &mut &b"x"[..]).unwrap_err().kind, ErrorKind::InputOutput);
}

fn sandbox() -> (Sandbox, Arc<dyn ProcessInformation>) {
    let sandbox = Sandbox::with(MountMode::Overlay, None);
    let file = sandbox.open("/etc/passwd", FileStatus::READ, Create::No).unwrap();
    let program = sandbox.view().find(b"/usr/bin/sh", LastLink::Follow).unwrap();
    let shown = Shown { open: alloc::vec![(3, Description::new(file, FileStatus::READ))], program };
    let shown: Arc<dyn ProcessInformation> = Arc::new(shown);
    sandbox.place.namespace().processes().add(7, &shown);
    (sandbox, shown)
}

#[test]
fn devices_do_what_they_are_for() {
    let (sandbox, _shown) = sandbox();
    let both = FileStatus::READ | FileStatus::WRITE;
    let open = |path: &str| sandbox.open(path, both, Create::No);
    let read = |path: &str| {
        let mut bytes = [7; 600];
        let mut room: &mut [u8] = &mut bytes;
        let count = open(path).unwrap().read(Some(0), &mut room).unwrap();
        (count, bytes)
    };
    assert_eq!(read("/dev/null").0, 0);
    assert_eq!(read("/dev/zero"), (600, [0; 600]));
    assert_eq!(read("/dev/full").0, 600);
    assert_ne!(read("/dev/urandom").1, read("/dev/random").1);
    let mut bytes: &[u8] = b"gone";
    assert_eq!(open("/dev/null").unwrap().write(None, &mut bytes), Ok(4));
    let full = open("/dev/full").unwrap().write(None, &mut bytes).unwrap_err();
    assert_eq!(full.kind, ErrorKind::NoSpace);
    assert_eq!(open("/dev/tty").err().map(|error| error.kind), Some(ErrorKind::NoSuchDevice));
    assert_eq!(sandbox.attributes("/dev/null").unwrap().special, 0x103);
}

#[test]
fn processes_are_shown() {
    let (sandbox, shown) = sandbox();
    assert_eq!(sandbox.read("/proc/self/comm").unwrap(), b"thread 7\n");
    assert_eq!(sandbox.read("/proc/thread-self/comm").unwrap(), b"thread 8\n");
    assert_eq!(sandbox.read("/proc/7/task/8/fdinfo/3").unwrap(), b"number 3\n");
    assert_eq!(sandbox.find_error("/proc/self/fd/4"), Some(ErrorKind::NotFound));
    assert_eq!(sandbox.find_error("/proc/07"), Some(ErrorKind::NotFound));
    assert_eq!(sandbox.find_error("/proc/self/../version"), None);
    assert_eq!(sandbox.attributes("/proc/7").unwrap().uid, 5);
    assert!(sandbox.names("/proc").contains(&b"7".to_vec()));
    assert_eq!(sandbox.names("/dev/fd"), [b"3".to_vec()]);
    let exe = sandbox.view().find(b"/proc/self/exe", LastLink::Follow).unwrap();
    assert_eq!(exe.path(&sandbox.place.root()).text, b"/usr/bin/sh");
    drop(shown);
    assert_eq!(sandbox.find_error("/proc/self"), Some(ErrorKind::NotFound));
}

#[test]
fn opening_a_descriptors_link_opens_the_object_anew() {
    let (sandbox, _shown) = sandbox();
    let file = sandbox.open("/dev/fd/3", FileStatus::READ | FileStatus::WRITE, Create::No).unwrap();
    let mut bytes: &[u8] = b"R";
    assert_eq!(file.write(Some(0), &mut bytes), Ok(1));
    assert_eq!(sandbox.read("/etc/passwd").unwrap(), b"Root:x:0:0");
    assert_eq!(sandbox.find_error("/proc/self/fd/3/"), Some(ErrorKind::NotDirectory));
}

#[test]
fn the_machine_is_shown() {
    let (sandbox, _shown) = sandbox();
    assert_eq!(sandbox.read("/proc/sys/kernel/osrelease").unwrap(), b"6.18.0\n");
    assert_eq!(sandbox.names("/proc/sys/kernel/random").len(), 4);
    let uuid = sandbox.read("/proc/sys/kernel/random/uuid").unwrap();
    assert_eq!((uuid.len(), uuid[14]), (37, b'4'));
    assert_ne!(uuid, sandbox.read("/proc/sys/kernel/random/uuid").unwrap());
    assert_eq!(sandbox.read("/sys/devices/system/cpu/online").unwrap(), b"0-1\n");
    let open = sandbox.open("/proc/uptime", FileStatus::WRITE, Create::No);
    assert!(open.is_ok(), "root may open it");
    let everything = |folder: &str| {
        for name in sandbox.names(folder) {
            let path = alloc::format!("{folder}/{}", core::str::from_utf8(&name).unwrap());
            if sandbox.attributes(&path).unwrap().kind == FileKind::Regular {
                let file = sandbox.open(&path, FileStatus::READ, Create::No).unwrap();
                assert!(!read_all(&*file).unwrap().is_empty(), "{path}");
            }
        }
    };
    for folder in ["/proc", "/proc/sys/kernel", "/proc/sys/vm", "/proc/sys/fs"] {
        everything(folder);
    }
}
