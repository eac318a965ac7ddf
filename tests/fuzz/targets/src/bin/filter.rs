//! The body `filter`.
#![no_main]
litebox_fuzz_targets::target!("filter");
