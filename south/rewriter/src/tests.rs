//! Tests against an independent decoder, and of the layout.

extern crate std;

use crate::*;
use iced_x86::{Code, Decoder, DecoderOptions, Mnemonic, Register};
use std::{vec, vec::Vec};

const BASE: u64 = 0x7f00_0000_0000;
const AREA: u64 = BASE + 0x10_0000;

/// A generator with a fixed start, so that a failure repeats.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[3]
    }

    fn pick(&mut self, from: &[u8]) -> u8 {
        from[self.next() as usize % from.len()]
    }
}

fn iced(code: &[u8], address: u64) -> iced_x86::Instruction {
    Decoder::with_ip(64, code, address, DecoderOptions::NONE).decode()
}

fn area() -> Trampolines {
    Trampolines::new(AREA, AREA_SIZE).unwrap()
}

fn entry() -> Entry {
    Entry::new(0x18).unwrap()
}

/// `before`, then `mov $number, %eax; syscall`, then padding; and where the `syscall` is.
fn mov_site(before: &[u8], number: u32) -> (Vec<u8>, usize) {
    let mut code = vec![0x90; 8];
    code.extend(before);
    code.push(0xb8);
    code.extend(number.to_le_bytes());
    let at = code.len();
    code.extend([0x0f, 0x05]);
    code.extend([0x90; 16]);
    (code, at)
}

/// `syscall`, then `after`; the `syscall` is at 8.
fn syscall_site(after: &[u8]) -> Vec<u8> {
    [&[0x90; 8], &[0x0f, 0x05][..], after, &[0x90; 16]].concat()
}

#[test]
fn a_plain_mov_is_found() {
    let (code, at) = mov_site(&[0x49, 0x89, 0xca], 39);
    assert_eq!(mov_immediate(&code, at, Some(39)), Ok(MovImmediate { start: at - 5, number: 39 }));
    assert_eq!(classify(&code, at, None), SiteKind::MovImmediate(MovImmediate { start: at - 5, number: 39 }));
    assert_eq!(mov_immediate(&code, at, Some(40)), Err(Reason::RaxDiffers));
    // The upper half of rax is zero after a 32-bit move.
    assert_eq!(mov_immediate(&code, at, Some(39 | 1 << 32)), Err(Reason::RaxDiffers));
}

#[test]
fn look_alikes_are_refused() {
    // `movabs $0x50f000007d6, %rax`, from libLLVM: its last bytes are the start of other code.
    let movabs = [0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x48, 0xb8, 0xd6, 0x07, 0, 0, 0x0f, 0x05, 0, 0];
    assert_eq!(mov_immediate(&movabs, 13, Some(0x7d6)), Err(Reason::Prefix));
    for prefix in (0x40..=0x4f).chain([0x66]) {
        let (code, at) = mov_site(&[prefix], 1);
        assert_eq!(mov_immediate(&code, at, Some(1)), Err(Reason::Prefix), "{prefix:x}");
    }
    let tails: [&[u8]; 8] = [
        // movl $1, -0x48(%rsp)
        &[0xc7, 0x44, 0x24],
        // cmpl $1, -0x48(%rdi)
        &[0x81, 0x7f],
        // movb $0, 0x1b8(%rbx)
        &[0xc6, 0x83],
        // movb $0, 0x1b8(%rip)
        &[0xc6, 0x05],
        // mov 0x1(%r8), %edi with a wide displacement
        &[0x41, 0x8b],
        // movabs with b8 inside the immediate
        &[0x48, 0xbf, 0, 0, 0],
        // movl $1, -0x47ffff00(%rdi)
        &[0xc7, 0x87, 0, 1, 0],
        // movw $0, 0x1b800(%rip)
        &[0x66, 0xc7, 0x05, 0],
    ];
    for tail in tails {
        let (code, at) = mov_site(tail, 1);
        assert_eq!(mov_immediate(&code, at, Some(1)), Err(Reason::LookAlike), "{tail:x?}");
    }
    let (code, at) = mov_site(&[], 1024);
    assert_eq!(mov_immediate(&code, at, Some(1024)), Err(Reason::Number));
}

#[test]
fn no_longer_instruction_passes_for_a_mov() {
    let mut random = Random(0x1234_5678_9abc_def1);
    let usual = [
        0x0f, 0x24, 0x38, 0x3a, 0x40, 0x41, 0x44, 0x48, 0x49, 0x4c, 0x62, 0x66, 0x69, 0x80, 0x81, 0x83, 0x84,
        0x87, 0x8b, 0xb8, 0xbf, 0xc4, 0xc5, 0xc6, 0xc7, 0xd5, 0xe2, 0xf2, 0xf3, 0xf6, 0xf7, 0xf9, 0x05, 0x04,
        0x25, 0xa1,
    ];
    let mut accepted = 0;
    for _ in 0..150_000 {
        let before: [u8; 10] = core::array::from_fn(|_| {
            if random.next().is_multiple_of(3) { random.byte() } else { random.pick(&usual) }
        });
        let (code, at) = mov_site(&before, random.next() as u32 & 0x1ff);
        if mov_immediate(&code, at, None).is_err() {
            continue;
        }
        accepted += 1;
        for start in at - 15..at - 5 {
            let found = iced(&code[start..], 0);
            if is_prefix_run(&code[start..]) {
                continue;
            }
            if !found.is_invalid() && start + found.len() == at && !is_impossible(&found) {
                panic!("{:x?} may be {found:?}", &code[start..at]);
            }
        }
    }
    assert!(accepted > 10_000, "{accepted}");
}

/// Whether `code` starts with two legacy prefixes, or a REX prefix that another prefix makes void.
fn is_prefix_run(code: &[u8]) -> bool {
    let legacy = |at: usize| {
        matches!(code[at], 0x66 | 0x67 | 0xf2 | 0xf3 | 0x26 | 0x2e | 0x36 | 0x3e | 0x64 | 0x65 | 0xf0)
    };
    let rex = |at: usize| code[at] & 0xf0 == 0x40;
    (legacy(0) || rex(0)) && (legacy(1) || (rex(1) && (rex(0) || rex(2) || legacy(2))))
}

/// Tails that the rule lets pass, for the reasons that it gives: harmless prefixes of the very `mov`, rax as base,
/// and immediates of zero that make an instruction do nothing.
fn is_impossible(found: &iced_x86::Instruction) -> bool {
    let base = matches!(found.memory_base(), Register::RAX | Register::EAX | Register::AX);
    let nothing = matches!(
        found.mnemonic(),
        Mnemonic::Test
            | Mnemonic::Rol
            | Mnemonic::Ror
            | Mnemonic::Rcl
            | Mnemonic::Rcr
            | Mnemonic::Shl
            | Mnemonic::Sal
            | Mnemonic::Shr
            | Mnemonic::Sar
            | Mnemonic::Imul
    ) && found.immediate8() == 0;
    found.code() == Code::Mov_r32_imm32 || base || nothing
}

#[test]
fn the_whitelist_agrees_with_a_full_decoder() {
    let mut random = Random(0xfeed_beef_1357_9bdf);
    let usual = [
        0x0f, 0x1f, 0x2e, 0x3d, 0x40, 0x48, 0x4c, 0x64, 0x66, 0x81, 0x83, 0x85, 0x89, 0x8b, 0x05, 0xb8, 0xf7,
    ];
    let mut accepted = 0;
    for _ in 0..300_000 {
        let code: [u8; 20] = core::array::from_fn(|at| {
            if at < 4 && random.next() & 1 == 0 { random.pick(&usual) } else { random.byte() }
        });
        let Ok(ours) = Instruction::decode(&code) else { continue };
        accepted += 1;
        let theirs = iced(&code, BASE);
        assert_eq!((theirs.is_invalid(), theirs.len()), (false, ours.length.into()), "{code:x?} {theirs:?}");
        let end = BASE + u64::from(ours.length);
        let target = match ours.form {
            Form::Branch { displacement, .. } | Form::Jump { displacement } => {
                end.wrapping_add_signed(displacement.into())
            }
            _ => 0,
        };
        assert_eq!(theirs.near_branch_target(), target, "{code:x?} {theirs:?}");
        assert_eq!(theirs.mnemonic() == Mnemonic::Ret, ours.form == Form::Return, "{code:x?}");
        assert_ne!(theirs.segment_prefix(), Register::GS);
        if ours.form != Form::Nop {
            let relative = matches!(ours.form, Form::RipRelative { .. });
            assert_eq!(theirs.is_ip_rel_memory_operand(), relative, "{code:x?} {theirs:?}");
        }
    }
    assert!(accepted > 20_000, "{accepted}");
}

#[test]
fn an_operand_size_prefix_is_refused_and_others_are_not() {
    // `syscall; nopl 0(%rax); ret` behind one byte.
    let behind = |byte| {
        let mut code = syscall_site(&[0x0f, 0x1f, 0x40, 0, 0xc3]);
        code[7] = byte;
        following(&code, 8, Targets::Unknown)
    };
    assert_eq!(behind(0x66), Err(Reason::Prefix));
    for byte in [0x44, 0x90, 0xf3] {
        assert!(behind(byte).is_ok(), "{byte:#x}");
    }
}

#[test]
fn following_takes_what_is_safe_without_a_plan() {
    let single: [&[u8]; 6] = [
        // cmp $-4096, %rax; cmp $-38, %rax; cmp $-4096, %eax
        &[0x48, 0x3d, 0x00, 0xf0, 0xff, 0xff],
        &[0x48, 0x83, 0xf8, 0xda],
        &[0x3d, 0x00, 0xf0, 0xff, 0xff],
        // mov %rax, %rdi; jmp; mov %fs:0x28, %rax
        &[0x48, 0x89, 0xc7],
        &[0xe9, 0x10, 0x00, 0x00, 0x00],
        &[0x64, 0x48, 0x8b, 0x04, 0x25, 0x28, 0x00, 0x00, 0x00],
    ];
    for after in single {
        let site = following(&syscall_site(after), 8, Targets::Unknown).unwrap();
        assert!(site.is_single() && usize::from(site.length) == 2 + after.len(), "{after:x?}");
    }
    let refused: [(&[u8], Reason, Option<Reason>); 6] = [
        // ret, then padding; test %eax, %eax and a jump; two moves
        (&[0xc3], Reason::Interior, None),
        (&[0x85, 0xc0, 0x78, 0x10], Reason::Interior, None),
        (&[0x89, 0xc2, 0x31, 0xc0], Reason::Interior, None),
        // ret, then code that is no padding; call; an access through gs
        (&[0xc3, 0x55], Reason::Interior, Some(Reason::NotPadding)),
        (&[0xe8, 0, 0, 0, 0], Reason::Instruction, Some(Reason::Instruction)),
        (&[0x65, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0], Reason::Instruction, Some(Reason::Instruction)),
    ];
    for (after, local, planned) in refused {
        let code = syscall_site(after);
        assert_eq!(following(&code, 8, Targets::Unknown).err(), Some(local), "{after:x?}");
        assert_eq!(following(&code, 8, Targets::Absent).err(), planned, "{after:x?}");
    }
    assert_eq!(following(&[0x0f, 0x05, 0x48], 0, Targets::Unknown), Err(Reason::Window));
    assert_eq!(following(&[0x0f, 0x0b], 0, Targets::Unknown), Err(Reason::Window));
}

/// The instructions of a slot, as an independent decoder reads them.
fn listing(patch: &Patch, count: usize) -> Vec<iced_x86::Instruction> {
    Decoder::with_ip(64, &patch.trampoline, patch.slot, DecoderOptions::NONE)
        .into_iter()
        .take(count)
        .collect()
}

#[test]
fn a_mov_becomes_a_jump_to_its_trampoline() {
    let (code, at) = mov_site(&[], 39);
    let window = Window { address: BASE, code: &code };
    let made = patch(window, at, None, &mut area(), entry()).unwrap();
    assert_eq!((made.site, made.old), (BASE + at as u64 - 5, [0xb8, 39, 0, 0, 0]));
    assert_eq!(iced(&made.new, made.site).near_branch_target(), made.slot);
    let [mov, lea, jump] = listing(&made, 3)[..] else { panic!() };
    assert_eq!((mov.code(), mov.immediate32()), (Code::Mov_r32_imm32, 39));
    assert_eq!((lea.mnemonic(), lea.op0_register()), (Mnemonic::Lea, Register::RCX));
    assert_eq!(lea.ip_rel_memory_address(), BASE + at as u64 + 2);
    assert_eq!((jump.code(), jump.segment_prefix()), (Code::Jmp_rm64, Register::GS));
    assert_eq!((jump.memory_base(), jump.memory_displacement64()), (Register::None, 0x18));
    let slot = Slot::decode(made.slot, &made.trampoline).unwrap();
    assert_eq!(slot.original(made.slot).unwrap().rip, made.site);
    assert_eq!(slot.original(made.slot + 5).unwrap().rip, BASE + at as u64);
    assert_eq!(slot.original(made.slot + 12).unwrap().rip, BASE + at as u64);
    assert_eq!((slot.original(made.slot + 52), slot.resume(made.site + 2)), (None, None));
}

#[test]
fn what_follows_a_syscall_moves() {
    // mov %rax, 0x1000(%rip)
    let code = syscall_site(&[0x48, 0x89, 0x05, 0x00, 0x10, 0x00, 0x00]);
    let window = Window { address: BASE, code: &code };
    let made = patch(window, 8, Some(0), &mut area(), entry()).unwrap();
    assert_eq!((made.site, iced(&made.new, made.site).near_branch_target()), (BASE + 8, made.slot));
    assert!(iced(&made.new[2..], made.site + 2).is_invalid(), "a jump to the moved instruction must trap");
    let [lea, jump, restore, moved, back] = listing(&made, 5)[..] else { panic!() };
    assert_eq!(lea.ip_rel_memory_address(), restore.ip());
    assert_eq!(jump.segment_prefix(), Register::GS);
    assert_eq!((restore.op0_register(), restore.ip_rel_memory_address()), (Register::RCX, BASE + 10));
    assert_eq!((moved.mnemonic(), moved.ip_rel_memory_address()), (Mnemonic::Mov, BASE + 17 + 0x1000));
    assert_eq!(back.near_branch_target(), BASE + 17);
    let slot = Slot::decode(made.slot, &made.trampoline).unwrap();
    let original = |rip| slot.original(rip).unwrap();
    assert_eq!(original(lea.ip()), Original { rip: BASE + 8, rcx: None });
    assert_eq!(original(restore.ip()), Original { rip: BASE + 10, rcx: Some(BASE + 10) });
    assert_eq!(original(moved.ip()), Original { rip: BASE + 10, rcx: None });
    assert_eq!(original(back.ip()), Original { rip: BASE + 17, rcx: None });
    assert_eq!(slot.resume(BASE + 10), Some(moved.ip()));
}

#[test]
fn jumps_that_move_keep_their_targets() {
    // test %eax, %eax; js +0x10
    let code = syscall_site(&[0x85, 0xc0, 0x78, 0x10]);
    let window = Window { address: BASE, code: &code };
    let site = following(&code, 8, Targets::Absent).unwrap();
    let made = Patch::instead_of_syscall(window, &site, &mut area(), entry()).unwrap();
    let [.., branch, back] = listing(&made, 6)[..] else { panic!() };
    assert_eq!((branch.code(), branch.near_branch_target()), (Code::Js_rel32_64, BASE + 14 + 0x10));
    assert_eq!(back.near_branch_target(), BASE + 14);
    let slot = Slot::decode(made.slot, &made.trampoline).unwrap();
    assert_eq!(slot.resume(BASE + 12), Some(branch.ip()));
    assert_eq!(slot.original(branch.ip()).unwrap().rip, BASE + 12);
}

#[test]
fn a_thread_inside_a_patched_site_goes_on_in_the_trampoline() {
    let mut code = syscall_site(&[0x48, 0x3d, 0x00, 0xf0, 0xff, 0xff]);
    let mut area = area();
    let made = patch(Window { address: BASE, code: &code }, 8, None, &mut area, entry()).unwrap();
    assert!(made.apply(BASE, &mut code));
    assert!(!made.apply(BASE, &mut code), "the old bytes are gone");
    let read = |address: u64, out: &mut [u8]| {
        let (base, bytes) =
            if address < AREA { (BASE, &code[..]) } else { (made.slot, &made.trampoline[..]) };
        let found = bytes.get(address.wrapping_sub(base) as usize..).and_then(|bytes| bytes.get(..out.len()));
        found.map(|found| out.copy_from_slice(found)).is_some()
    };
    let moved = area.resume(BASE + 10, read).unwrap();
    assert_eq!(area.original(moved, read), Some(Original { rip: BASE + 10, rcx: None }));
    for elsewhere in [BASE, BASE + 8, BASE + 9, BASE + 11, BASE + 13, AREA] {
        assert_eq!(area.resume(elsewhere, read), None);
    }
    assert_eq!(area.original(BASE + 8, read), None);
    assert_eq!(area.original(made.slot, |_, _| false), None);
}

#[test]
fn a_change_may_lie_anywhere() {
    for shift in 0..8_u64 {
        let (code, at) = mov_site(&[0x49, 0x89, 0xca], 39);
        let window = Window { address: BASE + shift, code: &code };
        let made = patch(window, at, Some(39), &mut area(), entry()).unwrap();
        let mut applied = code.clone();
        assert!(made.apply(window.address, &mut applied));
        assert_eq!(applied[at - 5..at], made.new);
        assert!(!made.apply(window.address, &mut applied), "it is made once");
    }
}

#[test]
fn an_area_out_of_reach_or_full_is_refused() {
    let (code, at) = mov_site(&[], 39);
    let window = Window { address: BASE, code: &code };
    for base in [BASE + (1 << 31) + 64, BASE - (1 << 31) - AREA_SIZE, 0] {
        let mut area = Trampolines::new(base, AREA_SIZE).unwrap();
        assert_eq!(patch(window, at, None, &mut area, entry()), Err(Reason::Full));
    }
    let mut area = Trampolines::new(AREA, 130).unwrap();
    let first = patch(window, at, None, &mut area, entry()).unwrap();
    assert!(patch(window, at, None, &mut area, entry()).is_ok());
    assert_eq!(patch(window, at, None, &mut area, entry()), Err(Reason::Full));
    area.release(first.slot);
    assert_eq!(patch(window, at, None, &mut area, entry()), Ok(first));
    assert_eq!((Trampolines::new(AREA + 1, AREA_SIZE), Trampolines::new(AREA, 63)), (None, None));
    assert_eq!((Trampolines::new(!63, AREA_SIZE), Entry::new(1 << 31)), (None, None));
}

#[test]
fn an_area_of_the_advised_size_serves_a_whole_library() {
    let mut area = area();
    let code = syscall_site(&[0x48, 0x3d, 0x00, 0xf0, 0xff, 0xff]);
    let mut random = Random(0x0dd0_0dd0_0dd0_0dd1);
    for _ in 0..600 {
        let window = Window { address: AREA - 0x10_0000 + random.next() % 0x10_0000, code: &code };
        assert!(patch(window, 8, None, &mut area, entry()).is_ok());
    }
}

#[test]
fn random_sites_read_back() {
    let mut random = Random(0x5eed_5eed_5eed_5eed);
    for _ in 0..20_000 {
        let mut data: Vec<u8> = (0..96).map(|_| random.byte()).collect();
        data[..17].fill(0);
        data[..8].copy_from_slice(&(BASE + random.next() % 64).to_le_bytes());
        data[8..12].copy_from_slice(&(random.next() as i32 >> 4).to_le_bytes());
        data[16] = 20;
        if random.next() & 1 == 0 {
            data[12] = random.byte();
            let mov = [0xb8, data[12], 0, 0, 0];
            data[32..37].copy_from_slice(&mov);
        }
        data[37..39].copy_from_slice(&[0x0f, 0x05]);
        if random.next() & 1 == 0 {
            data[39] = random.pick(&[0x48, 0x83, 0x85, 0x89, 0x3d, 0xeb, 0x75, 0xc3]);
        }
        fuzz_patch(&data);
        let cut = random.next() as usize % data.len();
        fuzz_patch(&data[..cut]);
    }
}
