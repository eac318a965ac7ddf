//! What the kernel says of itself, and the end of the machine.
#![expect(unsafe_code, reason = "ports")]

use core::fmt::{self, Write};

use x86_64::instructions::port::Port;

use crate::layout::port::{CONTROL, EXIT, SERIAL};

/// A device that takes bytes (`isa-debugcon`), by its port; where the machine does not have it, the serial line.
pub(crate) struct Device(pub(crate) u16);

/// The serial line's registers (16550), from its port on.
mod serial {
    pub(super) const STATUS: u16 = super::SERIAL + 5;
    /// In the status: the transmitter takes a byte.
    pub(super) const READY: u8 = 1 << 5;
}

/// How often the line is looked at for one byte: one that is not there says nothing.
const PATIENCE: u32 = 100_000;

fn read(number: u16) -> u8 {
    // SAFETY: reading the ports of these devices changes nothing.
    unsafe { Port::<u8>::new(number).read() }
}

fn write(number: u16, byte: u8) {
    // SAFETY: the port is a device's that only takes bytes.
    unsafe { Port::<u8>::new(number).write(byte) };
}

impl Device {
    /// Whether the machine has it: it answers with the low byte of its own port, as it is told to by `readback=`.
    fn is_there(&self) -> bool {
        u16::from(read(self.0)) == self.0 & 0xff
    }

    /// Write all of `bytes`.
    pub(crate) fn write(&self, bytes: &[u8]) {
        let is_there = self.is_there();
        for byte in bytes {
            if is_there {
                write(self.0, *byte);
            } else {
                let _ = (0..PATIENCE).find(|_| read(serial::STATUS) & serial::READY != 0);
                write(SERIAL, *byte);
            }
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
    end(FAILED)
}

/// What QEMU is told when the kernel cannot go on, or has told all on its control device.
const FAILED: u32 = 0x7f;
const TOLD: u32 = 0x10;

/// The sandbox ended with `status`, as `wait(2)` encodes it. Without a control device, the exit code is the machine's:
/// QEMU's own is twice that, and one more.
pub(crate) fn finish(status: i32) -> ! {
    if !Device(CONTROL).is_there() {
        let (code, signal) = (status.cast_unsigned() >> 8 & 0xff, status.cast_unsigned() & 0x7f);
        end(if signal == 0 { code } else { 128 + signal })
    }
    say("status", format_args!("{status}"));
    end(TOLD)
}

fn end(code: u32) -> ! {
    let mut exit = Port::<u32>::new(EXIT);
    // SAFETY: the port ends the machine, which is what is asked for.
    unsafe { exit.write(code) };
    loop {
        x86_64::instructions::hlt();
    }
}
