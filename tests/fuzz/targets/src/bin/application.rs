//! The body `application`.
#![no_main]
litebox_fuzz_targets::target!("application");
