//! An interpreter for the classic BPF that seccomp takes (`seccomp(2)`, `bpf(4)`), strict: what the kernel would
//! refuse is a panic.

use litebox_host_linux::filter::Instruction;

/// `struct seccomp_data`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Data {
    pub(crate) number: u32,
    pub(crate) architecture: u32,
    pub(crate) pointer: u64,
    pub(crate) arguments: [u64; 6],
}

impl Data {
    /// The 32-bit word at `offset`, as the kernel's little-endian structure has it.
    fn word(&self, offset: u32) -> u32 {
        let Data { number, architecture, pointer, arguments: [a, b, c, d, e, f] } = *self;
        let mut bytes = Vec::new();
        bytes.extend_from_slice(&number.to_le_bytes());
        bytes.extend_from_slice(&architecture.to_le_bytes());
        for long in [pointer, a, b, c, d, e, f] {
            bytes.extend_from_slice(&long.to_le_bytes());
        }
        let at = usize::try_from(offset)
            .ok()
            .filter(|at| at % 4 == 0)
            .and_then(|at| bytes.get(at..)?.first_chunk());
        u32::from_le_bytes(*at.expect("a program loads aligned words of the structure"))
    }
}

/// What the kernel checks before it takes a program: known instructions, jumps inside, an end.
///
/// # Panics
/// When the kernel would refuse it.
pub(crate) fn check(program: &[Instruction]) {
    assert!(!program.is_empty() && program.len() <= 4096, "a program has 1 to 4096 instructions");
    for (at, instruction) in program.iter().enumerate() {
        let furthest = at + 1 + usize::from(instruction.if_true.max(instruction.if_false));
        match instruction.code {
            0x20 | 0x54 => {}
            0x15 | 0x25 => assert!(furthest < program.len(), "a jump at {at} leaves the program"),
            0x06 => continue,
            code => panic!("instruction {at} is {code:#x}, which no program of ours needs"),
        }
        assert!(at + 1 < program.len(), "the program runs off its end");
    }
}

/// What `program` answers to `data`.
///
/// # Panics
/// When it does what [`check`] would have refused.
pub(crate) fn interpret(program: &[Instruction], data: &Data) -> u32 {
    let (mut at, mut accumulator) = (0, 0);
    loop {
        let Instruction { code, if_true, if_false, operand } = program.get(at).copied().expect("checked");
        at += 1;
        let jumps = match code {
            0x20 => {
                accumulator = data.word(operand);
                continue;
            }
            0x54 => {
                accumulator &= operand;
                continue;
            }
            0x15 => accumulator == operand,
            0x25 => accumulator > operand,
            _ => return operand,
        };
        at += usize::from(if jumps { if_true } else { if_false });
    }
}
