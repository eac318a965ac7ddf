//! The filter emitter: what a program answers must be what its rows say.

use std::sync::OnceLock;

use litebox_host_linux::calls::{Condition, HOST_CALLS, HostCall, Relation};
use litebox_host_linux::filter::Program;
use litebox_host_linux::layout::{GATE, GATE_SIZE};

use crate::interpreter::{Data, check, interpret};
use crate::mutate::Random;
use crate::take::Take;

const X86_64: u32 = 0xc000_003e;
const ALLOW: u32 = 0x7fff_0000;
const TRAP: u32 = 0x0003_0000;
/// Calls that one program is asked about.
const QUESTIONS: usize = 24;
const POOL: usize = 2048;

type Rules = &'static [&'static [Condition]];

/// Rules to make rows of. Rows hold borrowed constants, so all are made once and kept.
fn pool() -> &'static [Rules] {
    static MADE: OnceLock<Vec<Rules>> = OnceLock::new();
    MADE.get_or_init(|| {
        let mut random = Random::new(0x6d61_6465);
        (0..POOL).map(|_| rules(&mut random)).collect()
    })
}

fn rules(random: &mut Random) -> Rules {
    let count = random.below(5);
    let rules = (0..count).map(|_| {
        let conditions: Vec<Condition> = (0..=random.below(4)).map(|_| condition(random)).collect();
        &*conditions.leak()
    });
    rules.collect::<Vec<_>>().leak()
}

/// A condition that can be written in a row: the value has no bits outside the mask.
fn condition(random: &mut Random) -> Condition {
    let relation = if random.below(2) == 0 { Relation::Equal } else { Relation::Differs };
    let whole = [u64::MAX, 0xffff_ffff, 0xffff_ffff_0000_0000, 1 << random.below(64), !7, !3, random.long()];
    let mask = whole[random.below(whole.len())];
    let mask = if mask == 0 { 1 } else { mask };
    let values = [0, 1, 3, random.long(), u64::MAX, 0x8000_0000, 1 << 32];
    let value = values[random.below(values.len())] & mask;
    let argument = u8::try_from(random.below(6)).unwrap_or_default();
    Condition { argument, mask, value, relation }
}

/// What the rows say, read off them directly.
fn expected(calls: &[HostCall], gate: usize, size: usize, data: &Data) -> bool {
    let from_gate = gate as u64 + 1..=(gate + size) as u64;
    let row = calls.iter().find(|row| row.number == data.number);
    data.architecture == X86_64
        && from_gate.contains(&data.pointer)
        && row.is_some_and(|row| row.rules.is_empty() || row.rules.iter().any(|rule| all_hold(rule, data)))
}

fn all_hold(rule: &[Condition], data: &Data) -> bool {
    rule.iter().all(|condition| {
        let argument = data.arguments[usize::from(condition.argument)];
        (argument & condition.mask == condition.value) == (condition.relation == Relation::Equal)
    })
}

/// Emit a program for a table that `data` describes, or for the real one, and ask it about calls close to the rows.
pub(crate) fn fuzz_filter(data: &[u8]) {
    let mut take = Take(data);
    let (calls, gate, size) = table(&mut take);
    let Ok(program) = Program::new(&calls, gate, size) else {
        assert!(calls.len() > 4, "a short table has a program");
        return;
    };
    let program = program.instructions();
    check(program);
    for _ in 0..QUESTIONS {
        let question = question(&mut take, &calls, gate, size);
        let answer = interpret(program, &question);
        let wanted = if expected(&calls, gate, size, &question) { ALLOW } else { TRAP };
        assert_eq!(answer, wanted, "{question:x?} of {calls:x?} at {gate:#x}+{size:#x}");
    }
}

fn table(take: &mut Take<'_>) -> (Vec<HostCall>, usize, usize) {
    let count = take.below(12);
    if count == 0 {
        return (HOST_CALLS.to_vec(), GATE, GATE_SIZE);
    }
    // Numbers stand once each in a table: that is the order in which rows are found.
    let mut calls: Vec<HostCall> = Vec::new();
    for _ in 0..count {
        let number = u32::from(take.byte()) * if take.byte() > 250 { 0x0100_0001 } else { 1 };
        let rules = pool()[take.below(POOL)];
        if calls.iter().all(|call| call.number != number) {
            calls.push(HostCall { number, name: "made", doc: "made up", arguments: &[], rules });
        }
    }
    // A page of the user's half, as the gate is. The last one below a boundary of 4 GiB is left out: for it the
    // program refuses every call.
    let page = usize::try_from(take.long() >> 17).unwrap_or_default() & !0x1fff;
    (calls, page, 4096)
}

/// A call that meets a row, or misses it by little.
fn question(take: &mut Take<'_>, calls: &[HostCall], gate: usize, size: usize) -> Data {
    let row = calls[take.below(calls.len())];
    let mut arguments = [take.long(), take.long(), 0, u64::from(take.word()), 3, 0];
    if let Some(rule) = row.rules.get(usize::from(take.byte()) % row.rules.len().max(1)) {
        for Condition { argument, mask, value, .. } in *rule {
            let argument = &mut arguments[usize::from(*argument)];
            *argument = *argument & !mask | value;
        }
    }
    let shift = take.byte();
    if shift < 128 {
        arguments[usize::from(take.byte()) % 6] ^= 1 << (shift % 64);
    }
    let offsets = [2, 0, 1, size as u64, size as u64 + 1, 0x1_0000_0002, u64::MAX];
    let is_near = take.byte() < 200;
    let offset = if is_near { 2 } else { offsets[take.below(offsets.len())] };
    let number = if take.byte() < 230 { row.number } else { take.word() };
    let architecture = if take.byte() < 240 { X86_64 } else { take.word() };
    Data { number, architecture, pointer: (gate as u64).wrapping_add(offset), arguments }
}
