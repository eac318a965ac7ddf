//! Shared segments in address spaces, and the tables in `/proc`.

use std::string::String;
use std::sync::Arc;
use std::vec::Vec;

use litebox_host::memory::{PAGE_SIZE, Protection, UserAccess};
use litebox_host_fake::FakeHost;

use super::{Creation, Ipc, SharedSegment, SysvTable};
use crate::error::{ErrorKind, Result};
use crate::file::{Caller, File, FileHost, Namespace, Seals};
use crate::identity::Credentials;
use crate::memory::{AddressSpace, AreaFlags, Backing, Limits, MapRequest, Placement};

const CALLER: Caller = Caller { credentials: Credentials::new(5, 5), process: 7, thread: 7 };

struct Setting {
    host: FakeHost,
    namespace: Arc<Namespace>,
    space: AddressSpace<FakeHost>,
}

fn setting() -> Setting {
    let host = FakeHost::new();
    let shared: Arc<dyn FileHost> = Arc::new(host.clone());
    let space = AddressSpace::new(host.clone(), Limits::default());
    Setting { namespace: Namespace::empty(shared), space, host }
}

impl Setting {
    fn ipc(&self) -> &Ipc {
        self.namespace.ipc()
    }

    fn get(&self, key: i32, pages: usize) -> Result<i32> {
        let creation = Creation { key, create: true, exclusive: false };
        let size = pages * PAGE_SIZE;
        self.ipc().segments.get(creation, size, 0o600, &CALLER, || {
            let file = self.namespace.open_unmounted(b"SYSV", 0o600, Seals::SEAL, &CALLER)?;
            file.regular().unwrap().set_size(size as u64)?;
            Ok(file)
        })
    }

    fn segment(&self, pages: usize) -> Arc<SharedSegment> {
        let id = self.get(0, pages).unwrap();
        self.ipc().segments.segments().get(id).unwrap()
    }

    fn attach(&self, segment: &Arc<SharedSegment>) -> Result<usize> {
        let file: Arc<dyn File> = Arc::<SharedSegment>::clone(segment);
        let request = MapRequest {
            placement: Placement::Near(0),
            length: segment.size(),
            protection: Protection::READ | Protection::WRITE,
            flags: AreaFlags::SHARED,
            backing: Backing::from((file, 0)),
            label: None,
        };
        segment.attach(&CALLER, 0o600, || self.space.map(request))
    }
}

fn attachments(segment: &SharedSegment) -> Option<usize> {
    segment.status(&CALLER.credentials, true).ok().map(|status| status.attachments)
}

#[test]
fn two_attachments_are_the_same_memory() {
    let setting = setting();
    let segment = setting.segment(2);
    let (one, two) = (setting.attach(&segment).unwrap(), setting.attach(&segment).unwrap());
    setting.host.write(one + 5000, b"seen").unwrap();
    let mut bytes = [0; 4];
    setting.host.read(two + 5000, &mut bytes).unwrap();
    assert_eq!(&bytes, b"seen");
    assert_eq!(attachments(&segment), Some(2));
    // A part that goes is not the attachment.
    setting.space.unmap(one, PAGE_SIZE).unwrap();
    assert_eq!(attachments(&segment), Some(2));
    setting.space.unmap(one, 2 * PAGE_SIZE).unwrap();
    assert_eq!(attachments(&segment), Some(1));
}

#[test]
fn a_removed_segment_goes_with_the_last_attachment_of_any_process() {
    let setting = setting();
    let segment = setting.segment(1);
    let address = setting.attach(&segment).unwrap();
    let child = setting.space.fork(setting.host.clone(), |child| child).unwrap();
    assert_eq!(attachments(&segment), Some(2));
    segment.remove(&CALLER.credentials).unwrap();
    assert_eq!(setting.ipc().segments.used(), PAGE_SIZE as u64);
    setting.space.unmap(address, PAGE_SIZE).unwrap();
    assert_eq!(attachments(&segment), Some(1));
    assert_eq!(setting.ipc().segments.segments().count(), 1);
    child.leave();
    assert_eq!(attachments(&segment), None);
    assert_eq!((setting.ipc().segments.segments().count(), setting.ipc().segments.used()), (0, 0));
    assert_eq!(setting.attach(&segment).unwrap_err().kind, ErrorKind::Removed);
}

#[test]
fn a_key_is_free_once_its_segment_is_to_go() {
    let setting = setting();
    let id = setting.get(9, 1).unwrap();
    let segment = setting.ipc().segments.segments().get(id).unwrap();
    let _address = setting.attach(&segment).unwrap();
    assert_eq!(setting.get(9, 2).unwrap_err().kind, ErrorKind::InvalidArgument);
    segment.remove(&CALLER.credentials).unwrap();
    assert_ne!(setting.get(9, 2).unwrap(), id);
}

#[test]
fn sizes_and_their_sum_are_limited() {
    let setting = setting();
    let limit = usize::try_from(setting.ipc().segments.limit()).unwrap() / PAGE_SIZE;
    assert_eq!(setting.get(0, 0).unwrap_err().kind, ErrorKind::InvalidArgument);
    assert_eq!(setting.get(0, limit + 1).unwrap_err().kind, ErrorKind::InvalidArgument);
    let half = setting.get(1, limit / 2 + 1).unwrap();
    assert_eq!(setting.get(2, limit / 2 + 1).unwrap_err().kind, ErrorKind::NoSpace);
    setting.ipc().segments.segments().get(half).unwrap().remove(&CALLER.credentials).unwrap();
    assert!(setting.get(2, limit / 2 + 1).is_ok());
}

#[test]
fn the_tables_show_every_object() {
    let setting = setting();
    let ipc = setting.ipc();
    let creation = Creation { key: 3, create: true, exclusive: true };
    ipc.semaphores.get(creation, 4, 0o640, &CALLER).unwrap();
    ipc.messages.get(creation, 0o600, &CALLER).unwrap();
    setting.get(3, 1).unwrap();
    for (table, words) in [
        (SysvTable::Semaphores, &["3", "0", "640", "4", "5", "5", "5", "5"][..]),
        (SysvTable::Messages, &["3", "0", "600", "0", "0", "0", "0", "5"]),
        (SysvTable::Segments, &["3", "0", "600", "4096", "7", "0", "0", "5"]),
    ] {
        let text = String::from_utf8(ipc.text(table).unwrap()).unwrap();
        let line = text.lines().nth(1).unwrap();
        let shown: Vec<&str> = line.split_whitespace().take(words.len()).collect();
        assert_eq!(shown, words);
        assert_eq!(text.lines().next().unwrap().len(), line.len());
    }
}
