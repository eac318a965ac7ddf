//! Ciphers, digests and codes with all inputs from the client: `crypto.c` in Rust.
#![no_std]
#![forbid(unsafe_code)]

mod application;
