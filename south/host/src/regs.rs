//! The general registers of a guest thread on x86-64.

/// Everything a guest thread holds in general registers while the library OS runs on its behalf.
///
/// The layout is part of the contract with each host's entry code, which fills it in assembly. Vector state and
/// the thread pointer stay in the processor, or wherever the host keeps them; see [`crate::thread`].
#[repr(C)]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the architecture's own (Intel SDM volume 1, section 3.4)")]
pub struct Registers {
    pub rax: u64,
    pub rbx: u64,
    pub rcx: u64,
    pub rdx: u64,
    pub rsi: u64,
    pub rdi: u64,
    pub rbp: u64,
    pub rsp: u64,
    pub r8: u64,
    pub r9: u64,
    pub r10: u64,
    pub r11: u64,
    pub r12: u64,
    pub r13: u64,
    pub r14: u64,
    pub r15: u64,
    pub rip: u64,
    pub rflags: u64,
}
