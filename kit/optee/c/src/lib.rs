//! What a TA in C is linked with: the kit, and the panic handler that a TA in Rust has of its own.
#![no_std]
#![forbid(unsafe_code)]

#[cfg(not(test))]
mod panic;
