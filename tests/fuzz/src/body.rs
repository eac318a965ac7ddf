//! The list of bodies.

use crate::{applications, filter, mutate, syscalls, user};

/// Something that must hold whatever the bytes.
#[derive(Clone, Copy, Debug)]
pub struct Body {
    /// Its name, and that of its folder in the corpus.
    pub name: &'static str,
    /// Try one input.
    ///
    /// # Panics
    /// On a bug.
    pub run: fn(&[u8]),
    /// Inputs to begin with where the corpus has none.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All bodies.
pub const BODIES: &[Body] = &[
    Body {
        name: "elf",
        run: |data| {
            litebox_north_linux::loader::fuzz_elf(data);
        },
        seeds: mutate::programs,
    },
    Body { name: "application", run: applications::fuzz_file, seeds: applications::files },
    Body { name: "request", run: litebox_broker_protocol::fuzz_request, seeds: mutate::messages },
    Body { name: "reply", run: litebox_broker_protocol::fuzz_reply, seeds: mutate::messages },
    Body { name: "start", run: litebox_broker_protocol::fuzz_start, seeds: mutate::starts },
    Body { name: "patch", run: litebox_rewriter::fuzz_patch, seeds: mutate::code },
    Body { name: "plan", run: litebox_rewriter_plan::fuzz_plan, seeds: mutate::programs },
    Body { name: "filter", run: filter::fuzz_filter, seeds: mutate::nothing },
    Body { name: "syscalls", run: syscalls::fuzz_syscalls, seeds: syscalls::every_row },
    Body { name: "tee", run: applications::fuzz_calls, seeds: applications::every_call },
    Body { name: "user", run: user::fuzz_user, seeds: mutate::nothing },
];

/// The body with this name.
#[must_use]
pub fn body(name: &str) -> Option<&'static Body> {
    BODIES.iter().find(|body| body.name == name)
}
