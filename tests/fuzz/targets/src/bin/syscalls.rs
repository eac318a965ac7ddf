//! The body `syscalls`.
#![no_main]
litebox_fuzz_targets::target!("syscalls");
