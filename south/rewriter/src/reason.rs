//! Why a `syscall` instruction keeps trapping.

/// Why a site is not patched. Every one of them is harmless: the site goes on trapping and is served by the
/// slow path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// The window of code is too short to tell, or does not hold a `syscall` where it was said to be.
    Window,
    /// The five bytes before the `syscall` are not `mov $imm32, %eax`.
    NotMov,
    /// A prefix byte stands before the `b8`, so the instruction is not `mov $imm32, %eax`.
    Prefix,
    /// The five bytes may be the tail of a longer instruction (a displacement, or a 64-bit immediate).
    LookAlike,
    /// The immediate is larger than any system call number.
    Number,
    /// The value of rax at the trap is not the immediate: the `syscall` was reached some other way.
    RaxDiffers,
    /// An instruction after the `syscall` is not in the whitelist of instructions that may move.
    Instruction,
    /// An instruction after the `syscall` starts inside the replaced bytes, and nothing proves that no jump
    /// or interrupted thread arrives there.
    Interior,
    /// Control flow ends inside the replaced bytes, and what follows is not padding.
    NotPadding,
    /// A jump is known to arrive inside the replaced bytes.
    JumpTarget,
    /// The function jumps through a register or table, so the jump targets inside it are not all known.
    IndirectJump,
    /// No decoding from a known boundary reached the bytes.
    Undecoded,
    /// Something that must be within 2 GiB of the trampoline is not.
    Reach,
    /// The trampoline area has no free slot that fits.
    Full,
}

impl Reason {
    /// A short name for reports, such as `jump-target`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Window => "window",
            Self::NotMov => "not-mov",
            Self::Prefix => "prefix",
            Self::LookAlike => "look-alike",
            Self::Number => "number",
            Self::RaxDiffers => "rax-differs",
            Self::Instruction => "instruction",
            Self::Interior => "interior",
            Self::NotPadding => "not-padding",
            Self::JumpTarget => "jump-target",
            Self::IndirectJump => "indirect-jump",
            Self::Undecoded => "undecoded",
            Self::Reach => "reach",
            Self::Full => "full",
        }
    }
}
