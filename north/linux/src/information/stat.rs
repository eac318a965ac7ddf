//! `stat` (`proc_pid_stat(5)`).

use core::time::Duration;

use litebox_host::memory::PAGE_SIZE;
use litebox_libos::file::pseudo::{ControllingTerminal, ProcessInformation};
use litebox_libos::limit::Resource;
use litebox_libos::thread::Thread;

use super::status::{State, put_name};
use super::text::Text;
use super::{Answer, Information};
use crate::abi::memory::CLOCK_TICKS;
use crate::host::LinuxHost;

/// The address space is random (`PF_RANDOMIZE`).
const FLAGS: u32 = 0x40_0000;
/// The signal that tells of the process's end (`SIGCHLD`); threads have none.
const EXIT_SIGNAL: i32 = 17;
/// The priority that a nice value of 0 is shown as.
const PRIORITY: i32 = 20;

impl<H: LinuxHost> Information<H> {
    pub(super) fn stat(&self, thread: &Thread, number: u32) -> Answer {
        let mut text = Text::default();
        text.format(format_args!("{number} ("))?;
        put_name(&mut text, thread)?;
        text.format(format_args!(") {}", State::of(&self.process, thread, number).letter()))?;
        self.put_relations(&mut text)?;
        self.put_times(&mut text)?;
        self.put_addresses(&mut text, thread, number)?;
        text.put(b"\n")?;
        Ok(text.finish())
    }

    /// Fields 4 to 13: parent, group, session, terminal, flags and page faults.
    fn put_relations(&self, text: &mut Text) -> Answer<()> {
        let process = &self.process;
        let (number, foreground) = self.terminal_numbers();
        text.format(format_args!(
            " {} {} {} {} {foreground} {FLAGS} 0 0 0 0",
            process.parent(),
            process.group(),
            process.session(),
            number,
        ))
    }

    /// The controlling terminal's device number and the group in its foreground; 0 and -1 without one.
    fn terminal_numbers(&self) -> (u64, i64) {
        match self.terminal() {
            None => (0, -1),
            Some(ControllingTerminal::Pseudoterminal(pty)) => {
                let foreground = pty.session().and_then(|(_, foreground)| foreground);
                (pty.device(), foreground.map_or(-1, i64::from))
            }
            Some(ControllingTerminal::Stream(file)) => {
                let number = file.attributes().map_or(0, |attributes| attributes.special);
                (number, i64::from(self.process.group()))
            }
        }
    }

    /// Fields 14 to 22: processor time, which is all the user's, priority, threads and start.
    fn put_times(&self, text: &mut Text) -> Answer<()> {
        let nice = self.nice();
        text.format(format_args!(
            " {} 0 0 0 {} {nice} {} 0 {}",
            ticks(self.process.told_time()),
            PRIORITY.saturating_add(nice),
            self.process.threads().len(),
            ticks(self.started),
        ))
    }

    /// Fields 23 to 52: memory, signals, scheduling, and where the program's parts are.
    fn put_addresses(&self, text: &mut Text, thread: &Thread, number: u32) -> Answer<()> {
        let sizes = self.sizes()?;
        let (ignored, caught) = self.process.signals.ignored_and_caught();
        text.format(format_args!(
            " {} {} {} {} {} {} 0 0",
            sizes.mapped,
            sizes.resident().div_ceil(PAGE_SIZE),
            self.process.limits.soft(Resource::ResidentSet),
            sizes.code.start,
            sizes.code.end,
            self.image.stack,
        ))?;
        for set in [thread.signals().pending(), thread.signals().mask(), ignored, caught] {
            // These fields are from before there were more signals than bits.
            text.format(format_args!(" {}", set.bits() & 0x7fff_ffff))?;
        }
        let exit_signal = if number == self.process.id() { EXIT_SIGNAL } else { -1 };
        text.format(format_args!(" 0 0 0 {exit_signal} {} 0 0 0 0 0", self.host.processor()))?;
        text.format(format_args!(
            " {} {} {} {} {} {} {} 0",
            sizes.program_data.start,
            sizes.program_data.end,
            self.memory.heap().start,
            self.image.arguments.start,
            self.image.arguments.end,
            self.image.environment.start,
            self.image.environment.end,
        ))
    }
}

/// In units of which there are [`CLOCK_TICKS`] in a second.
pub(super) fn ticks(time: Duration) -> u64 {
    let nanoseconds = 1_000_000_000 / CLOCK_TICKS;
    u64::try_from(time.as_nanos() / u128::from(nanoseconds)).unwrap_or(u64::MAX)
}
