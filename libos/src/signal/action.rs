//! What a process does at a signal.

use super::{DefaultAction, Signal, SignalSet};

bitflags::bitflags! {
    /// How a handler is called (`sigaction(2)`).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
    pub struct ActionFlags: u32 {
        /// No signal when children stop.
        const NO_CHILD_STOP = 1;
        /// Children leave no zombies.
        const NO_CHILD_WAIT = 2;
        /// The handler runs on the alternate stack.
        const ON_STACK = 4;
        /// Interrupted calls are started again.
        const RESTART = 8;
        /// The signal is not blocked while its handler runs.
        const NO_DEFER = 16;
        /// The handler serves once.
        const RESET_HANDLER = 32;
        /// The handler takes three arguments.
        const INFORMATION = 64;
        /// A restorer is given.
        const RESTORER = 128;
        /// Expose the unmodified fault address bits.
        const EXPOSE_TAG_BITS = 256;
    }
}

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Disposition {
    /// [`Signal::default_action`].
    #[default]
    Default,
    /// Nothing.
    Ignore,
    /// The handler at a guest address runs.
    Handler(u64),
}

/// What a process does at one signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Action {
    /// What happens.
    pub disposition: Disposition,
    /// How a handler is called.
    pub flags: ActionFlags,
    /// Signals blocked while the handler runs.
    pub mask: SignalSet,
    /// The guest address that a handler returns to.
    pub restorer: u64,
}

impl Action {
    /// Whether `signal` has no effect.
    pub fn ignores(&self, signal: Signal) -> bool {
        match self.disposition {
            Disposition::Ignore => true,
            Disposition::Default => signal.default_action() == DefaultAction::Ignore,
            Disposition::Handler(_) => false,
        }
    }
}
