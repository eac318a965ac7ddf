//! What `/proc` shows of a process that runs nothing: one that has ended and was not waited for, and the one that
//! orphans are given to.

use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;
use core::time::Duration;

use litebox_libos::file::pseudo::{
    ControllingTerminal, ProcessInformation, ProcessLocation, ProcessText, ProcessTexts,
};
use litebox_libos::file::{Description, Location};
use litebox_libos::identity::Credentials;
use litebox_libos::process::Process;
use litebox_libos::thread::NAME_LENGTH;
use litebox_libos::{Error, ErrorKind};

use super::Answer;
use super::stat::ticks;
use super::text::Text;

/// Such a process.
pub(super) struct Remains {
    id: u32,
    process: Weak<Process>,
    name: [u8; NAME_LENGTH],
    credentials: Credentials,
    started: Duration,
    /// The letter and the word for what it does.
    state: (char, &'static str),
}

const GONE: Error = Error::new(ErrorKind::NoSuchProcess, "the process is gone");
const NOTHING: Error = Error::new(ErrorKind::NotFound, "the process has nothing of the kind");

impl Remains {
    /// What is left of `process`.
    pub(super) fn of(
        process: &Arc<Process>,
        name: [u8; NAME_LENGTH],
        credentials: &Credentials,
        started: Duration,
    ) -> Self {
        let (process, id) = (Arc::downgrade(process), process.id());
        Self { id, process, name, credentials: credentials.clone(), started, state: ('Z', "zombie") }
    }

    /// The process that orphans are given to.
    pub(super) fn init(process: &Arc<Process>) -> Self {
        let mut name = [0; NAME_LENGTH];
        for (to, from) in name.iter_mut().zip(b"init") {
            *to = *from;
        }
        let credentials = Credentials::default();
        let state = ('S', "sleeping");
        Self { state, ..Self::of(process, name, &credentials, Duration::ZERO) }
    }

    fn name(&self) -> &[u8] {
        self.name.split(|byte| *byte == 0).next().unwrap_or_default()
    }

    fn comm(&self) -> Answer {
        let mut text = Text::default();
        text.put(self.name())?;
        text.put(b"\n")?;
        Ok(text.finish())
    }

    /// All fields of `proc_pid_stat(5)`; those about memory are 0.
    fn stat(&self) -> Answer {
        let process = self.process.upgrade().ok_or(GONE)?;
        let mut text = Text::default();
        text.format(format_args!("{} (", self.id))?;
        text.put(self.name())?;
        text.format(format_args!(") {} {} {}", self.state.0, process.parent(), process.group()))?;
        text.format(format_args!(
            " {} 0 -1 4 0 0 0 0 {} 0 0 0 20 {}",
            process.session(),
            ticks(process.told_time()),
            process.nice()
        ))?;
        text.format(format_args!(" 1 0 {} 0 0 0", ticks(self.started)))?;
        text.put(b" 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n")?;
        Ok(text.finish())
    }

    fn status(&self) -> Answer {
        let process = self.process.upgrade().ok_or(GONE)?;
        let mut text = Text::default();
        text.put(b"Name:\t")?;
        text.put(self.name())?;
        text.line(format_args!("\nState:\t{} ({})", self.state.0, self.state.1))?;
        text.line(format_args!("Tgid:\t{0}\nNgid:\t0\nPid:\t{0}", self.id))?;
        text.line(format_args!("PPid:\t{}\nTracerPid:\t0", process.parent()))?;
        let (user, group) = (self.credentials.user, self.credentials.group);
        for (name, numbers) in [("Uid", user), ("Gid", group)] {
            let (real, effective) = (numbers.real, numbers.effective);
            text.line(format_args!(
                "{name}:\t{real}\t{effective}\t{}\t{}",
                numbers.saved, numbers.file_system
            ))?;
        }
        text.line(format_args!("FDSize:\t0\nThreads:\t1"))?;
        Ok(text.finish())
    }
}

impl ProcessTexts for Remains {
    fn text(&self, _: u32, what: ProcessText) -> Answer {
        match what {
            ProcessText::Comm => self.comm(),
            ProcessText::Stat => self.stat(),
            ProcessText::Status => self.status(),
            ProcessText::Statm => Ok(b"0 0 0 0 0 0 0\n".to_vec()),
            ProcessText::Cmdline | ProcessText::Environ | ProcessText::Maps | ProcessText::Auxv => {
                Ok(Vec::new())
            }
            ProcessText::Cgroup => Ok(b"0::/\n".to_vec()),
            ProcessText::OomScore | ProcessText::OomScoreAdj | ProcessText::OomAdj => Ok(b"0\n".to_vec()),
            ProcessText::Wchan => Ok(b"0".to_vec()),
            _ => Err(NOTHING),
        }
    }
}

impl ProcessInformation for Remains {
    fn started(&self) -> Duration {
        self.started
    }

    fn owner(&self) -> (u32, u32) {
        (self.credentials.user.effective, self.credentials.group.effective)
    }

    fn threads(&self) -> Vec<u32> {
        alloc::vec![self.id]
    }

    fn descriptors(&self) -> Vec<(u32, Arc<Description>)> {
        Vec::new()
    }

    fn location(&self, _: ProcessLocation) -> Option<Location> {
        None
    }

    fn terminal(&self) -> Option<ControllingTerminal> {
        None
    }
}
