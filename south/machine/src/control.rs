//! What the kernel says of itself, and the end of the machine.
#![expect(unsafe_code, reason = "ports")]

use core::fmt::{self, Write};

use x86_64::instructions::port::Port;

use crate::layout::port::{CONTROL, EXIT};

/// A device that takes bytes (`isa-debugcon`).
pub(crate) struct Device(pub(crate) u16);

impl Device {
    /// Write all of `bytes`: the device is always ready.
    pub(crate) fn write(&self, bytes: &[u8]) {
        let mut port = Port::<u8>::new(self.0);
        for byte in bytes {
            // SAFETY: the port is a device's that only takes bytes.
            unsafe { port.write(*byte) };
        }
    }
}

/// A line on its way: what is in it may be a guest's, and must not begin another one.
struct Line(Device);

impl Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for part in text.split_inclusive('\n') {
            let (line, is_cut) = part.strip_suffix('\n').map_or((part, false), |line| (line, true));
            self.0.write(line.as_bytes());
            if is_cut {
                self.0.write(b" ");
            }
        }
        Ok(())
    }
}

/// Say a line of `kind`.
pub(crate) fn say(kind: &str, line: fmt::Arguments<'_>) {
    let _ = write!(Line(Device(CONTROL)), "{kind} {line}");
    Device(CONTROL).write(b"\n");
}

/// The kernel cannot go on.
pub(crate) fn fail(why: fmt::Arguments<'_>) -> ! {
    say("panic", why);
    end()
}

/// End the machine.
pub(crate) fn end() -> ! {
    let mut exit = Port::<u32>::new(EXIT);
    // SAFETY: the port ends the machine, which is what is asked for.
    unsafe { exit.write(0x10) };
    loop {
        x86_64::instructions::hlt();
    }
}
