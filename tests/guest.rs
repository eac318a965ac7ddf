//! Runs `guest/<noun>/<name>.c`, each natively first and then in the sandbox.
//!
//! `cargo test -p litebox-tests --test guest -- memory` runs one noun. `LITEBOX_TEST_NATIVE_ONLY=1` stops
//! after the native half; `LITEBOX_FLAGS=--no-rewrite` adds options to `litebox run`.

use std::process::ExitCode;

use litebox_tests::{Place, South, guest_programs};

fn main() -> ExitCode {
    guest_programs(Place::new(env!("CARGO_MANIFEST_DIR"), env!("CARGO_TARGET_TMPDIR")), South::User)
}
