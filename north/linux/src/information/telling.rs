//! What only a process's own threads know: its memory and its processor time. Others ask one of them.

use alloc::sync::Arc;
use core::time::Duration;

use litebox_host::time::{Clock, Deadline};
use litebox_libos::file::Asker;
use litebox_libos::process::{Errand, Process};
use litebox_libos::thread::Thread;

use super::strings::Strings;
use super::text::Text;
use super::{Answer, Information, Slot};
use crate::host::LinuxHost;

/// How long whoever asks waits for the answer, before the last one counts: much longer than a thread takes that runs
/// guest code or sleeps, and short for a reader.
const PATIENCE: Duration = Duration::from_millis(100);

/// Have `process` tell. The asker's own does so on the spot.
pub(super) fn ask<H: LinuxHost>(host: &H, process: &Process, asker: Asker<'_>) {
    if process.id() == asker.process.id() {
        return process.tell(host.now(Clock::ProcessCpu), || {});
    }
    let end = host.now(Clock::Monotonic).saturating_add(PATIENCE);
    let deadline = Deadline(u64::try_from(end.as_nanos()).unwrap_or(u64::MAX));
    process.ask_to_tell(asker, deadline);
}

/// The time that `process` had of processors.
pub(crate) fn processor_time<H: LinuxHost>(host: &H, process: &Process, asker: Asker<'_>) -> Duration {
    ask(host, process, asker);
    process.told_time()
}

impl<H: LinuxHost> Slot<H> {
    /// `thread`, which is about to run, tells of the process when it is asked.
    pub(crate) fn serve(self: &Arc<Self>, thread: &Thread) {
        let errand: Arc<dyn Errand> = Arc::<Self>::clone(self);
        thread.set_errand(Arc::downgrade(&errand));
    }
}

impl<H: LinuxHost> Errand for Slot<H> {
    fn run(&self) {
        let Some(shown) = self.shown() else { return };
        shown.process.tell(shown.host.now(Clock::ProcessCpu), || shown.keep_strings());
    }
}

impl<H: LinuxHost> Information<H> {
    /// Let others see the arguments and the environment as they are now. Without memory they see the old ones.
    fn keep_strings(&self) {
        let range = self.image.strings();
        if !self.memory.is_current() {
            return;
        }
        if let Ok(strings) = Strings::read(&self.host, &range) {
            let before = core::mem::replace(&mut *self.strings.lock(), Arc::new(strings));
            drop(before);
        }
    }

    /// `schedstat`: nanoseconds on a processor; how long it waited for one only the host knows.
    pub(super) fn processor_text(&self) -> Answer {
        super::adjust::line(format_args!("{} 0 0", self.process.told_time().as_nanos()))
    }

    /// `proc_pid_personality(5)`.
    pub(super) fn personality_text(&self) -> Answer {
        let mut text = Text::default();
        let persona = self.settings.persona.load(litebox_host::sync::Ordering::Relaxed);
        text.line(format_args!("{persona:08x}"))?;
        Ok(text.finish())
    }
}
