//! The body `elf`.
#![no_main]
litebox_fuzz_targets::target!("elf");
