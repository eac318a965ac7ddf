//! What we may ask the host: one row a host call.
//!
//! A row is `/// why` · number · name(arguments), and rules on the arguments where they matter for the boundary.
//! From it come the only function that can make the call, its part of the filter and its line in the reference
//! page. A call without a row cannot be made. Rules are written for an attacker who owns this process and enters
//! the gate with registers of his choice; so no rule relies on anything but the arguments themselves.

use alloc::vec::Vec;

use crate::gate;
use crate::layout::{ARENA_DESCRIPTOR, CHANNEL, KICK};

/// A condition on one argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Index of the argument, 0 to 5.
    pub argument: u8,
    /// Which bits are compared.
    pub mask: u64,
    /// What they are compared with.
    pub value: u64,
    /// Whether they must be equal or must differ.
    pub relation: Relation,
}

/// How a condition compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The masked argument is the value.
    Equal,
    /// The masked argument is anything else.
    Differs,
}

/// A row.
#[derive(Clone, Copy, Debug)]
pub struct HostCall {
    /// The number on x86-64.
    pub number: u32,
    /// Its name.
    pub name: &'static str,
    /// What it is needed for.
    pub doc: &'static str,
    /// Names of its arguments.
    pub arguments: &'static [&'static str],
    /// Alternatives, of which one must hold with all its conditions; none means: any arguments.
    pub rules: &'static [&'static [Condition]],
}

/// The argument is exactly `value`.
const fn equal(argument: u8, value: u64) -> Condition {
    Condition { argument, mask: u64::MAX, value, relation: Relation::Equal }
}

/// The argument's low half, which is all that the kernel looks at where it takes an `int`, is `value`.
const fn int_equal(argument: u8, value: u32) -> Condition {
    Condition { argument, mask: 0xffff_ffff, value: value as u64, relation: Relation::Equal }
}

/// The argument's low half is not `value`.
const fn int_differs(argument: u8, value: u32) -> Condition {
    Condition { argument, mask: 0xffff_ffff, value: value as u64, relation: Relation::Differs }
}

/// The argument has no bits outside `allowed`.
const fn within(argument: u8, allowed: u64) -> Condition {
    Condition { argument, mask: !allowed, value: 0, relation: Relation::Equal }
}

macro_rules! host_calls {
    ($(
        #[doc = $doc:literal]
        $number:literal $name:ident ($($arg:ident),* $(,)?) $(where $rules:expr)?;
    )*) => {
        /// All rows, those made most often first: the filter compares in this order.
        pub const HOST_CALLS: &[HostCall] = &[$(HostCall {
            number: $number,
            name: stringify!($name),
            doc: $doc,
            arguments: &[$(stringify!($arg)),*],
            rules: host_calls!(@rules $($rules)?),
        }),*];

        $(
            #[doc = $doc]
            ///
            /// # Safety
            /// As the call's manual page: the effect on this process must be sound.
            #[expect(unsafe_code, reason = "a host call can do anything to this process")]
            #[expect(clippy::allow_attributes, reason = "not every row is used by every image")]
            #[allow(dead_code, reason = "kernel-restarted calls have a row but no caller")]
            #[inline]
            pub(crate) unsafe fn $name($($arg: usize),*) -> $crate::error::Result<usize> {
                // SAFETY: the caller has promised that this call, with these arguments, leaves the process sound.
                unsafe { gate::call($number, gate::pad([$($arg),*])) }
            }
        )*
    };
    (@rules) => { &[] };
    (@rules $rules:expr) => { $rules };
}

/// `PROT_READ | PROT_WRITE | PROT_EXEC`.
const PROTECTIONS: u64 = 7;

/// `MAP_SHARED | MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | MAP_NORESERVE`.
const MAP_FLAGS: u64 = 0x1 | 0x2 | 0x10 | 0x20 | 0x4000;

/// Clone flags of a thread: VM, FS, FILES, SIGHAND, THREAD, SYSVSEM, `PARENT_SETTID`, `CHILD_CLEARTID`.
pub const CLONE_THREAD: u64 = 0x0100 | 0x0200 | 0x0400 | 0x0800 | 0x1_0000 | 0x4_0000 | 0x10_0000 | 0x20_0000;

/// Clone flags of a process with its own copy of the memory: FILES, PARENT, `PARENT_SETTID`, `CHILD_CLEARTID`,
/// SIGCHLD.
pub const CLONE_PROCESS: u64 = 0x0400 | 0x8000 | 0x10_0000 | 0x20_0000 | 17;

/// Clone flags of a process that the keeper makes, with a copy of its memory: FILES, `CHILD_SETTID`, SIGCHLD.
pub const CLONE_MEMBER: u64 = 0x0400 | 0x100_0000 | 17;

/// Clone flags of a process in its parent's memory: as [`CLONE_PROCESS`] with VM.
pub const CLONE_SHARING_PROCESS: u64 = CLONE_PROCESS | 0x0100;

/// The descriptor is none of those that every sandbox has: a host file that the broker opened. The caller's own
/// streams can be read and written, and nothing else.
const HOST_FILE: &[Condition] = &[
    int_differs(0, 0),
    int_differs(0, 1),
    int_differs(0, 2),
    int_differs(0, CHANNEL),
    int_differs(0, ARENA_DESCRIPTOR),
];

/// Numbers of the machine's clocks and of the caller's own. A larger one may name another process's processor time.
const CLOCKS: u64 = 15;

/// `FUTEX_WAIT_BITSET`, with or without `FUTEX_CLOCK_REALTIME`.
const FUTEX_WAIT_BITSET: u32 = 9;

/// `FUTEX_WAKE`.
const FUTEX_WAKE: u32 = 1;

/// The processor time of a thread by its number: a negative number with the bits for a thread and for its
/// scheduled time (`clock_getcpuclockid(3)`). The kernel has such clocks for threads of the calling process alone.
const THREAD_CLOCK: Condition =
    Condition { argument: 0, mask: 0x8000_0007, value: 0x8000_0006, relation: Relation::Equal };

host_calls! {
    /// Sleep on, and wake sleepers of, words of the arena.
    202 futex(word, operation, value, timeout, second, mask)
        where &[&[int_equal(1, FUTEX_WAIT_BITSET)], &[int_equal(1, FUTEX_WAKE)]];
    /// Bytes of host files that the broker opened.
    17 pread64(descriptor, buffer, count, offset) where &[HOST_FILE];
    /// Bytes of host files on read-write mounts.
    18 pwrite64(descriptor, buffer, count, offset) where &[HOST_FILE];
    /// The standard input stream.
    0 read(descriptor, buffer, count) where &[&[int_differs(0, CHANNEL)]];
    /// The standard output streams.
    1 write(descriptor, buffer, count) where &[&[int_differs(0, CHANNEL)]];
    /// Guest pages and mappings of host files.
    9 mmap(address, length, protection, flags, descriptor, offset)
        where &[&[within(2, PROTECTIONS), within(3, MAP_FLAGS)]];
    /// Guest pages go.
    11 munmap(address, length);
    /// Guest pages change protection.
    10 mprotect(address, length, protection) where &[&[within(2, PROTECTIONS)]];
    /// Guest pages move: `MREMAP_MAYMOVE | MREMAP_FIXED`.
    25 mremap(address, old_length, new_length, flags, new_address) where &[&[within(3, 3)]];
    /// Guest pages are thrown away: `MADV_DONTNEED`, `MADV_REMOVE`; pages of ours come all at once: `MADV_POPULATE_WRITE`.
    28 madvise(address, length, advice)
        where &[&[int_equal(2, 4)], &[int_equal(2, 9)], &[int_equal(2, 23)]];
    /// A signal handler of ours ends.
    15 rt_sigreturn();
    /// Readiness of the standard streams.
    271 ppoll(descriptors, count, timeout, mask, mask_size) where &[&[equal(3, 0)]];
    /// A request to the broker.
    44 sendto(descriptor, buffer, count, flags, address, address_length)
        where &[&[int_equal(0, CHANNEL), equal(4, 0), equal(5, 0)]];
    /// An answer from the broker.
    47 recvmsg(descriptor, message, flags) where &[&[int_equal(0, CHANNEL)]];
    /// What a standard stream is.
    5 fstat(descriptor, status) where &[&[within(0, 3), int_differs(0, CHANNEL)]];
    /// The size of a host file: the offset that this moves is nobody's.
    8 lseek(descriptor, offset, whence)
        where &[&[int_differs(0, 0), int_differs(0, 1), int_differs(0, 2), int_differs(0, CHANNEL), int_differs(0, ARENA_DESCRIPTOR), int_equal(2, 2)]];
    /// The size of a host file on a read-write mount changes.
    77 ftruncate(descriptor, length) where &[HOST_FILE];
    /// What was written to a read-write mount is on its storage.
    74 fsync(descriptor) where &[HOST_FILE];
    /// A descriptor is done with; the channel, the arena and the standard streams stay.
    3 close(descriptor) where &[HOST_FILE];
    /// Clocks that the vDSO does not have.
    228 clock_gettime(clock, time) where &[&[within(0, CLOCKS)], &[THREAD_CLOCK]];
    /// Steps of the clocks.
    229 clock_getres(clock, time) where &[&[within(0, CLOCKS)]];
    /// Random bytes.
    318 getrandom(buffer, length, flags);
    /// A guest thread, or a guest process.
    56 clone(flags, stack, parent_id, child_id, thread_pointer)
        where &[&[equal(0, CLONE_THREAD)], &[equal(0, CLONE_PROCESS)], &[equal(0, CLONE_SHARING_PROCESS)], &[equal(0, CLONE_MEMBER)]];
    /// Kicks are held off around clone, and let in once a new thread can take them.
    14 rt_sigprocmask(how, set, old, size);
    /// A new thread's alternate stack.
    131 sigaltstack(stack, old);
    // Where the host has no signal scope, set-up leaves the row out (`without_kicks`).
    /// Kick a thread: SIGURG; who can be reached is bounded by Landlock's signal scope.
    234 tgkill(process, thread, signal) where &[&[int_equal(2, KICK)]];
    /// The word that is cleared when a process ends, or none.
    218 set_tid_address(word);
    /// The keeper hears of members that ended. A member has no children of its own to wait for.
    61 wait4(process, status, options, usage);
    /// The keeper ends every process of the sandbox: its own group, SIGKILL.
    62 kill(process, signal) where &[&[int_equal(0, 0), int_equal(1, 9)]];
    /// A thread ends.
    60 exit(status);
    /// A process ends.
    231 exit_group(status);
    /// Let another thread run.
    24 sched_yield();
    /// Which processor this is.
    309 getcpu(processor, node);
    /// Make a forked process die with the keeper: `PR_SET_PDEATHSIG`, SIGKILL.
    157 prctl(operation, value) where &[&[int_equal(0, 1), equal(1, 9)]];
    /// The kernel restarts a timed wait after a stop; nothing of ours calls it.
    219 restart_syscall();
}

/// The rows for a host without a signal scope: members kick nobody there, see [`crate::kicks`].
pub(crate) fn without_kicks() -> Vec<HostCall> {
    HOST_CALLS.iter().filter(|row| row.number != TGKILL).copied().collect()
}

/// Number of `tgkill`.
const TGKILL: u32 = 234;

const fn row(
    number: u32,
    name: &'static str,
    doc: &'static str,
    rules: &'static [&'static [Condition]],
) -> HostCall {
    HostCall { number, name, doc, arguments: &[], rules }
}

/// What the process that makes kicks may ask (see [`crate::kicks`]). It runs no guest code.
pub(crate) const KICKER_CALLS: &[HostCall] = &[
    row(202, "futex", "Sleep until there is something to do.", &[&[int_equal(1, FUTEX_WAIT_BITSET)]]),
    row(121, "getpgid", "Whether a process is of the sandbox.", &[]),
    row(TGKILL, "tgkill", "Kick a thread.", &[&[int_equal(2, KICK)]]),
    row(219, "restart_syscall", "The kernel goes on with a wait after a stop.", &[]),
];
