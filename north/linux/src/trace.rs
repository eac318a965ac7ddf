//! Lines for the person who runs the sandbox: calls as they are made, and calls that are not there.

use alloc::format;
use alloc::string::String;
use core::fmt::{self, Write};

use litebox_host::ambient::{self, Log};
use litebox_host::regs::Registers;
use litebox_host::sync::Ordering;

use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::{Support, argument};
use crate::table;
use crate::task::Task;

/// The beginning of a call's line, if calls are shown. Arguments are shown as they are before the call.
pub(crate) fn enter<H: LinuxHost>(task: &Task<H>, number: u32, registers: &Registers) -> Option<String> {
    if !task.tracing.load(Ordering::Relaxed) {
        return None;
    }
    let mut line = format!("[{}] ", task.thread.id());
    // Writing to a String fails only where showing an argument does, which ends the line there.
    let _ = write_call(&mut line, &task.host, number, registers);
    Some(line)
}

fn write_call<H: LinuxHost>(line: &mut String, host: &H, number: u32, registers: &Registers) -> fmt::Result {
    let Some(row) = table::row(number) else { return write!(line, "syscall_{number}(…)") };
    write!(line, "{}(", row.name)?;
    for (index, shown) in row.arguments.iter().enumerate() {
        let comma = if index > 0 { ", " } else { "" };
        write!(line, "{comma}{}: ", shown.name)?;
        (shown.show)(argument(registers, index), host, line)?;
    }
    line.write_char(')')
}

/// The whole line, once the call is over.
pub(crate) fn leave<H: LinuxHost>(_: &Task<H>, line: Option<String>, result: Result<u64>) {
    let Some(line) = line else { return };
    match result {
        Ok(value) if value > 0xffff => ambient::log(Log::Trace, &format!("{line} = {value:#x}")),
        Ok(value) => ambient::log(Log::Trace, &format!("{line} = {value}")),
        Err(Errno::ERESTARTSYS | Errno::ERESTARTNOHAND) => {
            ambient::log(Log::Trace, &format!("{line} = ? interrupted"));
        }
        Err(errno) => ambient::log(Log::Trace, &format!("{line} = -1 {errno:?}")),
    }
}

/// Say, once for each number, that a guest asked for a call that is not built.
pub(crate) fn report_missing<H: LinuxHost>(task: &Task<H>, number: u32) {
    let row = table::row(number);
    let is_planned = row.is_none_or(|row| matches!(row.support, Support::Planned));
    if is_planned && task.diagnostics.is_first(number) {
        let name = row.map_or("no such call", |row| row.name);
        ambient::log(Log::Unsupported, &format!("system call {number} ({name}): not built, answered ENOSYS"));
    }
}
