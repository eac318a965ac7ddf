//! Wait, wake, kick and log on Linux, and the end when something of ours is broken.
#![expect(unsafe_code, reason = "futex calls take the address of a word")]

use core::fmt::Write;

use litebox_broker_protocol::{MAX_TEXT, ReportKind, Request};
use litebox_host::ambient::{Ambient, Log, TimedOut};
use litebox_host::sync::AtomicU32;
use litebox_host::thread::HostThread;
use litebox_host::time::Deadline;

use crate::error::HostErrno;
use crate::host::LinuxProcess;
use crate::{calls, channel, process, thread};

const FUTEX_WAKE: usize = 1;
/// Waits until an absolute time on the monotonic clock.
const FUTEX_WAIT_BITSET: usize = 9;
const ANY: usize = 0xffff_ffff;

/// A member process that ends with this code, and not with 0, takes the sandbox with it.
pub(crate) const FAIL_STOP: usize = 70;

impl Ambient for LinuxProcess {
    fn wait(word: &AtomicU32, expected: u32, deadline: Option<Deadline>) -> Result<(), TimedOut> {
        let time = deadline.map(|deadline| [deadline.0 / 1_000_000_000, deadline.0 % 1_000_000_000]);
        let timeout = time.as_ref().map_or(0, |time| time.as_ptr().addr());
        let address = core::ptr::from_ref(word).addr();
        // SAFETY: the kernel reads the word and the time, both alive for the length of the call.
        match unsafe { calls::futex(address, FUTEX_WAIT_BITSET, expected as usize, timeout, 0, ANY) } {
            Err(HostErrno::ETIMEDOUT) => Err(TimedOut),
            _ => Ok(()),
        }
    }

    fn wake(word: &AtomicU32, count: u32) {
        let count = count.min(i32::MAX.cast_unsigned()) as usize;
        // SAFETY: the address names a queue of sleepers; nothing is written.
        let _ = unsafe { calls::futex(core::ptr::from_ref(word).addr(), FUTEX_WAKE, count, 0, 0, 0) };
    }

    fn kick(thread: HostThread) {
        thread::kick(thread);
    }

    fn log(kind: Log, line: &str) {
        let kind = match kind {
            Log::Trace => ReportKind::Trace,
            Log::Unsupported => ReportKind::Unsupported,
            Log::Denied => ReportKind::Denied,
            Log::Note => ReportKind::Note,
        };
        let text = line.as_bytes();
        channel::tell(&Request::Report { kind, text: text.get(..MAX_TEXT).unwrap_or(text) });
    }
}

/// A line built without allocation, cut to its room.
struct Line {
    bytes: [u8; 200],
    length: usize,
}

impl Line {
    const fn new() -> Self {
        Self { bytes: [0; 200], length: 0 }
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        for (to, from) in self.bytes.iter_mut().skip(self.length).zip(text.as_bytes()) {
            *to = *from;
            self.length += 1;
        }
        Ok(())
    }
}

/// Tell the broker why the sandbox ends, as the last thing this process says.
pub(crate) fn last_words(words: core::fmt::Arguments<'_>) {
    let mut line = Line::new();
    // Writing to a line cannot fail; it only cuts.
    let _ = line.write_fmt(words);
    channel::tell_last(&Request::Fatal { text: line.as_bytes() });
}

/// End the sandbox: something of ours is broken. The keeper sees the exit code and ends every process.
pub fn fail_stop(cause: &str) -> ! {
    last_words(format_args!("{cause}"));
    process::end_process(FAIL_STOP)
}

/// As [`fail_stop`], with the signal and the address that show where.
pub(crate) fn fail_stop_at(cause: &str, signal: u32, rip: u64) -> ! {
    last_words(format_args!("{cause}: signal {signal} at {rip:#x}"));
    process::end_process(FAIL_STOP)
}

/// The image's panic handler.
pub fn panic(information: &core::panic::PanicInfo<'_>) -> ! {
    last_words(format_args!("{information}"));
    process::end_process(FAIL_STOP)
}
