//! What `/proc/<process>` tells of a process: the texts of `proc_pid(5)` in Linux's formats, and where its links
//! lead.
//!
//! A process registers when its first program is loaded, and again with each new program. `/proc` knows it weakly;
//! what keeps it is the `Slot` that the process's threads share, so it goes with the last of them. Texts are made
//! anew each time a file is read from its beginning.
//!
//! What only the process itself knows (its strings, its processor time) it tells when somebody reads: see `telling`.
//! What nobody here knows is said to be nothing (`io`, `wchan`, context switches, page faults) or all that it can be
//! (what is resident: all that can be accessed). `mem` is there and cannot be opened (`EACCES`): memory is reached by
//! `process_vm_readv(2)`, and only one's own.

mod adjust;
mod descriptor;
mod limits;
mod maps;
mod mounts;
mod remains;
mod smaps;
mod stat;
mod status;
mod strings;
mod telling;
mod text;
mod usage;

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Range;
use core::time::Duration;

use litebox_host::sync::{Mutex, Ordering};
use litebox_host::time::Clock;
use litebox_libos::file::pseudo::{
    ControllingTerminal, ProcessInformation, ProcessLocation, ProcessText, ProcessTexts,
};
use litebox_libos::file::{Asker, Description, DescriptorTable, File, Location, Place};
use litebox_libos::memory::{AddressSpace, buffer};
use litebox_libos::process::Process;
use litebox_libos::terminal::is_terminal;
use litebox_libos::thread::{NAME_LENGTH, Thread};
use litebox_libos::{Error, ErrorKind};

use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::loader::{Loaded, Processor, Program};
use crate::task::{Settings, Task};
pub(crate) use adjust::OutOfMemory;
use remains::Remains;
use strings::Strings;
pub(crate) use telling::processor_time;

/// A text, or the library OS's error: what `/proc` is answered.
type Answer<T = Vec<u8>> = litebox_libos::Result<T>;

/// What a process's threads keep of its showing.
pub(crate) struct Slot<H: LinuxHost> {
    shown: Mutex<Option<Arc<Information<H>>>>,
}

impl<H: LinuxHost> Default for Slot<H> {
    fn default() -> Self {
        Self { shown: Mutex::new(None) }
    }
}

impl<H: LinuxHost> Slot<H> {
    fn shown(&self) -> Option<Arc<Information<H>>> {
        self.shown.lock().clone()
    }

    /// The process runs nothing any more. Threads on their way out may still have the slot.
    pub(crate) fn clear(&self) {
        let shown = self.shown.lock().take();
        drop(shown);
    }

    /// `PR_GET_AUXV` of `prctl(2)`.
    ///
    /// # Errors
    /// `ENOMEM`; `ESRCH` if the process runs nothing.
    pub(crate) fn auxiliary_vector(&self) -> Result<Vec<u8>> {
        Ok(self.shown().ok_or(Errno::ESRCH)?.auxiliary_text()?)
    }

    /// What programs are told of the processor: what the running one was told.
    pub(crate) fn processor(&self) -> Processor {
        self.shown().map_or_else(Processor::default, |shown| Processor::of_vector(&shown.image.auxiliary))
    }
}

/// One process that runs one program.
struct Information<H: LinuxHost> {
    host: H,
    process: Arc<Process>,
    memory: Arc<AddressSpace<H>>,
    descriptors: Arc<DescriptorTable>,
    place: Arc<Place>,
    settings: Arc<Settings>,
    /// When the process started, since the machine did.
    started: Duration,
    /// The stream that is the terminal of the session, where the host's own was passed.
    terminal: Option<StreamTerminal>,
    image: Arc<Image>,
    /// What was in the image's strings when the process told last, for those who are in another address space.
    strings: Mutex<Arc<Strings>>,
}

/// What was loaded: the same for a process and the children that it makes until they load something else.
struct Image {
    program: Program,
    arguments: Range<usize>,
    environment: Range<usize>,
    auxiliary: Vec<u64>,
    /// Where the stack starts, counted downwards.
    stack: usize,
}

/// A stream that is the terminal of a session.
#[derive(Clone)]
struct StreamTerminal {
    session: u32,
    file: Arc<dyn File>,
}

/// Show the task's process in `/proc`, running the program that was loaded into it, and name the thread after the
/// program. Called when a process starts and whenever it starts a new program.
///
/// # Errors
/// `ENOMEM`.
pub fn register<H: LinuxHost>(task: &Task<H>, loaded: &Loaded) -> Result<()> {
    let image = Image {
        program: loaded.program.clone(),
        arguments: loaded.arguments.clone(),
        environment: loaded.environment.clone(),
        auxiliary: buffer::copied(&loaded.auxiliary)?,
        stack: loaded.stack,
    };
    let strings = Arc::new(Strings::read(&task.host, &image.strings())?);
    let (started, terminal) = match task.information.shown() {
        Some(before) => (before.started, before.terminal.clone()),
        None => (task.host.now(Clock::Boottime), standard_terminal(task)),
    };
    let information = Information { started, terminal, ..Information::of(task, Arc::new(image), strings) };
    task.thread.set_name(name_of(&loaded.path));
    task.show_credentials();
    show(task, Arc::new(information));
    Ok(())
}

/// Show `task`'s process, a child of `maker`'s, running the same program.
///
/// # Errors
/// `ESRCH` if the maker is not shown itself.
pub fn inherit<H: LinuxHost>(task: &Task<H>, maker: &Task<H>) -> Result<()> {
    show(task, Arc::new(of_maker(task, maker)?));
    Ok(())
}

/// `task` running the program that `maker` runs.
fn of_maker<H: LinuxHost>(task: &Task<H>, maker: &Task<H>) -> Result<Information<H>> {
    let before = maker.information.shown().ok_or(Errno::ESRCH)?;
    let strings = Arc::clone(&before.strings.lock());
    let terminal = before.terminal.clone();
    Ok(Information { terminal, ..Information::of(task, Arc::clone(&before.image), strings) })
}

/// Show what the task's process has now in place of what it had in common with others.
///
/// # Errors
/// As [`inherit`].
pub(crate) fn follow<H: LinuxHost>(task: &Task<H>) -> Result<()> {
    let started = task.information.shown().ok_or(Errno::ESRCH)?.started;
    show(task, Arc::new(Information { started, ..of_maker(task, task)? }));
    Ok(())
}

fn show<H: LinuxHost>(task: &Task<H>, information: Arc<Information<H>>) {
    task.information.serve(&task.thread);
    let shown: Arc<dyn ProcessInformation> = Arc::<Information<H>>::clone(&information);
    task.place.namespace().processes().add(task.process.id(), &shown);
    let replaced = task.information.shown.lock().replace(information);
    // Files may be closed here, so the slot's lock is not held any more.
    drop(replaced);
}

/// Show the process that orphans are given to, for as long as the answer is kept.
pub fn show_init<H: LinuxHost>(task: &Task<H>, init: &Arc<Process>) -> Arc<dyn ProcessInformation> {
    let shown: Arc<dyn ProcessInformation> = Arc::new(Remains::init(init));
    task.place.namespace().processes().add(init.id(), &shown);
    shown
}

/// What stays shown of the task's process, whose last thread leaves, until its parent has waited for it.
pub(crate) fn remains<H: LinuxHost>(task: &Task<H>) -> Option<Arc<dyn ProcessInformation>> {
    let started = task.information.shown()?.started;
    let remains: Arc<dyn ProcessInformation> =
        Arc::new(Remains::of(&task.process, task.thread.name(), &task.credentials, started));
    task.place.namespace().processes().add(task.process.id(), &remains);
    Some(remains)
}

/// The name of a thread that runs the program at `path`: as much of the last component as fits.
pub(crate) fn name_of(path: &[u8]) -> [u8; NAME_LENGTH] {
    let base = path.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    let mut name = [0; NAME_LENGTH];
    for (to, from) in name.iter_mut().take(NAME_LENGTH - 1).zip(base) {
        *to = *from;
    }
    name
}

/// The first of descriptors 0 to 2 that is a terminal becomes the session's.
fn standard_terminal<H: LinuxHost>(task: &Task<H>) -> Option<StreamTerminal> {
    (0..3).find_map(|number| {
        let file = Arc::clone(task.descriptors.get(number).ok()?.file());
        let is_one = file.stream().is_some_and(|stream| is_terminal(&task.host, stream));
        is_one.then(|| StreamTerminal { session: task.process.session(), file })
    })
}

const NO_FILE: Error = Error::new(ErrorKind::InputOutput, "the file has no such operation");
const GONE: Error = Error::new(ErrorKind::NoSuchProcess, "the thread is gone");

impl Image {
    /// Where the argument and the environment strings are.
    fn strings(&self) -> Range<usize> {
        self.arguments.start..self.environment.end
    }
}

impl<H: LinuxHost> Information<H> {
    /// `task`'s process, which starts now and has no terminal, running `image`.
    fn of(task: &Task<H>, image: Arc<Image>, strings: Arc<Strings>) -> Self {
        Self {
            host: task.host.clone(),
            process: Arc::clone(&task.process),
            memory: Arc::clone(&task.memory),
            descriptors: Arc::clone(&task.descriptors),
            place: Arc::clone(&task.place),
            settings: Arc::clone(&task.settings),
            started: task.host.now(Clock::Boottime),
            terminal: None,
            image,
            strings: Mutex::new(strings),
        }
    }

    /// The thread numbered `number`; for the process's own number, the oldest thread if the first has ended.
    fn thread(&self, number: u32) -> Answer<Arc<Thread>> {
        let oldest = || self.process.threads().into_iter().next().filter(|_| number == self.process.id());
        self.process.thread(number).or_else(oldest).ok_or(GONE)
    }
}

impl<H: LinuxHost> ProcessTexts for Information<H> {
    fn text(&self, thread: u32, what: ProcessText) -> Answer {
        let number = thread;
        let thread = self.thread(number)?;
        match what {
            ProcessText::Auxv => self.auxiliary_text(),
            ProcessText::Cgroup => Ok(b"0::/\n".to_vec()),
            ProcessText::Cmdline => self.arguments_text(),
            ProcessText::Comm => status::name_line(&thread),
            ProcessText::Environ => self.environment_text(),
            ProcessText::Io => usage::transfers(),
            ProcessText::Limits => limits::text(&self.process.limits),
            // Nobody logged in: -1, as an unsigned number.
            ProcessText::LoginUid | ProcessText::SessionId => Ok(b"4294967295".to_vec()),
            ProcessText::Maps => self.maps(),
            ProcessText::Mem => Err(NO_FILE),
            ProcessText::MountInfo => mounts::details(&self.place),
            ProcessText::Mounts => mounts::list(&self.place),
            ProcessText::OomAdj => self.old_out_of_memory_text(),
            ProcessText::OomScore => self.score_text(),
            ProcessText::OomScoreAdj => self.out_of_memory_text(),
            ProcessText::Personality => self.personality_text(),
            ProcessText::Schedstat => self.processor_text(),
            ProcessText::Smaps => self.detailed_maps(),
            ProcessText::SmapsRollup => self.maps_summary(),
            ProcessText::Stat => self.stat(&thread, number),
            ProcessText::Statm => self.memory_counts(),
            ProcessText::Status => self.status(&thread, number),
            ProcessText::TimerSlack => self.timer_slack_text(),
            // As Linux shows it to those who may not know.
            ProcessText::Wchan => Ok(b"0".to_vec()),
            ProcessText::Descriptor(number) => descriptor::text(&self.descriptors, number),
        }
    }

    fn prepare(&self, what: ProcessText, asker: Asker<'_>) {
        let only_it_knows = matches!(
            what,
            ProcessText::Cmdline | ProcessText::Environ | ProcessText::Stat | ProcessText::Schedstat
        );
        if only_it_knows {
            telling::ask(&self.host, &self.process, asker);
        }
    }

    fn write(&self, thread: u32, what: ProcessText, asker: Asker<'_>, text: &[u8]) -> Answer<()> {
        match what {
            ProcessText::Comm => self.rename(&*self.thread(thread)?, asker, text),
            ProcessText::OomAdj => self.adjust_old(asker, text),
            ProcessText::OomScoreAdj => self.adjust(asker, text),
            ProcessText::TimerSlack => self.set_timer_slack(asker, text),
            ProcessText::LoginUid => Err(Error::new(ErrorKind::NotPermitted, "nobody logs in here")),
            _ => Err(NO_FILE),
        }
    }
}

impl<H: LinuxHost> ProcessInformation for Information<H> {
    fn started(&self) -> Duration {
        self.started
    }

    /// As in Linux, what must not be dumped belongs to user 0.
    fn owner(&self) -> (u32, u32) {
        match self.thread(self.process.id()) {
            Ok(thread) if self.settings.undumpable.load(Ordering::Relaxed) == 0 => {
                let credentials = thread.credentials();
                (credentials.user.effective, credentials.group.effective)
            }
            _ => (0, 0),
        }
    }

    fn threads(&self) -> Vec<u32> {
        self.process.threads().iter().map(|thread| thread.id()).collect()
    }

    fn descriptors(&self) -> Vec<(u32, Arc<Description>)> {
        descriptor::list(&self.descriptors)
    }

    fn location(&self, what: ProcessLocation) -> Option<Location> {
        match what {
            ProcessLocation::Program => self.image.program.file.location().cloned(),
            ProcessLocation::Current => Some(self.place.current()),
            ProcessLocation::Root => Some(self.place.root()),
        }
    }

    fn terminal(&self) -> Option<ControllingTerminal> {
        if let Some(pty) = self.place.namespace().terminals().controlling(&self.process) {
            return Some(ControllingTerminal::Pseudoterminal(pty));
        }
        let terminal = self.terminal.as_ref()?;
        let is_ours = terminal.session == self.process.session();
        is_ours.then(|| ControllingTerminal::Stream(Arc::clone(&terminal.file)))
    }
}
