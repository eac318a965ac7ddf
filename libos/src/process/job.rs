//! Groups of processes, as shells make them: which of them nobody can tell to go on.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::registry::Table;
use super::relations::children_of;
use super::{Process, Registry};
use crate::signal::{Detail, Signal, SignalInfo};

/// The groups that may become orphaned by the end of `process`: its own, and those of its children.
pub(super) fn groups_of_children(table: &Table, process: &Arc<Process>) -> Vec<u32> {
    let mut groups = alloc::vec![process.group()];
    groups.extend(children_of(table, process.id()).iter().map(|child| child.group()));
    groups.sort_unstable();
    groups.dedup();
    groups.retain(|group| !is_orphaned(table, *group));
    groups
}

/// Whether no member of the group has a living parent in another group of its session: nobody is there who could
/// tell it to go on (`setpgid(2)`).
fn is_orphaned(table: &Table, group: u32) -> bool {
    let entries = table.entries();
    let alive = |id: u32| entries.iter().find(|entry| entry.process.id() == id && entry.ended.is_none());
    !entries.iter().filter(|entry| entry.process.group() == group && entry.ended.is_none()).any(|entry| {
        let member = &entry.process;
        alive(member.parent()).is_some_and(|parent| {
            parent.process.group() != group && parent.process.session() == member.session()
        })
    })
}

/// The members of those `groups` that are orphaned now and have a stopped member.
pub(super) fn newly_orphaned(table: &Table, groups: &[u32]) -> Vec<Arc<Process>> {
    let mut members = Vec::new();
    for group in groups.iter().filter(|group| is_orphaned(table, **group)) {
        let alive = table.entries().iter().filter(|entry| entry.ended.is_none());
        let of_group: Vec<_> =
            alive.map(|entry| &entry.process).filter(|process| process.group() == *group).collect();
        if of_group.iter().any(|process| process.is_stopped()) {
            members.extend(of_group.into_iter().cloned());
        }
    }
    members
}

/// Orphans that are stopped are hung up on and told to go on.
pub(super) fn wake_orphans(members: &[Arc<Process>]) {
    for member in members {
        member.signal_by_system(Signal::SIGHUP);
        member.signal_by_system(Signal::SIGCONT);
    }
}

/// The system itself sent it (`sigaction(2)`).
const SI_KERNEL: i32 = 0x80;

impl Registry {
    /// Send `signal`, in the system's own name, to every process of a group.
    pub(crate) fn signal_group(&self, group: u32, signal: Signal) {
        for process in self.group(group) {
            process.signal_by_system(signal);
        }
    }
}

impl Process {
    /// Send a standard signal in the system's own name.
    pub(crate) fn signal_by_system(&self, signal: Signal) {
        let detail = Detail::Sender { process: 0, user: 0 };
        // A standard signal always finds a place.
        let _ = self.send(SignalInfo { signal, code: SI_KERNEL, detail }, usize::MAX);
    }

    /// Whether its group is orphaned: signals of job control but `SIGSTOP` do not stop it.
    pub fn is_in_orphaned_group(&self) -> bool {
        is_orphaned(&self.registry().table.lock(), self.group())
    }
}
