//! Reading from a slave as its settings say: a line, or bytes by number and time (`termios(3)`, noncanonical mode).

use core::time::Duration;

use litebox_host::console::Console;
use litebox_host::time::{Deadline, Time};

use super::Slave;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, Watch, block_watching};
use crate::file::transfer::{Caller, deadline_in};
use crate::file::{File, FileStatus};
use crate::user::Destination;

/// What a read waits for.
enum Wanted {
    /// A line.
    Line,
    /// So many bytes, and so long: for all of it if nothing need come, else between bytes.
    Bytes { minimum: usize, time: Option<Duration> },
}

impl Slave {
    fn wanted(&self) -> Wanted {
        let state = self.pty().state();
        if state.discipline.settings().is_canonical() {
            return Wanted::Line;
        }
        let (minimum, time) = state.discipline.timing();
        let time = (time > 0).then(|| Duration::from_millis(100) * u32::from(time));
        Wanted::Bytes { minimum: usize::from(minimum), time }
    }
}

/// Read from `slave` on behalf of `caller`.
///
/// # Errors
/// Those of job control, of the wait and of the destination; [`ErrorKind::WouldBlock`] if `status` says not to wait.
pub(crate) fn read<H: Console + Time>(
    caller: &Caller<'_, H>,
    slave: &Slave,
    status: FileStatus,
    to: &mut dyn Destination,
) -> Result<usize> {
    if slave.pty().is_hung_up() {
        return Ok(0);
    }
    slave.check_read(caller.process, caller.thread)?;
    if status.contains(FileStatus::NONBLOCK) || to.remaining() == 0 {
        return slave.read(None, to);
    }
    match slave.wanted() {
        Wanted::Line => wait(caller, slave, None, to),
        Wanted::Bytes { minimum: 0, time } => {
            let deadline = time.map_or(Deadline(0), |time| deadline_in(caller.host, time));
            match wait(caller, slave, Some(deadline), to) {
                Err(Error { kind: ErrorKind::TimedOut, .. }) => Ok(0),
                outcome => outcome,
            }
        }
        Wanted::Bytes { minimum, time } => read_minimum(caller, slave, minimum, time, to),
    }
}

/// Read until `minimum` bytes came; between two of them at most `time` passes.
fn read_minimum<H: Console + Time>(
    caller: &Caller<'_, H>,
    slave: &Slave,
    minimum: usize,
    time: Option<Duration>,
    to: &mut dyn Destination,
) -> Result<usize> {
    let mut read = 0;
    loop {
        let deadline = time.filter(|_| read > 0).map(|time| deadline_in(caller.host, time));
        match wait(caller, slave, deadline, to) {
            Ok(0) => return Ok(read),
            Ok(count) => read += count,
            Err(_) if read > 0 => return Ok(read),
            Err(error) => return Err(error),
        }
        if read >= minimum || to.remaining() == 0 {
            return Ok(read);
        }
    }
}

fn wait<H: Console + Time>(
    caller: &Caller<'_, H>,
    slave: &Slave,
    deadline: Option<Deadline>,
    to: &mut dyn Destination,
) -> Result<usize> {
    let watches = [Watch::exclusive(&slave.pty().slave_queue, Readiness::READ)];
    let attempt = || slave.read_or_hang_up(to);
    block_watching(caller.thread, watches.into_iter(), deadline, || None, attempt)
}
