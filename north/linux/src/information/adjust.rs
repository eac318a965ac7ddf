//! What can be written to files of `/proc/<process>`, and the values behind them.

use core::str::from_utf8;

use litebox_host::sync::{AtomicU32, Ordering};
use litebox_libos::file::Asker;
use litebox_libos::thread::{NAME_LENGTH, Thread};
use litebox_libos::{Error, ErrorKind, Result};

use super::text::Text;
use super::{Answer, Information};
use crate::abi::process::TIMER_SLACK;
use crate::host::LinuxHost;

const NO_NUMBER: Error = Error::new(ErrorKind::InvalidArgument, "not a number of the range");
const FOREIGN: Error = Error::new(ErrorKind::InvalidArgument, "the thread is another process's");
const NOT_OWN: Error = Error::new(ErrorKind::NotPermitted, "the process is another one");

/// How ready the system is to end the process when memory runs out (`proc_pid_oom_score_adj(5)`). Kept for whoever
/// asks: the host decides.
#[derive(Default)]
pub(crate) struct OutOfMemory {
    /// -1000 to 1000, as an unsigned number.
    adjustment: AtomicU32,
    /// How low everybody may set it.
    least: AtomicU32,
}

/// The ends of the range.
const MOST: i32 = 1000;
/// The same on the older scale (`proc_pid_oom_adj(5)`), on which -17 means never.
const OLD_LEAST: i32 = -17;
const OLD_MOST: i32 = 15;

impl OutOfMemory {
    /// A copy, for a child process.
    pub(crate) fn fork(&self) -> Self {
        let copy = |of: &AtomicU32| AtomicU32::new(of.load(Ordering::Relaxed));
        Self { adjustment: copy(&self.adjustment), least: copy(&self.least) }
    }

    fn adjustment(&self) -> i32 {
        self.adjustment.load(Ordering::Relaxed).cast_signed()
    }

    fn old_adjustment(&self) -> i32 {
        match self.adjustment() {
            MOST => OLD_MOST,
            adjustment => adjustment * -OLD_LEAST / MOST,
        }
    }

    /// What the system would choose by, of a process without memory worth counting: 0 to 1333.
    fn score(&self) -> i32 {
        match self.adjustment() {
            adjustment if adjustment == -MOST => 0,
            adjustment => (MOST + adjustment) * 2 / 3,
        }
    }

    fn adjust(&self, adjustment: i32, is_privileged: bool) -> Result<()> {
        if !(-MOST..=MOST).contains(&adjustment) {
            return Err(NO_NUMBER);
        }
        if !is_privileged && adjustment < self.least.load(Ordering::Relaxed).cast_signed() {
            return Err(Error::new(ErrorKind::AccessDenied, "only the privileged may make it lower"));
        }
        if is_privileged {
            self.least.store(adjustment.cast_unsigned(), Ordering::Relaxed);
        }
        self.adjustment.store(adjustment.cast_unsigned(), Ordering::Relaxed);
        Ok(())
    }

    fn adjust_old(&self, value: i32, is_privileged: bool) -> Result<()> {
        match value {
            OLD_MOST => self.adjust(MOST, is_privileged),
            OLD_LEAST..OLD_MOST => self.adjust(value * MOST / -OLD_LEAST, is_privileged),
            _ => Err(NO_NUMBER),
        }
    }
}

/// The number that `text` is, with spaces around it.
fn number(text: &[u8]) -> Result<i32> {
    from_utf8(text).ok().and_then(|text| text.trim().parse().ok()).ok_or(NO_NUMBER)
}

/// `value` in a line.
pub(super) fn line(value: impl core::fmt::Display) -> Answer {
    let mut text = Text::default();
    text.line(format_args!("{value}"))?;
    Ok(text.finish())
}

impl<H: LinuxHost> Information<H> {
    pub(super) fn out_of_memory_text(&self) -> Answer {
        line(self.settings.out_of_memory.adjustment())
    }

    pub(super) fn old_out_of_memory_text(&self) -> Answer {
        line(self.settings.out_of_memory.old_adjustment())
    }

    pub(super) fn score_text(&self) -> Answer {
        line(self.settings.out_of_memory.score())
    }

    pub(super) fn timer_slack_text(&self) -> Answer {
        line(self.settings.timer_slack())
    }

    /// `proc_pid_oom_score_adj(5)`.
    pub(super) fn adjust(&self, asker: Asker<'_>, text: &[u8]) -> Result<()> {
        let is_privileged = asker.thread.credentials().may_change();
        self.settings.out_of_memory.adjust(number(text)?, is_privileged)
    }

    /// `proc_pid_oom_adj(5)`.
    pub(super) fn adjust_old(&self, asker: Asker<'_>, text: &[u8]) -> Result<()> {
        let is_privileged = asker.thread.credentials().may_change();
        self.settings.out_of_memory.adjust_old(number(text)?, is_privileged)
    }

    /// `proc_pid_comm(5)`: only threads of the same process may, and what is longer is cut.
    pub(super) fn rename(&self, thread: &Thread, asker: Asker<'_>, text: &[u8]) -> Result<()> {
        if asker.process.id() != self.process.id() {
            return Err(FOREIGN);
        }
        let mut name = [0; NAME_LENGTH];
        for (to, from) in
            name.iter_mut().take(NAME_LENGTH - 1).zip(text.iter().take_while(|byte| **byte != 0))
        {
            *to = *from;
        }
        thread.set_name(name);
        Ok(())
    }

    /// `proc_pid_timerslack_ns(5)`: 0 is the default. Of other processes only the privileged may.
    pub(super) fn set_timer_slack(&self, asker: Asker<'_>, text: &[u8]) -> Result<()> {
        if asker.process.id() != self.process.id() && !asker.thread.credentials().may_change() {
            return Err(NOT_OWN);
        }
        let value = from_utf8(text).ok().and_then(|text| text.trim().parse().ok()).ok_or(NO_NUMBER)?;
        self.settings.timer_slack.store(value, Ordering::Relaxed);
        Ok(())
    }
}

impl crate::task::Settings {
    /// How late timers may be, in nanoseconds.
    pub(crate) fn timer_slack(&self) -> u64 {
        match self.timer_slack.load(Ordering::Relaxed) {
            0 => TIMER_SLACK,
            slack => slack,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_privileged_go_below_what_they_set() {
        let of = OutOfMemory::default();
        assert_eq!(of.adjust(500, false), Ok(()));
        assert_eq!((of.adjustment(), of.old_adjustment(), of.score()), (500, 8, 1000));
        assert_eq!(of.adjust(0, false), Ok(()));
        assert_eq!(of.adjust(-1, false).unwrap_err().kind, ErrorKind::AccessDenied);
        assert_eq!(of.adjust(-1000, true), Ok(()));
        assert_eq!((of.old_adjustment(), of.score()), (-17, 0));
        assert_eq!(of.adjust(1001, true).unwrap_err().kind, ErrorKind::InvalidArgument);
        assert_eq!(of.adjust_old(15, false), Ok(()));
        assert_eq!(of.adjustment(), 1000);
        assert_eq!(of.fork().adjust_old(-17, false), Ok(()));
        assert_eq!(of.adjust_old(16, true).unwrap_err().kind, ErrorKind::InvalidArgument);
    }

    #[test]
    fn numbers_may_have_spaces_around_them() {
        assert_eq!(number(b" -17\n"), Ok(-17));
        assert!(number(b"").is_err() && number(b"1 2").is_err() && number(b"\xff").is_err());
    }
}
