//! Where the kernel enters a TA, and where the TA leaves.
#![expect(unsafe_code, reason = "the way in is machine code, and the way out is a call")]

use crate::abi::CallParameters;
use crate::error::{Error, Result, number};
use crate::foreign::{self, Linked};
use crate::parameters::Arguments;
use crate::session::Sessions;
use crate::svc;

/// What an entry is for.
mod function {
    pub(super) const OPEN: u32 = 0;
    pub(super) const CLOSE: u32 = 1;
    pub(super) const INVOKE: u32 = 2;
}

static SESSIONS: Sessions = Sessions::new();

/// The entry of the image: rdi what for, rsi session, rdx parameters, rcx command, on a fresh stack.
///
/// The stack is aligned here, whatever the kernel made of it.
#[unsafe(naked)]
#[unsafe(no_mangle)]
extern "C" fn __ta_entry() -> ! {
    core::arch::naked_asm!("xor ebp, ebp", "and rsp, -16", "call {enter}", "ud2", enter = sym enter)
}

/// Serves one entry and leaves.
///
/// # Safety
/// `parameters` points to parameters that nothing else uses until the entry is left.
unsafe extern "C" fn enter(function: u32, session: u32, parameters: *mut CallParameters, command: u32) -> ! {
    // SAFETY: the kernel put parameters there for this entry, zeroed where there are none.
    let parameters = unsafe { &mut *parameters };
    let mut arguments = Arguments::from_call(parameters);
    let result = serve(function, session, command, &mut arguments);
    arguments.write_outputs(parameters);
    loop {
        // SAFETY: the call has no pointer. It does not return; the loop says so to the compiler.
        unsafe { svc::leave(number(result)) };
    }
}

fn serve(function: u32, session: u32, command: u32, arguments: &mut Arguments) -> Result<()> {
    match function {
        function::OPEN => SESSIONS.open(&Linked, foreign::idle(), session, arguments),
        function::CLOSE => SESSIONS.close(&Linked, foreign::idle(), session),
        function::INVOKE => SESSIONS.invoke(&Linked, session, command, arguments),
        _ => Err(Error::NOT_SUPPORTED),
    }
}
