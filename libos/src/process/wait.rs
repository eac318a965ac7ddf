//! Waiting for children (`wait(2)`).

use alloc::sync::Arc;

use super::registry::{Entry, Table};
use super::{ChildCode, ExitStatus, Process, Usage};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, block};
use crate::signal::Signal;
use crate::thread::Thread;

/// Which children.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Children {
    /// All.
    Any,
    /// The one with this number.
    Process(u32),
    /// Those in this group.
    Group(u32),
}

bitflags::bitflags! {
    /// What is waited for, and how.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct WaitFlags: u32 {
        /// Children that ended.
        const ENDED = 1;
        /// Children that stopped.
        const STOPPED = 2;
        /// Children that went on.
        const CONTINUED = 4;
        /// The change is left for the next wait.
        const KEEP = 8;
        /// Come back at once.
        const NO_WAIT = 16;
        /// Children whose end is told by another signal than `SIGCHLD`, and only those (`__WCLONE`).
        const OTHER_SIGNAL = 32;
        /// Children whatever signal tells of their end (`__WALL`).
        const ANY_SIGNAL = 64;
        /// Children that the calling thread made (`__WNOTHREAD`).
        const OWN_THREAD = 128;
    }
}

/// What happened to a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It ended.
    Ended(ExitStatus),
    /// A signal stopped it.
    Stopped(Signal),
    /// It goes on.
    Continued,
}

/// A child that changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Its number.
    pub process: u32,
    /// The user on whose behalf it runs.
    pub user: u32,
    /// What happened.
    pub change: Change,
    /// What it used, if it ended.
    pub usage: Usage,
}

impl ExitStatus {
    /// How a signal or `waitid(2)` tells of the end: the code, and the number that belongs to it.
    pub fn child_code(self) -> (ChildCode, i32) {
        match self {
            Self::Exited(code) => (ChildCode::Exited, i32::from(code)),
            Self::Killed { signal, core: false } => (ChildCode::Killed, i32::from(signal)),
            Self::Killed { signal, core: true } => (ChildCode::Dumped, i32::from(signal)),
        }
    }
}

const NO_CHILD: Error = Error::new(ErrorKind::NoChild, "there is no such child");
const NOT_YET: Error = Error::new(ErrorKind::WouldBlock, "no child has changed");

impl Process {
    /// Wait until one of `children` has changed as `flags` say; `None` if none has and the caller does not wait.
    ///
    /// # Errors
    /// [`ErrorKind::NoChild`] if there is none to wait for, [`ErrorKind::Interrupted`].
    pub fn wait(&self, thread: &Thread, children: Children, flags: WaitFlags) -> Result<Option<Changed>> {
        let attempt = || self.look_at_children(thread, children, flags);
        if flags.contains(WaitFlags::NO_WAIT) {
            return match attempt() {
                Ok(changed) => Ok(Some(changed)),
                Err(error) if error.kind == ErrorKind::WouldBlock => Ok(None),
                Err(error) => Err(error),
            };
        }
        block(thread, &[(&self.relations.children, Readiness::READ)], None, attempt).map(Some)
    }

    fn look_at_children(&self, thread: &Thread, children: Children, flags: WaitFlags) -> Result<Changed> {
        let mut reaped = None;
        let mut table = self.registry().table.lock();
        let outcome = self.find_changed(&table, thread, children, flags);
        if let Ok(Changed { process, change: Change::Ended(_), usage, .. }) = &outcome
            && !flags.contains(WaitFlags::KEEP)
        {
            reaped = table.remove(*process);
            let mut sum = self.relations.children_usage.lock();
            *sum = sum.plus(*usage);
        }
        drop(table);
        if let Some(entry) = reaped {
            entry.process.let_go();
        }
        outcome
    }

    fn find_changed(
        &self,
        table: &Table,
        thread: &Thread,
        children: Children,
        flags: WaitFlags,
    ) -> Result<Changed> {
        let mut any = false;
        for entry in table.entries().iter().filter(|entry| self.is_waited_for(entry, thread, children, flags))
        {
            any = true;
            if let Some(changed) = change_of(entry, flags) {
                return Ok(changed);
            }
        }
        Err(if any { NOT_YET } else { NO_CHILD })
    }

    fn is_waited_for(&self, entry: &Entry, thread: &Thread, children: Children, flags: WaitFlags) -> bool {
        let child: &Arc<Self> = &entry.process;
        let selected = match children {
            Children::Any => true,
            Children::Process(id) => child.id() == id,
            Children::Group(group) => child.group() == group,
        };
        let by_child_signal = child.exit_signal() == Some(Signal::SIGCHLD);
        let of_kind = flags.contains(WaitFlags::ANY_SIGNAL)
            || by_child_signal != flags.contains(WaitFlags::OTHER_SIGNAL);
        let own = !flags.contains(WaitFlags::OWN_THREAD) || child.is_made_by(thread.id());
        child.parent() == self.id() && selected && of_kind && own
    }
}

/// How the child has changed, of what is waited for.
fn change_of(entry: &Entry, flags: WaitFlags) -> Option<Changed> {
    let process = entry.process.id();
    if let Some(ended) = entry.ended {
        let change = Change::Ended(ended.status);
        let changed = Changed { process, user: ended.user, change, usage: ended.usage };
        return flags.contains(WaitFlags::ENDED).then_some(changed);
    }
    let change = entry.process.take_change(flags)?;
    let user = entry.process.user().unwrap_or(0);
    Some(Changed { process, user, change, usage: Usage::default() })
}
