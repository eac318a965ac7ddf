//! The kernel's signal frame on x86-64 (`<asm/sigcontext.h>`, `<asm/ucontext.h>`, `<asm/siginfo.h>`).

use litebox_host::regs::Registers;

/// `struct ucontext`, as far as handlers need it.
#[repr(C)]
pub(crate) struct Context {
    flags: u64,
    link: u64,
    stack: [u64; 3],
    pub(crate) registers: MachineContext,
}

/// `struct sigcontext`.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct MachineContext {
    pub(crate) r8: u64,
    pub(crate) r9: u64,
    pub(crate) r10: u64,
    pub(crate) r11: u64,
    pub(crate) r12: u64,
    pub(crate) r13: u64,
    pub(crate) r14: u64,
    pub(crate) r15: u64,
    pub(crate) rdi: u64,
    pub(crate) rsi: u64,
    pub(crate) rbp: u64,
    pub(crate) rbx: u64,
    pub(crate) rdx: u64,
    pub(crate) rax: u64,
    pub(crate) rcx: u64,
    pub(crate) rsp: u64,
    pub(crate) rip: u64,
    pub(crate) rflags: u64,
    pub(crate) segments: [u16; 4],
    pub(crate) error_code: u64,
    pub(crate) trap_number: u64,
    pub(crate) old_mask: u64,
    pub(crate) fault_address: u64,
}

/// `struct siginfo`, as far as handlers need it.
#[repr(C)]
pub(crate) struct SignalInformation {
    pub(crate) number: i32,
    pub(crate) errno: i32,
    pub(crate) code: i32,
    padding: i32,
    /// SIGSYS: address of the call. Other faults: the address at fault.
    pub(crate) address: u64,
    /// SIGSYS: number of the call.
    pub(crate) syscall: i32,
    /// SIGSYS: the call's architecture, `AUDIT_ARCH_…`.
    pub(crate) architecture: u32,
}

impl MachineContext {
    /// The code segment, which says how wide the interrupted code is.
    pub(crate) fn code_segment(&self) -> u16 {
        let [code, ..] = self.segments;
        code
    }

    /// The interrupted general registers.
    pub(crate) fn to_registers(self) -> Registers {
        Registers {
            rax: self.rax,
            rbx: self.rbx,
            rcx: self.rcx,
            rdx: self.rdx,
            rsi: self.rsi,
            rdi: self.rdi,
            rbp: self.rbp,
            rsp: self.rsp,
            r8: self.r8,
            r9: self.r9,
            r10: self.r10,
            r11: self.r11,
            r12: self.r12,
            r13: self.r13,
            r14: self.r14,
            r15: self.r15,
            rip: self.rip,
            rflags: self.rflags,
        }
    }
}
