//! The body `start`.
#![no_main]
litebox_fuzz_targets::target!("start");
