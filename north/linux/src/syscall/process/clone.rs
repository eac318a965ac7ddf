//! `clone(2)`, `clone3(2)`: new threads.

use alloc::boxed::Box;

use litebox_host::ambient::{self, Log};
use litebox_host::memory::UserAccess;
use litebox_libos::ipc::semaphore::UndoList;
use litebox_libos::process::ExitStatus;
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
    let arguments = CloneArgs {
        flags: flags & !CSIGNAL,
        child_tid: child_tid.address() as u64,
        parent_tid: parent_tid.address() as u64,
        exit_signal: flags & CSIGNAL,
        stack: stack as u64,
        tls,
        ..CloneArgs::default()
    };
    start(call, &arguments)
}

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
fn check(flags: CloneFlags, arguments: &CloneArgs) -> Result<()> {
    let has = |flag| flags.contains(flag);
    let contradicts = (has(CloneFlags::SIGHAND) && !has(CloneFlags::VM))
        || (has(CloneFlags::THREAD) && !has(CloneFlags::SIGHAND))
        || (has(CloneFlags::FS) && flags.intersects(CloneFlags::NEWNS | CloneFlags::NEWUSER))
        || (has(CloneFlags::SIGHAND) && has(CloneFlags::CLEAR_SIGHAND))
        || (has(CloneFlags::PIDFD) && has(CloneFlags::DETACHED));
    if contradicts {
        return Err(Errno::EINVAL);
    }
    if flags.intersects(NAMESPACES) || arguments.set_tid_size != 0 { Err(Errno::EPERM) } else { Ok(()) }
}

const NAMESPACES: CloneFlags = CloneFlags::NEWNS
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
    check(flags, arguments)?;
    if !flags.contains(SHARED) || flags.contains(CloneFlags::PIDFD) {
        return refuse_process(call);
    }
    let highest = call.host.range().end as u64;
    let thread_pointer = if flags.contains(CloneFlags::SETTLS) {
        Some(arguments.tls).filter(|address| *address < highest).ok_or(Errno::EPERM)?
    } else {
        call.host.thread_pointer()
    };
    start_thread(call, flags, arguments, thread_pointer)
}

/// Processes are not built; say so once, however they are asked for.
fn refuse_process<H: LinuxHost>(call: &Call<'_, H>) -> Result<u32> {
    /// The number of fork(2).
    const FORK: u32 = 57;
    if call.diagnostics.is_first(FORK) {
        ambient::log(
            Log::Unsupported,
            "a new process was asked for (fork, vfork, clone): not implemented, ENOSYS",
        );
    }
    Err(Errno::ENOSYS)
}

fn start_thread<H: LinuxHost>(
    call: &mut Call<'_, H>,
    flags: CloneFlags,
    arguments: &CloneArgs,
    thread_pointer: u64,
) -> Result<u32> {
    let id = call.process.registry().allocate()?;
    let thread = Thread::new(id);
    thread.signals().inherit(call.thread.signals().mask());
    thread.set_name(call.thread.name());
    let wishes = call.thread.wishes();
    thread.set_wishes(|inherited| *inherited = wishes);
    let word =
        |address: u64| usize::try_from(address).map(UserPointer::<u32>::new).map_err(|_| Errno::EFAULT);
    let mut child = call.sibling(thread.clone());
    if flags.contains(CloneFlags::CHILD_CLEARTID) {
        child.own.clear_child_tid = word(arguments.child_tid)?.address();
    }
    if !flags.contains(CloneFlags::SYSVSEM) {
        child.undo = UndoList::new();
    }
    let mut registers = call.registers.clone();
    registers.rax = 0;
    if arguments.stack != 0 {
        registers.rsp = arguments.stack;
    }
    call.process.add(thread.clone())?;
    // Both words are in memory that parent and child share, so they are set before either goes on. As in Linux,
    // one that cannot be written is left out.
    let words =
        [(CloneFlags::PARENT_SETTID, arguments.parent_tid), (CloneFlags::CHILD_SETTID, arguments.child_tid)];
    for (_, address) in words.into_iter().filter(|(flag, _)| flags.contains(*flag)) {
        let _ = word(address).map(|word| word.write(&call.host, &id));
    }
    let Ok(host_thread) = call.host.spawn(Box::new(child), &registers, thread_pointer) else {
        // The calling thread is still there, so this is never the last.
        call.process.remove(id, ExitStatus::Exited(0));
        return Err(Errno::EAGAIN);
    };
    thread.bind(host_thread);
    Ok(id)
}
