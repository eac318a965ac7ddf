//! Lines for the log, and the way there.
#![expect(unsafe_code, reason = "the call that logs, and what C hands over")]

use core::fmt::{self, Write};
use core::ptr::with_exposed_provenance;

use super::printf::{self, Variadic};
use crate::{svc, text};

/// Longer lines are cut.
const LINE: usize = 256;

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Something failed.
    Error,
    /// Worth knowing.
    Information,
    /// For the developer of the TA.
    Debug,
    /// Every step.
    Flow,
}

impl Level {
    fn letter(self) -> char {
        match self {
            Self::Error => 'E',
            Self::Information => 'I',
            Self::Debug => 'D',
            Self::Flow => 'F',
        }
    }

    fn from_number(number: u32) -> Self {
        match number {
            0 | 1 => Self::Error,
            2 => Self::Information,
            3 => Self::Debug,
            _ => Self::Flow,
        }
    }
}

/// A line under construction. What does not fit is left out.
struct Line {
    bytes: [u8; LINE],
    length: usize,
}

impl Line {
    const fn new() -> Self {
        Self { bytes: [0; LINE], length: 0 }
    }

    fn push(&mut self, bytes: &[u8]) {
        // One byte stays for the end of the line.
        for (place, byte) in self.bytes[..LINE - 1].iter_mut().skip(self.length).zip(bytes) {
            *place = *byte;
            self.length += 1;
        }
    }

    fn send(mut self) {
        if let Some(place) = self.bytes.get_mut(self.length) {
            *place = b'\n';
        }
        // SAFETY: the kernel reads the bytes of this array, and no more than it has.
        unsafe { svc::log(self.bytes.as_ptr(), self.length + 1) };
    }
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push(text.as_bytes());
        Ok(())
    }
}

/// Writes one line.
pub fn line(level: Level, text: fmt::Arguments<'_>) {
    let mut line = Line::new();
    // Writing to a line does not fail: it cuts.
    let _ = write!(line, "{}/TA: {text}", level.letter());
    line.send();
}

/// A C `va_list` on x86-64: the System V ABI, section 3.5.7.
#[repr(C)]
struct VaList {
    general_offset: u32,
    vector_offset: u32,
    overflow: usize,
    saved: usize,
}

/// Bytes of the register save area that hold general registers.
const GENERAL: u32 = 48;

impl Variadic for VaList {
    fn word(&mut self) -> u64 {
        let at = if self.general_offset < GENERAL {
            let at = self.saved + self.general_offset as usize;
            self.general_offset += 8;
            at
        } else {
            let at = self.overflow;
            self.overflow += 8;
            at
        };
        // SAFETY: the format names at most the arguments that the caller passed, which lie where the list says.
        unsafe { with_exposed_provenance::<u64>(at).read() }
    }

    fn text(&mut self, limit: usize) -> &[u8] {
        let start = with_exposed_provenance::<u8>(self.word() as usize);
        if start.is_null() {
            return b"(null)";
        }
        // SAFETY: the format says that this argument is a text, which ends at a NUL or at the precision.
        let length = unsafe { text::strnlen(start, limit) };
        // SAFETY: the text was just read up to its end, and the caller changes nothing meanwhile.
        unsafe { core::slice::from_raw_parts(start, length) }
    }
}

/// Writes one line from a C format; the header's macros call it.
///
/// # Safety
/// `function` and `format` are texts, and `arguments` is a `va_list` of what the format names.
#[unsafe(no_mangle)]
unsafe extern "C" fn utee_vtrace(
    level: u32,
    function: *const u8,
    number: u32,
    format: *const u8,
    arguments: *mut VaList,
) {
    let mut line = Line::new();
    // SAFETY: the caller passes a text.
    let function = unsafe { text::text(function) };
    // SAFETY: the caller passes a text.
    let format = unsafe { text::text(format) };
    // SAFETY: the caller passes a list that nothing else walks meanwhile.
    let arguments = unsafe { &mut *arguments };
    // Writing to a line does not fail: it cuts.
    let _ = write!(line, "{}/TA: ", Level::from_number(level).letter());
    line.push(function);
    let _ = write!(line, ":{number} ");
    printf::format(&mut |bytes: &[u8]| line.push(bytes), format, arguments);
    line.send();
}
