//! The line discipline's input side: what was typed, edited line by line or as it is.

use alloc::collections::VecDeque;

use super::output::{Output, StoppedBy, is_control};
use super::settings::{InputFlags, LocalFlags, Settings, Special};
use crate::error::{Error, ErrorKind, Result};
use crate::signal::Signal;
use crate::user::Destination;

/// Bytes that are kept for readers: the longest line with its end (`termios(3)`, canonical mode).
pub(super) const CAPACITY: usize = 4096;

/// What ends with a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Nothing.
    No,
    /// A line: the byte is part of it.
    Line,
    /// A line, or the file if the line is empty: the byte is not handed out.
    File,
}

#[derive(Clone, Copy, Debug)]
struct Cell {
    byte: u8,
    end: End,
}

/// Typed bytes that nobody has read.
#[derive(Default)]
pub(super) struct Input {
    cells: VecDeque<Cell>,
    /// How many of them are complete lines; means nothing where input does not come in lines.
    complete: usize,
    /// The next byte is no control character.
    literal: bool,
    /// What is erased is being printed.
    erasing: bool,
}

/// How far erasing goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Erasure {
    Character,
    Word,
    Line,
}

impl Input {
    /// Make room for all that is ever kept.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`].
    pub(super) fn reserve(&mut self) -> Result<()> {
        let reserved = self.cells.try_reserve_exact(CAPACITY + 1);
        reserved.map_err(|_| Error::new(ErrorKind::NoMemory, "no memory for a terminal"))
    }

    /// Whether one more byte can be typed. A line that is too long takes any number, and keeps the last.
    pub(super) fn has_room(&self, settings: &Settings) -> bool {
        let is_overlong = settings.is_canonical() && self.complete == 0;
        is_overlong || self.cells.len() + 1 < self.capacity(settings)
    }

    /// Where bytes are doubled there is room for less, so that one that was let in always fits.
    fn capacity(&self, settings: &Settings) -> usize {
        if settings.input.contains(InputFlags::PARMRK) { CAPACITY / 2 } else { CAPACITY }
    }

    /// A byte was typed. The signal that it sends, which is still to be sent and echoed.
    pub(super) fn receive(&mut self, settings: &Settings, byte: u8, output: &mut Output) -> Option<Signal> {
        let byte = narrow(settings, byte);
        if core::mem::take(&mut self.literal) {
            output.start_by_any(settings);
            self.echo_and_keep(settings, byte, output, byte == b'\n');
            return None;
        }
        if controls_flow(settings, byte, output) {
            return None;
        }
        if let Some(signal) = settings.signal(byte) {
            return Some(signal);
        }
        output.start_by_any(settings);
        let byte = translate(settings, byte)?;
        if !(settings.is_canonical() && self.edit(settings, byte, output)) {
            self.echo_and_keep(settings, byte, output, false);
        }
        None
    }

    /// Act on the characters that edit and end lines. Whether `byte` was one.
    fn edit(&mut self, settings: &Settings, byte: u8, output: &mut Output) -> bool {
        let extended = settings.local.contains(LocalFlags::IEXTEN);
        let echo = settings.local.contains(LocalFlags::ECHO);
        if settings.is(byte, Special::Erase) {
            self.erase(settings, Erasure::Character, output);
        } else if settings.is(byte, Special::Kill) {
            self.kill(settings, output);
        } else if extended && settings.is(byte, Special::WordErase) {
            self.erase(settings, Erasure::Word, output);
        } else if extended && settings.is(byte, Special::LiteralNext) {
            self.announce_literal(settings, output);
        } else if extended && echo && settings.is(byte, Special::Reprint) {
            self.reprint(settings, byte, output);
        } else if byte == b'\n' {
            if echo || settings.local.contains(LocalFlags::ECHONL) {
                output.echo_raw(settings, b'\n');
            }
            self.end_line(settings, byte, End::Line);
        } else if settings.is(byte, Special::EndOfFile) {
            self.end_line(settings, 0, End::File);
        } else if settings.is(byte, Special::EndOfLine)
            || (extended && settings.is(byte, Special::EndOfLine2))
        {
            self.show(settings, byte, output, false);
            self.end_line(settings, byte, End::Line);
        } else {
            return false;
        }
        true
    }

    fn announce_literal(&mut self, settings: &Settings, output: &mut Output) {
        self.literal = true;
        if settings.local.contains(LocalFlags::ECHO) {
            self.finish_erasing(settings, output);
            if settings.local.contains(LocalFlags::ECHOCTL) {
                output.echo_raw(settings, b'^');
                output.echo_raw(settings, b'\x08');
            }
        }
    }

    fn reprint(&mut self, settings: &Settings, byte: u8, output: &mut Output) {
        self.finish_erasing(settings, output);
        output.echo(settings, byte);
        output.echo_raw(settings, b'\n');
        for cell in self.cells.iter().skip(self.complete) {
            output.echo(settings, cell.byte);
        }
    }

    /// Whether nothing has been typed of the current line.
    fn is_line_empty(&self) -> bool {
        self.cells.len() <= self.complete
    }

    /// Echo a byte that is kept; `is_literal` if even a newline is shown as a character.
    fn show(&mut self, settings: &Settings, byte: u8, output: &mut Output, is_literal: bool) {
        if !settings.local.contains(LocalFlags::ECHO) {
            return;
        }
        self.finish_erasing(settings, output);
        if byte == b'\n' && !is_literal {
            output.echo_raw(settings, byte);
            return;
        }
        if self.is_line_empty() {
            output.begin_line();
        }
        output.echo(settings, byte);
    }

    fn echo_and_keep(&mut self, settings: &Settings, byte: u8, output: &mut Output, is_literal: bool) {
        self.show(settings, byte, output, is_literal);
        if byte == 0xff && settings.input.contains(InputFlags::PARMRK) {
            self.keep(settings, Cell { byte, end: End::No });
        }
        self.keep(settings, Cell { byte, end: End::No });
    }

    /// Keep a byte. Of a line that is too long the last one is replaced.
    fn keep(&mut self, settings: &Settings, cell: Cell) {
        if settings.is_canonical() && self.complete == 0 && self.cells.len() >= CAPACITY {
            self.cells.pop_back();
        }
        if self.cells.len() < CAPACITY && (self.cells.len() < self.cells.capacity() || self.reserve().is_ok())
        {
            self.cells.push_back(cell);
        }
    }

    fn end_line(&mut self, settings: &Settings, byte: u8, end: End) {
        self.keep(settings, Cell { byte, end });
        self.complete = self.cells.len();
    }

    fn kill(&mut self, settings: &Settings, output: &mut Output) {
        let local = settings.local;
        if self.is_line_empty() {
            return;
        }
        if local.contains(LocalFlags::ECHO | LocalFlags::ECHOK | LocalFlags::ECHOKE | LocalFlags::ECHOE) {
            return self.erase(settings, Erasure::Line, output);
        }
        self.cells.truncate(self.complete);
        if local.contains(LocalFlags::ECHO) {
            self.finish_erasing(settings, output);
            output.echo(settings, settings.character(Special::Kill));
            if local.contains(LocalFlags::ECHOK) {
                output.echo_raw(settings, b'\n');
            }
        }
    }

    fn erase(&mut self, settings: &Settings, how: Erasure, output: &mut Output) {
        let mut in_word = false;
        while !self.is_line_empty() {
            let Some((length, first)) = self.last_character(settings) else { break };
            if how == Erasure::Word {
                if first.is_ascii_alphanumeric() || first == b'_' {
                    in_word = true;
                } else if in_word {
                    break;
                }
            }
            self.unshow(settings, how, length, first, output);
            self.cells.truncate(self.cells.len() - length);
            if how == Erasure::Character {
                break;
            }
        }
        if self.is_line_empty() && settings.local.contains(LocalFlags::ECHO) {
            self.finish_erasing(settings, output);
        }
    }

    /// The bytes of the last character of the line, and the first of them; `None` if only the end of one is there.
    fn last_character(&self, settings: &Settings) -> Option<(usize, u8)> {
        let line = self.cells.iter().skip(self.complete).rev();
        line.enumerate()
            .find(|(_, cell)| !settings.continues(cell.byte))
            .map(|(index, cell)| (index + 1, cell.byte))
    }

    /// Take the last character, of `length` bytes, off the screen. It is still there.
    fn unshow(&mut self, settings: &Settings, how: Erasure, length: usize, first: u8, output: &mut Output) {
        let local = settings.local;
        if !local.contains(LocalFlags::ECHO) {
            return;
        }
        if local.contains(LocalFlags::ECHOPRT) {
            self.print_erased(settings, length, first, output);
        } else if how == Erasure::Character && !local.contains(LocalFlags::ECHOE) {
            output.echo(settings, settings.character(Special::Erase));
        } else if first == b'\t' {
            let (before, since_tab) = self.columns_before(settings, length);
            output.wipe_tab(before, since_tab);
        } else {
            let as_control = local.contains(LocalFlags::ECHOCTL);
            let columns = match (is_control(first), as_control) {
                (true, true) => 2,
                (true, false) => 0,
                (false, _) => 1,
            };
            for _ in 0..columns {
                output.wipe(settings);
            }
        }
    }

    fn print_erased(&mut self, settings: &Settings, length: usize, first: u8, output: &mut Output) {
        if !core::mem::replace(&mut self.erasing, true) {
            output.echo_raw(settings, b'\\');
        }
        output.echo(settings, first);
        let start = self.cells.len() - length;
        for cell in self.cells.iter().skip(start + 1) {
            output.echo_raw(settings, cell.byte);
            output.step_back();
        }
    }

    /// The columns that the line's characters before the last one, of `length` bytes, take up, back to a tab or to the
    /// line's begin; and whether it is a tab.
    fn columns_before(&self, settings: &Settings, length: usize) -> (usize, bool) {
        let mut columns = 0;
        for cell in self.cells.iter().skip(self.complete).rev().skip(length) {
            if cell.byte == b'\t' {
                return (columns, true);
            }
            if is_control(cell.byte) {
                columns += if settings.local.contains(LocalFlags::ECHOCTL) { 2 } else { 0 };
            } else if !settings.continues(cell.byte) {
                columns += 1;
            }
        }
        (columns, false)
    }

    fn finish_erasing(&mut self, settings: &Settings, output: &mut Output) {
        if core::mem::take(&mut self.erasing) {
            output.echo_raw(settings, b'/');
        }
    }

    /// Throw away what nobody has read.
    pub(super) fn clear(&mut self) {
        self.cells.clear();
        self.complete = 0;
        self.literal = false;
        self.erasing = false;
    }

    /// Input comes in lines from now on, or no longer: what is there counts as a line, or as it is.
    pub(super) fn change_mode(&mut self, settings: &Settings) {
        self.literal = false;
        self.erasing = false;
        for cell in &mut self.cells {
            cell.end = End::No;
        }
        self.complete = 0;
        if settings.is_canonical()
            && let Some(last) = self.cells.back_mut()
        {
            last.end = End::Line;
            self.complete = self.cells.len();
        }
    }

    /// Bytes that can be read now (`FIONREAD`).
    pub(super) fn available(&self, settings: &Settings) -> usize {
        if settings.is_canonical() {
            self.cells.iter().take(self.complete).filter(|cell| cell.end != End::File).count()
        } else {
            self.cells.len()
        }
    }

    /// Whether a read of at least `minimum` bytes would not block; in lines, of anything.
    pub(super) fn is_readable(&self, settings: &Settings, minimum: usize) -> bool {
        if settings.is_canonical() { self.complete > 0 } else { self.cells.len() >= minimum }
    }

    /// Hand out what is there, in lines at most one. 0 is the end of the file.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`]; the destination's.
    pub(super) fn read(&mut self, settings: &Settings, to: &mut dyn Destination) -> Result<usize> {
        if !self.is_readable(settings, 1) {
            return Err(Error::new(ErrorKind::WouldBlock, "nothing was typed"));
        }
        let mut read = 0;
        loop {
            let (done, ended) = match self.read_piece(settings, to) {
                Ok(piece) => piece,
                Err(error) if read == 0 => return Err(error),
                Err(_) => return Ok(read),
            };
            read += done;
            if ended || done == 0 {
                return Ok(read);
            }
        }
    }

    /// Hand out some bytes: how many, and whether a line ends with them.
    fn read_piece(&mut self, settings: &Settings, to: &mut dyn Destination) -> Result<(usize, bool)> {
        let most = if settings.is_canonical() { self.complete } else { self.cells.len() };
        let mut piece = [0; 64];
        let (mut length, mut end) = (0, End::No);
        for (cell, byte) in self.cells.iter().take(most.min(to.remaining())).zip(&mut piece) {
            end = cell.end;
            if end == End::File {
                break;
            }
            *byte = cell.byte;
            length += 1;
            if end == End::Line {
                break;
            }
        }
        let put = if length > 0 { to.put(piece.get(..length).unwrap_or_default())? } else { 0 };
        let mut gone = put;
        let is_whole = put == length;
        if is_whole && end == End::No && to.remaining() == 0 && self.is_end_of_file(put, most) {
            // As Linux does: an end of file right after what filled the reader's buffer goes with it.
            end = End::File;
        }
        gone += usize::from(is_whole && end == End::File);
        self.cells.drain(..gone.min(self.cells.len()));
        self.complete = self.complete.saturating_sub(gone);
        Ok((put, !is_whole || end != End::No || to.remaining() == 0))
    }

    fn is_end_of_file(&self, index: usize, most: usize) -> bool {
        index < most && self.cells.get(index).is_some_and(|cell| cell.end == End::File)
    }
}

/// What of a byte counts.
fn narrow(settings: &Settings, byte: u8) -> u8 {
    let byte = if settings.input.contains(InputFlags::ISTRIP) { byte & 0x7f } else { byte };
    let lower = settings.input.contains(InputFlags::IUCLC) && settings.local.contains(LocalFlags::IEXTEN);
    if lower { byte.to_ascii_lowercase() } else { byte }
}

/// Stop or start output by a character. Whether `byte` was one that does.
fn controls_flow(settings: &Settings, byte: u8, output: &mut Output) -> bool {
    if !settings.input.contains(InputFlags::IXON) {
        return false;
    }
    if settings.is(byte, Special::Start) {
        output.start(StoppedBy::Character);
    } else if settings.is(byte, Special::Stop) {
        output.stop(StoppedBy::Character);
    } else {
        return false;
    }
    true
}

/// What the end of a line is typed as; `None` for a byte that is dropped.
fn translate(settings: &Settings, byte: u8) -> Option<u8> {
    let flags = settings.input;
    match byte {
        b'\r' if flags.contains(InputFlags::IGNCR) => None,
        b'\r' if flags.contains(InputFlags::ICRNL) => Some(b'\n'),
        b'\n' if flags.contains(InputFlags::INLCR) => Some(b'\r'),
        _ => Some(byte),
    }
}
