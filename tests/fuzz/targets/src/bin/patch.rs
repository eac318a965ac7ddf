//! The body `patch`.
#![no_main]
litebox_fuzz_targets::target!("patch");
