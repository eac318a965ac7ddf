//! A pseudoterminal: what its two ends share (`pty(7)`).

use alloc::sync::{Arc, Weak};

use litebox_host::file::{AttributeChange, Attributes, FileKind, Timestamp};
use litebox_host::sync::{Mutex, MutexGuard};
use litebox_host::terminal::WindowSize;

use super::discipline::Discipline;
use super::packet::PacketStatus;
use super::{Terminals, job::Job};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, WaitQueue};
use crate::pipe::Ring;
use crate::signal::{Disposition, Signal, SignalSet};
use crate::user::{Destination, Source};

/// Bytes that the master may write ahead of what the line discipline takes.
pub(super) const INTAKE: usize = 8192;

/// The permission bits of a slave: its owner reads and writes, and the group of terminals writes.
const MODE: u32 = 0o620;
/// The group of terminals, as systems with `/dev/pts` have it (`gid=5`).
const GROUP: u32 = 5;
/// The major device number of slaves.
const MAJOR: u64 = 136;

/// A pseudoterminal.
pub struct Pty {
    number: u32,
    terminals: Weak<Terminals>,
    state: Mutex<State>,
    pub(super) master_queue: WaitQueue,
    pub(super) slave_queue: WaitQueue,
}

/// What the lock protects.
pub(super) struct State {
    pub(super) discipline: Discipline,
    /// What the master wrote and the line discipline has no room for yet.
    intake: Ring,
    /// Packet mode, and what the master is to be told.
    packet: Option<PacketStatus>,
    pub(super) window: WindowSize,
    /// Whose controlling terminal it is.
    pub(super) job: Option<Job>,
    /// Open slaves.
    pub(super) slaves: usize,
    /// A slave was open, and none is.
    pub(super) slave_closed: bool,
    /// The master is gone.
    pub(super) hung_up: bool,
    /// No slave can be opened (`unlockpt(3)`).
    pub(super) locked: bool,
    /// No further slave can be opened (`TIOCEXCL`).
    pub(super) exclusive: bool,
    attributes: Attributes,
    /// The stop key was typed since this was last asked.
    stop_typed: bool,
    /// What to do once the lock is let go.
    effects: Effects,
}

/// What follows from a change: whom to wake and whom to send signals.
#[derive(Default)]
struct Effects {
    master: Readiness,
    slave: Readiness,
    signals: SignalSet,
}

const SIGNALS: [Signal; 4] = [Signal::SIGINT, Signal::SIGQUIT, Signal::SIGTSTP, Signal::SIGWINCH];

impl Pty {
    /// A pseudoterminal numbered `number` that belongs to `owner`. Its slave is locked.
    ///
    /// # Errors
    /// [`ErrorKind::NoMemory`].
    pub(super) fn new(
        number: u32,
        owner: u32,
        now: Timestamp,
        terminals: &Weak<Terminals>,
    ) -> Result<Arc<Self>> {
        let state = State {
            discipline: Discipline::new()?,
            intake: Ring::new(),
            packet: None,
            window: WindowSize::default(),
            job: None,
            slaves: 0,
            slave_closed: false,
            hung_up: false,
            locked: true,
            exclusive: false,
            attributes: attributes(number, owner, now),
            stop_typed: false,
            effects: Effects::default(),
        };
        Ok(Arc::new(Self {
            number,
            terminals: Weak::clone(terminals),
            state: Mutex::new(state),
            master_queue: WaitQueue::new(),
            slave_queue: WaitQueue::new(),
        }))
    }

    /// The number: the slave is `/dev/pts/<number>`.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The slave's device number, as `stat(2)` codes it.
    pub fn device(&self) -> u64 {
        device(self.number)
    }

    /// Look at the state.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    /// Change the state, and then do what follows from it.
    pub(super) fn change<R>(&self, change: impl FnOnce(&mut State) -> R) -> R {
        let mut state = self.state.lock();
        let outcome = change(&mut state);
        state.settle();
        let effects = core::mem::take(&mut state.effects);
        let job = if effects.signals.is_empty() { None } else { state.job.clone() };
        drop(state);
        if !effects.slave.is_empty() {
            self.slave_queue.wake(effects.slave);
        }
        if !effects.master.is_empty() {
            self.master_queue.wake(effects.master);
        }
        if let Some(Job { registry, foreground: Some(foreground), .. }) = job {
            for signal in SIGNALS.into_iter().filter(|signal| effects.signals.contains(*signal)) {
                registry.signal_group(foreground, signal);
            }
        }
        outcome
    }

    /// The window's size.
    pub fn window(&self) -> WindowSize {
        self.state().window
    }

    /// Change the window's size: the foreground learns it by `SIGWINCH`.
    pub fn set_window(&self, window: WindowSize) {
        self.change(|state| {
            if core::mem::replace(&mut state.window, window) != window {
                state.effects.signals.insert(Signal::SIGWINCH);
            }
        });
    }

    /// Whether slaves can be opened.
    pub fn set_locked(&self, locked: bool) {
        self.state().locked = locked;
    }

    /// Whether slaves cannot be opened.
    pub fn is_locked(&self) -> bool {
        self.state().locked
    }

    /// Whether no further slave can be opened (`TIOCEXCL`).
    pub fn set_exclusive(&self, exclusive: bool) {
        self.state().exclusive = exclusive;
    }

    /// Whether no further slave can be opened.
    pub fn is_exclusive(&self) -> bool {
        self.state().exclusive
    }

    /// Whether the master is gone.
    pub fn is_hung_up(&self) -> bool {
        self.state().hung_up
    }

    /// Send `signal` to the foreground (`TIOCSIG`).
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for a signal that no character sends.
    pub fn signal_foreground(&self, signal: Signal) -> Result<()> {
        if ![Signal::SIGINT, Signal::SIGQUIT, Signal::SIGTSTP].contains(&signal) {
            return Err(Error::new(ErrorKind::InvalidArgument, "no character sends this signal"));
        }
        self.change(|state| state.effects.signals.insert(signal));
        Ok(())
    }

    /// Whether the stop key was typed since this was last asked, and stops nobody: the foreground does by default what
    /// its signal says, and would not be continued by anybody.
    pub(super) fn take_stop(&self) -> bool {
        let mut state = self.state();
        if !core::mem::take(&mut state.stop_typed) {
            return false;
        }
        let job = state.job.clone();
        drop(state);
        let Some(Job { registry, foreground: Some(foreground), .. }) = job else { return false };
        let members = registry.group(foreground);
        !members.is_empty()
            && members.iter().all(|process| {
                let action = process.signals.action(Signal::SIGTSTP);
                action.disposition == Disposition::Default && process.is_in_orphaned_group()
            })
    }

    /// Whether the master reads packets.
    pub fn is_in_packet_mode(&self) -> bool {
        self.state().packet.is_some()
    }

    /// Let the master read packets, or bytes.
    pub fn set_packet_mode(&self, packets: bool) {
        let mut state = self.state();
        if !packets {
            state.packet = None;
        } else if state.packet.is_none() {
            state.packet = Some(PacketStatus::empty());
        }
    }

    /// What `stat(2)` tells of the slave.
    pub(crate) fn attributes(&self) -> Attributes {
        self.state().attributes
    }

    /// Change what `stat(2)` tells of the slave.
    pub(crate) fn set_attributes(&self, change: &AttributeChange, now: Timestamp) {
        let mut state = self.state();
        let attributes = &mut state.attributes;
        change.apply(attributes);
        attributes.changed = now;
    }

    /// The master is gone: nobody reads or writes any more, and the session's leader is told.
    pub(super) fn hang_up(&self) {
        let job = self.change(|state| {
            state.hung_up = true;
            state.discipline.input.clear();
            state.discipline.output.discard();
            state.effects.slave |= Readiness::READ | Readiness::WRITE | Readiness::HANG_UP | Readiness::ERROR;
            state.job.take()
        });
        if let Some(job) = job {
            job.hang_up();
        }
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        if let Some(terminals) = self.terminals.upgrade() {
            terminals.release(self.number);
        }
    }
}

impl State {
    /// The master writes: as much as there is room for.
    pub(super) fn type_in(&mut self, from: &mut dyn Source) -> Result<usize> {
        let room = INTAKE - self.intake.len().min(INTAKE);
        if room == 0 {
            return Err(Error::new(ErrorKind::WouldBlock, "nobody reads what was typed"));
        }
        self.intake.write(from, room)
    }

    /// Whether the master can write.
    pub(super) fn takes_input(&self) -> bool {
        self.intake.len() < INTAKE
    }

    /// Let the line discipline take what it has room for, and note what came of a change.
    fn settle(&mut self) {
        let (typed, shown) = (self.intake.len(), self.discipline.output.len());
        while !self.intake.is_empty() && self.discipline.has_room() {
            let mut byte = [0];
            if self.intake.read(&mut &mut byte[..], 1).is_err() {
                break;
            }
            if let Some(signal) = self.discipline.receive(byte[0]) {
                self.stop_typed |= signal == Signal::SIGTSTP;
                self.effects.signals.insert(signal);
            }
        }
        if self.intake.len() < typed {
            self.effects.slave |= Readiness::READ;
            self.effects.master |= Readiness::WRITE;
            // A character may have let output go on.
            self.effects.slave |= Readiness::WRITE;
        }
        if self.discipline.output.len() > shown {
            self.effects.master |= Readiness::READ;
        }
        let events = self.discipline.output.take_events();
        if let Some(packet) = &mut self.packet
            && !events.is_empty()
        {
            merge(packet, events);
            self.effects.master |= Readiness::READ | Readiness::PRIORITY;
        }
    }

    /// What the master is told in packet mode, once.
    pub(super) fn take_packet_status(&mut self) -> Option<PacketStatus> {
        self.packet.as_mut().map(core::mem::take)
    }

    /// Whether the master is to be told something in packet mode.
    pub(super) fn has_packet_status(&self) -> bool {
        self.packet.is_some_and(|status| !status.is_empty())
    }

    /// The slave writes.
    pub(super) fn write(&mut self, from: &mut dyn Source) -> Result<usize> {
        let settings = *self.discipline.settings();
        let count = self.discipline.output.write(&settings, from)?;
        self.effects.master |= Readiness::READ;
        Ok(count)
    }

    /// The master reads.
    pub(super) fn read_output(&mut self, to: &mut dyn Destination) -> Result<usize> {
        let count = self.discipline.output.read(to)?;
        self.effects.slave |= Readiness::WRITE;
        Ok(count)
    }

    /// The slave reads.
    pub(super) fn read(&mut self, to: &mut dyn Destination) -> Result<usize> {
        let settings = *self.discipline.settings();
        self.discipline.input.read(&settings, to)
    }

    /// Wake who waits at the master, or at the slave, for these conditions.
    pub(super) fn announce(&mut self, master: Readiness, slave: Readiness) {
        self.effects.master |= master;
        self.effects.slave |= slave;
    }

    /// Throw away what the master wrote and the line discipline has not taken.
    pub(super) fn flush_intake(&mut self) {
        self.intake.consume(usize::MAX);
        self.effects.master |= Readiness::WRITE;
    }
}

/// Add events to what the master is to be told: the later of two that contradict each other counts.
fn merge(packet: &mut PacketStatus, events: PacketStatus) {
    for pair in [PacketStatus::STOP | PacketStatus::START, PacketStatus::FLOW] {
        if events.intersects(pair) {
            packet.remove(pair);
        }
    }
    packet.insert(events);
}

/// The device number of the slave numbered `number` (`makedev(3)`).
fn device(number: u32) -> u64 {
    let number = u64::from(number);
    (number & 0xff) | (MAJOR << 8) | ((number & !0xff) << 12)
}

fn attributes(number: u32, owner: u32, now: Timestamp) -> Attributes {
    Attributes {
        kind: FileKind::CharacterDevice,
        mode: MODE,
        uid: owner,
        gid: GROUP,
        links: 1,
        inode: u64::from(number) + 3,
        device: 0,
        special: device(number),
        size: 0,
        blocks: 0,
        block_size: 1024,
        accessed: now,
        modified: now,
        changed: now,
        born: Timestamp::default(),
    }
}
