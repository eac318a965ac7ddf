//! The bodies of `litebox-fuzz` as targets of libFuzzer, for `cargo xtask fuzz`: each a program of one line, named as its
//! body.

mod target;

#[doc(hidden)]
pub use {libfuzzer_sys, litebox_fuzz};
