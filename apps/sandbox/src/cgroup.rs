//! A cgroup of the sandbox's own (cgroups(7), version 2), where this process may make one.
//!
//! In it the host holds all processes of the sandbox together to its limits, also those that a hostile program makes
//! behind the library OS's back. Nothing that is there already is changed: the group is made beside this process's own
//! where the host's administrator has left the controllers on for it, and is removed at the end.

use crate::limits::Limits;
use litebox_broker::confine::Layer;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::{AtFlags, CWD, Mode, OFlags};
use rustix::io::Errno;
use rustix::process::Pid;
use std::io;
use std::path::{Path, PathBuf};

/// The controllers that are used.
const CONTROLLERS: [&str; 2] = ["memory", "pids"];

/// What the name of a sandbox's group starts with; the number of its first process follows.
const PREFIX: &str = "litebox-";

/// How often the end of the last process is waited for.
const ROUNDS: u32 = 40;

/// How long each time.
const ROUND: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

/// The group in which groups can be made: with the controllers on for those below it, and writable.
///
/// # Errors
/// Why there is none.
pub(crate) fn place() -> Result<PathBuf, String> {
    let own = std::fs::read_to_string("/proc/self/cgroup")
        .map_err(|error| format!("/proc/self/cgroup: {error}"))?;
    let own = own
        .lines()
        .find_map(|line| line.strip_prefix("0::/"))
        .ok_or("this process is in none of version 2")?;
    let roots = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"].map(Path::new);
    let root = roots.into_iter().find(|root| root.join("cgroup.controllers").exists());
    let root = root.ok_or("none of version 2 is mounted")?;
    // A group with processes has none below it, but for the root.
    let place = if own.is_empty() { root.to_owned() } else { root.join(own) };
    let place = if own.is_empty() { place } else { place.parent().unwrap_or(root).to_owned() };
    let shown = place.display();
    let control = place.join("cgroup.subtree_control");
    let on = std::fs::read_to_string(&control).map_err(|error| format!("{}: {error}", control.display()))?;
    if let Some(off) = CONTROLLERS.iter().find(|name| !on.split_whitespace().any(|one| one == **name)) {
        return Err(format!("{shown} has the controller {off} not on for groups below it"));
    }
    let may = rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK;
    rustix::fs::access(&place, may).map_err(|error| format!("{shown}: {error}"))?;
    Ok(place)
}

/// A sandbox's group. Dropping it ends all that is in it, and removes it.
pub(crate) struct Group {
    place: OwnedFd,
    name: String,
    /// `cgroup.kill`, from Linux 5.14 on.
    kill: Option<OwnedFd>,
    /// `cgroup.events`: whether somebody is in it.
    events: OwnedFd,
    /// `memory.events`: how often somebody was killed for its memory.
    memory: OwnedFd,
}

impl Group {
    /// Makes the group of a sandbox whose first process is `first`, holds it to `limits`, and moves into it what the
    /// sandbox consists of until it is answered: the first process and its children.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) fn make(first: Pid, limits: &Limits) -> Result<Self, String> {
        let path = place()?;
        let shown = |name: &str, error: Errno| format!("{}/{name}: {error}", path.display());
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let place = rustix::fs::openat(CWD, &path, flags, Mode::empty()).map_err(|error| shown("", error))?;
        sweep(&place, &path);
        let name = format!("{PREFIX}{}", first.as_raw_nonzero());
        rustix::fs::mkdirat(&place, &name, Mode::from_raw_mode(0o755))
            .map_err(|error| shown(&name, error))?;
        let made = Self::fill(&place, &name, first, limits);
        if made.is_err() {
            // Nobody is in it who could not be moved.
            let _ = rustix::fs::unlinkat(&place, &name, AtFlags::REMOVEDIR);
        }
        let (kill, events, memory) = made.map_err(|error| shown(&name, error))?;
        Ok(Self { place, name, kill, events, memory })
    }

    fn fill(
        place: &OwnedFd,
        name: &str,
        first: Pid,
        limits: &Limits,
    ) -> rustix::io::Result<(Option<OwnedFd>, OwnedFd, OwnedFd)> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let group = rustix::fs::openat(place, name, flags, Mode::empty())?;
        let file = |name, flags| rustix::fs::openat(&group, name, flags | OFlags::CLOEXEC, Mode::empty());
        let set = |name, value: u64| write(&file(name, OFlags::WRONLY)?, value);
        set("pids.max", limits.host_processes())?;
        if let Some(bytes) = limits.host_memory() {
            set("memory.max", bytes)?;
            // A kernel may be without it, or without swap.
            let _ = set("memory.swap.max", 0);
        }
        set("memory.oom.group", 1)?;
        let (events, memory) =
            (file("cgroup.events", OFlags::RDONLY)?, file("memory.events", OFlags::RDONLY)?);
        let members = file("cgroup.procs", OFlags::WRONLY)?;
        // What the first process makes from here on is in the group.
        write(&members, first.as_raw_nonzero().get().unsigned_abs().into())?;
        for child in children(first)? {
            match write(&members, child) {
                Err(Errno::SRCH) | Ok(()) => {}
                Err(error) => return Err(error),
            }
        }
        Ok((file("cgroup.kill", OFlags::WRONLY).ok(), events, memory))
    }

    /// Where the group is, for removing it once this thread is confined.
    pub(crate) fn place(&self) -> BorrowedFd<'_> {
        self.place.as_fd()
    }

    /// Whether the host has killed somebody in it for its memory.
    pub(crate) fn is_out_of_memory(&self) -> bool {
        let count =
            |text: &str| text.lines().find_map(|line| line.strip_prefix("oom_kill ")?.parse::<u64>().ok());
        read(&self.memory).is_ok_and(|text| count(&text).is_some_and(|count| count > 0))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(kill) = &self.kill {
            // The process group was killed before.
            let _ = write(kill, 1);
        }
        for _ in 0..ROUNDS {
            let is_gone = rustix::fs::unlinkat(&self.place, &self.name, AtFlags::REMOVEDIR);
            if !matches!(is_gone, Err(Errno::BUSY)) {
                return;
            }
            // Reading arms it; a change is told as an exception.
            let _ = read(&self.events);
            let _ = poll(&mut [PollFd::new(&self.events, PollFlags::PRI)], Some(&ROUND));
        }
    }
}

/// How far the layer is there.
pub(crate) fn layer(group: &Result<Group, String>) -> Layer {
    match group {
        Ok(_) => Layer::Enforced,
        Err(why) => Layer::Absent(why.clone()),
    }
}

/// Removes groups of sandboxes whose supervisor was killed.
fn sweep(place: &OwnedFd, path: &Path) {
    let names = std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.file_name());
    for name in names.filter_map(|name| name.into_string().ok()) {
        let number = name.strip_prefix(PREFIX).filter(|number| number.parse::<u32>().is_ok());
        if number.is_some_and(|number| !Path::new("/proc").join(number).exists()) {
            // With somebody in it, it stays.
            let _ = rustix::fs::unlinkat(place, &name, AtFlags::REMOVEDIR);
        }
    }
}

/// The children of a process that has one thread.
fn children(process: Pid) -> rustix::io::Result<Vec<u64>> {
    let number = process.as_raw_nonzero();
    let listed = std::fs::read_to_string(format!("/proc/{number}/task/{number}/children"));
    let listed = listed.map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO))?;
    Ok(listed.split_whitespace().filter_map(|child| child.parse().ok()).collect())
}

fn write(file: &OwnedFd, value: u64) -> rustix::io::Result<()> {
    rustix::io::write(file, value.to_string().as_bytes()).map(|_| ())
}

/// A small file from its start.
fn read(file: &OwnedFd) -> io::Result<String> {
    let mut bytes = [0; 512];
    rustix::fs::seek(file, rustix::fs::SeekFrom::Start(0))?;
    let length = rustix::io::read(file, &mut bytes)?;
    Ok(String::from_utf8_lossy(bytes.get(..length).unwrap_or_default()).into_owned())
}
