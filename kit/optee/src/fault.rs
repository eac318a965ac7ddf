//! The ends of a TA: a panic with a code, a smashed stack, a Rust panic.
#![expect(unsafe_code, reason = "functions that C names, and the call that ends the TA")]

use crate::error::{Error, Result, check};
use crate::svc;

/// Ends the TA: this entry never returns, and its clients get `TEE_ERROR_TARGET_DEAD`.
///
/// TEE Internal Core API 1.3.1, section 4.8.1.
pub fn panic(code: u32) -> ! {
    loop {
        // SAFETY: the call has no pointer. It does not return; the loop says so to the compiler.
        unsafe { svc::panic(code) };
    }
}

/// Ends the TA because a function was used against the specification.
pub(crate) fn misuse() -> ! {
    panic(Error::BAD_PARAMETERS.0)
}

/// Passes on success and the errors that the specification names for a function; any other ends the TA.
///
/// # Errors
/// One of `named`.
pub(crate) fn pass(result: u32, named: &[Error]) -> Result<()> {
    let result = check(result);
    match result {
        Err(error) if !named.contains(&error) => panic(error.0),
        _ => result,
    }
}

/// As [`pass`], for calls whose every error ends the TA.
pub(crate) fn succeed(result: u32) {
    if let Err(error) = check(result) {
        panic(error.0);
    }
}

/// As [`panic`], for C.
#[unsafe(no_mangle)]
extern "C" fn TEE_Panic(code: u32) -> ! {
    panic(code)
}

/// Where code compiled with `-fstack-protector` goes when the canary at `fs:0x28` and its copy differ.
#[cfg(not(test))]
#[unsafe(no_mangle)]
extern "C" fn __stack_chk_fail() -> ! {
    crate::trace::line(crate::trace::Level::Error, format_args!("stack smashed"));
    panic(Error::SECURITY.0)
}

/// Where a Rust panic ends: a line in the log, then the end of the TA. For the panic handler of an image.
pub fn on_panic(information: &core::panic::PanicInfo<'_>) -> ! {
    crate::trace::line(crate::trace::Level::Error, format_args!("{information}"));
    panic(Error::GENERIC.0)
}

/// Unwinding tables of the precompiled core name it. Nothing unwinds here.
#[cfg(not(test))]
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() -> ! {
    panic(Error::GENERIC.0)
}
