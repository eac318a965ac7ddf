//! The thread block: the last page of a thread's region, behind the GS base while library-OS or guest code runs.

use core::cell::{Cell, UnsafeCell};
use core::mem::offset_of;

use litebox_host::regs::Registers;
use litebox_host::shim::{Action, Fault};
use litebox_host::sync::AtomicU32;

use super::entry::{Frame, Vectors};
use crate::process::HostProcess;

/// What the handlers and the entry code find through GS or by masking their stack pointer. Only its own thread
/// uses it, in guest, handler and library-OS context; so its fields are cells.
#[repr(C)]
pub(crate) struct ThreadBlock {
    /// The block's own address, to turn GS into a pointer.
    pub(crate) itself: Cell<*const ThreadBlock>,
    /// Where the library OS's stack starts.
    pub(crate) stack_top: Cell<usize>,
    /// The guest's stack pointer on its way into or out of a frame.
    pub(crate) user_stack: Cell<usize>,
    /// Address of the common entry: rewritten sites jump through this slot.
    pub(crate) entry: Cell<usize>,
    /// The guest's next instruction on its way out of a frame.
    pub(crate) resume: Cell<usize>,
    /// Called by the entry code with a system call.
    pub(crate) on_syscall: Cell<usize>,
    /// Called by the entry code with a fault or a kick.
    pub(crate) on_event: Cell<usize>,
    /// Not 0: a kick came; the thread calls up before it runs guest code.
    pub(crate) kicked: AtomicU32,
    /// The guest steps its own code, and the exit's own last steps trapped: the next trap is of its jump.
    pub(crate) stepping: Cell<bool>,
    /// The guest stepped into the common entry, which has to save its flags with the trap flag set.
    pub(crate) entered_stepping: Cell<bool>,
    /// The thread is a new process's first: what the entry code first calls up for is its beginning.
    pub(crate) begins: Cell<bool>,
    /// What the entry code calls up for: an [`Event`] as a number.
    pub(crate) event: Cell<u32>,
    /// The call being served trapped: address of its instruction, and `rax` as it was.
    pub(crate) trapped: Cell<Option<(usize, u64)>>,
    /// The fault behind [`Event::Fault`].
    pub(crate) fault: Cell<Option<Fault>>,
    /// The shim, a `Box` turned into a pointer; its type is known to the functions in `calls`.
    pub(crate) shim: Cell<*mut ()>,
    /// The functions that know the shim's type.
    pub(crate) calls: Cell<Option<ShimCalls>>,
    /// The host process this thread belongs to, in the arena.
    pub(crate) process: Cell<*const HostProcess>,
    /// Index of the thread's region.
    pub(crate) slot: Cell<usize>,
    /// FS base that a new thread starts with.
    pub(crate) thread_pointer: Cell<u64>,
    /// What the thread runs instead of guest code, if it is one of ours.
    pub(crate) service: Cell<Option<fn(&ThreadBlock) -> !>>,
    /// Room for one XSAVE area, beyond the fields.
    pub(crate) extended: UnsafeCell<ExtendedState>,
}

/// An XSAVE area, large enough for AVX-512 and AMX's control state (not its 8 KiB of tiles).
#[repr(C, align(64))]
pub(crate) struct ExtendedState(pub(crate) [u8; EXTENDED_SIZE]);

/// Bytes of [`ExtendedState`].
pub(crate) const EXTENDED_SIZE: usize = 3072;

/// Why the entry code calls up, when it is not for a system call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Event {
    /// A kick.
    Interrupt = 0,
    /// An exception of guest code.
    Fault = 1,
}

/// A shim's methods with its type erased.
#[derive(Clone, Copy)]
pub(crate) struct ShimCalls {
    pub(crate) begin: unsafe fn(*mut (), &mut Registers) -> Action,
    pub(crate) syscall: unsafe fn(*mut (), &mut Registers) -> Action,
    pub(crate) fault: unsafe fn(*mut (), &Fault, &mut Registers) -> Action,
    pub(crate) interrupt: unsafe fn(*mut (), &mut Registers) -> Action,
    pub(crate) end: unsafe fn(*mut ()),
}

pub(crate) const SELF: usize = offset_of!(ThreadBlock, itself);
pub(crate) const STACK_TOP: usize = offset_of!(ThreadBlock, stack_top);
pub(crate) const USER_STACK: usize = offset_of!(ThreadBlock, user_stack);
pub(crate) const RESUME: usize = offset_of!(ThreadBlock, resume);
pub(crate) const ON_SYSCALL: usize = offset_of!(ThreadBlock, on_syscall);
pub(crate) const ON_EVENT: usize = offset_of!(ThreadBlock, on_event);
pub(crate) const KICKED: usize = offset_of!(ThreadBlock, kicked);

/// GS-relative slot through which a rewritten site reaches the common entry.
pub(crate) const ENTRY: usize = offset_of!(ThreadBlock, entry);

const _: () = assert!(size_of::<ThreadBlock>() <= crate::region::BLOCK_SIZE);

impl ThreadBlock {
    /// The frame at the start of the library OS's stack: the guest's registers while the library OS runs.
    pub(crate) fn frame(&self) -> *mut Frame {
        core::ptr::with_exposed_provenance_mut(self.stack_top.get() - size_of::<Frame>())
    }

    /// The general registers in the frame.
    pub(crate) fn registers(&self) -> *mut Registers {
        self.frame().wrapping_byte_add(offset_of!(Frame, registers)).cast()
    }

    /// The vector registers in the frame.
    pub(crate) fn vectors(&self) -> *mut Vectors {
        self.frame().wrapping_byte_add(offset_of!(Frame, vectors)).cast()
    }
}
