//! The channel to the broker: one request at a time, each answered.
//!
//! Answers are an allegation too: they are decoded in full before anything is used.
#![expect(unsafe_code, reason = "messages leave and arrive by host calls")]

use litebox_broker_protocol::{MAX_DATAGRAM, Reply, Request};
use litebox_host::HostError;
use litebox_host::file::HostFile;
use litebox_host::sync::Mutex;
use litebox_host::thread::Thread;

use crate::error::HostErrno;
use crate::host::LinuxProcess;
use crate::layout::CHANNEL;
use crate::{arena, calls};

/// The channel's two buffers, and its lock: whoever holds it has the channel for one request and its answer.
pub(crate) struct Channel {
    buffers: Mutex<Option<&'static mut Buffers>>,
}

/// Room for a request and its answer. Any bytes are a value, zeros too.
#[repr(C)]
pub(crate) struct Buffers {
    request: [u8; MAX_DATAGRAM],
    answer: [u8; MAX_DATAGRAM],
}

impl Channel {
    pub(crate) const fn new() -> Self {
        Self { buffers: Mutex::new(None) }
    }

    /// Take the buffers, which lie in the arena. Once, before the first request.
    pub(crate) fn open(&self) {
        // SAFETY: the arena is mapped and this part of it is bytes for the channel alone; the reference is made once,
        // and is used under the lock.
        *self.buffers.lock() = Some(unsafe { &mut *arena::buffers() });
    }

    /// Ask, and let `use_answer` make of the answer what it needs; it is given the descriptor that came along.
    fn exchange<R>(
        &self,
        request: &Request<'_>,
        use_answer: impl FnOnce(Reply<'_>, Option<HostFile>) -> R,
    ) -> Result<R, HostError> {
        let mut guard = self.buffers.lock();
        let buffers = guard.as_mut().ok_or(HostError::Invalid)?;
        let length = request.encode(&mut buffers.request).map_err(|_| HostError::Invalid)?;
        send(buffers.request.get(..length).unwrap_or_default())?;
        let (length, descriptor) = receive(&mut buffers.answer)?;
        match Reply::decode(buffers.answer.get(..length).unwrap_or_default()) {
            Ok(Reply::Error { errno, .. }) => Err(HostErrno(u16::try_from(errno).unwrap_or(5)).into()),
            Ok(reply) => Ok(use_answer(reply, descriptor)),
            Err(_) => Err(HostError::Unknown),
        }
    }
}

/// Ask the broker.
pub(crate) fn ask<R>(
    request: &Request<'_>,
    use_answer: impl FnOnce(Reply<'_>, Option<HostFile>) -> R,
) -> Result<R, HostError> {
    arena::header().channel.exchange(request, use_answer)
}

/// Tell the broker something, and wait until it has heard.
pub(crate) fn tell(request: &Request<'_>) {
    // What cannot be told cannot be told; the broker is gone or going.
    let _ = ask(request, |_, _| ());
}

/// Tell the broker something without locks or an answer, as the last thing this process does.
pub(crate) fn tell_last(request: &Request<'_>) {
    let mut datagram = [0; 512];
    if let Ok(length) = request.encode(&mut datagram) {
        // As above.
        let _ = send(datagram.get(..length).unwrap_or_default());
    }
}

fn send(datagram: &[u8]) -> Result<(), HostErrno> {
    /// `MSG_NOSIGNAL`.
    const NO_SIGNAL: usize = 0x4000;
    loop {
        // SAFETY: the kernel reads the datagram.
        let sent = unsafe {
            calls::sendto(CHANNEL as usize, datagram.as_ptr().addr(), datagram.len(), NO_SIGNAL, 0, 0)
        };
        match sent {
            Ok(_) => return Ok(()),
            Err(HostErrno::EINTR) => {}
            Err(errno) => return Err(errno),
        }
    }
}

/// `struct msghdr` (`recvmsg(2)`).
#[repr(C)]
struct MessageHeader {
    name: usize,
    name_length: usize,
    vector: *const IoVector,
    vector_length: usize,
    control: *mut Control,
    control_length: usize,
    flags: usize,
}

/// `struct iovec`.
#[repr(C)]
struct IoVector {
    base: *mut u8,
    length: usize,
}

/// A control message with one descriptor (`cmsg(3)`, `unix(7)`).
#[repr(C)]
struct Control {
    length: usize,
    level: i32,
    kind: i32,
    descriptor: i32,
    padding: i32,
}

/// How often an answer is looked for before the thread sleeps until it is there. To be woken takes several times as
/// long as the broker takes to answer.
const LOOKS: u32 = 40;

fn receive(buffer: &mut [u8]) -> Result<(usize, Option<HostFile>), HostErrno> {
    /// `MSG_DONTWAIT`.
    const NOW: usize = 0x40;
    /// `MSG_CMSG_CLOEXEC`.
    const CLOSE_ON_EXEC: usize = 0x4000_0000;
    let vector = IoVector { base: buffer.as_mut_ptr(), length: buffer.len() };
    let mut control = Control { length: 0, level: 0, kind: 0, descriptor: -1, padding: 0 };
    let mut looks = 0;
    loop {
        let mut header = MessageHeader {
            name: 0,
            name_length: 0,
            vector: &raw const vector,
            vector_length: 1,
            control: &raw mut control,
            control_length: size_of::<Control>(),
            flags: 0,
        };
        let flags = if looks < LOOKS { CLOSE_ON_EXEC | NOW } else { CLOSE_ON_EXEC };
        // SAFETY: the header describes buffers that live across the call and are this thread's.
        let received = unsafe { calls::recvmsg(CHANNEL as usize, (&raw mut header).addr(), flags) };
        match received {
            Ok(0) => return Err(HostErrno(32)),
            Ok(length) => return Ok((length, carried(&header, &control))),
            Err(HostErrno::EAGAIN) => {
                looks += 1;
                // The broker may need this processor.
                LinuxProcess.yield_now();
            }
            Err(HostErrno::EINTR) => {}
            Err(errno) => return Err(errno),
        }
    }
}

/// The descriptor that a message carried.
fn carried(header: &MessageHeader, control: &Control) -> Option<HostFile> {
    /// `SOL_SOCKET`, `SCM_RIGHTS`.
    const RIGHTS: (i32, i32) = (1, 1);
    let whole = core::mem::offset_of!(Control, descriptor) + size_of::<i32>();
    if header.control_length < whole || (control.level, control.kind) != RIGHTS {
        return None;
    }
    u32::try_from(control.descriptor).ok().map(HostFile)
}
