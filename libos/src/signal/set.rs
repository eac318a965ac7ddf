//! Sets of signals.

use super::Signal;

/// A set of signals; bit n-1 stands for signal n.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SignalSet(u64);

impl SignalSet {
    /// No signal.
    pub const EMPTY: Self = Self(0);
    /// Every signal.
    pub const ALL: Self = Self(u64::MAX);
    /// Those that can be neither blocked nor caught.
    pub const UNSTOPPABLE: Self = Self::of(&[Signal::SIGKILL, Signal::SIGSTOP]);
    /// Those that stop a process unless caught.
    pub const STOPPING: Self =
        Self::of(&[Signal::SIGSTOP, Signal::SIGTSTP, Signal::SIGTTIN, Signal::SIGTTOU]);
    /// Those raised by the thread's own instructions: they are taken first.
    pub const SYNCHRONOUS: Self = Self::of(&[
        Signal::SIGSEGV,
        Signal::SIGBUS,
        Signal::SIGILL,
        Signal::SIGTRAP,
        Signal::SIGFPE,
        Signal::SIGSYS,
    ]);

    /// The set with these bits.
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// The bits.
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// The set of these signals.
    pub const fn of(mut signals: &[Signal]) -> Self {
        let mut bits = 0;
        while let Some((first, rest)) = signals.split_first() {
            bits |= Self::bit(*first);
            signals = rest;
        }
        Self(bits)
    }

    const fn bit(signal: Signal) -> u64 {
        1 << (signal.number() - 1)
    }

    /// Whether the set has no signal.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether `signal` is in the set.
    pub const fn contains(self, signal: Signal) -> bool {
        self.0 & Self::bit(signal) != 0
    }

    /// Put `signal` in.
    pub const fn insert(&mut self, signal: Signal) {
        self.0 |= Self::bit(signal);
    }

    /// Take `signal` out.
    pub const fn remove(&mut self, signal: Signal) {
        self.0 &= !Self::bit(signal);
    }

    /// What is in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in this and not in `other`.
    #[must_use]
    pub const fn difference(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The signal to take first: a synchronous one, else the lowest number.
    pub fn first(self) -> Option<Signal> {
        let urgent = self.intersection(Self::SYNCHRONOUS);
        let from = if urgent.is_empty() { self } else { urgent };
        Signal::new(i32::try_from(from.0.trailing_zeros()).ok()? + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn synchronous_signals_come_first_then_the_lowest() {
        let set = SignalSet::of(&[Signal::SIGHUP, Signal::SIGSEGV, Signal::SIGUSR1]);
        assert_eq!(set.first(), Some(Signal::SIGSEGV));
        assert_eq!(set.difference(SignalSet::SYNCHRONOUS).first(), Some(Signal::SIGHUP));
        assert_eq!(SignalSet::EMPTY.first(), None);
        assert_eq!(SignalSet::from_bits(1 << 63).first().map(Signal::number), Some(64));
    }
}
