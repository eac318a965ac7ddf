//! Whether a host call is one that the table allows: written apart from the filter, from the rows alone.

use litebox_host_linux::calls::{Condition, HOST_CALLS, Relation};
use litebox_host_linux::layout::{GATE, GATE_SIZE};

use crate::ptrace::HostCall;

/// `AUDIT_ARCH_X86_64`.
const X86_64: u32 = 0xc000_003e;

/// `uretprobe` and `uprobe`: since Linux 6.14 no filter sees them, and the kernel answers whoever does not come from a
/// trampoline of its own with `SIGILL`.
const NEVER_FILTERED: [u64; 2] = [335, 336];

/// What is wrong with `call`, if anything is.
pub(crate) fn violation(call: &HostCall) -> Option<String> {
    let HostCall { architecture, pointer, number, arguments } = call;
    let shown = format!("host call {number} {arguments:x?} from {pointer:#x}");
    if *architecture != X86_64 {
        return Some(format!("{shown}: for architecture {architecture:#x}"));
    }
    if NEVER_FILTERED.contains(number) {
        return None;
    }
    // The kernel reports the address after the instruction.
    let gate = GATE as u64 + 1..=(GATE + GATE_SIZE) as u64;
    if !gate.contains(pointer) {
        return Some(format!("{shown}: not from the gate"));
    }
    let Some(row) = HOST_CALLS.iter().find(|row| u64::from(row.number) == *number) else {
        return Some(format!("{shown}: no row"));
    };
    let allowed =
        row.rules.is_empty() || row.rules.iter().any(|rule| rule.iter().all(|one| holds(one, arguments)));
    if allowed { None } else { Some(format!("{shown}: against the rules of {}", row.name)) }
}

fn holds(condition: &Condition, arguments: &[u64; 6]) -> bool {
    let argument = arguments.get(usize::from(condition.argument)).copied().unwrap_or_default();
    let is_equal = argument & condition.mask == condition.value & condition.mask;
    match condition.relation {
        Relation::Equal => is_equal,
        Relation::Differs => !is_equal,
    }
}

/// The checks hold on calls made up for them.
pub(crate) fn prove() -> Result<(), String> {
    let from_gate = GATE as u64 + 2;
    let call = |pointer, number, arguments| HostCall { architecture: X86_64, pointer, number, arguments };
    let cases = [
        (call(from_gate, 24, [0; 6]), true),
        (call(0x40_1000, 24, [0; 6]), false),
        (call(from_gate, 257, [0; 6]), false),
        (call(from_gate, 0, [0, 0x1000, 1, 0, 0, 0]), true),
        (call(from_gate, 0, [3, 0x1000, 1, 0, 0, 0]), false),
        (call(from_gate, 0, [0xffff_ffff_0000_0003, 0x1000, 1, 0, 0, 0]), false),
        (call(from_gate, 10, [0, 0, 0x100_0000, 0, 0, 0]), false),
        (HostCall { architecture: 0x4000_0003, ..call(from_gate, 24, [0; 6]) }, false),
    ];
    match cases.iter().find(|(call, allowed)| violation(call).is_none() != *allowed) {
        Some(wrong) => Err(format!("the rules are not understood: {wrong:?}")),
        None => Ok(()),
    }
}
