//! What others see of a socket, even after it is closed.

use alloc::sync::Arc;
use core::time::Duration;

use litebox_host::sync::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Once, Ordering};

use super::Address;
use crate::event::{Readiness, WaitQueue};

/// How a socket carries bytes (`socket(2)`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SocketKind {
    /// As a stream.
    Stream,
    /// As messages, to whoever is there.
    Datagram,
    /// As messages over a connection.
    SequencedPacket,
}

/// Whose a socket or a message is (`SO_PEERCRED` and `SCM_CREDENTIALS` of `unix(7)`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Credentials {
    pub process: u32,
    pub uid: u32,
    pub gid: u32,
}

impl Credentials {
    /// Those of the peer of a socket that never had one.
    pub const NOBODY: Self = Self { process: 0, uid: u32::MAX, gid: u32::MAX };
}

/// Bytes that a new socket's buffer holds (`/proc/sys/net/core/wmem_default`).
pub const DEFAULT_BUFFER: usize = 212_992;
/// The most that a buffer can be set to: twice `/proc/sys/net/core/wmem_max`.
pub const MAX_BUFFER: usize = 2 * 212_992;
/// What a message costs beyond its bytes, so that their number is bounded.
pub(super) const MESSAGE_OVERHEAD: usize = 668;

/// What others see of a socket: its name, its buffers, and where its changes are announced.
pub(super) struct Face {
    pub(super) kind: SocketKind,
    pub(super) maker: Credentials,
    pub(super) queue: WaitQueue,
    pub(super) name: Once<Arc<Address>>,
    /// What datagrams that wait elsewhere count against the send buffer.
    unreceived: AtomicUsize,
    send_buffer: AtomicUsize,
    receive_buffer: AtomicUsize,
    /// In nanoseconds; 0 for none.
    send_timeout: AtomicU64,
    receive_timeout: AtomicU64,
    pass_credentials: AtomicBool,
    /// Options without an effect here: a bit for each.
    remembered: AtomicU32,
}

impl Face {
    pub(super) fn new(kind: SocketKind, maker: Credentials) -> Arc<Self> {
        Arc::new(Self {
            kind,
            maker,
            queue: WaitQueue::new(),
            name: Once::new(),
            unreceived: AtomicUsize::new(0),
            send_buffer: AtomicUsize::new(DEFAULT_BUFFER),
            receive_buffer: AtomicUsize::new(DEFAULT_BUFFER),
            send_timeout: AtomicU64::new(0),
            receive_timeout: AtomicU64::new(0),
            pass_credentials: AtomicBool::new(false),
            remembered: AtomicU32::new(0),
        })
    }

    pub(super) fn send_buffer(&self) -> usize {
        self.send_buffer.load(Ordering::Relaxed)
    }

    pub(super) fn receive_buffer(&self) -> usize {
        self.receive_buffer.load(Ordering::Relaxed)
    }

    pub(super) fn set_send_buffer(&self, size: usize) {
        /// Room for one small message (`SOCK_MIN_SNDBUF`).
        const LEAST: usize = 4608;
        self.send_buffer.store(size.clamp(LEAST, MAX_BUFFER), Ordering::Relaxed);
        self.queue.wake(Readiness::WRITE);
    }

    /// What is sent counts against the sender, so this is remembered only.
    pub(super) fn set_receive_buffer(&self, size: usize) {
        /// `SOCK_MIN_RCVBUF`.
        const LEAST: usize = 2304;
        self.receive_buffer.store(size.clamp(LEAST, MAX_BUFFER), Ordering::Relaxed);
    }

    /// How long a send and a receive may block.
    pub(super) fn timeouts(&self) -> (Option<Duration>, Option<Duration>) {
        let duration = |timeout: &AtomicU64| {
            Some(Duration::from_nanos(timeout.load(Ordering::Relaxed))).filter(|limit| !limit.is_zero())
        };
        (duration(&self.send_timeout), duration(&self.receive_timeout))
    }

    pub(super) fn set_send_timeout(&self, timeout: Option<Duration>) {
        self.send_timeout.store(nanoseconds(timeout), Ordering::Relaxed);
    }

    pub(super) fn set_receive_timeout(&self, timeout: Option<Duration>) {
        self.receive_timeout.store(nanoseconds(timeout), Ordering::Relaxed);
    }

    /// Whether messages tell who sent them (`SO_PASSCRED`).
    pub(super) fn passes_credentials(&self) -> bool {
        self.pass_credentials.load(Ordering::Relaxed)
    }

    pub(super) fn set_pass_credentials(&self, pass: bool) {
        self.pass_credentials.store(pass, Ordering::Relaxed);
    }

    /// Remember the options `bits`, or forget them.
    pub(super) fn remember(&self, bits: u32, on: bool) {
        let _ = if on {
            self.remembered.fetch_or(bits, Ordering::Relaxed)
        } else {
            self.remembered.fetch_and(!bits, Ordering::Relaxed)
        };
    }

    /// Whether one of the options `bits` is remembered.
    pub(super) fn remembers(&self, bits: u32) -> bool {
        self.remembered.load(Ordering::Relaxed) & bits != 0
    }

    pub(super) fn unreceived(&self) -> usize {
        self.unreceived.load(Ordering::Acquire)
    }

    /// A datagram that costs `charge` is on its way.
    pub(super) fn sent(&self, charge: usize) {
        self.unreceived.fetch_add(charge, Ordering::AcqRel);
    }

    /// It has arrived, or is lost: a sender that waits for room may have some now.
    pub(super) fn received(&self, charge: usize) {
        let before = self.unreceived.fetch_sub(charge, Ordering::AcqRel);
        let buffer = self.send_buffer();
        if !is_writable(before, buffer) && is_writable(before.saturating_sub(charge), buffer) {
            self.queue.wake(Readiness::WRITE);
        }
    }

    /// How many more bytes may be on their way.
    pub(super) fn room(&self, charge: usize) -> usize {
        self.send_buffer().saturating_sub(charge)
    }
}

/// Whether a send could succeed soon enough to say so (`unix_writable` of Linux): at most a quarter of the buffer
/// is used.
pub(super) fn is_writable(charge: usize, buffer: usize) -> bool {
    charge * 4 <= buffer
}

fn nanoseconds(timeout: Option<Duration>) -> u64 {
    timeout.map_or(0, |limit| u64::try_from(limit.as_nanos()).unwrap_or(u64::MAX))
}
