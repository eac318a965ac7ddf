//! The line discipline's output side: what is written and echoed, on its way to the master.

use super::packet::PacketStatus;
use super::settings::{InputFlags, LocalFlags, OutputFlags, Settings};
use crate::error::{Error, ErrorKind, Result};
use crate::pipe::Ring;
use crate::user::{Destination, Source};

/// Bytes that writers may leave for the master.
const LIMIT: usize = 8192;
/// Bytes beyond that which echo may add.
const ECHO_ROOM: usize = 4096;
/// Bytes that the master has as good as received: throwing output away leaves them.
const RECEIVED: usize = 4096;
/// The most bytes that one written byte can become: a tab's spaces.
const SPREAD: usize = 8;
/// Written bytes that are looked at in one go.
const CHUNK: usize = 128;
/// Columns from one tab stop to the next.
const TAB: usize = 8;

const STOPPED: Error = Error::new(ErrorKind::WouldBlock, "the terminal's output is stopped, or full");

/// Output and echo.
#[derive(Default)]
pub(super) struct Output {
    ring: Ring,
    /// Echo that waits until output goes on.
    held: Ring,
    /// Nothing passes at the moment.
    stopped: bool,
    /// It was stopped by `tcflow(3)`, so that no character starts it.
    by_call: bool,
    /// Where the cursor is.
    column: usize,
    /// Where it was when the line being typed began.
    line_column: usize,
    /// What packet mode tells, since it was last asked.
    events: PacketStatus,
}

impl Output {
    /// Bytes for the master.
    pub(super) fn len(&self) -> usize {
        self.ring.len()
    }

    /// Whether a write would take something.
    pub(super) fn is_writable(&self) -> bool {
        !self.stopped && self.ring.len() + SPREAD <= LIMIT
    }

    /// Whether nothing passes.
    pub(super) fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// Take written bytes; how many.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`], [`ErrorKind::NoMemory`], those of the source.
    pub(super) fn write(&mut self, settings: &Settings, from: &mut dyn Source) -> Result<usize> {
        let mut written = 0;
        while from.remaining() > 0 && self.is_writable() {
            match self.write_chunk(settings, from) {
                Ok(count) => written += count,
                Err(error) if written == 0 => return Err(error),
                Err(_) => break,
            }
        }
        if written == 0 && from.remaining() > 0 { Err(STOPPED) } else { Ok(written) }
    }

    fn write_chunk(&mut self, settings: &Settings, from: &mut dyn Source) -> Result<usize> {
        let mut chunk = [0; CHUNK];
        let mut spread = [0; CHUNK * SPREAD];
        let wanted = from.remaining().min(CHUNK);
        let had = from.peek(chunk.get_mut(..wanted).unwrap_or_default())?;
        let (mut taken, mut used) = (0, 0);
        for byte in chunk.iter().take(had) {
            if self.ring.len() + used + SPREAD > LIMIT {
                break;
            }
            let (bytes, count) = self.process(settings, *byte);
            for (to, from) in spread.iter_mut().skip(used).zip(bytes.iter().take(count)) {
                *to = *from;
            }
            used += count;
            taken += 1;
        }
        let mut spread = spread.get(..used).unwrap_or_default();
        self.ring.write(&mut spread, used)?;
        from.take(chunk.get_mut(..taken).unwrap_or_default())
    }

    /// What a written byte becomes, and how many bytes of it count.
    fn process(&mut self, settings: &Settings, byte: u8) -> ([u8; SPREAD], usize) {
        let flags = settings.output;
        let mut bytes = [b' '; SPREAD];
        let mut shown = byte;
        if flags.contains(OutputFlags::OPOST) {
            match byte {
                b'\n' if flags.contains(OutputFlags::ONLCR) => {
                    self.home();
                    bytes = *b"\r\n      ";
                    return (bytes, 2);
                }
                b'\n' => self.newline(flags),
                b'\r' if flags.contains(OutputFlags::ONOCR) && self.column == 0 => return (bytes, 0),
                b'\r' if flags.contains(OutputFlags::OCRNL) => {
                    shown = b'\n';
                    if flags.contains(OutputFlags::ONLRET) {
                        self.home();
                    }
                }
                b'\r' => self.home(),
                b'\t' => {
                    let spaces = TAB - self.column % TAB;
                    self.column += spaces;
                    if flags.contains(OutputFlags::XTABS) {
                        return (bytes, spaces);
                    }
                }
                b'\x08' => self.column = self.column.saturating_sub(1),
                _ if is_control(byte) => {}
                _ => {
                    self.column += usize::from(!settings.continues(byte));
                    if flags.contains(OutputFlags::OLCUC) {
                        shown = byte.to_ascii_uppercase();
                    }
                }
            }
        }
        if let Some(first) = bytes.first_mut() {
            *first = shown;
        }
        (bytes, 1)
    }

    fn home(&mut self) {
        self.column = 0;
        self.line_column = 0;
    }

    fn newline(&mut self, flags: OutputFlags) {
        if flags.contains(OutputFlags::ONLRET) {
            self.column = 0;
        }
        self.line_column = self.column;
    }

    /// The line being typed begins where the cursor is.
    pub(super) fn begin_line(&mut self) {
        self.line_column = self.column;
    }

    /// Echo a byte as it is, but for output processing.
    pub(super) fn echo_raw(&mut self, settings: &Settings, byte: u8) {
        let (bytes, count) = self.process(settings, byte);
        self.pass(bytes.get(..count).unwrap_or_default());
    }

    /// Echo a character: a control character as `^X`, if so wished.
    pub(super) fn echo(&mut self, settings: &Settings, byte: u8) {
        if settings.local.contains(LocalFlags::ECHOCTL) && is_control(byte) && byte != b'\t' {
            self.column += 2;
            self.pass(&[b'^', byte ^ 0o100]);
        } else {
            self.echo_raw(settings, byte);
        }
    }

    /// Wipe out the character before the cursor.
    pub(super) fn wipe(&mut self, settings: &Settings) {
        for byte in *b"\x08 \x08" {
            self.echo_raw(settings, byte);
        }
    }

    /// Move back over a tab. `before` columns were taken up since the tab before it, or, if there is none (`since_tab`
    /// is false), since the line's begin.
    pub(super) fn wipe_tab(&mut self, before: usize, since_tab: bool) {
        let start = if since_tab { before } else { before + self.line_column };
        for _ in 0..TAB - start % TAB {
            self.column = self.column.saturating_sub(1);
            self.pass(b"\x08");
        }
    }

    /// One more character was printed that takes no column of its own.
    pub(super) fn step_back(&mut self) {
        self.column = self.column.saturating_sub(1);
    }

    /// Hand echo to the master, or keep it while output is stopped. What has no room is lost, as on a terminal that
    /// nobody reads.
    fn pass(&mut self, mut bytes: &[u8]) {
        let (to, limit) =
            if self.stopped { (&mut self.held, ECHO_ROOM) } else { (&mut self.ring, LIMIT + ECHO_ROOM) };
        if to.len() + bytes.len() <= limit {
            // Without memory the echo is lost too.
            let _ = to.write(&mut bytes, limit);
        }
    }

    /// Stop output; `by_call` if no character is to start it.
    pub(super) fn stop(&mut self, by: StoppedBy) {
        self.by_call |= by == StoppedBy::Call;
        if !core::mem::replace(&mut self.stopped, true) {
            self.events.remove(PacketStatus::START);
            self.events.insert(PacketStatus::STOP);
        }
    }

    /// Let output that was stopped by a character, or by whatever, go on.
    pub(super) fn start(&mut self, by: StoppedBy) {
        // `tcflow(3)` lets go on what it stopped itself, and nothing else does.
        if self.by_call != (by == StoppedBy::Call) || !self.stopped {
            return;
        }
        self.stopped = false;
        self.by_call = false;
        self.events.remove(PacketStatus::STOP);
        self.events.insert(PacketStatus::START);
        let mut chunk = [0; 256];
        loop {
            let mut rest = &mut chunk[..];
            match self.held.read(&mut rest, 256) {
                Ok(count) if count > 0 => self.pass(chunk.get(..count).unwrap_or_default()),
                _ => break,
            }
        }
    }

    /// Any character starts output, if so wished.
    pub(super) fn start_by_any(&mut self, settings: &Settings) {
        if settings.input.contains(InputFlags::IXON | InputFlags::IXANY) {
            self.start(StoppedBy::Character);
        }
    }

    /// Throw away what the master has not as good as received, and echo that waits.
    pub(super) fn flush(&mut self) {
        self.ring.retract(self.ring.len().saturating_sub(RECEIVED));
        self.held.consume(usize::MAX);
        self.events.insert(PacketStatus::FLUSH_WRITE);
    }

    /// Throw away all that the master has not read.
    pub(super) fn discard(&mut self) {
        self.ring.consume(usize::MAX);
    }

    /// Tell something in packet mode.
    pub(super) fn tell(&mut self, event: PacketStatus) {
        if event.intersects(PacketStatus::FLOW) {
            self.events.remove(PacketStatus::FLOW);
        }
        self.events.insert(event);
    }

    /// What packet mode tells since this was last asked.
    pub(super) fn take_events(&mut self) -> PacketStatus {
        core::mem::take(&mut self.events)
    }

    /// Hand bytes to the master; how many.
    ///
    /// # Errors
    /// The destination's.
    pub(super) fn read(&mut self, to: &mut dyn Destination) -> Result<usize> {
        self.ring.read(to, usize::MAX)
    }
}

/// What stops output, or lets it go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StoppedBy {
    /// A character that was typed.
    Character,
    /// `tcflow(3)`.
    Call,
}

/// Whether `byte` is a control character of ASCII.
pub(super) fn is_control(byte: u8) -> bool {
    byte < b' ' || byte == 0x7f
}
