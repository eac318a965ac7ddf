//! The broker's own filter as a seccomp program (seccomp(2)).
//!
//! The kernel runs a new filter once for every call that there is, to know those whose arguments do not matter. So the
//! number is looked for by halving: a program that compares with one number after the other takes longer to install
//! than a small sandbox to start.

use seccompiler::sock_filter as Instruction;

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Refuse,
    Admit,
    /// Admitted if argument 1 is one of these.
    AdmitIfOneOf(&'static [u64]),
    /// Admitted if argument 2 has none of these bits.
    AdmitWithout(u32),
}

const LOAD: u16 = 0x20;
const JUMP_EQUAL: u16 = 0x15;
const JUMP_AT_LEAST: u16 = 0x35;
const JUMP_ANY_BIT: u16 = 0x45;
const RETURN: u16 = 0x06;

/// Offsets in `struct seccomp_data`.
const NUMBER: u32 = 0;
const ARCHITECTURE: u32 = 4;
const ARGUMENTS: u32 = 16;

const KILL: u32 = libc::SECCOMP_RET_KILL_PROCESS;
const ALLOW: u32 = libc::SECCOMP_RET_ALLOW;
/// Fails with `EPERM`.
const REFUSE: u32 = libc::SECCOMP_RET_ERRNO | libc::EPERM.unsigned_abs();

/// `AUDIT_ARCH` of the processor that this is built for.
fn architecture() -> Option<u32> {
    match std::env::consts::ARCH {
        "x86_64" => Some(0xc000_003e),
        "aarch64" => Some(0xc000_00b7),
        _ => None,
    }
}

/// A program that answers each call as `answers` say, and refuses what they do not name. None for a processor that is
/// not known, or for more answers than jumps reach.
pub(crate) fn program(answers: &[(i64, Answer)]) -> Option<Vec<Instruction>> {
    let mut program = vec![
        instruction(LOAD, 0, 0, ARCHITECTURE),
        instruction(JUMP_EQUAL, 1, 0, architecture()?),
        instruction(RETURN, 0, 0, KILL),
        instruction(LOAD, 0, 0, NUMBER),
    ];
    program.extend(choose(&runs(answers)?)?);
    Some(program)
}

/// Where each answer begins: that of a run of numbers holds up to the next.
fn runs(answers: &[(i64, Answer)]) -> Option<Vec<(u32, Answer)>> {
    let mut sorted = answers.to_vec();
    sorted.sort_by_key(|(number, _)| *number);
    sorted.dedup_by_key(|(number, _)| *number);
    let mut runs = vec![(0, Answer::Refuse)];
    for (number, answer) in sorted {
        let number = u32::try_from(number).ok()?;
        let (start, last) = runs.pop()?;
        if start != number {
            runs.push((start, last));
        }
        if runs.last().is_none_or(|(_, before)| *before != answer) {
            runs.push((number, answer));
        }
        runs.push((number.checked_add(1)?, Answer::Refuse));
    }
    Some(runs)
}

/// Goes on to the answer of the run that the loaded number is in.
fn choose(runs: &[(u32, Answer)]) -> Option<Vec<Instruction>> {
    let (below, above) = match runs {
        [] => return None,
        [(_, answer)] => return give(*answer),
        _ => runs.split_at_checked(runs.len() / 2)?,
    };
    let (middle, _) = above.first()?;
    let below = choose(below)?;
    let mut program = vec![instruction(JUMP_AT_LEAST, u8::try_from(below.len()).ok()?, 0, *middle)];
    program.extend(below);
    program.extend(choose(above)?);
    Some(program)
}

fn give(answer: Answer) -> Option<Vec<Instruction>> {
    let (argument_1, argument_2) = (ARGUMENTS + 8, ARGUMENTS + 16);
    Some(match answer {
        Answer::Refuse => vec![instruction(RETURN, 0, 0, REFUSE)],
        Answer::Admit => vec![instruction(RETURN, 0, 0, ALLOW)],
        Answer::AdmitWithout(bits) => vec![
            instruction(LOAD, 0, 0, argument_2),
            instruction(JUMP_ANY_BIT, 1, 0, bits),
            instruction(RETURN, 0, 0, ALLOW),
            instruction(RETURN, 0, 0, REFUSE),
        ],
        Answer::AdmitIfOneOf(values) => {
            let count = u8::try_from(values.len()).ok()?;
            // The upper half of the argument is 0 in each of them.
            let mut program = vec![
                instruction(LOAD, 0, 0, argument_1 + 4),
                instruction(JUMP_EQUAL, 0, count.checked_add(1)?, 0),
                instruction(LOAD, 0, 0, argument_1),
            ];
            for (left, value) in (1..=count).rev().zip(values) {
                program.push(instruction(JUMP_EQUAL, left, 0, u32::try_from(*value).ok()?));
            }
            program.push(instruction(RETURN, 0, 0, REFUSE));
            program.push(instruction(RETURN, 0, 0, ALLOW));
            program
        }
    })
}

fn instruction(code: u16, jt: u8, jf: u8, k: u32) -> Instruction {
    Instruction { code, jt, jf, k }
}

#[cfg(test)]
mod tests {
    //! The program against what it was made from.

    use super::*;

    /// What `program` returns for a call.
    fn run(program: &[Instruction], number: u32, architecture: u32, arguments: [u64; 6]) -> u32 {
        let mut data = [number.to_le_bytes(), architecture.to_le_bytes()].concat();
        data.extend([0; 8]);
        arguments.iter().for_each(|argument| data.extend(argument.to_le_bytes()));
        let (mut at, mut loaded) = (0, 0);
        loop {
            let Instruction { code, jt, jf, k } = *program.get(at).unwrap();
            at += 1;
            let jump = |holds| usize::from(if holds { jt } else { jf });
            at += match code {
                LOAD => {
                    let place = usize::try_from(k).unwrap();
                    loaded = u32::from_le_bytes(data.get(place..place + 4).unwrap().try_into().unwrap());
                    0
                }
                JUMP_EQUAL => jump(loaded == k),
                JUMP_AT_LEAST => jump(loaded >= k),
                JUMP_ANY_BIT => jump(loaded & k != 0),
                RETURN => return k,
                _ => panic!("no such instruction: {code:#x}"),
            };
        }
    }

    const ONE_OF: &[u64] = &[0x5401, 0x802c_542a, 7];

    const ANSWERS: &[(i64, Answer)] = &[
        (0, Answer::Admit),
        (9, Answer::AdmitWithout(4)),
        (1, Answer::Admit),
        (10, Answer::AdmitWithout(4)),
        (16, Answer::AdmitIfOneOf(ONE_OF)),
        (17, Answer::Admit),
        (231, Answer::Admit),
        (1, Answer::Admit),
        (9, Answer::Admit),
    ];

    #[test]
    fn each_number_has_its_answer_and_no_other() {
        let program = program(ANSWERS).unwrap();
        let own = architecture().unwrap();
        let numbers = (0..600).chain([0x4000_0000, 0x4000_0001, 0x7fff_ffff, 0x8000_0000, u32::MAX]);
        for number in numbers {
            let answer = ANSWERS.iter().find(|(of, _)| *of == i64::from(number)).map(|(_, answer)| *answer);
            let give = |arguments| run(&program, number, own, arguments) == ALLOW;
            let (one, more) = (give([0, 7, 3, 0, 0, 0]), give([0, 7 | 1 << 32, 3, 0, 0, 0]));
            let (other, executable) = (give([0, 8, 3, 0, 0, 0]), give([0, 7, 5, 0, 0, 0]));
            let expected = match answer {
                None | Some(Answer::Refuse) => [false; 4],
                Some(Answer::Admit) => [true; 4],
                Some(Answer::AdmitIfOneOf(_)) => [true, false, false, true],
                Some(Answer::AdmitWithout(_)) => [true, true, true, false],
            };
            assert_eq!([one, more, other, executable], expected, "{number}");
            assert_eq!(run(&program, number, own ^ 1, [0; 6]), KILL);
        }
        for value in ONE_OF {
            assert_eq!(run(&program, 16, own, [0, *value, 0, 0, 0, 0]), ALLOW);
        }
        assert_eq!(run(&program, 500, own, [0; 6]), REFUSE);
    }

    #[test]
    fn neighbours_with_one_answer_are_one_run() {
        let starts: Vec<_> = runs(ANSWERS).unwrap().iter().map(|(start, _)| *start).collect();
        assert_eq!(starts, [0, 2, 9, 11, 16, 17, 18, 231, 232]);
    }
}
