//! Noun *console*: the standard streams. Input is at its end; output goes to a device each.

use litebox_host::HostError;
use litebox_host::console::{Console, Readiness, Stream, StreamWait};
use litebox_host::time::Deadline;

use crate::control::Device;
use crate::host::BareMachine;
use crate::layout::port;
use crate::scheduler;

impl Console for BareMachine {
    fn read(&self, stream: Stream, _: &mut [u8]) -> Result<usize, HostError> {
        if stream == Stream::Input { Ok(0) } else { Err(HostError::Invalid) }
    }

    fn write(&self, stream: Stream, bytes: &[u8]) -> Result<usize, HostError> {
        let device = match stream {
            Stream::Input => return Err(HostError::Invalid),
            Stream::Output => Device(port::OUTPUT),
            Stream::Error => Device(port::ERROR),
        };
        device.write(bytes);
        Ok(bytes.len())
    }

    fn wait(&self, waits: &mut [StreamWait], deadline: Option<Deadline>) -> Result<usize, HostError> {
        let mut ready = 0;
        for wait in &mut *waits {
            let possible = if wait.stream == Stream::Input { Readiness::READ } else { Readiness::WRITE };
            wait.ready = wait.interest & possible;
            ready += usize::from(!wait.ready.is_empty());
        }
        if ready > 0 || deadline == Some(Deadline(0)) {
            return Ok(ready);
        }
        let thread = scheduler::current();
        let seen = thread.kick_word.load(core::sync::atomic::Ordering::SeqCst);
        if thread.is_kicked() {
            return Err(HostError::Interrupted);
        }
        let woken = scheduler::wait(&thread.kick_word, seen, deadline.map(|deadline| deadline.0));
        if woken { Err(HostError::Interrupted) } else { Ok(0) }
    }
}
