//! `status` (`proc_pid_status(5)`) and `comm` (`proc_pid_comm(5)`).

use litebox_host::sync::Ordering;
use litebox_libos::identity::{Credentials, Identity};
use litebox_libos::limit::Resource;
use litebox_libos::process::Process;
use litebox_libos::thread::Thread;

use super::text::Text;
use super::{Answer, Information};
use crate::abi::process::LAST_CAPABILITY;
use crate::host::LinuxHost;

/// What a thread does at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Running,
    Sleeping,
    Stopped,
    /// The first thread has ended, others go on.
    Zombie,
}

impl State {
    /// Of the thread numbered `number`, for which `thread` stands.
    pub(super) fn of(process: &Process, thread: &Thread, number: u32) -> Self {
        if thread.id() != number {
            Self::Zombie
        } else if process.is_stopped() {
            Self::Stopped
        } else if thread.is_asleep() {
            Self::Sleeping
        } else {
            Self::Running
        }
    }

    pub(super) fn letter(self) -> char {
        match self {
            Self::Running => 'R',
            Self::Sleeping => 'S',
            Self::Stopped => 'T',
            Self::Zombie => 'Z',
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Sleeping => "sleeping",
            Self::Stopped => "stopped",
            Self::Zombie => "zombie",
        }
    }
}

/// Add the thread's name in one line, whatever is in it.
pub(super) fn put_name(text: &mut Text, thread: &Thread) -> Answer<()> {
    for byte in thread.name().into_iter().take_while(|byte| *byte != 0) {
        match byte {
            b'\n' => text.put(b"\\n")?,
            b'\\' => text.put(b"\\\\")?,
            other => text.put(&[other])?,
        }
    }
    Ok(())
}

/// `comm`: the name as it is.
pub(super) fn name_line(thread: &Thread) -> Answer {
    let name = thread.name();
    let mut text = Text::default();
    text.put(name.split(|byte| *byte == 0).next().unwrap_or_default())?;
    text.put(b"\n")?;
    Ok(text.finish())
}

/// All capabilities that exist, or none (`capabilities(7)`).
const ALL_CAPABILITIES: u64 = (1 << (LAST_CAPABILITY + 1)) - 1;

impl<H: LinuxHost> Information<H> {
    pub(super) fn status(&self, thread: &Thread, number: u32) -> Answer {
        let mut text = Text::default();
        let credentials = thread.credentials();
        self.put_identity(&mut text, thread, number, &credentials)?;
        self.put_memory(&mut text)?;
        self.put_signals(&mut text, thread)?;
        self.put_rights(&mut text, &credentials)?;
        self.put_processors(&mut text)?;
        Ok(text.finish())
    }

    /// The nice value.
    pub(super) fn nice(&self) -> i32 {
        self.process.nice()
    }

    fn put_identity(
        &self,
        text: &mut Text,
        thread: &Thread,
        id: u32,
        credentials: &Credentials,
    ) -> Answer<()> {
        let process = &self.process;
        text.put(b"Name:\t")?;
        put_name(text, thread)?;
        text.line(format_args!("\nUmask:\t{:04o}", self.place.mask()))?;
        let state = State::of(process, thread, id);
        text.line(format_args!("State:\t{} ({})", state.letter(), state.word()))?;
        text.line(format_args!("Tgid:\t{}\nNgid:\t0\nPid:\t{id}", process.id()))?;
        text.line(format_args!("PPid:\t{}\nTracerPid:\t0", process.parent()))?;
        for (name, numbers) in [("Uid", credentials.user), ("Gid", credentials.group)] {
            let Identity { real, effective, saved, file_system } = numbers;
            text.line(format_args!("{name}:\t{real}\t{effective}\t{saved}\t{file_system}"))?;
        }
        let highest = super::descriptor::list(&self.descriptors).last().map_or(0, |(number, _)| *number);
        text.line(format_args!("FDSize:\t{}", u64::from(highest).saturating_add(1).next_multiple_of(64)))?;
        text.put(b"Groups:\t")?;
        for group in &credentials.groups {
            text.format(format_args!("{group} "))?;
        }
        if credentials.groups.is_empty() {
            text.put(b" ")?;
        }
        text.line(format_args!("\nNStgid:\t{}\nNSpid:\t{id}", process.id()))?;
        text.line(format_args!("NSpgid:\t{}\nNSsid:\t{}\nKthread:\t0", process.group(), process.session()))
    }

    fn put_memory(&self, text: &mut Text) -> Answer<()> {
        /// What one page-table page maps.
        const TABLE_REACH: usize = 2 << 20;
        let sizes = self.sizes()?;
        let tables = sizes.resident().div_ceil(TABLE_REACH).saturating_mul(4096);
        for (name, bytes) in [
            ("VmPeak", sizes.mapped),
            ("VmSize", sizes.mapped),
            ("VmLck", sizes.locked),
            ("VmPin", 0),
            ("VmHWM", sizes.resident()),
            ("VmRSS", sizes.resident()),
            ("RssAnon", sizes.anonymous),
            ("RssFile", sizes.of_files),
            ("RssShmem", sizes.shared),
            ("VmData", sizes.data),
            ("VmStk", sizes.stack),
            ("VmExe", sizes.code_length()),
            ("VmLib", sizes.libraries()),
            ("VmPTE", tables),
            ("VmSwap", 0),
            ("HugetlbPages", 0),
        ] {
            text.line(format_args!("{name}:\t{:>8} kB", bytes / 1024))?;
        }
        text.line(format_args!("CoreDumping:\t0\nTHP_enabled:\t0"))
    }

    fn put_signals(&self, text: &mut Text, thread: &Thread) -> Answer<()> {
        let signals = &self.process.signals;
        let (ignored, caught) = signals.ignored_and_caught();
        text.line(format_args!("Threads:\t{}", self.process.threads().len()))?;
        text.line(format_args!("SigQ:\t0/{}", self.process.limits.soft(Resource::PendingSignals)))?;
        for (name, set) in [
            ("SigPnd", thread.signals().pending()),
            ("ShdPnd", signals.pending()),
            ("SigBlk", thread.signals().mask()),
            ("SigIgn", ignored),
            ("SigCgt", caught),
        ] {
            text.line(format_args!("{name}:\t{:016x}", set.bits()))?;
        }
        Ok(())
    }

    fn put_rights(&self, text: &mut Text, credentials: &Credentials) -> Answer<()> {
        let own = if credentials.may_change() { ALL_CAPABILITIES } else { 0 };
        for (name, set) in
            [("CapInh", 0), ("CapPrm", own), ("CapEff", own), ("CapBnd", ALL_CAPABILITIES), ("CapAmb", 0)]
        {
            text.line(format_args!("{name}:\t{set:016x}"))?;
        }
        let no_new = u32::from(self.settings.no_new_privileges.load(Ordering::Relaxed));
        text.line(format_args!("NoNewPrivs:\t{no_new}\nSeccomp:\t0\nSeccomp_filters:\t0"))
    }

    fn put_processors(&self, text: &mut Text) -> Answer<()> {
        let processors = self.host.processors();
        let (high, low) = (processors >> 32, processors & 0xffff_ffff);
        match high {
            0 => text.line(format_args!("Cpus_allowed:\t{low:x}"))?,
            _ => text.line(format_args!("Cpus_allowed:\t{high:x},{low:08x}"))?,
        }
        text.put(b"Cpus_allowed_list:\t")?;
        put_runs(text, processors)?;
        text.line(format_args!("\nMems_allowed:\t00000000,00000001\nMems_allowed_list:\t0"))?;
        text.line(format_args!("voluntary_ctxt_switches:\t0\nnonvoluntary_ctxt_switches:\t0"))
    }
}

/// Add the numbers of the bits in `set`, as in `0-3,5`.
fn put_runs(text: &mut Text, set: u64) -> Answer<()> {
    let has = |bit: u32| bit < 64 && set >> bit & 1 != 0;
    let mut separator = "";
    for first in (0..64).filter(|bit| has(*bit) && (*bit == 0 || !has(bit - 1))) {
        let last = (first..64).find(|bit| !has(bit + 1)).unwrap_or(first);
        match last == first {
            true => text.format(format_args!("{separator}{first}"))?,
            false => text.format(format_args!("{separator}{first}-{last}"))?,
        }
        separator = ",";
    }
    Ok(())
}
