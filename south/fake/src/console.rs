//! Noun *console*: streams that tests fill and read.

use std::collections::VecDeque;

use litebox_host::HostError;
use litebox_host::console::{Console, Readiness, Stream, StreamWait};
use litebox_host::time::Deadline;

use crate::host::FakeHost;
use crate::schedule::{Condvar, Mutex, lock};
use crate::thread;
use crate::time::POLL;

/// The three streams.
#[derive(Default)]
pub(crate) struct Streams {
    buffers: Mutex<Buffers>,
    /// Input came or a thread was kicked.
    changed: Condvar,
}

impl Streams {
    /// Let those who wait look again. With the lock, so that none is between its look and its sleep.
    pub(crate) fn tell(&self) {
        let _buffers = lock(&self.buffers);
        self.changed.notify_all();
    }
}

#[derive(Default)]
struct Buffers {
    input: VecDeque<u8>,
    input_ended: bool,
    output: Vec<u8>,
    error: Vec<u8>,
    broken: bool,
}

impl Buffers {
    fn ready(&self, wait: &StreamWait) -> Readiness {
        let now = match wait.stream {
            Stream::Input if !self.input.is_empty() => Readiness::READ,
            Stream::Input if self.input_ended => Readiness::READ | Readiness::HANG_UP,
            Stream::Input => Readiness::empty(),
            Stream::Output | Stream::Error if self.broken => Readiness::WRITE | Readiness::ERROR,
            Stream::Output | Stream::Error => Readiness::WRITE,
        };
        now & (wait.interest | Readiness::HANG_UP | Readiness::ERROR)
    }
}

impl FakeHost {
    /// Append to what stream 0 holds.
    pub fn type_input(&self, bytes: &[u8]) {
        lock(&self.state.streams.buffers).input.extend(bytes);
        self.state.streams.tell();
    }

    /// Let stream 0 end after what it holds.
    pub fn end_input(&self) {
        lock(&self.state.streams.buffers).input_ended = true;
        self.state.streams.tell();
    }

    /// Everything written to stream 1 so far.
    pub fn output(&self) -> Vec<u8> {
        lock(&self.state.streams.buffers).output.clone()
    }

    /// Everything written to stream 2 so far.
    pub fn error_output(&self) -> Vec<u8> {
        lock(&self.state.streams.buffers).error.clone()
    }

    /// Let writes fail from now on, as to a pipe that nobody reads.
    pub fn break_output(&self) {
        lock(&self.state.streams.buffers).broken = true;
    }
}

impl Console for FakeHost {
    fn read(&self, stream: Stream, bytes: &mut [u8]) -> Result<usize, HostError> {
        let mut wait = [StreamWait { stream, interest: Readiness::READ, ready: Readiness::empty() }];
        self.wait(&mut wait, None)?;
        let mut buffers = lock(&self.state.streams.buffers);
        let count = buffers.input.len().min(bytes.len());
        for (to, from) in bytes.iter_mut().zip(buffers.input.drain(..count)) {
            *to = from;
        }
        Ok(count)
    }

    fn write(&self, stream: Stream, bytes: &[u8]) -> Result<usize, HostError> {
        let mut buffers = lock(&self.state.streams.buffers);
        if buffers.broken {
            return Err(HostError::BrokenPipe);
        }
        match stream {
            Stream::Input => return Err(HostError::NotSupported),
            Stream::Output => buffers.output.extend(bytes),
            Stream::Error => buffers.error.extend(bytes),
        }
        Ok(bytes.len())
    }

    fn wait(&self, waits: &mut [StreamWait], deadline: Option<Deadline>) -> Result<usize, HostError> {
        let sleep = self.state.clock.sleep(deadline);
        let _blocked = self.state.threads.blocked();
        let mut buffers = lock(&self.state.streams.buffers);
        loop {
            for wait in &mut *waits {
                wait.ready = buffers.ready(wait);
            }
            let count = waits.iter().filter(|wait| !wait.ready.is_empty()).count();
            if count > 0 || sleep.is_over() {
                return Ok(count);
            }
            if thread::take_request_kick() {
                return Err(HostError::Interrupted);
            }
            let (guard, timeout) = self
                .state
                .streams
                .changed
                .wait_timeout(buffers, POLL)
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            buffers = guard;
            if timeout.timed_out() {
                sleep.tick(&self.state.threads);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_keep_what_is_written_and_give_what_is_typed() {
        let host = FakeHost::new();
        host.type_input(b"abc");
        host.end_input();
        let mut bytes = [0; 2];
        assert_eq!(Console::read(&host, Stream::Input, &mut bytes), Ok(2));
        assert_eq!(Console::read(&host, Stream::Input, &mut bytes), Ok(1));
        assert_eq!(Console::read(&host, Stream::Input, &mut bytes), Ok(0));
        assert_eq!(Console::write(&host, Stream::Output, b"out"), Ok(3));
        assert_eq!(host.output(), b"out");
        host.break_output();
        assert_eq!(Console::write(&host, Stream::Error, b"x"), Err(HostError::BrokenPipe));
    }

    #[test]
    fn a_wait_for_input_times_out_in_virtual_time() {
        use litebox_host::time::{Clock, Time};
        let host = FakeHost::new();
        let before = host.now(Clock::Monotonic);
        let deadline = Deadline(u64::try_from(before.as_nanos()).unwrap() + 3_600_000_000_000);
        let mut waits =
            [StreamWait { stream: Stream::Input, interest: Readiness::READ, ready: Readiness::empty() }];
        assert_eq!(host.wait(&mut waits, Some(deadline)), Ok(0));
        assert_eq!((host.now(Clock::Monotonic) - before).as_secs(), 3600);
    }
}
