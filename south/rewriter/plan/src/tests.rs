//! Tests over programs made here, damaged ones, and the C libraries of the machine.

extern crate std;

use crate::*;
use litebox_rewriter::Reason;
use std::{fs, string::String, vec, vec::Vec};

const HEADERS: usize = 64 + 56;
const ADDRESS: u64 = 0x40_0000;

/// An ELF program with one executable segment, all of the file, that starts with `code` behind the headers.
fn program(code: &[u8]) -> Vec<u8> {
    let mut file = vec![0x7f, b'E', b'L', b'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let size = (HEADERS + code.len()) as u64;
    file.extend([2_u16, 62].map(u16::to_le_bytes).concat());
    file.extend(1_u32.to_le_bytes());
    file.extend([ADDRESS + HEADERS as u64, 64, 0].map(u64::to_le_bytes).concat());
    file.extend(0_u32.to_le_bytes());
    file.extend([64_u16, 56, 1, 64, 0, 0].map(u16::to_le_bytes).concat());
    // PT_LOAD, readable and executable.
    file.extend([1_u32, 5].map(u32::to_le_bytes).concat());
    file.extend([0, ADDRESS, ADDRESS, size, size, 0x1000].map(u64::to_le_bytes).concat());
    file.extend(code);
    file
}

/// The sites of a program made of `code`, with offsets from its start.
fn sites(code: &[u8]) -> Vec<(usize, PlannedKind)> {
    let plan = plan(&program(code)).unwrap();
    plan.sites.iter().map(|site| (site.offset as usize - HEADERS, site.kind)).collect()
}

#[test]
fn a_decoded_mov_is_planned() {
    // mov $39, %eax; syscall; ret. The window is the whole file: no prefix rule needs the bytes before it.
    assert_eq!(
        sites(&[0xb8, 39, 0, 0, 0, 0x0f, 0x05, 0xc3]),
        [(5, PlannedKind::MovImmediate { number: 39 })]
    );
}

#[test]
fn bytes_that_no_decoding_reaches_are_no_site() {
    // movabs $0x50f000007d6, %rax; ret; then data
    assert_eq!(sites(&[0x48, 0xb8, 0xd6, 0x07, 0, 0, 0x0f, 0x05, 0, 0, 0xc3, 0x0f, 0x05]), []);
}

#[test]
fn a_mov_inside_another_instruction_is_refused() {
    // movl $1, -0x48(%rsp); syscall; ret
    let code = [0xc7, 0x44, 0x24, 0xb8, 1, 0, 0, 0, 0x0f, 0x05, 0xc3];
    assert_eq!(sites(&code), [(8, PlannedKind::Trap(Reason::Window))]);
    // The same, with a jump into it: both readings are instructions then.
    let code =
        [0xeb, 0x03, 0x90, 0xc7, 0x44, 0x24, 0xb8, 1, 0, 0, 0, 0x0f, 0x05, 0xe9, 0xf4, 0xff, 0xff, 0xff];
    assert_eq!(sites(&code), [(11, PlannedKind::Following)]);
}

#[test]
fn a_prefixed_syscall_keeps_trapping() {
    // rex.R syscall; nops. Found by fuzzing: the site was said to be at the prefix.
    let code = [0x44, 0x0f, 0x05, 0x0f, 0x1f, 0x40, 0, 0xc3];
    assert_eq!(sites(&code), [(1, PlannedKind::Trap(Reason::LookAlike))]);
}

#[test]
fn a_jump_into_the_replaced_bytes_refuses_the_second_pattern() {
    // xor %eax, %eax; syscall; cmp $-38, %rax; jne to the cmp; ret
    let code = [0x31, 0xc0, 0x0f, 0x05, 0x48, 0x83, 0xf8, 0xda, 0x75, 0xfa, 0xc3];
    assert_eq!(sites(&code), [(2, PlannedKind::Trap(Reason::JumpTarget))]);
    // The same jump to the `syscall` itself.
    let code = [0x31, 0xc0, 0x0f, 0x05, 0x48, 0x83, 0xf8, 0xda, 0x75, 0xf8, 0xc3];
    assert_eq!(sites(&code), [(2, PlannedKind::Following)]);
    // A jump to the `syscall` does not touch a patched `mov`.
    let code = [0xb8, 1, 0, 0, 0, 0x0f, 0x05, 0x85, 0xc0, 0x75, 0xfa, 0xc3];
    assert_eq!(sites(&code), [(5, PlannedKind::MovImmediate { number: 1 })]);
}

#[test]
fn an_indirect_jump_in_the_function_refuses_short_instructions() {
    // xor %eax, %eax; syscall; test %eax, %eax; xor %edx, %edx; jmp *%rdx
    let code = [0x31, 0xc0, 0x0f, 0x05, 0x85, 0xc0, 0x31, 0xd2, 0xff, 0xe2];
    assert_eq!(sites(&code), [(2, PlannedKind::Trap(Reason::IndirectJump))]);
    let code = [0x31, 0xc0, 0x0f, 0x05, 0x85, 0xc0, 0x31, 0xd2, 0xc3];
    assert_eq!(sites(&code), [(2, PlannedKind::Following)]);
}

#[test]
fn other_files_are_refused() {
    assert_eq!(plan(b"#!/bin/sh\n"), Err(Error::NotElf));
    let mut file = program(&[0xc3]);
    file[18] = 3;
    assert_eq!(plan(&file), Err(Error::NotX86_64));
    file[18] = 62;
    // The segment reaches beyond the file.
    file[64 + 32] = 0xff;
    assert_eq!(plan(&file), Err(Error::NotElf));
}

#[test]
fn damaged_programs_do_no_harm() {
    let libc = fs::read(libc_path()).unwrap();
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random as usize
    };
    // Headers and tables, for which the first pages are enough; the code is far behind.
    let head = &libc[..0x3000];
    for _ in 0..300 {
        let mut file = head.to_vec();
        for _ in 0..1 + next() % 8 {
            let at = if next() & 1 == 0 { next() % 0x400 } else { next() % file.len() };
            file[at] = next() as u8;
        }
        file.truncate(next() % (file.len() + 1));
        fuzz_plan(&file);
    }
    let small = program(&libc[0x2_8000..0x2_9000]);
    for _ in 0..100 {
        let mut file = small.clone();
        let at = next() % file.len();
        file[at] = next() as u8;
        fuzz_plan(&file);
    }
}

/// The C library that this test runs with.
fn libc_path() -> String {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let line = maps.lines().find(|line| line.contains("/libc.so.6")).expect("a process linked with glibc");
    String::from(&line[line.find('/').unwrap()..])
}

#[test]
fn glibc_is_patched_nearly_everywhere() {
    let report = report(&fs::read(libc_path()).unwrap()).unwrap();
    std::println!("{report}");
    assert_eq!(report.mistaken, 0);
    assert!(report.sites > 400 && report.pairs >= report.sites);
    assert!(report.local_mov * 100 > report.sites * 80, "the mov pattern alone");
    assert!(report.local * 100 > report.sites * 98, "either pattern, without a plan");
    assert!(report.planned * 100 > report.sites * 98, "either pattern, with a plan");
    assert!(report.patched * 100 > report.sites * 95, "with trampolines as they come");
}

#[test]
fn musl_is_patched_mostly() {
    let path = "/usr/lib/x86_64-linux-musl/libc.so";
    let file = fs::read(path).unwrap_or_else(|error| panic!("{path}: {error}; apt-get install musl-dev"));
    let report = report(&file).unwrap();
    std::println!("{report}");
    assert_eq!(report.mistaken, 0);
    assert!(report.sites > 400);
    assert!(report.local * 100 > report.sites * 85, "either pattern, without a plan");
    assert!(report.planned * 100 > report.sites * 90, "either pattern, with a plan");
}

#[test]
fn a_plan_names_its_file() {
    let plan = plan(&fs::read(libc_path()).unwrap()).unwrap();
    assert!(!plan.build_id.is_empty());
    assert!(plan.sites.is_sorted_by_key(|site| site.offset));
    assert!(plan.sites.iter().any(|site| site.kind == PlannedKind::Following));
}
