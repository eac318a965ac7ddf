//! The files of `/proc` that are about the machine: path and text.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use litebox_host::memory::PAGE_SIZE;
use litebox_host::time::Clock;

use super::procfs::Shared;
use crate::error::Result;
use crate::ipc::semaphore::{MAX_OPERATIONS, MAX_SEMAPHORES, MAX_SETS, MAX_TOTAL};
use crate::ipc::{MAX_BYTES, MAX_MESSAGE, MAX_QUEUES as MAX_MESSAGE_QUEUES, MAX_SEGMENTS, SysvTable, posix};
use crate::socket::{DEFAULT_BUFFER, MAX_ANCILLARY, MAX_BACKLOG, MAX_BUFFER, MAX_WAITING_DATAGRAMS};

/// Makes a text.
pub(super) type Generator = fn(&Shared) -> Result<Vec<u8>>;

/// Path below `/proc`, and what makes the text (`proc(5)`). Sorted, so that folders list in order.
pub(super) const FILES: &[(&str, Generator)] = &[
    ("cmdline", |_| Ok(b"litebox\n".to_vec())),
    ("cpuinfo", |shared| Ok(processors(shared).into_bytes())),
    ("filesystems", |_| {
        Ok(b"nodev\tproc\nnodev\tsysfs\nnodev\ttmpfs\nnodev\tdevtmpfs\nnodev\tdevpts\nnodev\toverlay\n"
            .to_vec())
    }),
    ("loadavg", |shared| {
        Ok(format!("0.00 0.00 0.00 1/{} 1\n", shared.processes.ids().len().max(1)).into_bytes())
    }),
    ("meminfo", |shared| Ok(memory(shared).into_bytes())),
    ("net/unix", |shared| Ok(shared.sockets.text())),
    ("stat", |shared| Ok(statistics(shared).into_bytes())),
    ("swaps", |_| Ok(b"Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n".to_vec())),
    ("sys/fs/file-max", |_| Ok(b"1048576\n".to_vec())),
    ("sys/fs/mqueue/msg_default", |_| Ok(number(posix::MAX_MESSAGES))),
    ("sys/fs/mqueue/msg_max", |_| Ok(number(posix::MAX_MESSAGES))),
    ("sys/fs/mqueue/msgsize_default", |_| Ok(number(posix::MAX_SIZE))),
    ("sys/fs/mqueue/msgsize_max", |_| Ok(number(posix::MAX_SIZE))),
    ("sys/fs/mqueue/queues_max", |_| Ok(number(posix::MAX_QUEUES as u64))),
    ("sys/fs/nr_open", |_| Ok(b"1048576\n".to_vec())),
    ("sys/fs/pipe-max-size", |_| Ok(b"1048576\n".to_vec())),
    ("sys/kernel/cap_last_cap", |_| Ok(b"40\n".to_vec())),
    ("sys/kernel/hostname", |shared| Ok(line(&shared.machine.host_name))),
    ("sys/kernel/msgmax", |_| Ok(number(MAX_MESSAGE as u64))),
    ("sys/kernel/msgmnb", |_| Ok(number(MAX_BYTES as u64))),
    ("sys/kernel/msgmni", |_| Ok(number(MAX_MESSAGE_QUEUES as u64))),
    ("sys/kernel/ngroups_max", |_| Ok(b"65536\n".to_vec())),
    ("sys/kernel/osrelease", |shared| Ok(line(&shared.machine.release))),
    ("sys/kernel/ostype", |_| Ok(b"Linux\n".to_vec())),
    ("sys/kernel/overflowgid", |_| Ok(b"65534\n".to_vec())),
    ("sys/kernel/overflowuid", |_| Ok(b"65534\n".to_vec())),
    ("sys/kernel/pid_max", |_| Ok(b"4194304\n".to_vec())),
    ("sys/kernel/random/boot_id", |shared| Ok(shared.boot.clone())),
    ("sys/kernel/random/entropy_avail", |_| Ok(b"256\n".to_vec())),
    ("sys/kernel/random/poolsize", |_| Ok(b"256\n".to_vec())),
    ("sys/kernel/random/uuid", |shared| uuid(shared.host.as_ref())),
    ("sys/kernel/sem", |_| {
        Ok(format!("{MAX_SEMAPHORES}\t{MAX_TOTAL}\t{MAX_OPERATIONS}\t{MAX_SETS}\n").into_bytes())
    }),
    ("sys/kernel/shmall", |shared| Ok(number(shared.ipc.segments.limit() / PAGE_SIZE as u64))),
    ("sys/kernel/shmmax", |shared| Ok(number(shared.ipc.segments.limit()))),
    ("sys/kernel/shmmni", |_| Ok(number(MAX_SEGMENTS as u64))),
    ("sys/kernel/threads-max", |_| Ok(b"65536\n".to_vec())),
    ("sys/kernel/version", |shared| Ok(line(&shared.machine.version))),
    ("sys/net/core/optmem_max", |_| Ok(number(MAX_ANCILLARY as u64))),
    ("sys/net/core/rmem_default", |_| Ok(number(DEFAULT_BUFFER as u64))),
    ("sys/net/core/rmem_max", |_| Ok(number(MAX_BUFFER as u64 / 2))),
    ("sys/net/core/somaxconn", |_| Ok(number(MAX_BACKLOG as u64))),
    ("sys/net/core/wmem_default", |_| Ok(number(DEFAULT_BUFFER as u64))),
    ("sys/net/core/wmem_max", |_| Ok(number(MAX_BUFFER as u64 / 2))),
    ("sys/net/unix/max_dgram_qlen", |_| Ok(number(MAX_WAITING_DATAGRAMS as u64))),
    ("sys/vm/max_map_count", |_| Ok(b"65530\n".to_vec())),
    ("sys/vm/mmap_min_addr", |_| Ok(b"65536\n".to_vec())),
    ("sys/vm/overcommit_memory", |_| Ok(b"0\n".to_vec())),
    ("sys/vm/swappiness", |_| Ok(b"60\n".to_vec())),
    ("sysvipc/msg", |shared| shared.ipc.text(SysvTable::Messages)),
    ("sysvipc/sem", |shared| shared.ipc.text(SysvTable::Semaphores)),
    ("sysvipc/shm", |shared| shared.ipc.text(SysvTable::Segments)),
    ("uptime", |shared| Ok(uptime(shared).into_bytes())),
    ("version", |shared| Ok(version(shared))),
];

fn number(value: u64) -> Vec<u8> {
    format!("{value}\n").into_bytes()
}

fn line(text: &[u8]) -> Vec<u8> {
    let mut line = text.to_vec();
    line.push(b'\n');
    line
}

/// Writing to a string does not fail.
macro_rules! add {
    ($text:ident, $($what:tt)*) => {
        let _ = writeln!($text, $($what)*);
    };
}

fn processors(shared: &Shared) -> String {
    let flags = String::from_utf8_lossy(&shared.machine.processor_flags);
    let count = shared.machine.processors.max(1);
    let mut text = String::new();
    for processor in 0..count {
        add!(text, "processor\t: {processor}");
        add!(text, "vendor_id\t: GenuineIntel");
        add!(text, "cpu family\t: 6");
        add!(text, "model\t\t: 0");
        add!(text, "model name\t: x86-64");
        add!(text, "stepping\t: 0");
        add!(text, "physical id\t: 0");
        add!(text, "siblings\t: {count}");
        add!(text, "core id\t\t: {processor}");
        add!(text, "cpu cores\t: {count}");
        add!(text, "fpu\t\t: yes");
        add!(text, "flags\t\t: {flags}");
        add!(text, "clflush size\t: 64");
        add!(text, "cache_alignment\t: 64");
        add!(text, "address sizes\t: 46 bits physical, 48 bits virtual");
        text.push('\n');
    }
    text
}

fn memory(shared: &Shared) -> String {
    let total = shared.machine.memory / 1024;
    let own = shared.host.own_memory();
    let (state, pages) = (own.state / 1024, own.shared / 1024);
    let free = shared.machine.memory_free() / 1024;
    let free = free.saturating_sub(state).saturating_sub(pages);
    let mut text = String::new();
    for (name, value) in [
        ("MemTotal:", total),
        ("MemFree:", free),
        ("MemAvailable:", free),
        ("Buffers:", 0),
        ("Cached:", 0),
        ("SwapCached:", 0),
        ("Active:", 0),
        ("Inactive:", 0),
        ("SwapTotal:", 0),
        ("SwapFree:", 0),
        ("Shmem:", pages),
        ("Slab:", state),
        ("CommitLimit:", total),
        ("Committed_AS:", 0),
        ("VmallocTotal:", 34_359_738_367),
        ("VmallocUsed:", 0),
        ("HugePages_Total:", 0),
        ("Hugepagesize:", 2048),
    ] {
        let unit = if name == "HugePages_Total:" { "" } else { " kB" };
        add!(text, "{name:<15} {value:>8}{unit}");
    }
    text
}

fn statistics(shared: &Shared) -> String {
    let mut text = String::from("cpu  0 0 0 0 0 0 0 0 0 0\n");
    for processor in 0..shared.machine.processors.max(1) {
        add!(text, "cpu{processor} 0 0 0 0 0 0 0 0 0 0");
    }
    let now = shared.host.now(Clock::Realtime);
    let up = shared.host.now(Clock::Boottime);
    add!(text, "intr 0");
    add!(text, "ctxt 0");
    add!(text, "btime {}", now.saturating_sub(up).as_secs());
    add!(text, "processes {}", shared.processes.ids().len());
    add!(text, "procs_running 1");
    add!(text, "procs_blocked 0");
    text
}

fn uptime(shared: &Shared) -> String {
    let up = shared.host.now(Clock::Boottime);
    let hundredths = up.subsec_millis() / 10;
    format!("{}.{hundredths:02} 0.00\n", up.as_secs())
}

fn version(shared: &Shared) -> Vec<u8> {
    let mut text = b"Linux version ".to_vec();
    text.extend_from_slice(&shared.machine.release);
    text.extend_from_slice(b" (litebox) ");
    text.extend_from_slice(&line(&shared.machine.version));
    text
}

/// A random UUID (RFC 9562, version 4) and a newline.
pub(super) fn uuid(host: &dyn crate::file::FileHost) -> Result<Vec<u8>> {
    let mut bytes = [0_u8; 16];
    host.fill(&mut bytes)?;
    let mut value = u128::from_be_bytes(bytes);
    value = value & !(0xf << 76) | (0x4 << 76);
    value = value & !(0x3 << 62) | (0x2 << 62);
    let text = format!("{value:032x}");
    let mut out = String::new();
    for (at, digit) in text.chars().enumerate() {
        if matches!(at, 8 | 12 | 16 | 20) {
            out.push('-');
        }
        out.push(digit);
    }
    out.push('\n');
    Ok(out.into_bytes())
}
