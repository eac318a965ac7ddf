//! Programs in a folder of the fake host, and a process that starts with one of them.

use std::sync::Arc;

use litebox_host::file::MountIndex;
use litebox_host::memory::{Memory, Protection, UserAccess};
use litebox_host::thread::Thread as _;
use litebox_host_fake::{FakeHost, Guest, Node};
use litebox_libos::file::pseudo::Machine;
use litebox_libos::file::{MountMode, MountRequest};
use litebox_libos::identity::Credentials;
use litebox_libos::process::Process;
use litebox_north_linux::abi::identity::{RELEASE, VERSION};
use litebox_north_linux::loader::Processor;
use litebox_north_linux::start::{Configuration, first_thread};

/// Where the first program is loaded.
pub const FIRST: u64 = 0x40_0000;
/// Where the second one is.
pub const SECOND: u64 = 0x60_0000;
/// Where the code of a program is, from where it is loaded.
pub const CODE: u64 = 0x400;
/// Memory that no program can lose: the host has it, and no address space knows of it.
pub const SCRATCH: u64 = 0x10_0000;
/// Where a [`pack`]ed string is.
const STRINGS: u64 = SCRATCH + 0x1000;

pub const OPEN: u64 = 2;
pub const CLOSE: u64 = 3;
pub const READ: u64 = 0;
pub const EXECVE: u64 = 59;
pub const EXIT_GROUP: u64 = 231;
pub const READLINK: u64 = 89;

/// A program without an interpreter that is loaded at `base`: a page of code with its headers, and from the next
/// page on 0x100 bytes of data with 0x1000 bytes of zeros after it.
pub fn elf(base: u64) -> Vec<u8> {
    let mut bytes = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
    bytes.extend([2_u16, 62].iter().flat_map(|word| word.to_le_bytes()));
    bytes.extend(1_u32.to_le_bytes());
    bytes.extend([base + CODE, 64, 0].iter().flat_map(|word| word.to_le_bytes()));
    bytes.extend(0_u32.to_le_bytes());
    bytes.extend([64_u16, 56, 2, 64, 0, 0].iter().flat_map(|word| word.to_le_bytes()));
    for (flags, offset, address, file, memory) in
        [(5_u32, 0_u64, base, 0x1000_u64, 0x1000_u64), (6, 0x1000, base + 0x1000, 0x100, 0x1100)]
    {
        bytes.extend([1_u32, flags].iter().flat_map(|word| word.to_le_bytes()));
        let words = [offset, address, address, file, memory, 0x1000];
        bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    }
    bytes.resize(0x1100, 7);
    bytes
}

/// A host, with folders for programs.
pub struct World {
    pub host: FakeHost,
    mount: MountIndex,
}

impl World {
    /// A host with `/bin/first` and `/bin/second`.
    pub fn new() -> Self {
        let host = FakeHost::new();
        let at = usize::try_from(SCRATCH).unwrap();
        host.map(at..at + 0x10_000, Protection::READ | Protection::WRITE).unwrap();
        let mount = host.add_mount(false);
        let world = Self { host, mount };
        for folder in ["bin", "etc"] {
            world.host.add_node(mount, folder, Node::Directory(0o755));
        }
        world.file("bin/first", elf(FIRST), 0o755);
        world.file("bin/second", elf(SECOND), 0o755);
        world
    }

    pub fn file(&self, path: &str, bytes: impl Into<Vec<u8>>, mode: u32) {
        self.host.add_node(self.mount, path, Node::File(bytes.into(), mode));
    }

    pub fn link(&self, path: &str, target: &str) {
        self.host.add_node(self.mount, path, Node::Symlink(target.into()));
    }

    /// Start `/bin/first` with `first` as its code, where `/bin/second` has `second`; the process's status.
    pub fn run(
        &self,
        first: impl Fn(&mut Guest<'_>) + Send + Sync + 'static,
        second: impl Fn(&mut Guest<'_>) + Send + Sync + 'static,
    ) -> Option<i32> {
        self.start(first, second);
        self.host.join()
    }

    /// As [`World::run`], without waiting for the process; the process.
    pub fn start(
        &self,
        first: impl Fn(&mut Guest<'_>) + Send + Sync + 'static,
        second: impl Fn(&mut Guest<'_>) + Send + Sync + 'static,
    ) -> Arc<Process> {
        self.host.code(FIRST + CODE, first);
        self.host.code(SECOND + CODE, second);
        let configuration = Configuration {
            threads: 0,
            executable: b"/bin/first".to_vec(),
            directory: b"/bin".to_vec(),
            arguments: vec![b"first".to_vec(), b"an argument".to_vec()],
            environment: vec![b"HOME=/".to_vec()],
            credentials: Credentials::new(5, 6),
            mask: 0o027,
            mounts: vec![MountRequest { target: b"/".to_vec(), mount: self.mount, mode: MountMode::Overlay }],
            machine: Machine {
                processors: 2,
                memory: 1 << 30,
                host_name: b"box".to_vec(),
                release: RELEASE.to_vec(),
                version: VERSION.to_vec(),
                processor_flags: b"fpu".to_vec(),
            },
            processor: Processor { features: 9, more_features: 0, minimum_signal_stack: 2032 },
            tracing: false,
            terminal: None,
        };
        let started = first_thread(self.host.clone(), configuration);
        let (task, registers) = started.map_err(|refusal| refusal.message).unwrap();
        let (process, thread) = (Arc::clone(&task.process), Arc::clone(&task.thread));
        let name = self.host.spawn(task, &registers, 0).unwrap();
        thread.bind(name);
        process
    }
}

/// Put `strings` into memory with an array of pointers to them; the addresses of the strings and of the array.
pub fn pack(guest: &Guest<'_>, strings: &[&[u8]]) -> (Vec<u64>, u64) {
    let mut at = STRINGS;
    let mut addresses = Vec::new();
    for string in strings {
        super::put_bytes(guest, at, string);
        super::put_bytes(guest, at + string.len() as u64, b"\0");
        addresses.push(at);
        at += string.len() as u64 + 1;
    }
    let array = at.next_multiple_of(8);
    for (index, address) in addresses.iter().chain(&[0]).enumerate() {
        super::put(guest, array + 8 * index as u64, *address);
    }
    (addresses, array)
}

/// execve(2) with `path`, `arguments` and the environment `A=b`.
pub fn execve(guest: &mut Guest<'_>, path: &str, arguments: &[&str]) -> i64 {
    let mut strings = vec![path.as_bytes(), b"A=b"];
    strings.extend(arguments.iter().map(|argument| argument.as_bytes()));
    let (addresses, _) = pack(guest, &strings);
    let array = SCRATCH + 0x800;
    let environment = array + 8 * (arguments.len() as u64 + 1);
    let (first, rest) = addresses.split_at(2);
    for (index, word) in rest.iter().chain(&[0, first[1], 0]).enumerate() {
        super::put(guest, array + 8 * index as u64, *word);
    }
    guest.syscall(EXECVE, &[first[0], array, environment])
}

/// The NUL-terminated string at `address`.
pub fn string(guest: &Guest<'_>, address: u64) -> String {
    let mut bytes = Vec::new();
    loop {
        let mut byte = [0];
        let at = usize::try_from(address).unwrap() + bytes.len();
        UserAccess::read(&guest.host, at, &mut byte).unwrap();
        if byte[0] == 0 {
            return String::from_utf8(bytes).unwrap();
        }
        bytes.push(byte[0]);
    }
}

/// The strings that a program finds on its stack: arguments, then environment.
pub fn started_with(guest: &Guest<'_>) -> (Vec<String>, Vec<String>) {
    let stack = guest.registers.rsp;
    let count = super::get(guest, stack);
    let strings = |mut at: u64| {
        let mut strings = Vec::new();
        while super::get(guest, at) != 0 {
            strings.push(string(guest, super::get(guest, at)));
            at += 8;
        }
        strings
    };
    let arguments = strings(stack + 8);
    assert_eq!(arguments.len() as u64, count);
    (arguments, strings(stack + 8 * (count + 2)))
}

/// Open a file; its descriptor.
pub fn open(guest: &mut Guest<'_>, path: &str, flags: u64) -> i64 {
    let (addresses, _) = pack(guest, &[path.as_bytes()]);
    guest.syscall(OPEN, &[addresses[0], flags, 0])
}

/// The whole text of a file.
pub fn text(guest: &mut Guest<'_>, path: &str) -> String {
    let descriptor = open(guest, path, 0);
    assert!(descriptor >= 0, "{path}: {descriptor}");
    let buffer = SCRATCH + 0x4000;
    let mut text = Vec::new();
    loop {
        let count = guest.syscall(READ, &[descriptor.unsigned_abs(), buffer, 0x1000]);
        let mut bytes = vec![0; usize::try_from(count).unwrap()];
        if bytes.is_empty() {
            break;
        }
        UserAccess::read(&guest.host, usize::try_from(buffer).unwrap(), &mut bytes).unwrap();
        text.extend(bytes);
    }
    assert_eq!(guest.syscall(CLOSE, &[descriptor.unsigned_abs()]), 0);
    String::from_utf8(text).unwrap()
}

/// Where a symbolic link leads.
pub fn readlink(guest: &mut Guest<'_>, path: &str) -> String {
    let (addresses, _) = pack(guest, &[path.as_bytes()]);
    let buffer = SCRATCH + 0x4000;
    let count = guest.syscall(READLINK, &[addresses[0], buffer, 0x100]);
    let mut bytes = vec![0; usize::try_from(count).unwrap()];
    UserAccess::read(&guest.host, usize::try_from(buffer).unwrap(), &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}
