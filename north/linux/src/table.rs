//! What a guest may ask: one row a system call.
//!
//! A row is `/// what it does` · number · noun · name(arguments) -> result: support. From it come the dispatch
//! entry, argument decoding, the trace line, the compatibility page and its JSON, and metric names. Support is
//! `full`, `partial "what is missing"`, `planned` (`ENOSYS` today) or `refused ERRNO "why"`. `full` and `partial`
//! rows call `crate::syscall::<noun>::<name>(call, arguments…)`.

use litebox_libos::user::{UserPointer, UserString};

use crate::abi;
use crate::arg::{Arg, Fd, Ret};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::{Argument, Call, Handler, Row, Support, argument, not_implemented};

#[cfg(test)]
mod tests;

/// One more than the largest number that a row may have.
pub const NUMBERS: usize = 512;

macro_rules! support {
    (full) => {
        Support::Full
    };
    (partial $missing:literal) => {
        Support::Partial($missing)
    };
    (planned) => {
        Support::Planned
    };
    (refused $errno:ident $why:literal) => {
        Support::Refused(Errno::$errno, $why)
    };
}

/// One function a row: a single function with all of them would take eight times as long to check.
macro_rules! row_function {
    ($noun:ident $name:ident ($($arg:ident: $kind:ty),*) -> $result:ty: planned) => {
        pub(super) fn $name<H: LinuxHost>(call: &mut Call<'_, H>) -> Result<u64> {
            not_implemented(call)
        }
    };
    ($noun:ident $name:ident ($($arg:ident: $kind:ty),*) -> $result:ty: refused $errno:ident $why:literal) => {
        pub(super) fn $name<H: LinuxHost>(_: &mut Call<'_, H>) -> Result<u64> {
            Err(Errno::$errno)
        }
    };
    ($noun:ident $name:ident ($($arg:ident: $kind:ty),*) -> $result:ty: $($support:tt)+) => {
        pub(super) fn $name<H: LinuxHost>(call: &mut Call<'_, H>) -> Result<u64> {
            row_arguments!(call, 0; $($arg: $kind),*);
            let result: Result<$result> = crate::syscall::$noun::$name(call, $($arg),*);
            result.map(Ret::encode)
        }
    };
}

macro_rules! row_arguments {
    ($call:ident, $index:expr;) => {};
    ($call:ident, $index:expr; $arg:ident: $kind:ty $(, $rest:ident: $rest_kind:ty)*) => {
        let $arg = <$kind as Arg>::decode(argument($call.registers, $index))?;
        row_arguments!($call, $index + 1; $($rest: $rest_kind),*);
    };
}

macro_rules! syscalls {
    ($(
        #[doc = $doc:literal]
        $number:literal $noun:ident $name:ident ($($arg:ident: $kind:ty),* $(,)?) -> $result:ty:
            $support:ident $($errno:ident)? $($detail:literal)?;
    )*) => {
        mod rows {
            use super::*;
            $(row_function!($noun $name ($($arg: $kind),*) -> $result: $support $($errno)? $($detail)?);)*
        }

        /// All rows, in the order of their numbers.
        pub const ROWS: &[Row] = &[$(Row {
            number: $number,
            noun: stringify!($noun),
            name: stringify!($name),
            doc: $doc,
            arguments: &[$(Argument {
                name: stringify!($arg),
                kind: stringify!($kind),
                show: <$kind as Arg>::show,
            }),*],
            support: support!($support $($errno)? $($detail)?),
        }),*];

        const fn handlers<H: LinuxHost>() -> [Handler<H>; NUMBERS] {
            let mut table: [Handler<H>; NUMBERS] = [not_implemented::<H>; NUMBERS];
            $(table[$number] = rows::$name::<H>;)*
            table
        }
    };
}

/// The dispatch table for one host.
pub struct Dispatch<H>(core::marker::PhantomData<H>);

impl<H: LinuxHost> Dispatch<H> {
    const HANDLERS: &'static [Handler<H>; NUMBERS] = &handlers::<H>();

    /// The function of the row numbered `number`.
    pub fn handler(number: u32) -> Handler<H> {
        Self::HANDLERS.get(number as usize).copied().unwrap_or(not_implemented::<H>)
    }
}

/// The row numbered `number`.
pub fn row(number: u32) -> Option<&'static Row> {
    let index = ROWS.binary_search_by_key(&number, |row| u32::from(row.number)).ok()?;
    ROWS.get(index)
}

syscalls! {
    /// Read from a descriptor.
    0 file read(fd: Fd, buffer: UserPointer<u8>, count: usize) -> usize: full;
    /// Write to a descriptor.
    1 file write(fd: Fd, buffer: UserPointer<u8>, count: usize) -> usize: full;
    /// Open a file by path.
    2 file open(path: UserString, flags: i32, mode: u32) -> Fd: full;
    /// Give a descriptor back.
    3 file close(fd: Fd) -> (): full;
    /// Attributes of a file, following links.
    4 file stat(path: UserString, status: UserPointer<abi::file::status::Stat>) -> (): full;
    /// Attributes of an open file.
    5 file fstat(fd: Fd, status: UserPointer<abi::file::status::Stat>) -> (): full;
    /// Attributes of a file, not following a final link.
    6 file lstat(path: UserString, status: UserPointer<abi::file::status::Stat>) -> (): full;
    /// Wait until one of some descriptors is ready.
    7 event poll(descriptors: UserPointer<u8>, count: u32, timeout: i32) -> u32: full;
    /// Move the offset of an open file.
    8 file lseek(fd: Fd, offset: i64, whence: i32) -> u64: full;
    /// Map anonymous memory or a file.
    9 memory mmap(address: usize, length: usize, protection: u64, flags: u64, fd: Fd, offset: u64) -> usize:
        partial "files on read-write mounts cannot be mapped shared and writable (ENODEV); mapping a hole of a memory file allocates it";
    /// Change what may be done with pages.
    10 memory mprotect(address: usize, length: usize, protection: u64) -> (): full;
    /// Remove mappings.
    11 memory munmap(address: usize, length: usize) -> (): full;
    /// Move the end of the data segment.
    12 memory brk(address: usize) -> usize: full;
    /// Choose what a signal does.
    13 signal rt_sigaction(
        signal: i32, action: UserPointer<abi::signal::SigAction>,
        old: UserPointer<abi::signal::SigAction>, size: usize,
    ) -> (): full;
    /// Change the thread's blocked signals.
    14 signal rt_sigprocmask(how: i32, set: UserPointer<u64>, old: UserPointer<u64>, size: usize) -> (): full;
    /// Return from a signal handler.
    15 signal rt_sigreturn() -> (): full;
    /// Control an open object.
    16 file ioctl(fd: Fd, request: u32, argument: u64) -> i32: partial "requests of descriptors, sockets and terminals; no TIOCSTI, TIOCCONS or TIOCLINUX";
    /// Read at an offset.
    17 file pread64(fd: Fd, buffer: UserPointer<u8>, count: usize, offset: i64) -> usize: full;
    /// Write at an offset.
    18 file pwrite64(fd: Fd, buffer: UserPointer<u8>, count: usize, offset: i64) -> usize: full;
    /// Read into several buffers.
    19 file readv(fd: Fd, ranges: UserPointer<abi::file::transfer::Iovec>, count: usize) -> usize: full;
    /// Write from several buffers.
    20 file writev(fd: Fd, ranges: UserPointer<abi::file::transfer::Iovec>, count: usize) -> usize: full;
    /// Check permissions with the real user.
    21 file access(path: UserString, mode: i32) -> (): full;
    /// Make a pipe.
    22 pipe pipe(descriptors: UserPointer<u8>) -> (): full;
    /// Wait until one of some sets of descriptors is ready.
    23 event select(
        count: i32, read: UserPointer<u8>, write: UserPointer<u8>, except: UserPointer<u8>,
        timeout: UserPointer<u8>,
    ) -> u32: full;
    /// Let another thread run.
    24 thread sched_yield() -> (): full;
    /// Resize or move a mapping.
    25 memory mremap(
        address: usize, old_length: usize, new_length: usize, flags: u64, new_address: usize,
    ) -> usize:
        partial "a range of several mappings cannot be moved at once";
    /// Write shared file pages back.
    26 memory msync(address: usize, length: usize, flags: i32) -> (): full;
    /// Tell which pages are resident.
    27 memory mincore(address: usize, length: usize, vector: UserPointer<u8>) -> ():
        partial "every mapped page counts as resident";
    /// Advise on the use of pages.
    28 memory madvise(address: usize, length: usize, advice: i32) -> ():
        partial "guard regions (MADV_GUARD_INSTALL) and MADV_COLLAPSE";
    /// Find or make a shared memory segment.
    29 ipc shmget(key: i32, size: usize, flags: i32) -> i32: partial "no huge pages";
    /// Attach a shared memory segment.
    30 ipc shmat(id: i32, address: usize, flags: i32) -> usize: full;
    /// Control a shared memory segment.
    31 ipc shmctl(id: i32, command: i32, buffer: UserPointer<abi::ipc::ShmidDs>) -> i32: full;
    /// Duplicate a descriptor.
    32 file dup(fd: Fd) -> Fd: full;
    /// Duplicate a descriptor to a given number.
    33 file dup2(old: Fd, new: Fd) -> Fd: full;
    /// Wait for a signal.
    34 signal pause() -> (): full;
    /// Sleep for a while.
    35 time nanosleep(
        duration: UserPointer<abi::time::Timespec>, remaining: UserPointer<abi::time::Timespec>,
    ) -> (): full;
    /// Read an interval timer.
    36 time getitimer(which: i32, value: UserPointer<abi::time::Itimerval>) -> (): full;
    /// Ask for SIGALRM after some seconds.
    37 time alarm(seconds: u32) -> u32: full;
    /// Set an interval timer.
    38 time setitimer(
        which: i32, new: UserPointer<abi::time::Itimerval>, old: UserPointer<abi::time::Itimerval>,
    ) -> (): full;
    /// The process's number.
    39 process getpid() -> u32: full;
    /// Copy from a file to a descriptor.
    40 file sendfile(out: Fd, input: Fd, offset: UserPointer<u64>, count: usize) -> usize: full;
    /// Make a socket.
    41 socket socket(family: i32, kind: i32, protocol: i32) -> Fd: partial "AF_UNIX only: EAFNOSUPPORT";
    /// Connect a socket.
    42 socket connect(fd: Fd, address: UserPointer<u8>, length: u32) -> (): full;
    /// Take a connection from a listening socket.
    43 socket accept(fd: Fd, address: UserPointer<u8>, length: UserPointer<u8>) -> Fd: full;
    /// Send a message, perhaps to an address.
    44 socket sendto(
        fd: Fd, buffer: UserPointer<u8>, length: usize, flags: u32, address: UserPointer<u8>,
        address_length: u32,
    ) -> usize: partial "no MSG_OOB";
    /// Receive a message and its sender.
    45 socket recvfrom(
        fd: Fd, buffer: UserPointer<u8>, length: usize, flags: u32, address: UserPointer<u8>,
        address_length: UserPointer<u8>,
    ) -> usize: full;
    /// Send a message with ancillary data.
    46 socket sendmsg(fd: Fd, message: UserPointer<u8>, flags: u32) -> usize: partial "no MSG_OOB";
    /// Receive a message with ancillary data.
    47 socket recvmsg(fd: Fd, message: UserPointer<u8>, flags: u32) -> usize: partial "no MSG_OOB";
    /// Shut half or all of a connection down.
    48 socket shutdown(fd: Fd, how: i32) -> (): full;
    /// Give a socket its local address.
    49 socket bind(fd: Fd, address: UserPointer<u8>, length: u32) -> (): partial "no paths in read-write folders of the host";
    /// Accept connections on a socket.
    50 socket listen(fd: Fd, backlog: i32) -> (): full;
    /// A socket's local address.
    51 socket getsockname(fd: Fd, address: UserPointer<u8>, length: UserPointer<u8>) -> (): full;
    /// A socket's remote address.
    52 socket getpeername(fd: Fd, address: UserPointer<u8>, length: UserPointer<u8>) -> (): full;
    /// Make two connected sockets.
    53 socket socketpair(family: i32, kind: i32, protocol: i32, descriptors: UserPointer<u8>) -> (): partial "AF_UNIX only";
    /// Set an option of a socket.
    54 socket setsockopt(fd: Fd, level: i32, option: i32, value: UserPointer<u8>, length: u32) -> (): partial "the options that local sockets use";
    /// Read an option of a socket.
    55 socket getsockopt(
        fd: Fd, level: i32, option: i32, value: UserPointer<u8>, length: UserPointer<u8>,
    ) -> (): partial "the options that local sockets use";
    /// Make a thread or a process.
    56 process clone(
        flags: u64, stack: usize, parent_tid: UserPointer<u32>, child_tid: UserPointer<u32>, tls: u64,
    ) -> u32: partial "no namespaces";
    /// Make a process that is a copy of this one.
    57 process fork() -> u32: full;
    /// Make a process that borrows this one's memory until it executes a program.
    58 process vfork() -> u32: full;
    /// Replace the program.
    59 process execve(path: UserString, arguments: UserPointer<u64>, environment: UserPointer<u64>) -> ():
        partial "set-user-ID and set-group-ID bits are ignored";
    /// End the calling thread.
    60 thread exit(status: i32) -> (): full;
    /// Wait for a child to change state.
    61 process wait4(process: i32, status: UserPointer<i32>, options: i32, usage: UserPointer<u8>) -> u32: full;
    /// Send a signal to processes.
    62 signal kill(process: i32, signal: i32) -> (): full;
    /// Names of the system.
    63 identity uname(names: UserPointer<abi::identity::Utsname>) -> (): full;
    /// Find or make a set of semaphores.
    64 ipc semget(key: i32, count: i32, flags: i32) -> i32: full;
    /// Change semaphores.
    65 ipc semop(id: i32, operations: UserPointer<abi::ipc::Sembuf>, count: usize) -> (): full;
    /// Control a set of semaphores.
    66 ipc semctl(id: i32, index: i32, command: i32, argument: u64) -> i32: full;
    /// Detach a shared memory segment.
    67 ipc shmdt(address: usize) -> (): full;
    /// Find or make a message queue.
    68 ipc msgget(key: i32, flags: i32) -> i32: full;
    /// Put a message into a queue.
    69 ipc msgsnd(id: i32, message: UserPointer<i64>, size: usize, flags: i32) -> (): full;
    /// Take a message from a queue.
    70 ipc msgrcv(id: i32, message: UserPointer<i64>, size: usize, kind: i64, flags: i32) -> usize: full;
    /// Control a message queue.
    71 ipc msgctl(id: i32, command: i32, buffer: UserPointer<abi::ipc::MsqidDs>) -> i32: full;
    /// Control a descriptor or its open file.
    72 file fcntl(fd: Fd, command: i32, argument: u64) -> i32: partial "leases and folder notification are refused; owners are stored only";
    /// Lock an open file as a whole.
    73 file flock(fd: Fd, operation: i32) -> (): full;
    /// Write a file to storage.
    74 file fsync(fd: Fd) -> (): full;
    /// Write a file's bytes to storage.
    75 file fdatasync(fd: Fd) -> (): full;
    /// Set a file's size by path.
    76 file truncate(path: UserString, length: i64) -> (): full;
    /// Set an open file's size.
    77 file ftruncate(fd: Fd, length: i64) -> (): full;
    /// Read directory entries, old layout.
    78 file getdents(fd: Fd, buffer: UserPointer<u8>, count: u32) -> usize: full;
    /// The working directory's path.
    79 file getcwd(buffer: UserPointer<u8>, size: usize) -> usize: full;
    /// Change the working directory.
    80 file chdir(path: UserString) -> (): full;
    /// Change the working directory to an open one.
    81 file fchdir(fd: Fd) -> (): full;
    /// Rename a file.
    82 file rename(old: UserString, new: UserString) -> (): full;
    /// Make a directory.
    83 file mkdir(path: UserString, mode: u32) -> (): full;
    /// Remove an empty directory.
    84 file rmdir(path: UserString) -> (): full;
    /// Make a file, or empty it, and open it for writing.
    85 file creat(path: UserString, mode: u32) -> Fd: full;
    /// Give a file another name.
    86 file link(old: UserString, new: UserString) -> (): full;
    /// Remove a name.
    87 file unlink(path: UserString) -> (): full;
    /// Make a symbolic link.
    88 file symlink(target: UserString, path: UserString) -> (): full;
    /// Where a symbolic link points.
    89 file readlink(path: UserString, buffer: UserPointer<u8>, size: i32) -> usize: full;
    /// Change permission bits by path.
    90 file chmod(path: UserString, mode: u32) -> (): full;
    /// Change permission bits of an open file.
    91 file fchmod(fd: Fd, mode: u32) -> (): full;
    /// Change owner and group by path, following links.
    92 file chown(path: UserString, user: u32, group: u32) -> (): full;
    /// Change owner and group of an open file.
    93 file fchown(fd: Fd, user: u32, group: u32) -> (): full;
    /// Change owner and group by path, not following a final link.
    94 file lchown(path: UserString, user: u32, group: u32) -> (): full;
    /// Set the bits that new files do not get.
    95 file umask(mask: u32) -> u32: full;
    /// The time of day, in microseconds.
    96 time gettimeofday(time: UserPointer<abi::time::Timeval>, zone: UserPointer<abi::time::Timezone>) -> ():
        full;
    /// Read a resource limit.
    97 limit getrlimit(resource: u32, limits: UserPointer<abi::limit::Rlimit>) -> ():
        partial "not every limit is enforced";
    /// Resources used.
    98 limit getrusage(who: i32, usage: UserPointer<abi::limit::Rusage>) -> (): partial "processor time only";
    /// Figures about memory, load and processes.
    99 limit sysinfo(info: UserPointer<abi::limit::Sysinfo>) -> (): partial "memory figures are nominal";
    /// Processor times in clock ticks.
    100 time times(buffer: UserPointer<abi::time::Tms>) -> i64: partial "no children's times";
    /// Trace a process.
    101 process ptrace(request: i64, process: i32, address: u64, data: u64) -> i64:
        refused EPERM "tracing is not offered inside a sandbox";
    /// The real user.
    102 identity getuid() -> u32: full;
    /// Read or control the kernel's log.
    103 console syslog(kind: i32, buffer: UserPointer<u8>, length: i32) -> i32:
        refused EPERM "the kernel log is the host's";
    /// The real group.
    104 identity getgid() -> u32: full;
    /// Set the user.
    105 identity setuid(user: u32) -> (): full;
    /// Set the group.
    106 identity setgid(group: u32) -> (): full;
    /// The effective user.
    107 identity geteuid() -> u32: full;
    /// The effective group.
    108 identity getegid() -> u32: full;
    /// Move a process to a process group.
    109 process setpgid(process: i32, group: i32) -> (): full;
    /// The parent's number.
    110 process getppid() -> u32: full;
    /// The caller's process group.
    111 process getpgrp() -> u32: full;
    /// Start a session.
    112 process setsid() -> u32: full;
    /// Set real and effective user.
    113 identity setreuid(real: u32, effective: u32) -> (): full;
    /// Set real and effective group.
    114 identity setregid(real: u32, effective: u32) -> (): full;
    /// The supplementary groups.
    115 identity getgroups(size: i32, list: UserPointer<u32>) -> u32: full;
    /// Set the supplementary groups.
    116 identity setgroups(size: i32, list: UserPointer<u32>) -> (): full;
    /// Set real, effective and saved user.
    117 identity setresuid(real: u32, effective: u32, saved: u32) -> (): full;
    /// Real, effective and saved user.
    118 identity getresuid(
        real: UserPointer<u32>, effective: UserPointer<u32>, saved: UserPointer<u32>,
    ) -> (): full;
    /// Set real, effective and saved group.
    119 identity setresgid(real: u32, effective: u32, saved: u32) -> (): full;
    /// Real, effective and saved group.
    120 identity getresgid(
        real: UserPointer<u32>, effective: UserPointer<u32>, saved: UserPointer<u32>,
    ) -> (): full;
    /// A process's group.
    121 process getpgid(process: i32) -> u32: full;
    /// Set the user for file checks.
    122 identity setfsuid(user: u32) -> u32: full;
    /// Set the group for file checks.
    123 identity setfsgid(group: u32) -> u32: full;
    /// A process's session.
    124 process getsid(process: i32) -> u32: full;
    /// Read capabilities.
    125 identity capget(
        header: UserPointer<abi::identity::CapHeader>, data: UserPointer<abi::identity::CapData>,
    ) -> (): partial "all or none, by the effective user";
    /// Set capabilities.
    126 identity capset(
        header: UserPointer<abi::identity::CapHeader>, data: UserPointer<abi::identity::CapData>,
    ) -> (): partial "checked, not kept";
    /// The signals that wait to be delivered.
    127 signal rt_sigpending(set: UserPointer<u8>, size: usize) -> (): full;
    /// Take a signal without a handler.
    128 signal rt_sigtimedwait(
        set: UserPointer<u8>, info: UserPointer<abi::signal::SigInfo>,
        timeout: UserPointer<abi::time::Timespec>, size: usize,
    ) -> i32: full;
    /// Send a signal with a value.
    129 signal rt_sigqueueinfo(process: i32, signal: i32, info: UserPointer<abi::signal::SigInfo>) -> ():
        full;
    /// Wait for a signal with another mask.
    130 signal rt_sigsuspend(mask: UserPointer<u8>, size: usize) -> (): full;
    /// Set the alternate signal stack.
    131 signal sigaltstack(
        new: UserPointer<abi::signal::StackT>, old: UserPointer<abi::signal::StackT>,
    ) -> (): full;
    /// Set a file's times, in seconds.
    132 file utime(path: UserString, times: UserPointer<abi::file::status::Utimbuf>) -> (): full;
    /// Make a file, FIFO or device node.
    133 file mknod(path: UserString, mode: u32, device: u32) -> (): partial "devices are refused with EPERM";
    /// Load a shared library.
    134 memory uselib(path: UserString) -> (): refused ENOSYS "removed from Linux";
    /// Choose the execution domain.
    135 process personality(persona: u32) -> u32: partial "kept, without effect";
    /// Figures about a mounted file system.
    136 file ustat(device: u32, buffer: UserPointer<u8>) -> ():
        refused ENOSYS "obsolete: statfs(2) replaced it";
    /// Figures about a file system, by path.
    137 file statfs(path: UserString, buffer: UserPointer<abi::file::status::Statfs>) -> (): full;
    /// Figures about a file system, by an open file.
    138 file fstatfs(fd: Fd, buffer: UserPointer<abi::file::status::Statfs>) -> (): full;
    /// Kinds of file system.
    139 file sysfs(option: i32, first: u64, second: u64) -> i32:
        refused ENOSYS "obsolete: /proc/filesystems replaced it";
    /// Read a scheduling priority.
    140 limit getpriority(which: i32, who: i32) -> i32: full;
    /// Set a scheduling priority.
    141 limit setpriority(which: i32, who: i32, priority: i32) -> ():
        partial "kept, without effect on scheduling";
    /// Set a thread's scheduling parameters.
    142 thread sched_setparam(thread: i32, parameter: UserPointer<i32>) -> ():
        partial "only the ordinary policies";
    /// Read a thread's scheduling parameters.
    143 thread sched_getparam(thread: i32, parameter: UserPointer<i32>) -> ():
        partial "only the ordinary policies";
    /// Set a thread's scheduling policy.
    144 thread sched_setscheduler(thread: i32, policy: i32, parameter: UserPointer<i32>) -> ():
        partial "only the ordinary policies, without effect";
    /// Read a thread's scheduling policy.
    145 thread sched_getscheduler(thread: i32) -> u32: full;
    /// The highest priority of a policy.
    146 thread sched_get_priority_max(policy: i32) -> u32: full;
    /// The lowest priority of a policy.
    147 thread sched_get_priority_min(policy: i32) -> u32: full;
    /// The round-robin time slice.
    148 thread sched_rr_get_interval(thread: i32, interval: UserPointer<abi::time::Timespec>) -> (): full;
    /// Keep pages in memory.
    149 memory mlock(address: usize, length: usize) -> ():
        partial "the pages are accounted, not locked";
    /// Let pages be paged out again.
    150 memory munlock(address: usize, length: usize) -> (): full;
    /// Keep all pages in memory.
    151 memory mlockall(flags: i32) -> ():
        partial "the pages are accounted, not locked";
    /// Let all pages be paged out again.
    152 memory munlockall() -> (): full;
    /// Hang the current terminal up.
    153 terminal vhangup() -> (): refused EPERM "needs CAP_SYS_TTY_CONFIG";
    /// Read or write the local descriptor table.
    154 thread modify_ldt(function: i32, pointer: UserPointer<u8>, count: usize) -> i32:
        refused ENOSYS "segment descriptors are not offered";
    /// Change the root mount.
    155 file pivot_root(new: UserString, old: UserString) -> ():
        refused EPERM "mounts belong to the sandbox's policy";
    /// Read or write kernel parameters.
    156 process _sysctl(arguments: UserPointer<u8>) -> (): refused ENOSYS "removed from Linux";
    /// Control properties of the process.
    157 process prctl(option: i32, second: u64, third: u64, fourth: u64, fifth: u64) -> i32:
        partial "no seccomp filters, no names of mappings, no PR_SET_MM, one bounding set";
    /// Architecture-specific thread state.
    158 thread arch_prctl(code: i32, address: u64) -> ():
        partial "ARCH_SET_GS and CPUID faulting are refused";
    /// Read or tune the kernel's clock.
    159 time adjtimex(buffer: UserPointer<abi::time::Timex>) -> i32: partial "read only";
    /// Set a resource limit.
    160 limit setrlimit(resource: u32, limits: UserPointer<abi::limit::Rlimit>) -> ():
        partial "not every limit is enforced";
    /// Change the root directory.
    161 file chroot(path: UserString) -> (): full;
    /// Write all files to storage.
    162 file sync() -> (): full;
    /// Switch process accounting.
    163 process acct(path: UserString) -> (): refused EPERM "needs CAP_SYS_PACCT";
    /// Set the time of day.
    164 time settimeofday(time: UserPointer<u8>, zone: UserPointer<u8>) -> ():
        refused EPERM "the clock is the host's";
    /// Mount a file system.
    165 file mount(
        source: UserString, target: UserString, kind: UserString, flags: u64, data: UserPointer<u8>,
    ) -> (): refused EPERM "mounts belong to the sandbox's policy";
    /// Unmount a file system.
    166 file umount2(target: UserString, flags: i32) -> ():
        refused EPERM "mounts belong to the sandbox's policy";
    /// Start swapping to a file or device.
    167 memory swapon(path: UserString, flags: i32) -> (): refused EPERM "would change the host";
    /// Stop swapping to a file or device.
    168 memory swapoff(path: UserString) -> (): refused EPERM "would change the host";
    /// Restart or halt the machine.
    169 process reboot(magic: u32, magic2: u32, command: u32, argument: UserPointer<u8>) -> ():
        refused EPERM "would change the host";
    /// Set the host name.
    170 identity sethostname(name: UserPointer<u8>, length: usize) -> ():
        refused EPERM "the host name belongs to the sandbox's policy";
    /// Set the NIS domain name.
    171 identity setdomainname(name: UserPointer<u8>, length: usize) -> ():
        refused EPERM "the domain name belongs to the sandbox's policy";
    /// Change the I/O privilege level.
    172 thread iopl(level: u32) -> (): refused EPERM "would reach the host's hardware";
    /// Set permissions for I/O ports.
    173 thread ioperm(from: u64, count: u64, allow: i32) -> ():
        refused EPERM "would reach the host's hardware";
    /// Make an entry for a kernel module.
    174 process create_module() -> (): refused ENOSYS "removed from Linux";
    /// Load a kernel module.
    175 process init_module(image: UserPointer<u8>, length: usize, parameters: UserString) -> ():
        refused EPERM "would change the host";
    /// Unload a kernel module.
    176 process delete_module(name: UserString, flags: u32) -> (): refused EPERM "would change the host";
    /// List kernel symbols.
    177 process get_kernel_syms() -> (): refused ENOSYS "removed from Linux";
    /// Ask about kernel modules.
    178 process query_module() -> (): refused ENOSYS "removed from Linux";
    /// Control disk quotas.
    179 limit quotactl(command: u32, device: UserString, id: i32, address: UserPointer<u8>) -> ():
        refused EPERM "disk quotas are the host's";
    /// Control the kernel's NFS server.
    180 file nfsservctl() -> (): refused ENOSYS "removed from Linux";
    /// STREAMS: receive a message.
    181 file getpmsg() -> (): refused ENOSYS "never part of Linux";
    /// STREAMS: send a message.
    182 file putpmsg() -> (): refused ENOSYS "never part of Linux";
    /// The Andrew file system.
    183 file afs_syscall() -> (): refused ENOSYS "never part of Linux";
    /// The TUX web server.
    184 process tuxcall() -> (): refused ENOSYS "never part of Linux";
    /// A multiplexer for security modules.
    185 process security() -> (): refused ENOSYS "never part of Linux";
    /// The thread's number.
    186 thread gettid() -> u32: full;
    /// Read a file into the page cache.
    187 file readahead(fd: Fd, offset: u64, count: usize) -> (): full;
    /// Set an extended attribute, following links.
    188 file setxattr(
        path: UserString, name: UserString, value: UserPointer<u8>, size: usize, flags: i32,
    ) -> (): partial "no object has extended attributes, and none can be set";
    /// Set an extended attribute, not following a final link.
    189 file lsetxattr(
        path: UserString, name: UserString, value: UserPointer<u8>, size: usize, flags: i32,
    ) -> (): partial "no object has extended attributes, and none can be set";
    /// Set an extended attribute of an open file.
    190 file fsetxattr(fd: Fd, name: UserString, value: UserPointer<u8>, size: usize, flags: i32) -> (): partial "no object has extended attributes, and none can be set";
    /// Read an extended attribute, following links.
    191 file getxattr(path: UserString, name: UserString, value: UserPointer<u8>, size: usize) -> usize: partial "no object has extended attributes, and none can be set";
    /// Read an extended attribute, not following a final link.
    192 file lgetxattr(path: UserString, name: UserString, value: UserPointer<u8>, size: usize) -> usize: partial "no object has extended attributes, and none can be set";
    /// Read an extended attribute of an open file.
    193 file fgetxattr(fd: Fd, name: UserString, value: UserPointer<u8>, size: usize) -> usize: partial "no object has extended attributes, and none can be set";
    /// Names of extended attributes, following links.
    194 file listxattr(path: UserString, list: UserPointer<u8>, size: usize) -> usize: partial "no object has extended attributes, and none can be set";
    /// Names of extended attributes, not following a final link.
    195 file llistxattr(path: UserString, list: UserPointer<u8>, size: usize) -> usize: partial "no object has extended attributes, and none can be set";
    /// Names of an open file's extended attributes.
    196 file flistxattr(fd: Fd, list: UserPointer<u8>, size: usize) -> usize: partial "no object has extended attributes, and none can be set";
    /// Remove an extended attribute, following links.
    197 file removexattr(path: UserString, name: UserString) -> (): partial "no object has extended attributes, and none can be set";
    /// Remove an extended attribute, not following a final link.
    198 file lremovexattr(path: UserString, name: UserString) -> (): partial "no object has extended attributes, and none can be set";
    /// Remove an extended attribute of an open file.
    199 file fremovexattr(fd: Fd, name: UserString) -> (): partial "no object has extended attributes, and none can be set";
    /// Send a signal to a thread.
    200 signal tkill(thread: i32, signal: i32) -> (): full;
    /// The time of day, in seconds.
    201 time time(time: UserPointer<i64>) -> i64: full;
    /// Wait on a word of memory, or wake its waiters.
    202 futex futex(
        word: UserPointer<u32>, operation: i32, value: u32, timeout: u64, word2: UserPointer<u32>,
        value3: u32,
    ) -> usize: partial "no priority inheritance; shared words are one process's";
    /// Choose the processors of a thread.
    203 thread sched_setaffinity(thread: i32, size: usize, mask: UserPointer<u8>) -> ():
        partial "checked, without effect";
    /// The processors of a thread.
    204 thread sched_getaffinity(thread: i32, size: usize, mask: UserPointer<u8>) -> usize: full;
    /// Set a thread-local storage segment.
    205 thread set_thread_area(descriptor: UserPointer<u8>) -> (): refused ENOSYS "32-bit programs only";
    /// Make a context for asynchronous input and output.
    206 event io_setup(count: u32, context: UserPointer<u8>) -> (): planned;
    /// End an asynchronous context.
    207 event io_destroy(context: u64) -> (): planned;
    /// Collect finished asynchronous operations.
    208 event io_getevents(
        context: u64, minimum: i64, count: i64, events: UserPointer<u8>, timeout: UserPointer<u8>,
    ) -> u32: planned;
    /// Start asynchronous operations.
    209 event io_submit(context: u64, count: i64, requests: UserPointer<u8>) -> u32: planned;
    /// Stop an asynchronous operation.
    210 event io_cancel(context: u64, request: UserPointer<u8>, result: UserPointer<u8>) -> (): planned;
    /// Read a thread-local storage segment.
    211 thread get_thread_area(descriptor: UserPointer<u8>) -> (): refused ENOSYS "32-bit programs only";
    /// A path from a profiler's cookie.
    212 file lookup_dcookie(cookie: u64, buffer: UserPointer<u8>, length: usize) -> usize:
        refused ENOSYS "removed from Linux";
    /// Make an epoll object.
    213 event epoll_create(size: i32) -> Fd: full;
    /// An early form of epoll_ctl.
    214 event epoll_ctl_old() -> (): refused ENOSYS "never part of Linux";
    /// An early form of epoll_wait.
    215 event epoll_wait_old() -> (): refused ENOSYS "never part of Linux";
    /// Rearrange the pages of a shared file mapping.
    216 memory remap_file_pages(
        address: usize, length: usize, protection: u64, page: usize, flags: u64,
    ) -> (): planned;
    /// Read directory entries.
    217 file getdents64(fd: Fd, buffer: UserPointer<u8>, count: u32) -> usize: full;
    /// Choose the word that is cleared when the thread ends.
    218 thread set_tid_address(word: UserPointer<u32>) -> u32: full;
    /// Go on with a call that a stop interrupted.
    219 signal restart_syscall() -> i64: full;
    /// Change semaphores, with a time limit.
    220 ipc semtimedop(
        id: i32, operations: UserPointer<abi::ipc::Sembuf>, count: usize,
        timeout: UserPointer<abi::time::Timespec>,
    ) -> (): full;
    /// Advise on the use of a file.
    221 file fadvise64(fd: Fd, offset: i64, length: i64, advice: i32) -> (): full;
    /// Make a timer of the process.
    222 time timer_create(clock: i32, event: UserPointer<abi::time::Sigevent>, timer: UserPointer<i32>) -> ():
        partial "no clock of one thread or of another process";
    /// Arm a timer.
    223 time timer_settime(
        timer: i32, flags: i32, new: UserPointer<abi::time::Itimerspec>,
        old: UserPointer<abi::time::Itimerspec>,
    ) -> (): full;
    /// Time left on a timer.
    224 time timer_gettime(timer: i32, value: UserPointer<abi::time::Itimerspec>) -> (): full;
    /// How often a timer expired unnoticed.
    225 time timer_getoverrun(timer: i32) -> u32: full;
    /// Remove a timer.
    226 time timer_delete(timer: i32) -> (): full;
    /// Set a clock.
    227 time clock_settime(clock: i32, time: UserPointer<abi::time::Timespec>) -> ():
        partial "always refused: the clocks are the host's";
    /// Read a clock.
    228 time clock_gettime(clock: i32, time: UserPointer<abi::time::Timespec>) -> ():
        partial "of another process that does not answer within 0.1 s, what its CPU-time clock was when it last did";
    /// The resolution of a clock.
    229 time clock_getres(clock: i32, resolution: UserPointer<abi::time::Timespec>) -> (): full;
    /// Sleep on a clock.
    230 time clock_nanosleep(
        clock: i32, flags: i32, duration: UserPointer<abi::time::Timespec>,
        remaining: UserPointer<abi::time::Timespec>,
    ) -> (): partial "no CPU-time clock of another process";
    /// End the process.
    231 process exit_group(status: i32) -> (): full;
    /// Wait for events of an epoll object.
    232 event epoll_wait(epoll: Fd, events: UserPointer<u8>, count: i32, timeout: i32) -> u32: full;
    /// Change what an epoll object watches.
    233 event epoll_ctl(epoll: Fd, operation: i32, fd: Fd, event: UserPointer<u8>) -> (): full;
    /// Send a signal to a thread of a process.
    234 signal tgkill(process: i32, thread: i32, signal: i32) -> (): full;
    /// Set a file's times, in microseconds.
    235 file utimes(path: UserString, times: UserPointer<abi::file::status::FileTimeval>) -> (): full;
    /// Linux-VServer.
    236 process vserver() -> (): refused ENOSYS "never part of Linux";
    /// Set the memory policy of a range.
    237 memory mbind(
        address: usize, length: usize, mode: u64, nodes: UserPointer<u8>, count: u64, flags: u32,
    ) -> (): refused ENOSYS "there is one memory node, as without CONFIG_NUMA";
    /// Set the thread's memory policy.
    238 memory set_mempolicy(mode: i32, nodes: UserPointer<u8>, count: u64) -> ():
        refused ENOSYS "there is one memory node, as without CONFIG_NUMA";
    /// Read a memory policy.
    239 memory get_mempolicy(
        mode: UserPointer<u8>, nodes: UserPointer<u8>, count: u64, address: usize, flags: u64,
    ) -> (): refused ENOSYS "there is one memory node, as without CONFIG_NUMA";
    /// Open a POSIX message queue.
    240 ipc mq_open(name: UserString, flags: i32, mode: u32, attributes: UserPointer<abi::ipc::MqAttr>) -> Fd: full;
    /// Remove a POSIX message queue.
    241 ipc mq_unlink(name: UserString) -> (): full;
    /// Put a message into a POSIX queue.
    242 ipc mq_timedsend(
        queue: Fd, message: UserPointer<u8>, length: usize, priority: u32,
        timeout: UserPointer<abi::time::Timespec>,
    ) -> (): full;
    /// Take a message from a POSIX queue.
    243 ipc mq_timedreceive(
        queue: Fd, message: UserPointer<u8>, length: usize, priority: UserPointer<u32>,
        timeout: UserPointer<abi::time::Timespec>,
    ) -> usize: full;
    /// Ask to be told of a message.
    244 ipc mq_notify(queue: Fd, event: UserPointer<abi::time::Sigevent>) -> ():
        partial "SIGEV_THREAD: needs a netlink socket";
    /// Read and set attributes of a POSIX queue.
    245 ipc mq_getsetattr(
        queue: Fd, new: UserPointer<abi::ipc::MqAttr>, old: UserPointer<abi::ipc::MqAttr>,
    ) -> (): full;
    /// Load a new kernel from memory.
    246 process kexec_load(entry: u64, count: u64, segments: UserPointer<u8>, flags: u64) -> ():
        refused EPERM "would change the host";
    /// Wait for a child, with more choice.
    247 process waitid(kind: i32, id: i32, info: UserPointer<u8>, options: i32, usage: UserPointer<u8>) -> (): full;
    /// Put a key into a keyring.
    248 identity add_key(
        kind: UserString, description: UserString, payload: UserPointer<u8>, length: usize, keyring: i32,
    ) -> i32: refused ENOSYS "no keyrings, as without CONFIG_KEYS";
    /// Ask for a key.
    249 identity request_key(
        kind: UserString, description: UserString, callout: UserString, keyring: i32,
    ) -> i32: refused ENOSYS "no keyrings, as without CONFIG_KEYS";
    /// Control keys.
    250 identity keyctl(operation: i32, second: u64, third: u64, fourth: u64, fifth: u64) -> i64:
        refused ENOSYS "no keyrings, as without CONFIG_KEYS";
    /// Set an input/output priority.
    251 limit ioprio_set(which: i32, who: i32, priority: i32) -> (): planned;
    /// Read an input/output priority.
    252 limit ioprio_get(which: i32, who: i32) -> u32: planned;
    /// Make a watcher of file changes.
    253 event inotify_init() -> Fd: planned;
    /// Watch a file or directory.
    254 event inotify_add_watch(fd: Fd, path: UserString, mask: u32) -> i32: planned;
    /// Stop watching.
    255 event inotify_rm_watch(fd: Fd, watch: i32) -> (): planned;
    /// Move a process's pages to other memory nodes.
    256 memory migrate_pages(process: i32, count: u64, old: UserPointer<u8>, new: UserPointer<u8>) -> i64:
        refused ENOSYS "there is one memory node, as without CONFIG_NUMA";
    /// Open a file relative to a directory.
    257 file openat(directory: Fd, path: UserString, flags: i32, mode: u32) -> Fd: full;
    /// Make a directory relative to another.
    258 file mkdirat(directory: Fd, path: UserString, mode: u32) -> (): full;
    /// Make a node relative to a directory.
    259 file mknodat(directory: Fd, path: UserString, mode: u32, device: u32) -> (): partial "devices are refused with EPERM";
    /// Change owner and group relative to a directory.
    260 file fchownat(directory: Fd, path: UserString, user: u32, group: u32, flags: abi::file::path::AtFlags) -> (): full;
    /// Set a file's times relative to a directory.
    261 file futimesat(directory: Fd, path: UserString, times: UserPointer<abi::file::status::FileTimeval>) -> (): full;
    /// Attributes relative to a directory.
    262 file newfstatat(directory: Fd, path: UserString, status: UserPointer<abi::file::status::Stat>, flags: abi::file::path::AtFlags) -> (): full;
    /// Remove a name relative to a directory.
    263 file unlinkat(directory: Fd, path: UserString, flags: abi::file::path::AtFlags) -> (): full;
    /// Rename relative to directories.
    264 file renameat(old_directory: Fd, old: UserString, new_directory: Fd, new: UserString) -> (): full;
    /// Give a file another name, relative to directories.
    265 file linkat(old_directory: Fd, old: UserString, new_directory: Fd, new: UserString, flags: abi::file::path::AtFlags) -> (): full;
    /// Make a symbolic link relative to a directory.
    266 file symlinkat(target: UserString, directory: Fd, path: UserString) -> (): full;
    /// Where a link points, relative to a directory.
    267 file readlinkat(directory: Fd, path: UserString, buffer: UserPointer<u8>, size: i32) -> usize: full;
    /// Change permission bits relative to a directory.
    268 file fchmodat(directory: Fd, path: UserString, mode: u32) -> (): full;
    /// Check permissions relative to a directory.
    269 file faccessat(directory: Fd, path: UserString, mode: i32) -> (): full;
    /// Like select, with a signal mask.
    270 event pselect6(
        count: i32, read: UserPointer<u8>, write: UserPointer<u8>, except: UserPointer<u8>,
        timeout: UserPointer<u8>, mask: UserPointer<u8>,
    ) -> u32: full;
    /// Like poll, with a signal mask.
    271 event ppoll(
        descriptors: UserPointer<u8>, count: u32, timeout: UserPointer<u8>, mask: UserPointer<u8>,
        size: usize,
    ) -> u32: full;
    /// Stop sharing parts of the process.
    272 process unshare(flags: u64) -> (): partial "no namespaces: EPERM";
    /// Name the list of robust futexes.
    273 futex set_robust_list(head: UserPointer<abi::futex::RobustListHead>, length: usize) -> (): full;
    /// Read the list of robust futexes.
    274 futex get_robust_list(thread: i32, head: UserPointer<usize>, length: UserPointer<usize>) -> ():
        partial "the caller's own";
    /// Move bytes between a pipe and a descriptor.
    275 pipe splice(
        input: Fd, input_offset: UserPointer<u64>, output: Fd, output_offset: UserPointer<u64>, length: usize,
        flags: u32,
    ) -> usize: full;
    /// Copy bytes from one pipe to another.
    276 pipe tee(input: Fd, output: Fd, length: usize, flags: u32) -> usize: full;
    /// Write part of a file to storage.
    277 file sync_file_range(fd: Fd, offset: i64, length: i64, flags: u32) -> (): full;
    /// Move memory into a pipe.
    278 pipe vmsplice(fd: Fd, ranges: UserPointer<abi::file::transfer::Iovec>, count: usize, flags: u32) -> usize: full;
    /// Move single pages to other memory nodes.
    279 memory move_pages(
        process: i32, count: u64, pages: UserPointer<u8>, nodes: UserPointer<u8>, status: UserPointer<u8>,
        flags: i32,
    ) -> i64: refused ENOSYS "there is one memory node, as without CONFIG_NUMA";
    /// Set a file's times, in nanoseconds.
    280 file utimensat(directory: Fd, path: UserString, times: UserPointer<abi::time::Timespec>, flags: abi::file::path::AtFlags) -> (): full;
    /// Like epoll_wait, with a signal mask.
    281 event epoll_pwait(
        epoll: Fd, events: UserPointer<u8>, count: i32, timeout: i32, mask: UserPointer<u8>, size: usize,
    ) -> u32: full;
    /// Receive signals through a descriptor.
    282 signal signalfd(fd: Fd, mask: UserPointer<u8>, size: usize) -> Fd: full;
    /// Make a timer with a descriptor.
    283 event timerfd_create(clock: i32, flags: i32) -> Fd: partial "the alarm clocks are refused";
    /// Make an event counter.
    284 event eventfd(value: u32) -> Fd: full;
    /// Reserve or free a file's space.
    285 file fallocate(fd: Fd, mode: i32, offset: i64, length: i64) -> (): partial "COLLAPSE_RANGE, INSERT_RANGE and, on read-write mounts, holes";
    /// Arm a timer with a descriptor.
    286 event timerfd_settime(fd: Fd, flags: i32, new: UserPointer<u8>, old: UserPointer<u8>) -> (): full;
    /// Time left on a timer with a descriptor.
    287 event timerfd_gettime(fd: Fd, value: UserPointer<u8>) -> (): full;
    /// Take a connection, with flags.
    288 socket accept4(fd: Fd, address: UserPointer<u8>, length: UserPointer<u8>, flags: i32) -> Fd: full;
    /// Receive signals through a descriptor, with flags.
    289 signal signalfd4(fd: Fd, mask: UserPointer<u8>, size: usize, flags: i32) -> Fd: full;
    /// Make an event counter, with flags.
    290 event eventfd2(value: u32, flags: i32) -> Fd: full;
    /// Make an epoll object, with flags.
    291 event epoll_create1(flags: i32) -> Fd: full;
    /// Duplicate a descriptor to a given number, with flags.
    292 file dup3(old: Fd, new: Fd, flags: i32) -> Fd: full;
    /// Make a pipe, with flags.
    293 pipe pipe2(descriptors: UserPointer<u8>, flags: i32) -> (): full;
    /// Make a watcher of file changes, with flags.
    294 event inotify_init1(flags: i32) -> Fd: planned;
    /// Read at an offset into several buffers.
    295 file preadv(fd: Fd, ranges: UserPointer<abi::file::transfer::Iovec>, count: usize, offset: i64) -> usize: full;
    /// Write at an offset from several buffers.
    296 file pwritev(fd: Fd, ranges: UserPointer<abi::file::transfer::Iovec>, count: usize, offset: i64) -> usize: full;
    /// Send a signal with a value to a thread.
    297 signal rt_tgsigqueueinfo(
        process: i32, thread: i32, signal: i32, info: UserPointer<abi::signal::SigInfo>,
    ) -> (): full;
    /// Count performance events.
    298 event perf_event_open(
        attributes: UserPointer<u8>, process: i32, processor: i32, group: Fd, flags: u64,
    ) -> Fd: refused EACCES "performance counters are the host's";
    /// Receive several messages.
    299 socket recvmmsg(
        fd: Fd, messages: UserPointer<u8>, count: u32, flags: u32, timeout: UserPointer<u8>,
    ) -> u32: partial "no MSG_OOB";
    /// Make a watcher of whole file systems.
    300 event fanotify_init(flags: u32, event_flags: u32) -> Fd: refused EPERM "needs CAP_SYS_ADMIN";
    /// Choose what such a watcher watches.
    301 event fanotify_mark(fd: Fd, flags: u32, mask: u64, directory: Fd, path: UserString) -> ():
        refused EPERM "needs CAP_SYS_ADMIN";
    /// Read and set a process's resource limit.
    302 limit prlimit64(
        process: i32, resource: u32, new: UserPointer<abi::limit::Rlimit>,
        old: UserPointer<abi::limit::Rlimit>,
    ) -> (): partial "not every limit is enforced";
    /// A handle that names a file.
    303 file name_to_handle_at(
        directory: Fd, path: UserString, handle: UserPointer<u8>, mount: UserPointer<u8>, flags: i32,
    ) -> (): refused EOPNOTSUPP "the sandbox's file systems have no handles";
    /// Open a file by its handle.
    304 file open_by_handle_at(mount: Fd, handle: UserPointer<u8>, flags: i32) -> Fd:
        refused EPERM "needs CAP_DAC_READ_SEARCH";
    /// Read or tune a clock.
    305 time clock_adjtime(clock: i32, buffer: UserPointer<abi::time::Timex>) -> i32: partial "read only";
    /// Write one file system to storage.
    306 file syncfs(fd: Fd) -> (): full;
    /// Send several messages.
    307 socket sendmmsg(fd: Fd, messages: UserPointer<u8>, count: u32, flags: u32) -> u32: partial "no MSG_OOB";
    /// Join a namespace.
    308 process setns(fd: Fd, kind: i32) -> (): refused EPERM "namespaces are not offered inside a sandbox";
    /// The processor that runs the thread.
    309 thread getcpu(processor: UserPointer<u32>, node: UserPointer<u32>, unused: UserPointer<u8>) -> ():
        full;
    /// Copy from another process's memory.
    310 process process_vm_readv(
        process: i32, local: UserPointer<abi::file::transfer::Iovec>, local_count: usize,
        remote: UserPointer<abi::file::transfer::Iovec>, remote_count: usize, flags: u64,
    ) -> usize: partial "the own process only: EPERM for another";
    /// Copy to another process's memory.
    311 process process_vm_writev(
        process: i32, local: UserPointer<abi::file::transfer::Iovec>, local_count: usize,
        remote: UserPointer<abi::file::transfer::Iovec>, remote_count: usize, flags: u64,
    ) -> usize: partial "the own process only: EPERM for another";
    /// Whether two processes share a kernel object.
    312 process kcmp(first: i32, second: i32, kind: i32, first_index: u64, second_index: u64) -> i32:
        partial "open files, and the memory of the own process: EPERM for all else";
    /// Load a kernel module from a file.
    313 process finit_module(fd: Fd, parameters: UserString, flags: i32) -> ():
        refused EPERM "would change the host";
    /// Set scheduling policy and attributes.
    314 thread sched_setattr(thread: i32, attributes: UserPointer<abi::thread::SchedAttr>, flags: u32) -> ():
        partial "only the ordinary policies, without effect";
    /// Read scheduling policy and attributes.
    315 thread sched_getattr(
        thread: i32, attributes: UserPointer<abi::thread::SchedAttr>, size: u32, flags: u32,
    ) -> (): full;
    /// Rename relative to directories, with flags.
    316 file renameat2(
        old_directory: Fd, old: UserString, new_directory: Fd, new: UserString, flags: abi::file::path::RenameFlags,
    ) -> (): partial "RENAME_WHITEOUT";
    /// Restrict the system calls of the process.
    317 process seccomp(operation: u32, flags: u32, arguments: UserPointer<u8>) -> i32: planned;
    /// Fill a buffer with random bytes.
    318 random getrandom(buffer: UserPointer<u8>, length: usize, flags: abi::random::GetRandomFlags) -> usize:
        full;
    /// Make a file that lives in memory.
    319 file memfd_create(name: UserString, flags: abi::file::open::MemfdFlags) -> Fd:
        partial "huge pages";
    /// Load a new kernel from files.
    320 process kexec_file_load(
        kernel: Fd, initrd: Fd, length: u64, command: UserPointer<u8>, flags: u64,
    ) -> (): refused EPERM "would change the host";
    /// Load and use BPF programs and maps.
    321 process bpf(command: i32, attributes: UserPointer<u8>, size: u32) -> i32:
        refused EPERM "would run code in the host's kernel";
    /// Replace the program, relative to a directory.
    322 process execveat(
        directory: Fd, path: UserString, arguments: UserPointer<u64>, environment: UserPointer<u64>,
        flags: abi::file::path::AtFlags,
    ) -> (): partial "set-user-ID and set-group-ID bits are ignored; AT_EXECVE_CHECK";
    /// Handle page faults in user space.
    323 memory userfaultfd(flags: i32) -> Fd: refused EPERM "needs CAP_SYS_PTRACE";
    /// Order memory accesses of all threads.
    324 thread membarrier(command: i32, flags: u32, processor: i32) -> i32:
        partial "GLOBAL and PRIVATE_EXPEDITED";
    /// Keep pages in memory, with flags.
    325 memory mlock2(address: usize, length: usize, flags: u32) -> ():
        partial "the pages are accounted, not locked";
    /// Copy bytes from one file to another.
    326 file copy_file_range(
        input: Fd, input_offset: UserPointer<u64>, output: Fd, output_offset: UserPointer<u64>, length: usize,
        flags: u32,
    ) -> usize: full;
    /// Read at an offset into several buffers, with flags.
    327 file preadv2(
        fd: Fd, ranges: UserPointer<abi::file::transfer::Iovec>, count: usize, offset: i64, high: u64, flags: i32,
    ) -> usize: full;
    /// Write at an offset from several buffers, with flags.
    328 file pwritev2(
        fd: Fd, ranges: UserPointer<abi::file::transfer::Iovec>, count: usize, offset: i64, high: u64, flags: i32,
    ) -> usize: full;
    /// Change protection and protection key.
    329 memory pkey_mprotect(address: usize, length: usize, protection: u64, key: i32) -> ():
        partial "no protection keys, as on a processor without them";
    /// Reserve a protection key.
    330 memory pkey_alloc(flags: u64, rights: u64) -> u32:
        partial "no protection keys, as on a processor without them";
    /// Give a protection key back.
    331 memory pkey_free(key: i32) -> ():
        partial "no protection keys, as on a processor without them";
    /// Extended attributes of a file's status.
    332 file statx(directory: Fd, path: UserString, flags: abi::file::path::AtFlags, mask: u32, status: UserPointer<abi::file::status::Statx>) -> (): full;
    /// Collect finished asynchronous operations, with a signal mask.
    333 event io_pgetevents(
        context: u64, minimum: i64, count: i64, events: UserPointer<u8>, timeout: UserPointer<u8>,
        mask: UserPointer<u8>,
    ) -> u32: planned;
    /// Register an area for restartable sequences.
    334 thread rseq(area: UserPointer<u8>, length: u32, flags: i32, signature: u32) -> ():
        refused ENOSYS "threads are not restarted at critical sections";
    /// Return from a probed function.
    335 signal uretprobe() -> (): refused ENOSYS "only the kernel's own trampolines make it";
    /// Enter a probe.
    336 signal uprobe() -> (): refused ENOSYS "only the kernel's own trampolines make it";
    /// Send a signal through a process's descriptor.
    424 signal pidfd_send_signal(pidfd: Fd, signal: i32, info: UserPointer<u8>, flags: u32) -> ():
        partial "no flags: the whole process";
    /// Make rings for asynchronous operations.
    425 event io_uring_setup(entries: u32, parameters: UserPointer<u8>) -> Fd:
        refused ENOSYS "rings in the host's kernel would bypass the library OS";
    /// Submit and await operations of a ring.
    426 event io_uring_enter(
        fd: Fd, submit: u32, complete: u32, flags: u32, argument: UserPointer<u8>, size: usize,
    ) -> u32: refused ENOSYS "rings in the host's kernel would bypass the library OS";
    /// Register resources of a ring.
    427 event io_uring_register(fd: Fd, operation: u32, argument: UserPointer<u8>, count: u32) -> i32:
        refused ENOSYS "rings in the host's kernel would bypass the library OS";
    /// Open a mount, or a copy of one.
    428 file open_tree(directory: Fd, path: UserString, flags: u32) -> Fd:
        refused EPERM "mounts belong to the sandbox's policy";
    /// Move a mount.
    429 file move_mount(from: Fd, from_path: UserString, to: Fd, to_path: UserString, flags: u32) -> ():
        refused EPERM "mounts belong to the sandbox's policy";
    /// Prepare a new file system.
    430 file fsopen(kind: UserString, flags: u32) -> Fd:
        refused EPERM "mounts belong to the sandbox's policy";
    /// Configure a new file system.
    431 file fsconfig(fd: Fd, command: u32, key: UserString, value: UserPointer<u8>, extra: i32) -> ():
        refused EPERM "mounts belong to the sandbox's policy";
    /// Make a mount of a new file system.
    432 file fsmount(fd: Fd, flags: u32, attributes: u32) -> Fd:
        refused EPERM "mounts belong to the sandbox's policy";
    /// Choose a file system to reconfigure.
    433 file fspick(directory: Fd, path: UserString, flags: u32) -> Fd:
        refused EPERM "mounts belong to the sandbox's policy";
    /// A descriptor of a process.
    434 process pidfd_open(process: i32, flags: u32) -> Fd: partial "no PIDFD_THREAD";
    /// Make a thread or a process, extensibly.
    435 process clone3(arguments: UserPointer<u8>, size: usize) -> u32:
        partial "no set_tid, cgroups or namespaces";
    /// Give a range of descriptors back.
    436 file close_range(first: u32, last: u32, flags: u32) -> (): full;
    /// Open a file, with rules for its path.
    437 file openat2(directory: Fd, path: UserString, how: UserPointer<abi::file::open::OpenHow>, size: usize) -> Fd: full;
    /// Duplicate another process's descriptor.
    438 process pidfd_getfd(pidfd: Fd, fd: Fd, flags: u32) -> Fd: full;
    /// Check permissions relative to a directory, with flags.
    439 file faccessat2(directory: Fd, path: UserString, mode: i32, flags: abi::file::path::AtFlags) -> (): full;
    /// Advise on the use of a process's pages.
    440 memory process_madvise(
        pidfd: Fd, ranges: UserPointer<abi::file::transfer::Iovec>, count: usize, advice: i32, flags: u32,
    ) -> usize: partial "the own process only: EPERM for another";
    /// Like epoll_pwait, in nanoseconds.
    441 event epoll_pwait2(
        epoll: Fd, events: UserPointer<u8>, count: i32, timeout: UserPointer<u8>, mask: UserPointer<u8>,
        size: usize,
    ) -> u32: full;
    /// Change the properties of a mount.
    442 file mount_setattr(
        directory: Fd, path: UserString, flags: u32, attributes: UserPointer<u8>, size: usize,
    ) -> (): refused EPERM "mounts belong to the sandbox's policy";
    /// Control disk quotas by descriptor.
    443 limit quotactl_fd(fd: Fd, command: u32, id: i32, address: UserPointer<u8>) -> ():
        refused EPERM "disk quotas are the host's";
    /// Make a set of access rules.
    444 identity landlock_create_ruleset(attributes: UserPointer<u8>, size: usize, flags: u32) -> Fd: planned;
    /// Add to a set of access rules.
    445 identity landlock_add_rule(fd: Fd, kind: i32, attributes: UserPointer<u8>, flags: u32) -> (): planned;
    /// Bind the thread by a set of access rules.
    446 identity landlock_restrict_self(fd: Fd, flags: u32) -> (): planned;
    /// Make memory that the kernel itself cannot see.
    447 memory memfd_secret(flags: u32) -> Fd: refused ENOSYS "off by default in Linux (secretmem.enable)";
    /// Free the memory of a dying process.
    448 process process_mrelease(pidfd: Fd, flags: u32) -> (): planned;
    /// Wait on several words of memory.
    449 futex futex_waitv(
        waiters: UserPointer<abi::futex::FutexWaitv>, count: u32, flags: u32,
        timeout: UserPointer<abi::time::Timespec>, clock: i32,
    ) -> u32: full;
    /// Choose the preferred memory node of a range.
    450 memory set_mempolicy_home_node(address: usize, length: usize, node: u64, flags: u64) -> ():
        refused ENOSYS "there is one memory node, as without CONFIG_NUMA";
    /// Figures about a file's cached pages.
    451 file cachestat(fd: Fd, range: UserPointer<u8>, statistics: UserPointer<u8>, flags: u32) -> ():
        planned;
    /// Change permission bits relative to a directory, with flags.
    452 file fchmodat2(directory: Fd, path: UserString, mode: u32, flags: abi::file::path::AtFlags) -> (): full;
    /// Make a shadow stack.
    453 memory map_shadow_stack(address: usize, size: usize, flags: u32) -> usize:
        refused ENOSYS "no shadow stacks, as without CONFIG_X86_USER_SHADOW_STACK";
    /// Wake waiters of a futex.
    454 futex futex_wake(word: UserPointer<u32>, mask: u64, count: i32, flags: u32) -> u32: full;
    /// Wait on a futex.
    455 futex futex_wait(
        word: UserPointer<u32>, value: u64, mask: u64, flags: u32,
        timeout: UserPointer<abi::time::Timespec>, clock: i32,
    ) -> (): full;
    /// Wake some waiters and move others.
    456 futex futex_requeue(
        waiters: UserPointer<abi::futex::FutexWaitv>, flags: u32, wake: i32, requeue: i32,
    ) -> u32: full;
    /// Attributes of a mount.
    457 file statmount(request: UserPointer<u8>, buffer: UserPointer<u8>, size: usize, flags: u32) -> ():
        planned;
    /// The mounts below a mount.
    458 file listmount(request: UserPointer<u8>, ids: UserPointer<u8>, count: usize, flags: u32) -> usize:
        planned;
    /// The caller's security attributes.
    459 identity lsm_get_self_attr(
        attribute: u32, context: UserPointer<u8>, size: UserPointer<u8>, flags: u32,
    ) -> u32: refused ENOSYS "there is no security module inside a sandbox";
    /// Set the caller's security attributes.
    460 identity lsm_set_self_attr(attribute: u32, context: UserPointer<u8>, size: u32, flags: u32) -> ():
        refused ENOSYS "there is no security module inside a sandbox";
    /// List security modules.
    461 identity lsm_list_modules(ids: UserPointer<u8>, size: UserPointer<u8>, flags: u32) -> u32:
        refused ENOSYS "there is no security module inside a sandbox";
    /// Forbid changes of a mapping.
    462 memory mseal(address: usize, length: usize, flags: u64) -> (): planned;
    /// Set an extended attribute relative to a directory.
    463 file setxattrat(
        directory: Fd, path: UserString, flags: u32, name: UserString, arguments: UserPointer<u8>,
        size: usize,
    ) -> (): planned;
    /// Read an extended attribute relative to a directory.
    464 file getxattrat(
        directory: Fd, path: UserString, flags: u32, name: UserString, arguments: UserPointer<u8>,
        size: usize,
    ) -> usize: planned;
    /// Names of extended attributes relative to a directory.
    465 file listxattrat(
        directory: Fd, path: UserString, flags: u32, list: UserPointer<u8>, size: usize,
    ) -> usize: planned;
    /// Remove an extended attribute relative to a directory.
    466 file removexattrat(directory: Fd, path: UserString, flags: u32, name: UserString) -> (): planned;
    /// Open a mount with changed properties.
    467 file open_tree_attr(
        directory: Fd, path: UserString, flags: u32, attributes: UserPointer<u8>, size: usize,
    ) -> Fd: refused EPERM "mounts belong to the sandbox's policy";
    /// Read a file's inode flags.
    468 file file_getattr(
        directory: Fd, path: UserString, attributes: UserPointer<u8>, size: usize, flags: u32,
    ) -> (): planned;
    /// Set a file's inode flags.
    469 file file_setattr(
        directory: Fd, path: UserString, attributes: UserPointer<u8>, size: usize, flags: u32,
    ) -> (): planned;
}
