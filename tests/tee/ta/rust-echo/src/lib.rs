//! Gives back what it is given, and counts: `echo.c` in Rust.
#![no_std]
#![forbid(unsafe_code)]

mod application;
