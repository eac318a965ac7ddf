//! The body `user`.
#![no_main]
litebox_fuzz_targets::target!("user");
