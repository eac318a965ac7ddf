//! Standard error, as far as it takes lines at once.
//!
//! The program in the sandbox may hold the same pipe or terminal and fill it. Whoever then waited to write would no
//! longer enforce a time limit or answer Ctrl-C. So a line that is not taken at once is dropped, and told of later.

use std::io::{self, LineWriter, Write};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// The longest line that a ready pipe takes whole (`PIPE_BUF`, pipe(7)).
const LONGEST: usize = 4096;

/// A writer of whole lines to standard error.
pub(crate) fn diagnostics(ends: LineEnds) -> LineWriter<Patient> {
    LineWriter::with_capacity(LONGEST, Patient { dropped: 0, ends })
}

/// How lines end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineEnds {
    /// As in a file.
    Newline,
    /// As on a terminal that is raw.
    ReturnAndNewline,
}

/// See the module.
pub(crate) struct Patient {
    dropped: u64,
    ends: LineEnds,
}

impl Patient {
    /// Writes to standard error what a ready one takes at once.
    fn put(&self, bytes: &[u8]) -> io::Result<()> {
        if self.ends == LineEnds::Newline {
            return io::stderr().write_all(bytes);
        }
        io::stderr().write_all(&bytes.split(|byte| *byte == b'\n').collect::<Vec<_>>().join(&b"\r\n"[..]))
    }
}

impl Write for Patient {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = bytes.len().min(LONGEST);
        if !is_ready() {
            self.dropped = self.dropped.saturating_add(1);
            return Ok(length);
        }
        if self.dropped > 0 && length + 80 <= LONGEST {
            let told = format!("litebox: {} lines were dropped: standard error was full\n", self.dropped);
            self.dropped = 0;
            let both = [told.as_bytes(), bytes.get(..length).unwrap_or_default()].concat();
            return self.put(&both).map(|()| length);
        }
        self.put(bytes.get(..length).unwrap_or_default()).map(|()| length)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether standard error takes a line without waiting.
fn is_ready() -> bool {
    let stderr = io::stderr();
    let mut polled = [PollFd::new(&stderr, PollFlags::OUT)];
    let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut polled, Some(&at_once)).is_ok() && polled.iter().any(|it| it.revents().contains(PollFlags::OUT))
}
