//! The body `reply`.
#![no_main]
litebox_fuzz_targets::target!("reply");
