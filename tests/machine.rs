//! Runs `guest/<noun>/<name>.c`, each natively first and then on a machine of its own, under QEMU.
//!
//! `cargo test -p litebox-tests --test machine -- memory` runs one noun. `LITEBOX_TEST_NATIVE_ONLY=1` stops after the
//! native half, `LITEBOX_MACHINE=PATH` boots that kernel instead of building one, and `LITEBOX_FLAGS=--trace` lets it
//! log every system call.

use std::process::ExitCode;

use litebox_tests::{Place, South, guest_programs};

fn main() -> ExitCode {
    guest_programs(Place::new(env!("CARGO_MANIFEST_DIR"), env!("CARGO_TARGET_TMPDIR")), South::Machine)
}
