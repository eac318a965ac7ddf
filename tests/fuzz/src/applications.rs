//! Trusted applications: files that say they are ones, and any call with any arguments from inside one.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use litebox_host::memory::{Memory, Protection, UserAccess};
use litebox_host::regs::Registers;
use litebox_host::shim::{Action, Exception, Fault, Shim};
use litebox_host_fake::{FakeHost, Node};
use litebox_libos::file::pseudo::Machine;
use litebox_libos::file::{MountMode, MountRequest};
use litebox_libos::identity::Credentials;
use litebox_libos::memory::{AddressSpace, Limits};
use litebox_north_optee::loader::{commit, fuzz_application, smallest_application};
use litebox_north_optee::start::{Configuration, first_thread};
use litebox_north_optee::table::{NUMBERS, application};

use crate::take::Take;

/// Images that take more are checked and not loaded: the fake host keeps each page.
const LARGEST: usize = 1 << 20;
/// Memory that calls can use.
const DATA: usize = 0x10_0000;
const DATA_SIZE: usize = 0x1_0000;
/// Calls of one input.
const MOST_CALLS: usize = 64;
/// An input that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(10);

/// Check `data` as an application's file, and load it if it is one.
pub(crate) fn fuzz_file(data: &[u8]) {
    let Some(image) = fuzz_application(data).filter(|image| image.size() <= LARGEST) else { return };
    let host = FakeHost::new();
    let memory = AddressSpace::new(host.clone(), Limits::default());
    // Without memory it is refused, which is no bug.
    let _ = commit(&host, &memory, &image);
}

/// Small files to begin with.
pub(crate) fn files() -> Vec<Vec<u8>> {
    vec![smallest_application()]
}

/// Make the calls that `data` describes from inside an application: a byte of number, then for each of eight arguments a
/// kind and its value.
///
/// # Panics
/// When the library OS does, or hangs.
pub(crate) fn fuzz_calls(data: &[u8]) {
    let (done, is_done) = mpsc::channel::<()>();
    let data = data.to_vec();
    let runner = std::thread::spawn(move || {
        let host = host();
        let attached = host.attach();
        make_calls(&host, &mut Take(&data));
        drop(attached);
        drop(done);
    });
    assert_ne!(is_done.recv_timeout(PATIENCE), Err(RecvTimeoutError::Timeout), "the calls hang");
    // The end of the sandbox unwinds the thread, too; only a panic has a message.
    if let Err(end) = runner.join()
        && (end.is::<&str>() || end.is::<String>())
    {
        std::panic::resume_unwind(end);
    }
}

/// Sessions are opened again and again: calls end entries, and instances.
const SCRIPT: &str = "repeat 40
open a value:0,1 mem:0102030405060708 mem-out:64 mem-inout:\"text\"/4096
invoke a 1 mem-out:0 value-out value-inout:1,2 mem:null
open b login=public
invoke b 2 mem-inout:ff/16 none mem:00
close a
close b
end";

fn make_calls(host: &FakeHost, take: &mut Take<'_>) {
    let configuration = Configuration {
        executable: b"/main.ta".to_vec(),
        script: SCRIPT.lines().map(|line| line.as_bytes().to_vec()).collect(),
        credentials: Credentials::default(),
        mounts: vec![MountRequest {
            target: b"/".to_vec(),
            mount: litebox_host::file::MountIndex(0),
            mode: MountMode::Overlay,
        }],
        machine: Machine {
            processors: 1,
            memory: 64 << 20,
            host_name: b"fuzz".to_vec(),
            release: b"6.18.0".to_vec(),
            version: b"#1".to_vec(),
            processor_flags: b"sse2".to_vec(),
        },
    };
    let Ok((mut task, mut entry)) = first_thread(host.clone(), configuration) else {
        panic!("the smallest application is not started")
    };
    for _ in 0..MOST_CALLS {
        if take.is_empty() {
            return;
        }
        map_data(host);
        let mut registers = registers(take, &entry);
        let action = if take.byte() > 250 {
            let fault = Fault { exception: Exception::NotMapped, address: take.long(), error_code: 4 };
            task.fault(&fault, &mut registers)
        } else {
            task.syscall(&mut registers)
        };
        if action == Action::Exit {
            return;
        }
        // Where the last entry left its parameters.
        entry = registers;
    }
}

fn host() -> FakeHost {
    let host = FakeHost::new();
    host.end_input();
    let lower = host.add_mount(false);
    host.add_node(lower, "main.ta", Node::File(smallest_application(), 0o644));
    host
}

/// Each instance begins without it.
fn map_data(host: &FakeHost) {
    host.map(DATA..DATA + DATA_SIZE, Protection::READ | Protection::WRITE).expect("the place is free");
    let texts = [b"gpd.tee.apiversion\0".as_slice(), b"gpd.client.identity\0", &[0xff; 64]];
    for (index, text) in texts.iter().enumerate() {
        UserAccess::write(host, DATA + 64 * index, text).expect("it is mapped");
    }
    let attributes: Vec<u8> = (0..64_u64).flat_map(attribute).collect();
    UserAccess::write(host, DATA + 0x1000, &attributes).expect("it is mapped");
}

/// A secret value of up to 63 bytes, or two numbers.
fn attribute(index: u64) -> Vec<u8> {
    let id: u32 = if index % 4 == 3 { 0xf000_0441 } else { 0xc000_0000 };
    [&(DATA as u64 + 0x80).to_le_bytes()[..], &index.to_le_bytes(), &id.to_le_bytes(), &[0; 4]].concat()
}

fn registers(take: &mut Take<'_>, entry: &Registers) -> Registers {
    let mut arguments = [0; 8];
    let number = usize::from(take.byte()) % (NUMBERS + 4);
    arguments.iter_mut().for_each(|argument| *argument = value(take, entry));
    let [rdi, rsi, rdx, r10, r8, r9, r12, r13] = arguments;
    Registers { rax: number as u64, rdi, rsi, rdx, r10, r8, r9, r12, r13, ..entry.clone() }
}

/// Values that calls have opinions about.
fn value(take: &mut Take<'_>, entry: &Registers) -> u64 {
    /// Algorithms, types, modes, attributes and property sets.
    const NUMBERS_OF_NAMES: [u32; 16] = [
        0x1000_0010,
        0x1000_0110,
        0x1000_0210,
        0x5000_0001,
        0x5000_0004,
        0x3000_0004,
        0xa000_0010,
        0xa000_0004,
        0xa000_0000,
        0xc000_0000,
        0xffff_fffd,
        0xffff_fffe,
        0xffff_ffff,
        128,
        256,
        16,
    ];
    match take.byte() % 16 {
        0 => 0,
        1 => u64::MAX - u64::from(take.byte()),
        2..=4 => u64::from(take.byte() % 8),
        5 => u64::from(take.byte()),
        6 => 1 << (take.byte() % 64),
        7 => take.long(),
        8 | 9 => u64::from(NUMBERS_OF_NAMES[usize::from(take.byte() % 16)]),
        10 => (DATA + DATA_SIZE) as u64 - u64::from(take.byte() % 32),
        11 => DATA as u64 + 0x1000,
        12 => entry.rdx.wrapping_add(u64::from(take.byte() % 16) * 8),
        13 => entry.rip,
        14 => u64::from(take.word()),
        _ => (DATA + take.below(DATA_SIZE)) as u64 & !7,
    }
}

/// Every row once, with arguments that mean something to most, and some sequences: the inputs to begin with.
pub(crate) fn every_call() -> Vec<Vec<u8>> {
    let shape: &[u8] = &[2, 1, 15, 0x10, 0, 15, 0x20, 0, 2, 3, 15, 0x40, 0, 15, 0x80, 0, 2, 1, 2, 1, 0];
    let row = |number: u16| [&[u8::try_from(number).unwrap_or_default()], shape].concat();
    application::ROWS.iter().map(|row_of| [row(row_of.number), row(row_of.number), row(0)].concat()).collect()
}
