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
    /// Write to a descriptor.
    1 file write(fd: Fd, buffer: UserPointer<u8>, count: usize) -> usize: full;
    /// Let another thread run.
    24 thread sched_yield() -> (): full;
    /// The process's number.
    39 process getpid() -> u32: full;
    /// End the calling thread.
    60 thread exit(status: i32) -> (): full;
    /// The parent's number.
    110 process getppid() -> u32: full;
    /// Architecture-specific thread state.
    158 thread arch_prctl(code: i32, address: u64) -> (): partial "ARCH_SET_GS and CPUID faulting are refused";
    /// The thread's number.
    186 thread gettid() -> u32: full;
    /// Read a clock.
    228 time clock_gettime(clock: i32, time: UserPointer<abi::time::Timespec>) -> (): partial "CPU-time clocks of other processes";
    /// End the process.
    231 process exit_group(status: i32) -> (): full;
    /// Fill a buffer with random bytes.
    318 random getrandom(buffer: UserPointer<u8>, length: usize, flags: abi::random::GetRandomFlags) -> usize: full;
    /// Ask for a descriptor of a new memory file.
    319 file memfd_create(name: UserString, flags: u32) -> Fd: planned;
    /// Load a new kernel.
    320 process kexec_file_load() -> (): refused EPERM "would change the host";
}
