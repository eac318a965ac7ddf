//! `clone(2)`, `clone3(2)`, `fork(2)`, `vfork(2)`: what is asked for. Threads are made in `thread`, processes in
//! `process`.

mod process;
mod thread;

use alloc::sync::Arc;

use litebox_host::memory::UserAccess;
use litebox_libos::limit::Resource;
use litebox_libos::thread::Thread;
use litebox_libos::user::UserPointer;
use zerocopy::{FromZeros, IntoBytes};

use crate::abi::thread::{CLONE_ARGS_SIZE_MAX, CLONE_ARGS_SIZE_VER0, CSIGNAL, CloneArgs, CloneFlags};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn clone<H: LinuxHost>(
    call: &mut Call<'_, H>,
    flags: u64,
    stack: usize,
    parent_tid: UserPointer<u32>,
    child_tid: UserPointer<u32>,
    tls: u64,
) -> Result<u32> {
    // The upper half belongs to clone3.
    let flags = flags & u64::from(u32::MAX);
    let bits = CloneFlags::from_bits(flags & !CSIGNAL).ok_or(Errno::EINVAL)?;
    let clash = CloneFlags::PIDFD | CloneFlags::PARENT_SETTID;
    if bits.contains(clash) || bits.contains(CloneFlags::PIDFD | CloneFlags::DETACHED) {
        // Both want the same word.
        return Err(Errno::EINVAL);
    }
    let arguments = CloneArgs {
        flags: flags & !CSIGNAL,
        pidfd: parent_tid.address() as u64,
        child_tid: child_tid.address() as u64,
        parent_tid: parent_tid.address() as u64,
        exit_signal: flags & CSIGNAL,
        stack: stack as u64,
        tls,
        ..CloneArgs::default()
    };
    start(call, &arguments)
}

pub(crate) fn fork<H: LinuxHost>(call: &mut Call<'_, H>) -> Result<u32> {
    start(call, &CloneArgs { exit_signal: SIGCHLD, ..CloneArgs::default() })
}

pub(crate) fn vfork<H: LinuxHost>(call: &mut Call<'_, H>) -> Result<u32> {
    let flags = (CloneFlags::VM | CloneFlags::VFORK).bits();
    start(call, &CloneArgs { flags, exit_signal: SIGCHLD, ..CloneArgs::default() })
}

/// The signal that tells of a child's end.
const SIGCHLD: u64 = 17;

pub(crate) fn clone3<H: LinuxHost>(
    call: &mut Call<'_, H>,
    arguments: UserPointer<u8>,
    size: usize,
) -> Result<u32> {
    let arguments = read_arguments(call, arguments, size)?;
    let has_stack = arguments.stack != 0;
    let unknown = CSIGNAL | CloneFlags::DETACHED.bits();
    if has_stack != (arguments.stack_size != 0)
        || arguments.exit_signal > 64
        || arguments.flags & unknown != 0
    {
        return Err(Errno::EINVAL);
    }
    let has_no_exit = CloneFlags::THREAD.bits() | CloneFlags::PARENT.bits();
    if arguments.flags & has_no_exit != 0 && arguments.exit_signal != 0 {
        return Err(Errno::EINVAL);
    }
    let stack = arguments.stack.checked_add(arguments.stack_size).ok_or(Errno::EINVAL)?;
    start(call, &CloneArgs { stack, ..arguments })
}

/// Copy in as much of the structure as the caller has; what is beyond ours must be zero.
fn read_arguments<H: LinuxHost>(
    call: &Call<'_, H>,
    arguments: UserPointer<u8>,
    size: usize,
) -> Result<CloneArgs> {
    if size > CLONE_ARGS_SIZE_MAX {
        return Err(Errno::E2BIG);
    }
    if size < CLONE_ARGS_SIZE_VER0 {
        return Err(Errno::EINVAL);
    }
    let mut value = CloneArgs::new_zeroed();
    let known = size_of::<CloneArgs>();
    let part = value.as_mut_bytes().get_mut(..size.min(known)).unwrap_or_default();
    UserAccess::read(&call.host, arguments.address(), part)?;
    for offset in known..size {
        if arguments.element(offset).read(&call.host)? != 0 {
            return Err(Errno::E2BIG);
        }
    }
    Ok(value)
}

/// What Linux refuses of any combination of flags, and what a sandbox refuses.
fn check(flags: CloneFlags) -> Result<()> {
    let has = |flag| flags.contains(flag);
    let contradicts = (has(CloneFlags::SIGHAND) && !has(CloneFlags::VM))
        || (has(CloneFlags::THREAD) && !has(CloneFlags::SIGHAND))
        || (has(CloneFlags::FS) && flags.intersects(CloneFlags::NEWNS | CloneFlags::NEWUSER))
        || (has(CloneFlags::SIGHAND) && has(CloneFlags::CLEAR_SIGHAND))
        || (has(CloneFlags::THREAD) && flags.intersects(CloneFlags::NEWUSER | CloneFlags::NEWPID))
        || (has(CloneFlags::PIDFD) && has(CloneFlags::DETACHED));
    if contradicts {
        return Err(Errno::EINVAL);
    }
    if flags.intersects(NAMESPACES) { Err(Errno::EPERM) } else { Ok(()) }
}

/// A number of the caller's choice is for the privileged of a namespace, whom there are none of here; and it has to
/// make sense.
fn check_chosen_number<H: LinuxHost>(call: &Call<'_, H>, arguments: &CloneArgs) -> Result<()> {
    /// The most namespaces that lie within one another (`MAX_PID_NS_LEVEL`).
    const LEVELS: u64 = 32;
    let (at, count) = (arguments.set_tid, arguments.set_tid_size);
    if count > LEVELS || (at == 0) != (count == 0) {
        return Err(Errno::EINVAL);
    }
    if count == 0 {
        return Ok(());
    }
    let first = UserPointer::<i32>::new(usize::try_from(at).map_err(|_| Errno::EFAULT)?);
    if first.read(&call.host)? <= 0 { Err(Errno::EINVAL) } else { Err(Errno::EPERM) }
}

/// Everything of the system that a process could have an own one of.
pub(crate) const NAMESPACES: CloneFlags = CloneFlags::NEWNS
    .union(CloneFlags::NEWCGROUP)
    .union(CloneFlags::NEWUTS)
    .union(CloneFlags::NEWIPC)
    .union(CloneFlags::NEWUSER)
    .union(CloneFlags::NEWPID)
    .union(CloneFlags::NEWNET);

/// What two threads of a process always share here.
const SHARED: CloneFlags = CloneFlags::VM
    .union(CloneFlags::FS)
    .union(CloneFlags::FILES)
    .union(CloneFlags::SIGHAND)
    .union(CloneFlags::THREAD);

fn start<H: LinuxHost>(call: &mut Call<'_, H>, arguments: &CloneArgs) -> Result<u32> {
    let flags = CloneFlags::from_bits(arguments.flags).ok_or(Errno::EINVAL)?;
    check(flags)?;
    check_chosen_number(call, arguments)?;
    let wanted = Wanted {
        flags,
        arguments,
        parent_tid: word(arguments.parent_tid)?,
        child_tid: word(arguments.child_tid)?,
        thread_pointer: thread_pointer(call, flags, arguments)?,
    };
    if !flags.contains(CloneFlags::THREAD) {
        return process::start(call, &wanted);
    }
    if flags.contains(SHARED) && !flags.contains(CloneFlags::PIDFD) {
        thread::start(call, &wanted)
    } else {
        Err(Errno::EINVAL)
    }
}

/// What is asked for, decoded.
struct Wanted<'a> {
    flags: CloneFlags,
    arguments: &'a CloneArgs,
    parent_tid: UserPointer<u32>,
    child_tid: UserPointer<u32>,
    thread_pointer: u64,
}

fn word(address: u64) -> Result<UserPointer<u32>> {
    usize::try_from(address).map(UserPointer::new).map_err(|_| Errno::EFAULT)
}

fn thread_pointer<H: LinuxHost>(call: &Call<'_, H>, flags: CloneFlags, arguments: &CloneArgs) -> Result<u64> {
    let highest = call.host.range().end as u64;
    if flags.contains(CloneFlags::SETTLS) {
        Some(arguments.tls).filter(|address| *address < highest).ok_or(Errno::EPERM)
    } else {
        Ok(call.host.thread_pointer())
    }
}

/// A number and a thread that has it, with what a new thread inherits of its maker.
fn new_thread<H: LinuxHost>(call: &Call<'_, H>) -> Result<Arc<Thread>> {
    let most = usize::try_from(call.process.limits.soft(Resource::Processes)).unwrap_or(usize::MAX);
    if call.process.registry().thread_count() >= most && !call.credentials.may_change() {
        return Err(Errno::EAGAIN);
    }
    let thread = Thread::new(call.process.registry().allocate()?);
    thread.signals().inherit(call.thread.signals().mask());
    thread.set_name(call.thread.name());
    let wishes = call.thread.wishes();
    thread.set_wishes(|inherited| *inherited = wishes);
    Ok(thread)
}
