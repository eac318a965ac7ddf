//! The body `plan`.
#![no_main]
litebox_fuzz_targets::target!("plan");
