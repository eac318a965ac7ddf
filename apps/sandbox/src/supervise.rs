//! From the start of the image to its end.

use crate::builder::Manners;
use crate::cgroup::{self, Group};
use crate::console::Console;
use crate::limits::Limits;
use crate::refusals::Recorder;
use crate::spawn::{CallersHalf, Child, Streams};
use crate::terminal::{Foreground, Signals, lacks_foreground, suspend};
use crate::{Error, Exit, Layers, Status};
use litebox_broker::confine::{self, Layer};
use litebox_broker::server::{Event, Outcome, Server};
use rustix::fd::{AsFd, OwnedFd};
use rustix::process::WaitIdStatus;
use rustix::time::{Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec};
use std::time::Duration;

/// How long killed processes may take to close their end of the channel.
const PARTING: Duration = Duration::from_secs(2);

/// What is to be started.
pub(crate) struct Plan {
    pub(crate) image: &'static [u8],
    /// The sandbox's end.
    pub(crate) channel: OwnedFd,
    pub(crate) streams: Streams,
    /// The caller's half of the link to a terminal of the sandbox's own.
    pub(crate) terminal: Option<CallersHalf>,
    pub(crate) limits: Limits,
    pub(crate) timeout: Option<Duration>,
    pub(crate) manners: Manners,
}

/// What is watched while the server answers. Fields are dropped in this order: the sandbox ends first; and the signal
/// that answers a change of the terminal from the background is blocked until the foreground is back.
struct Watch {
    child: Child,
    group: Option<Group>,
    console: Option<Console>,
    timer: OwnedFd,
    foreground: Option<Foreground>,
    signals: Option<Signals>,
}

/// Why the watch ended.
enum End {
    /// The sandbox has said how.
    Told(Outcome),
    /// The image's first process has ended.
    Died,
    /// The time is over.
    TimedOut,
    /// This process is to end.
    Interrupted(u8),
}

/// Starts the image, makes the server, confines this thread, answers until the end.
pub(crate) fn supervise(
    server: impl FnOnce() -> Result<Server, Error>,
    plan: Plan,
    recorder: &Recorder,
) -> Result<Exit, Error> {
    let signals = match plan.manners {
        Manners::Command => Some(Signals::take()?),
        Manners::Library => None,
    };
    let timer = timer(plan.timeout)?;
    // Before the sandbox: its size is the first thing that is told, and its settings those that are put back.
    let console = plan.terminal.map(Console::start).transpose()?;
    let inherited = plan.limits.inherit()?;
    let (terminals, is_own_input) = (plan.streams.terminal_flags(), plan.streams.inherits_input());
    let child = Child::spawn(plan.image, plan.channel, plan.streams)?;
    drop(inherited);
    // Before the first answer, so that no guest code has run.
    let group = Group::make(child.group(), &plan.limits);
    let cgroup = cgroup::layer(&group);
    // Before the first answer, so that the program finds the terminal its own.
    let foreground =
        (signals.is_some() && is_own_input).then(|| Foreground::new(child.group(), terminals)).flatten();
    let mut watch = Watch { child, group: group.ok(), console, timer, foreground, signals };
    let mut server = server()?;
    let layers = confine(&server, watch.group.as_ref())?;
    let end = watch.run(&mut server);
    let status = watch.finish(&mut server, end);
    server.terminals().restore();
    drop(watch);
    let denials = server.audit().denied();
    server.audit().end();
    let (reports, refusals) = (server.summary(), recorder.refusals());
    Ok(Exit { status: status?, reports, denials, refusals, layers, cgroup })
}

/// Confines this thread. The filter is required: no host that can run the sandbox is without.
fn confine(server: &Server, group: Option<&Group>) -> Result<Layers, Error> {
    let mut confinement = server.confinement();
    confinement.emptied = group.map(Group::place);
    let layers = confine::apply(&confinement, &[]);
    match &layers.seccomp {
        Layer::Enforced | Layer::Partial => Ok(layers),
        Layer::Absent(why) => Err(Error::refused(
            "host.seccomp",
            format!("the broker cannot be confined: {why}"),
            "allow seccomp(2) in the container's profile; see litebox doctor",
        )),
    }
}

impl Watch {
    fn run(&mut self, server: &mut Server) -> End {
        loop {
            let mut watched = vec![self.child.descriptor(), self.timer.as_fd()];
            watched.extend(self.console.as_ref().map(Console::descriptor));
            watched.extend(self.signals.as_ref().map(Signals::descriptor));
            match server.run_until(&watched) {
                Event::Ended(outcome) => return End::Told(outcome),
                Event::Ready(0) => return End::Died,
                Event::Ready(1) => return End::TimedOut,
                Event::Ready(2) if self.console.as_ref().is_some_and(Console::take_suspension) => {
                    self.suspend();
                }
                Event::Ready(_) => {
                    if let Some(end) = self.signalled() {
                        return end;
                    }
                }
            }
        }
    }

    /// Acts on a signal to this process.
    fn signalled(&self) -> Option<End> {
        match self.signals.as_ref()?.next()? {
            libc::SIGCHLD => {
                if let Some(signal) = self.child.stopped_by()
                    && !lacks_foreground(&self.child, self.foreground.as_ref(), signal)
                {
                    self.suspend();
                }
            }
            libc::SIGTTOU | libc::SIGTTIN => {}
            libc::SIGTSTP => self.suspend(),
            libc::SIGCONT => self.console.iter().for_each(Console::resume),
            libc::SIGWINCH => self.console.iter().for_each(Console::resize),
            signal => return Some(End::Interrupted(u8::try_from(signal).unwrap_or(0))),
        }
        None
    }

    /// Stops the whole job, and goes on when it is continued.
    fn suspend(&self) {
        self.console.iter().for_each(Console::pause);
        suspend(&self.child, self.foreground.as_ref());
        self.console.iter().for_each(Console::resume);
    }

    /// Ends every process of the sandbox, hears what it said last, and says how it ended.
    fn finish(&mut self, server: &mut Server, end: End) -> Result<Status, Error> {
        let died = self.child.end();
        let status = match end {
            End::Told(outcome) => told(outcome, died.as_ref()),
            End::Died => told(part(server, &self.timer), died.as_ref()),
            End::TimedOut => Ok(Status::TimedOut),
            End::Interrupted(signal) => return Ok(Status::Interrupted(signal)),
        };
        if let Some(console) = self.console.take() {
            console.finish(self.signals.as_ref());
        }
        status.map_err(|error| match &self.group {
            Some(group) if group.is_out_of_memory() => {
                Error::Stopped("the host ended it for its memory: its limit is --mem".into())
            }
            _ => error,
        })
    }
}

/// Answers what was asked before the end. Uses the timer that there is: by now no new one can be made.
fn part(server: &mut Server, timer: &OwnedFd) -> Outcome {
    if arm(timer, PARTING).is_err() {
        return Outcome::Closed;
    }
    match server.run_until(&[timer.as_fd()]) {
        Event::Ended(outcome) => outcome,
        Event::Ready(_) => Outcome::Closed,
    }
}

/// What a sandbox's last words and the end of its first process come to.
fn told(outcome: Outcome, died: Option<&WaitIdStatus>) -> Result<Status, Error> {
    match outcome {
        Outcome::Exited(status) => Ok(Status::from_wait(status)),
        Outcome::Fatal(text) => Err(Error::Stopped(text)),
        Outcome::Misbehaved(how) => Err(Error::Stopped(format!("it broke the rules of the channel: {how}"))),
        Outcome::Failed(errno) => Err(Error::host("use the channel")(errno)),
        Outcome::Closed => {
            let signal = died.and_then(WaitIdStatus::terminating_signal).and_then(|s| u8::try_from(s).ok());
            let code = died.and_then(WaitIdStatus::exit_status);
            match (signal, code) {
                (Some(signal), _) => {
                    Err(Error::Stopped(format!("its first process was killed by signal {signal}")))
                }
                (None, Some(code)) => {
                    Err(Error::Stopped(format!("its first process ended with code {code} and said nothing")))
                }
                (None, None) => Err(Error::Stopped("its first process is gone".into())),
            }
        }
    }
}

/// A timer that is readable after `time`; never, without one.
fn timer(time: Option<Duration>) -> Result<OwnedFd, Error> {
    let flags = TimerfdFlags::CLOEXEC | TimerfdFlags::NONBLOCK;
    let timer = rustix::time::timerfd_create(TimerfdClockId::Monotonic, flags);
    let timer = timer.map_err(Error::host("make a timer"))?;
    if let Some(time) = time {
        arm(&timer, time).map_err(Error::host("set a timer"))?;
    }
    Ok(timer)
}

fn arm(timer: &OwnedFd, time: Duration) -> rustix::io::Result<()> {
    // Zero would disarm it.
    let time = time.max(Duration::from_nanos(1));
    let it_value = Timespec::try_from(time).unwrap_or(Timespec { tv_sec: i64::MAX, tv_nsec: 0 });
    let it_interval = Timespec { tv_sec: 0, tv_nsec: 0 };
    let value = Itimerspec { it_interval, it_value };
    rustix::time::timerfd_settime(timer, TimerfdTimerFlags::empty(), &value).map(|_| ())
}
