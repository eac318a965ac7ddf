//! The caller's terminal, which gives keys as they are while a sandbox runs.

use rustix::fd::OwnedFd;
use rustix::process::Pid;
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetpgrp, tcsetattr};
use std::sync::atomic::{AtomicBool, Ordering};

/// A terminal with the settings that it had. They are put back when this is dropped.
pub(super) struct RawTerminal {
    descriptor: OwnedFd,
    original: Termios,
    /// This process's job.
    ours: Pid,
    is_raw: AtomicBool,
}

impl RawTerminal {
    /// The terminal behind `descriptor`, if there is one.
    pub(super) fn of(descriptor: &OwnedFd) -> rustix::io::Result<Option<Self>> {
        let Ok(original) = tcgetattr(descriptor) else { return Ok(None) };
        let descriptor = rustix::io::fcntl_dupfd_cloexec(descriptor, 0)?;
        let ours = rustix::process::getpgrp();
        Ok(Some(Self { descriptor, original, ours, is_raw: AtomicBool::new(false) }))
    }

    /// Whether this process's job has the foreground, or none that this process could know of.
    pub(super) fn is_ours(&self) -> bool {
        tcgetpgrp(&self.descriptor).map_or(true, |foreground| foreground == self.ours)
    }

    /// Keys as they are, and nothing shown that was not written.
    pub(super) fn make_raw(&self) {
        let mut settings = self.original.clone();
        settings.make_raw();
        self.is_raw.store(true, Ordering::Release);
        // A terminal that has hung up needs no settings.
        let _ = tcsetattr(&self.descriptor, OptionalActions::Now, &settings);
    }

    /// The settings that it had.
    pub(super) fn restore(&self) {
        if self.is_raw.swap(false, Ordering::AcqRel) {
            let _ = tcsetattr(&self.descriptor, OptionalActions::Now, &self.original);
        }
    }
}

impl Drop for RawTerminal {
    fn drop(&mut self) {
        self.restore();
    }
}
