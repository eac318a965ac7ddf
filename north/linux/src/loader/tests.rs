//! The loader on the fake host, with programs made by hand.
#![expect(clippy::indexing_slicing, reason = "a test may panic")]

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use litebox_host::memory::{Protection, UserAccess};
use litebox_host_fake::FakeHost;
use litebox_libos::memory::{AddressSpace, AreaFlags, Limits};

use super::fuzz::{fuzz_elf, program};
use super::script::{self, Script};
use super::{Arguments, Loaded, Owner, Processor, Program, Request, commit, prepare};
use crate::abi::memory::auxiliary;
use crate::error::{Errno, Result};

/// An ELF file under construction.
#[derive(Clone)]
struct Maker {
    kind: u16,
    entry: u64,
    headers: Vec<[u64; 7]>,
    tail: Vec<u8>,
}

const LOAD: u64 = 1;
const INTERP: u64 = 3;
const STACK: u64 = 0x6474_e551;
const R: u64 = 4;
const RW: u64 = 6;
const RX: u64 = 5;

impl Maker {
    /// A static program: code with its headers, and data with 0x1234 bytes of zeros after it.
    fn new(kind: u16, base: u64) -> Self {
        let code = [LOAD, RX, 0, base, 0x1800, 0x1800, 0x1000];
        let data = [LOAD, RW, 0x1800, base + 0x2800, 0x100, 0x1334, 0x1000];
        Self { kind, entry: base + 0x400, headers: [code, data].to_vec(), tail: [7; 0x3000].to_vec() }
    }

    fn interpreter(mut self, path: &str) -> Self {
        let offset = self.tail.len() as u64;
        self.tail.extend(path.bytes());
        self.tail.push(0);
        let length = path.len() as u64 + 1;
        self.headers.insert(0, [INTERP, R, offset, offset, length, length, 1]);
        self
    }

    /// The file: `tail` with the headers over its start.
    fn bytes(&self) -> Vec<u8> {
        let mut head = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
        head.extend([self.kind, 62].iter().flat_map(|word| word.to_le_bytes()));
        head.extend(1_u32.to_le_bytes());
        head.extend([self.entry, 64, 0].iter().flat_map(|word| word.to_le_bytes()));
        head.extend(0_u32.to_le_bytes());
        let count = self.headers.len() as u16;
        head.extend([64, 56, count, 64, 0, 0].iter().flat_map(|word: &u16| word.to_le_bytes()));
        for [kind, flags, offset, address, file, memory, alignment] in &self.headers {
            head.extend([*kind as u32, *flags as u32].iter().flat_map(|word| word.to_le_bytes()));
            let words = [*offset, *address, *address, *file, *memory, *alignment];
            head.extend(words.iter().flat_map(|word| word.to_le_bytes()));
        }
        let rest = self.tail.get(head.len()..).unwrap_or_default().to_vec();
        head.extend(rest);
        head
    }
}

/// A place for programs, and a process to load them into.
struct World {
    host: FakeHost,
    memory: AddressSpace<FakeHost>,
    files: BTreeMap<Vec<u8>, Program>,
}

impl World {
    fn new(files: &[(&str, Vec<u8>)]) -> Self {
        let host = FakeHost::new();
        let memory = AddressSpace::new(host.clone(), Limits { stack: 1 << 20, ..Limits::default() });
        let files = files.iter().map(|(path, bytes)| (path.as_bytes().to_vec(), program(bytes)));
        Self { host, memory, files: files.collect() }
    }

    fn load(&self, path: &str, arguments: &[&str]) -> Result<Loaded> {
        let mut strings = Arguments::new(1 << 20);
        for argument in arguments {
            strings.push_argument(argument.as_bytes().to_vec())?;
        }
        strings.push_variable(b"HOME=/".to_vec())?;
        let mut open = |path: &[u8]| self.files.get(path).cloned().ok_or(Errno::ENOENT);
        let request = Request {
            path: path.as_bytes().to_vec(),
            program: open(path.as_bytes())?,
            arguments: strings,
            bounds: self.memory.bounds(),
        };
        let prepared = prepare(request, &mut open)?;
        let owner = Owner { user: 3, effective_user: 4, group: 5, effective_group: 6 };
        let processor = Processor { features: 9, more_features: 3, minimum_signal_stack: 2032 };
        commit(&self.host, &self.memory, prepared, &processor, &owner)
    }

    fn error(&self, path: &str) -> Option<Errno> {
        self.load(path, &["x"]).err()
    }

    fn word(&self, address: u64) -> u64 {
        let mut bytes = [0; 8];
        self.host.read(address as usize, &mut bytes).unwrap();
        u64::from_le_bytes(bytes)
    }

    fn string(&self, address: u64) -> Vec<u8> {
        let bytes = (address as usize..).map_while(|at| {
            let mut byte = [0];
            self.host.read(at, &mut byte).ok().map(|()| byte)
        });
        bytes.flatten().take_while(|byte| *byte != 0).collect()
    }

    /// The strings of the array at `address`, and the address after its end.
    fn strings(&self, mut address: u64) -> (Vec<Vec<u8>>, u64) {
        let mut strings = Vec::new();
        while self.word(address) != 0 {
            strings.push(self.string(self.word(address)));
            address += 8;
        }
        (strings, address + 8)
    }
}

#[test]
fn a_static_program_starts_as_linux_starts_it() {
    let world = World::new(&[("/bin/a", Maker::new(2, 0x40_0000).bytes())]);
    let loaded = world.load("/bin/a", &["a", "two words"]).unwrap();
    let stack = loaded.registers.rsp;
    assert_eq!(loaded.registers.rip, 0x40_0400);
    assert_eq!(stack % 16, 0);
    assert_eq!(world.word(stack), 2);
    let (arguments, next) = world.strings(stack + 8);
    assert_eq!(arguments, [b"a".to_vec(), b"two words".to_vec()]);
    let (environment, next) = world.strings(next);
    assert_eq!(environment, [b"HOME=/".to_vec()]);
    let value = |key: u64| loaded.auxiliary.chunks(2).find(|pair| pair[0] == key).map(|pair| pair[1]);
    for (index, word) in loaded.auxiliary.iter().enumerate() {
        assert_eq!(world.word(next + 8 * index as u64), *word);
    }
    assert_eq!(value(auxiliary::PHDR), Some(0x40_0040));
    assert_eq!([value(auxiliary::PHNUM), value(auxiliary::BASE)], [Some(2), Some(0)]);
    assert_eq!(value(auxiliary::ENTRY), Some(0x40_0400));
    assert_eq!(value(auxiliary::HWCAP2), Some(1), "FSGSBASE is hidden");
    assert_eq!([value(auxiliary::EUID), value(auxiliary::GID)], [Some(4), Some(5)]);
    assert_eq!(world.string(value(auxiliary::EXECFN).unwrap()), b"/bin/a");
    assert_eq!(world.string(value(auxiliary::PLATFORM).unwrap()), b"x86_64");
    assert_eq!(value(auxiliary::SYSINFO_EHDR), None);
    let canary = world.word(value(auxiliary::RANDOM).unwrap());
    let again = world.load("/bin/a", &["a"]).unwrap();
    let random = again.auxiliary.chunks(2).find(|pair| pair[0] == auxiliary::RANDOM).map(|pair| pair[1]);
    assert_ne!(canary, world.word(random.unwrap()), "fresh for each program");
    assert_ne!(again.registers.rsp, stack, "and so is the place of the stack");
}

#[test]
fn pages_and_protections_follow_the_segments() {
    let world = World::new(&[("/bin/a", Maker::new(2, 0x40_0000).bytes())]);
    world.load("/bin/a", &["a"]).unwrap();
    let area = |address: usize| world.memory.find(address).unwrap();
    assert_eq!(area(0x40_0000).protection, Protection::READ | Protection::EXECUTE);
    assert_eq!(area(0x40_2000).protection, Protection::READ | Protection::WRITE);
    assert_eq!(area(0x40_3b33).protection, Protection::READ | Protection::WRITE);
    assert!(world.memory.find(0x40_4000).is_none());
    assert_eq!(world.word(0x40_28f8), u64::from_le_bytes([7; 8]), "the file's last bytes");
    assert_eq!(world.word(0x40_2900), 0, "zeros from there on");
    assert_eq!(world.word(0x40_3000), 0);
    assert!(world.memory.heap().start >= 0x40_4000);
    let areas = world.memory.areas().unwrap();
    let stack = areas.iter().find(|area| area.label == Some("[stack]")).unwrap();
    assert_eq!(stack.length(), 1 << 20);
    assert!(stack.flags.contains(AreaFlags::GROWS_DOWN) && !stack.protection.contains(Protection::EXECUTE));
}

#[test]
fn an_interpreter_is_loaded_and_entered() {
    let mut main = Maker::new(3, 0).interpreter("/lib/ld.so");
    main.headers.push([STACK, RW | 1, 0, 0, 0, 0, 16]);
    let mut aligned = Maker::new(3, 0);
    aligned.headers[0][6] = 0x20_0000;
    let world = World::new(&[("/bin/a", main.bytes()), ("/lib/ld.so", aligned.bytes())]);
    let loaded = world.load("/bin/a", &["a"]).unwrap();
    let value =
        |key: u64| loaded.auxiliary.chunks(2).find(|pair| pair[0] == key).map(|pair| pair[1]).unwrap();
    let base = value(auxiliary::BASE);
    assert_eq!(base % 0x20_0000, 0, "the largest alignment is kept");
    assert_eq!(loaded.registers.rip, base + 0x400);
    let program = value(auxiliary::ENTRY) - 0x400;
    assert_ne!(program, base);
    assert_eq!(value(auxiliary::PHDR), program + 64);
    assert!(world.memory.find(loaded.stack).unwrap().protection.contains(Protection::EXECUTE));
    assert!(world.memory.heap().start >= program as usize + 0x4000);
}

#[test]
fn a_program_that_is_its_own_interpreter_leaves_room_for_a_heap() {
    let world = World::new(&[("/bin/a", Maker::new(3, 0).bytes())]);
    let loaded = world.load("/bin/a", &["a"]).unwrap();
    let heap = world.memory.heap();
    assert!((heap.start as u64) < loaded.registers.rip);
    assert_eq!(world.memory.set_heap_end(heap.start + (64 << 20)), heap.start + (64 << 20));
}

#[test]
fn a_vdso_is_copied_into_each_program() {
    let world = World::new(&[
        ("/bin/a", Maker::new(3, 0).interpreter("/lib/ld.so").bytes()),
        ("/lib/ld.so", Maker::new(3, 0).bytes()),
    ]);
    let image = [[7; 4096], [9; 4096]].concat();
    world.host.set_vdso(&image);
    for _ in 0..2 {
        let loaded = world.load("/bin/a", &["a"]).unwrap();
        let pairs: Vec<_> = loaded.auxiliary.chunks(2).collect();
        let vdso = pairs.iter().find(|pair| pair[0] == auxiliary::SYSINFO_EHDR).unwrap()[1] as usize;
        let area = world.memory.find(vdso).unwrap();
        assert_eq!((area.range.clone(), area.label), (vdso..vdso + image.len(), Some("[vdso]")));
        assert_eq!(area.protection, Protection::READ | Protection::EXECUTE);
        let mut bytes = [0; 8192].to_vec();
        world.host.read(vdso, &mut bytes).unwrap();
        assert_eq!(bytes, image);
        let labels = world.memory.areas().unwrap().iter().filter(|area| area.label == Some("[vdso]")).count();
        assert_eq!(labels, 1, "the last program's is gone");
    }
}

#[test]
fn scripts_name_interpreters() {
    let script = |interpreter: &'static [u8], argument| Ok(Some(Script { interpreter, argument }));
    assert_eq!(script::parse(b"#!/bin/sh\necho"), script(b"/bin/sh", None));
    assert_eq!(script::parse(b"#! \t/bin/sh -e  -x \n"), script(b"/bin/sh", Some(b"-e  -x")));
    assert_eq!(script::parse(b"#!/bin/sh"), script(b"/bin/sh", None));
    assert_eq!(script::parse(b"#!  \n"), Err(Errno::ENOEXEC));
    assert_eq!(script::parse(b"#!"), Err(Errno::ENOEXEC));
    assert_eq!(script::parse(b"echo"), Ok(None));
    let mut long = b"#!".to_vec();
    long.resize(script::HEAD, b'a');
    assert_eq!(script::parse(&long), Err(Errno::ENOEXEC));
}

#[test]
fn scripts_nest_five_deep() {
    let mut files =
        Vec::from([("/bin/a", Maker::new(2, 0x40_0000).bytes()), ("/1", b"#!/bin/a x y\n".to_vec())]);
    for (path, line) in
        [("/2", "#!/1\n"), ("/3", "#!/2\n"), ("/4", "#!/3\n"), ("/5", "#!/4\n"), ("/6", "#!/5\n")]
    {
        files.push((path, line.into()));
    }
    let world = World::new(&files);
    let loaded = world.load("/2", &["zero", "one"]).unwrap();
    let (arguments, _) = world.strings(loaded.registers.rsp + 8);
    let expected: [&[u8]; 5] = [b"/bin/a", b"x y", b"/1", b"/2", b"one"];
    assert_eq!(arguments, expected);
    assert!(world.load("/5", &[]).is_ok());
    assert_eq!(world.error("/6"), Some(Errno::ELOOP));
}

#[test]
fn what_cannot_run_is_refused_before_anything_is_lost() {
    let changed = |change: &dyn Fn(&mut Maker)| {
        let mut maker = Maker::new(2, 0x40_0000);
        change(&mut maker);
        maker.bytes()
    };
    let interpreted = |path: &str| Maker::new(2, 0x40_0000).interpreter(path).bytes();
    let mut foreign = Maker::new(2, 0x40_0000).bytes();
    foreign[18] = 40;
    let world = World::new(&[
        ("/good", Maker::new(2, 0x40_0000).bytes()),
        ("/empty", Vec::new()),
        ("/text", b"hello".to_vec()),
        ("/foreign", foreign),
        ("/object", changed(&|maker| maker.kind = 1)),
        ("/none", changed(&|maker| maker.headers.clear())),
        ("/wraps", changed(&|maker| maker.headers[1][5] = u64::MAX)),
        ("/shrinks", changed(&|maker| maker.headers[1][5] = 1)),
        ("/skewed", changed(&|maker| maker.headers[1][2] = 1)),
        ("/overlaps", changed(&|maker| maker.headers[1][3] = 0x40_0800)),
        ("/huge", changed(&|maker| maker.headers[1][5] = 1 << 60)),
        ("/low", Maker::new(2, 0).bytes()),
        ("/offset", changed(&|maker| maker.headers[1][2] = u64::MAX - 0x7ff)),
        ("/missing", interpreted("/nowhere")),
        ("/corrupt", interpreted("/text")),
    ]);
    let before = world.load("/good", &["x"]).unwrap().registers.rip;
    let expected = [
        ("/empty", Errno::ENOEXEC),
        ("/text", Errno::ENOEXEC),
        ("/foreign", Errno::ENOEXEC),
        ("/object", Errno::ENOEXEC),
        ("/none", Errno::ENOEXEC),
        ("/wraps", Errno::ENOEXEC),
        ("/shrinks", Errno::ENOEXEC),
        ("/skewed", Errno::ENOEXEC),
        ("/overlaps", Errno::ENOEXEC),
        ("/huge", Errno::ENOMEM),
        ("/low", Errno::ENOMEM),
        ("/offset", Errno::ENOEXEC),
        ("/missing", Errno::ENOENT),
        ("/corrupt", Errno::ELIBBAD),
    ];
    for (path, errno) in expected {
        assert_eq!(world.error(path), Some(errno), "{path}");
        assert!(world.memory.find(before as usize).is_some(), "{path} destroyed the old program");
    }
}

#[test]
fn arguments_are_limited() {
    let mut strings = Arguments::new(0);
    assert_eq!(strings.push_argument([b'a'; 131_072].to_vec()), Err(Errno::E2BIG));
    assert_eq!(strings.push_argument([b'a'; 100_000].to_vec()), Ok(()));
    assert_eq!(strings.push_variable([b'a'; 100_000].to_vec()), Err(Errno::E2BIG));
    assert_eq!(strings.push_variable([b'a'; 10_000].to_vec()), Ok(()));
}

#[test]
fn broken_files_do_no_harm() {
    let good = Maker::new(3, 0).interpreter("/lib/ld.so").bytes();
    assert!(fuzz_elf(&good));
    let mut seed = 1_u64;
    let mut below = |limit: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % limit
    };
    for _ in 0..20_000 {
        let mut bytes = good.clone();
        for _ in 0..=below(4) {
            let at = below(64 + 3 * 56);
            bytes[at] = [0, 1, 0x7f, 0x80, 0xff][below(5)];
        }
        bytes.truncate(if below(8) == 0 { below(good.len()) } else { good.len() });
        fuzz_elf(&bytes);
    }
}
