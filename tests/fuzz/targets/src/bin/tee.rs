//! The body `tee`.
#![no_main]
litebox_fuzz_targets::target!("tee");
