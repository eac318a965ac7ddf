//! `poll(2)`, `select(2)`, `epoll(7)`, `eventfd(2)`, `timerfd_create(2)`.

use litebox_libos::event::Readiness;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use super::time::Timespec;

bitflags::bitflags! {
    /// Conditions, in `struct pollfd` and `struct epoll_event` alike, and what `epoll_ctl(2)` adds to them.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
    pub struct PollEvents: u32 {
        /// `POLLIN`.
        const IN = 1;
        /// `POLLPRI`.
        const PRI = 2;
        /// `POLLOUT`.
        const OUT = 4;
        /// `POLLERR`.
        const ERR = 8;
        /// `POLLHUP`.
        const HUP = 0x10;
        /// `POLLNVAL`.
        const NVAL = 0x20;
        /// `POLLRDNORM`.
        const RDNORM = 0x40;
        /// `POLLRDBAND`.
        const RDBAND = 0x80;
        /// `POLLWRNORM`.
        const WRNORM = 0x100;
        /// `POLLWRBAND`.
        const WRBAND = 0x200;
        /// `POLLRDHUP`.
        const RDHUP = 0x2000;
        /// `EPOLLEXCLUSIVE`.
        const EXCLUSIVE = 1 << 28;
        /// `EPOLLWAKEUP`: no effect without suspending.
        const WAKEUP = 1 << 29;
        /// `EPOLLONESHOT`.
        const ONESHOT = 1 << 30;
        /// `EPOLLET`.
        const ET = 1 << 31;
    }
}

/// Conditions and their names.
const PAIRS: [(PollEvents, Readiness); 6] = [
    (PollEvents::IN.union(PollEvents::RDNORM), Readiness::READ),
    (PollEvents::PRI.union(PollEvents::RDBAND), Readiness::PRIORITY),
    (PollEvents::OUT.union(PollEvents::WRNORM), Readiness::WRITE),
    (PollEvents::ERR, Readiness::ERROR),
    (PollEvents::HUP, Readiness::HANG_UP),
    (PollEvents::RDHUP, Readiness::READ_HANG_UP),
];

impl PollEvents {
    /// What is asked for, with errors and hang-ups.
    pub fn interest(self) -> Readiness {
        let asked = PAIRS.iter().filter(|(events, _)| self.intersects(*events));
        asked.fold(Readiness::ERROR | Readiness::HANG_UP, |interest, (_, bit)| interest | *bit)
    }

    /// What of `ready` was asked for by `self`.
    pub fn answer(self, ready: Readiness) -> Self {
        let asked = self | Self::ERR | Self::HUP;
        let true_ones = PAIRS.iter().filter(|(_, bit)| ready.contains(*bit));
        true_ones.fold(Self::empty(), |events, (bits, _)| events | (*bits & asked))
    }
}

/// `struct pollfd`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct PollFd {
    /// The descriptor; a negative one is skipped.
    pub fd: i32,
    /// What is asked for.
    pub events: u16,
    /// What is true.
    pub revents: u16,
}

/// `struct epoll_event`, which is packed on x86-64.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct EpollEvent {
    /// [`PollEvents`].
    pub events: u32,
    data: [u8; 8],
}

impl EpollEvent {
    /// A report.
    pub fn new(events: u32, data: u64) -> Self {
        Self { events, data: data.to_le_bytes() }
    }

    /// The caller's own data.
    pub fn data(&self) -> u64 {
        u64::from_le_bytes(self.data)
    }
}

/// `EPOLL_CTL_ADD`.
pub const EPOLL_CTL_ADD: i32 = 1;
/// `EPOLL_CTL_DEL`.
pub const EPOLL_CTL_DEL: i32 = 2;
/// `EPOLL_CTL_MOD`.
pub const EPOLL_CTL_MOD: i32 = 3;

crate::flag_argument! {
    /// Flags of `epoll_create1(2)`.
    pub struct EpollFlags: u32 {
        /// Closed when a new program is started.
        const EPOLL_CLOEXEC = 0o2000000;
    }
}

crate::flag_argument! {
    /// Flags of `eventfd2(2)`.
    pub struct EventFdFlags: u32 {
        /// A read takes one.
        const EFD_SEMAPHORE = 1;
        /// Operations do not block.
        const EFD_NONBLOCK = 0o4000;
        /// Closed when a new program is started.
        const EFD_CLOEXEC = 0o2000000;
    }
}

crate::flag_argument! {
    /// Flags of `timerfd_create(2)`.
    pub struct TimerFdFlags: u32 {
        /// Operations do not block.
        const TFD_NONBLOCK = 0o4000;
        /// Closed when a new program is started.
        const TFD_CLOEXEC = 0o2000000;
    }
}

crate::flag_argument! {
    /// Flags of `timerfd_settime(2)`.
    pub struct TimerFdSetFlags: u32 {
        /// The value is a reading of the clock.
        const TFD_TIMER_ABSTIME = 1;
        /// Reads fail when the clock is set, which a sandbox's clock never is.
        const TFD_TIMER_CANCEL_ON_SET = 2;
    }
}

/// `struct itimerspec`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct TimerSpec {
    /// Time between expirations.
    pub interval: Timespec,
    /// Time until the next one.
    pub value: Timespec,
}

/// The sixth argument of `pselect6(2)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct SelectMask {
    /// Where the signal set is, or 0.
    pub address: u64,
    /// Its size.
    pub size: u64,
}

/// `struct timeval`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Timeval {
    /// Whole seconds.
    pub seconds: i64,
    /// Microseconds.
    pub microseconds: i64,
}
