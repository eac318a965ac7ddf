//! Runs patched code: the machine, not a decoder, says whether a trampoline behaves like a `syscall`.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use litebox_rewriter::{AREA_SIZE, Entry, Patch, Targets, Trampolines, Window, following, patch};
use std::arch::asm;
use std::ffi::c_void;
use std::sync::Mutex;

const CODE_SIZE: usize = 0x1000;
const MAPPING: usize = 2 * CODE_SIZE + AREA_SIZE as usize;
const SIGILL: i32 = 4;

/// Stands in for the library OS: answers rax + 0x1000 and returns to rcx. It destroys r11, as it may.
const FAKE_ENTRY: [u8; 12] = [0x48, 0x05, 0x00, 0x10, 0x00, 0x00, 0x4d, 0x31, 0xdb, 0xff, 0xe1, 0xcc];

unsafe extern "C" {
    fn mmap(
        address: *mut c_void,
        length: usize,
        protection: i32,
        flags: i32,
        file: i32,
        offset: i64,
    ) -> *mut c_void;
    fn signal(number: i32, handler: usize) -> usize;
}

/// What the word that the trampolines read through gs holds: the entry's address.
type Block = Box<[u64; 4]>;

/// A page of code, a page for the entry, an area of trampolines; all writable and executable.
struct Machine {
    base: u64,
    area: Trampolines,
    _block: Block,
}

/// The area that the handler of SIGILL resumes in.
static RESUMING: Mutex<Option<Trampolines>> = Mutex::new(None);

impl Machine {
    fn new() -> Self {
        // SAFETY: an anonymous mapping at an address that the kernel chooses replaces nothing.
        let base = unsafe { mmap(std::ptr::null_mut(), MAPPING, 7, 0x22, -1, 0) } as u64;
        assert!(base.is_multiple_of(0x1000), "mmap of a writable and executable page");
        let area = Trampolines::new(base + 2 * CODE_SIZE as u64, AREA_SIZE).expect("an aligned area");
        let block: Block = Box::new([0, 0, base + CODE_SIZE as u64, 0]);
        write(base + CODE_SIZE as u64, &FAKE_ENTRY);
        // SAFETY: arch_prctl(ARCH_SET_GS) changes this thread's gs base, which nothing else on x86-64 Linux uses;
        // the block lives as long as the machine.
        unsafe {
            asm!("syscall", inout("rax") 158_u64 => _, in("rdi") 0x1001, in("rsi") block.as_ptr(),
                lateout("rcx") _, lateout("r11") _, options(nostack));
        }
        Self { base, area, _block: block }
    }

    fn entry() -> Entry {
        Entry::new(0x10).expect("a small offset")
    }

    /// Writes `code` at the start of the page, patches its `syscall`, and returns the patch.
    fn patched(
        &mut self,
        code: &[u8],
        make: impl FnOnce(Window<'_>, usize, &mut Trampolines) -> Patch,
    ) -> Patch {
        let mut page = code.to_vec();
        page.resize(code.len() + 16, 0x90);
        let at = page.windows(2).position(|pair| pair == [0x0f, 0x05]).expect("a syscall");
        let made = make(Window { address: self.base, code: &page }, at, &mut self.area);
        assert!(made.apply(self.base, &mut page));
        write(made.slot, &made.trampoline);
        write(self.base, &page);
        made
    }

    /// Calls the code at `offset` in the page.
    fn call(&self, offset: u64) -> u64 {
        let address = std::ptr::with_exposed_provenance::<()>((self.base + offset) as usize);
        // SAFETY: the page holds a function of ours that takes nothing, returns in rax and keeps what C keeps.
        let function: extern "C" fn() -> u64 = unsafe { std::mem::transmute(address) };
        function()
    }
}

fn write(address: u64, bytes: &[u8]) {
    let to = std::ptr::with_exposed_provenance_mut::<u8>(address as usize);
    // SAFETY: every address written lies in a machine's mapping, which is writable and never unmapped.
    unsafe { to.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
}

fn read(address: u64, out: &mut [u8]) -> bool {
    let from = std::ptr::with_exposed_provenance::<u8>(address as usize);
    // SAFETY: the tests read addresses in a machine's mapping only.
    unsafe { from.copy_to_nonoverlapping(out.as_mut_ptr(), out.len()) };
    true
}

fn either(window: Window<'_>, at: usize, area: &mut Trampolines) -> Patch {
    patch(window, at, None, area, Machine::entry()).expect("a site that can be patched")
}

#[test]
fn a_patched_mov_enters() {
    let mut machine = Machine::new();
    // lea -8(%rsp), %rdx; movq $0x77, (%rdx); mov $39, %eax; syscall; add (%rdx), %rax; ret
    let code = [
        &[0x48, 0x8d, 0x54, 0x24, 0xf8, 0x48, 0xc7, 0x02, 0x77, 0, 0, 0][..],
        &[0xb8, 0x27, 0, 0, 0, 0x0f, 0x05, 0x48, 0x03, 0x02, 0xc3],
    ]
    .concat();
    let made = machine.patched(&code, either);
    assert_eq!(made.site, machine.base + 12);
    assert_eq!(machine.call(0), 39 + 0x1000 + 0x77, "the red zone below the stack pointer is the program's");
}

#[test]
fn a_patched_syscall_returns_with_the_usual_rcx() {
    let mut machine = Machine::new();
    // xor %eax, %eax; syscall; mov %rcx, %rax; ret
    let made = machine.patched(&[0x31, 0xc0, 0x0f, 0x05, 0x48, 0x89, 0xc8, 0xc3], either);
    assert_eq!((made.site, machine.call(0)), (machine.base + 2, machine.base + 4));
}

#[test]
fn flags_pass_through_a_patched_syscall() {
    let mut machine = Machine::new();
    // xor %eax, %eax; syscall; mov $7, %edx; sete %al; movzbl %al, %eax; ret. The zero flag that is read is the one
    // that the entry's own xor left: neither the way back nor the moved instruction changed it.
    let code = [0x31, 0xc0, 0x0f, 0x05, 0xba, 7, 0, 0, 0, 0x0f, 0x94, 0xc0, 0x0f, 0xb6, 0xc0, 0xc3];
    machine.patched(&code, either);
    assert_eq!(machine.call(0), 1);
}

#[test]
fn moved_jumps_and_operands_work() {
    let mut machine = Machine::new();
    // xor %eax, %eax; syscall; test %eax, %eax; jne +6; mov $1, %eax; ret; mov $2, %eax; ret
    let code = [
        &[0x31, 0xc0, 0x0f, 0x05, 0x85, 0xc0, 0x75, 0x06][..],
        &[0xb8, 1, 0, 0, 0, 0xc3, 0xb8, 2, 0, 0, 0, 0xc3],
    ]
    .concat();
    machine.patched(&code, |window, at, area| {
        let site = following(window.code, at, Targets::Absent).unwrap();
        Patch::instead_of_syscall(window, &site, area, Machine::entry()).unwrap()
    });
    assert_eq!(machine.call(0), 2);
    // xor %eax, %eax; syscall; mov 1(%rip), %eax; ret; the number 0x55
    let code = [0x31, 0xc0, 0x0f, 0x05, 0x8b, 0x05, 1, 0, 0, 0, 0xc3, 0x55, 0, 0, 0];
    machine.patched(&code, either);
    assert_eq!(machine.call(0), 0x55);
}

/// Goes on in the trampoline when the program jumped into the bytes that a patch replaced.
extern "C" fn resume(_signal: i32, _info: *const c_void, context: *mut u64) {
    // The instruction pointer is general register 16 of a ucontext, whose registers start at byte 40.
    const RIP: usize = 40 / 8 + 16;
    let place = context.wrapping_add(RIP);
    // SAFETY: the kernel passes every handler a context on its frame, which is ours until we return, and the register
    // lies inside it.
    let rip = unsafe { &mut *place };
    let area = RESUMING.lock().expect("no test panics with it");
    *rip = area.as_ref().and_then(|area| area.resume(*rip, read)).expect("an address inside a patched site");
}

#[test]
fn a_jump_into_a_patched_site_traps_and_goes_on() {
    let mut machine = Machine::new();
    // xor %eax, %eax; syscall; cmp $-4096, %rax; ret
    let code = [0x31, 0xc0, 0x0f, 0x05, 0x48, 0x3d, 0x00, 0xf0, 0xff, 0xff, 0xc3];
    machine.patched(&code, either);
    assert_eq!(machine.call(0), 0x1000);
    *RESUMING.lock().unwrap() = Some(machine.area.clone());
    let handler: extern "C" fn(i32, *const c_void, *mut u64) = resume;
    // SAFETY: the handler only reads the machine's memory and changes the interrupted instruction pointer.
    unsafe { signal(SIGILL, handler as usize) };
    // The address after the `syscall`, as a thread finds it that was waiting in the call when the patch came.
    machine.call(4);
}
