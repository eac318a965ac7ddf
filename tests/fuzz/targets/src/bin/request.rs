//! The body `request`.
#![no_main]
litebox_fuzz_targets::target!("request");
