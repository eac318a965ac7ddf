//! Signals: `sigaction(2)`, `sigaltstack(2)` and the frame on a handler's stack.
//!
//! The frame's layout is that of `arch/x86/include/uapi/asm/sigcontext.h` and `asm/ucontext.h`.

use litebox_libos::signal::{Detail, Signal, SignalInfo};
use zerocopy::{FromBytes, FromZeros, Immutable, IntoBytes, KnownLayout};

/// The kernel's `struct sigaction`.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of sigaction(2)")]
pub struct SigAction {
    pub handler: u64,
    pub flags: u64,
    pub restorer: u64,
    pub mask: u64,
}

/// `SIG_DFL`.
pub const SIG_DFL: u64 = 0;
/// `SIG_IGN`.
pub const SIG_IGN: u64 = 1;

/// `SA_` flags with the numbers of `asm/signal.h`.
pub const SA_NOCLDSTOP: u64 = 1;
/// Children leave no zombies.
pub const SA_NOCLDWAIT: u64 = 2;
/// The handler takes three arguments.
pub const SA_SIGINFO: u64 = 4;
/// Expose tag bits of fault addresses.
pub const SA_EXPOSE_TAGBITS: u64 = 0x800;
/// A restorer is given.
pub const SA_RESTORER: u64 = 0x0400_0000;
/// Use the alternate stack.
pub const SA_ONSTACK: u64 = 0x0800_0000;
/// Restart interrupted calls.
pub const SA_RESTART: u64 = 0x1000_0000;
/// Do not block the signal in its handler.
pub const SA_NODEFER: u64 = 0x4000_0000;
/// The handler serves once.
pub const SA_RESETHAND: u64 = 0x8000_0000;

/// Add to the mask.
pub const SIG_BLOCK: i32 = 0;
/// Take out of the mask.
pub const SIG_UNBLOCK: i32 = 1;
/// Replace the mask.
pub const SIG_SETMASK: i32 = 2;

/// `stack_t`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of sigaltstack(2)")]
pub struct StackT {
    pub pointer: u64,
    pub flags: u32,
    pub padding: u32,
    pub size: u64,
}

/// The thread runs on the alternate stack.
pub const SS_ONSTACK: u32 = 1;
/// There is no alternate stack.
pub const SS_DISABLE: u32 = 2;
/// The alternate stack is forgotten while a handler runs on it.
pub const SS_AUTODISARM: u32 = 1 << 31;
/// Smallest alternate stack.
pub const MINSIGSTKSZ: u64 = 2048;

/// The kernel's `siginfo_t`.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of sigaction(2)")]
pub struct SigInfo {
    pub signal: i32,
    pub errno: i32,
    pub code: i32,
    /// Four bytes of padding, then the fields that depend on the code.
    pub fields: [u8; 116],
}

/// Sent by `kill(2)`.
pub const SI_USER: i32 = 0;
/// Sent by the kernel.
pub const SI_KERNEL: i32 = 0x80;
/// Sent by a timer.
pub const SI_TIMER: i32 = -2;
/// Sent as a message came to a POSIX queue.
pub const SI_MESGQ: i32 = -3;
/// Sent by `tkill(2)` or `tgkill(2)`.
pub const SI_TKILL: i32 = -6;
/// Integer division by zero.
pub const FPE_INTDIV: i32 = 1;
/// Illegal operand.
pub const ILL_ILLOPN: i32 = 2;
/// Single step.
pub const TRAP_TRACE: i32 = 2;
/// No page at the address.
pub const SEGV_MAPERR: i32 = 1;
/// The page's protection forbids the access.
pub const SEGV_ACCERR: i32 = 2;
/// Misaligned address.
pub const BUS_ADRALN: i32 = 1;
/// No memory behind the address.
pub const BUS_ADRERR: i32 = 2;

impl SigInfo {
    /// Encode what the library OS knows of a signal.
    pub fn new(info: &SignalInfo) -> Self {
        let mut fields = Fields { bytes: [0; 116], at: 4 };
        match info.detail {
            Detail::None => {}
            Detail::Sender { process, user } => {
                fields.put(&process.to_le_bytes());
                fields.put(&user.to_le_bytes());
            }
            Detail::Value { process, user, value } => {
                fields.put(&process.to_le_bytes());
                fields.put(&user.to_le_bytes());
                fields.put(&value.to_le_bytes());
            }
            Detail::Timer { timer, overrun, value } => {
                fields.put(&timer.to_le_bytes());
                fields.put(&overrun.to_le_bytes());
                fields.put(&value.to_le_bytes());
            }
            Detail::Fault { address } => fields.put(&address.to_le_bytes()),
            Detail::Child { process, user, status, user_time, system_time } => {
                fields.put(&process.to_le_bytes());
                fields.put(&user.to_le_bytes());
                fields.put(&status.to_le_bytes());
                fields.put(&[0; 4]);
                fields.put(&user_time.to_le_bytes());
                fields.put(&system_time.to_le_bytes());
            }
            Detail::Raw(bytes) => fields.bytes = bytes,
        }
        Self { signal: i32::from(info.signal.number()), errno: 0, code: info.code, fields: fields.bytes }
    }

    /// A program's own information, sent as `signal`.
    pub fn to_raw(&self, signal: Signal) -> SignalInfo {
        SignalInfo { signal, code: self.code, detail: Detail::Raw(self.fields) }
    }
}

struct Fields {
    bytes: [u8; 116],
    at: usize,
}

impl Fields {
    fn put(&mut self, value: &[u8]) {
        let end = self.at + value.len();
        if let Some(slot) = self.bytes.get_mut(self.at..end) {
            slot.copy_from_slice(value);
        }
        self.at = end;
    }
}

/// `SFD_CLOEXEC`.
pub const SFD_CLOEXEC: i32 = 0x8_0000;
/// `SFD_NONBLOCK`.
pub const SFD_NONBLOCK: i32 = 0x800;

/// `struct signalfd_siginfo`.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of signalfd(2)")]
pub struct SignalfdSiginfo {
    pub signal: u32,
    pub errno: i32,
    pub code: i32,
    pub process: u32,
    pub user: u32,
    pub descriptor: i32,
    pub timer: u32,
    pub band: u32,
    pub overrun: u32,
    pub trap: u32,
    pub status: i32,
    pub integer: i32,
    pub pointer: u64,
    pub user_time: u64,
    pub system_time: u64,
    pub address: u64,
    pub address_bits: u16,
    pub padding: [u8; 46],
}

impl SignalfdSiginfo {
    /// The record of a signal; `encoded` is its `siginfo_t`, where a program's own fields are found.
    pub fn new(encoded: &SigInfo, info: &SignalInfo) -> Self {
        let mut record = Self::new_zeroed();
        record.signal = u32::from(info.signal.number());
        record.code = info.code;
        let word = |at: usize| {
            let bytes = encoded.fields.get(at..at + 4).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok());
            u32::from_le_bytes(bytes.unwrap_or_default())
        };
        let double = |at: usize| u64::from(word(at)) | (u64::from(word(at + 4)) << 32);
        match info.detail {
            Detail::None => {}
            Detail::Fault { address } => record.address = address,
            Detail::Timer { timer, overrun, value } => {
                record.timer = timer.cast_unsigned();
                record.overrun = overrun.cast_unsigned();
                record.pointer = value;
                record.integer = word(12).cast_signed();
            }
            Detail::Child { status, user_time, system_time, .. } => {
                (record.process, record.user) = (word(4), word(8));
                (record.status, record.user_time, record.system_time) = (status, user_time, system_time);
            }
            Detail::Sender { .. } | Detail::Value { .. } | Detail::Raw(_) => {
                (record.process, record.user) = (word(4), word(8));
                (record.integer, record.pointer) = (word(12).cast_signed(), double(12));
            }
        }
        record
    }
}

/// `struct sigcontext`.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are the architecture's own")]
pub struct SigContext {
    pub r8: u64,
    pub r9: u64,
    pub r10: u64,
    pub r11: u64,
    pub r12: u64,
    pub r13: u64,
    pub r14: u64,
    pub r15: u64,
    pub rdi: u64,
    pub rsi: u64,
    pub rbp: u64,
    pub rbx: u64,
    pub rdx: u64,
    pub rax: u64,
    pub rcx: u64,
    pub rsp: u64,
    pub rip: u64,
    pub rflags: u64,
    pub cs: u16,
    pub gs: u16,
    pub fs: u16,
    pub ss: u16,
    pub err: u64,
    pub trapno: u64,
    pub oldmask: u64,
    pub cr2: u64,
    /// Where the vector state is; 0 for none.
    pub fpstate: u64,
    pub reserved: [u64; 8],
}

/// `struct ucontext`.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are those of getcontext(3)")]
pub struct UContext {
    pub flags: u64,
    pub link: u64,
    pub stack: StackT,
    pub context: SigContext,
    pub mask: u64,
}

/// The vector state is in XSAVE format.
pub const UC_FP_XSTATE: u64 = 1;
/// `ss` is saved.
pub const UC_SIGCONTEXT_SS: u64 = 2;
/// `ss` is restored as it stands.
pub const UC_STRICT_RESTORE_SS: u64 = 4;

/// `struct rt_sigframe`: what lies on the stack when a handler starts, from `rsp` up.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are the kernel's")]
pub struct Frame {
    pub restorer: u64,
    pub context: UContext,
    pub info: SigInfo,
}

/// The 64-bit user code segment's selector.
pub const USER_CS: u16 = 0x33;
/// The user data segment's selector.
pub const USER_SS: u16 = 0x2b;

/// `struct _fpx_sw_bytes`: what the kernel leaves in the unused bytes of the legacy area.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
#[expect(missing_docs, reason = "the names are the kernel's")]
pub struct FpxSwBytes {
    pub magic1: u32,
    pub extended_size: u32,
    pub xfeatures: u64,
    pub xstate_size: u32,
    pub padding: [u32; 7],
}

/// Where [`FpxSwBytes`] lies in the vector state.
pub const FPX_SW_OFFSET: usize = 464;
/// First magic number.
pub const FP_XSTATE_MAGIC1: u32 = 0x4650_5853;
/// Second magic number, right after the vector state.
pub const FP_XSTATE_MAGIC2: u32 = 0x4650_5845;
/// Bytes below `rsp` that belong to the interrupted function (System V ABI for x86-64, section 3.2.2).
pub const RED_ZONE: u64 = 128;

/// `RFLAGS`: bits that a program may set by `rt_sigreturn(2)` (`FIX_EFLAGS`).
pub const USER_FLAGS: u64 = 0x5_0dd5;
/// `RFLAGS`: TF, DF and RF, clear when a handler starts.
pub const CLEARED_FLAGS: u64 = 0x1_0500;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_are_the_kernels() {
        assert_eq!(size_of::<SigInfo>(), 128);
        assert_eq!(size_of::<SigContext>(), 256);
        assert_eq!(size_of::<UContext>(), 304);
        assert_eq!(size_of::<SignalfdSiginfo>(), 128);
        assert_eq!(size_of::<Frame>(), 440);
        assert_eq!(size_of::<FpxSwBytes>(), 48);
        assert_eq!(core::mem::offset_of!(SigContext, cr2), 176);
    }
}
