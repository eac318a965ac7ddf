//! `execve(2)`, `execveat(2)`: the process goes on with another program.
//!
//! Everything that can fail is done while the old program is there: [`prepare`] of the loader touches nothing. The
//! point of no return is the end of the other threads; after it, a failure ends the process by `SIGSEGV`.

use alloc::boxed::Box;
use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::regs::Registers;
use litebox_host::sync::Ordering;
use litebox_libos::file::{Caller, LastLink, Place, View};
use litebox_libos::ipc::semaphore::UndoList;
use litebox_libos::limit::Resource;
use litebox_libos::process::ExitStatus;
use litebox_libos::signal::Signal;
use litebox_libos::user::{UserPointer, UserString};

use crate::abi::file::path::{AT_FDCWD, AtFlags};
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::information::{self, name_of};
use crate::loader::{self, Arguments, Loaded, Owner, Prepared, Processor, Program, Request};
use crate::row::Call;
use crate::syscall::file::{At, Object, caller};
use crate::syscall::futex::release_on_exit;
use crate::task::Task;

pub(crate) fn execve<H: LinuxHost>(
    call: &mut Call<'_, H>,
    path: UserString,
    arguments: UserPointer<u64>,
    environment: UserPointer<u64>,
) -> Result<()> {
    execveat(call, Fd(AT_FDCWD), path, arguments, environment, AtFlags::empty())
}

pub(crate) fn execveat<H: LinuxHost>(
    call: &mut Call<'_, H>,
    directory: Fd,
    path: UserString,
    arguments: UserPointer<u64>,
    environment: UserPointer<u64>,
    flags: AtFlags,
) -> Result<()> {
    if !AtFlags::AT_EMPTY_PATH.union(AtFlags::AT_SYMLINK_NOFOLLOW).contains(flags) {
        return Err(Errno::EINVAL);
    }
    let named = Named::find(call, directory, path, flags)?;
    // A stack limit that does not fit the address space is none.
    let stack = usize::try_from(call.process.limits.soft(Resource::Stack)).unwrap_or(usize::MAX);
    let arguments = Arguments::read(&call.host, arguments, environment, stack)?;
    let prepared = prepare(call, &named, arguments)?;
    // The thread's locks are marked with the number that it has until now.
    release_on_exit(call.task);
    // Where this fails the thread is told to leave, and does before it runs guest code again.
    call.process.become_sole(&call.thread).map_err(|_| Errno::EAGAIN)?;
    replace(call, prepared, &named)
}

/// A program as the call names it.
struct Named {
    program: Program,
    /// What the program is told of its path; the interpreter of a script is given it.
    path: Vec<u8>,
    /// Whether the path was empty: the descriptor itself is the program.
    by_descriptor: bool,
    /// Whether the path goes through a descriptor that is closed when the program starts.
    is_closed: bool,
}

impl Named {
    fn find<H: LinuxHost>(
        call: &Call<'_, H>,
        directory: Fd,
        path: UserString,
        flags: AtFlags,
    ) -> Result<Self> {
        let at = At::new(call, directory, path)?;
        let Object::Location(location) = at.object(flags)? else { return Err(Errno::EACCES) };
        let opened = View::new(&call.place, at.caller()).open_program_at(location)?;
        let program = Program { file: opened.file, path: opened.path, hold: opened.hold };
        let path = at.path().to_vec();
        if directory == Fd(AT_FDCWD) || path.first() == Some(&b'/') {
            return Ok(Self { program, path, by_descriptor: false, is_closed: false });
        }
        let by_descriptor = path.is_empty();
        let mut shown = format!("/dev/fd/{}", directory.0).into_bytes();
        if !by_descriptor {
            shown.push(b'/');
            shown.extend_from_slice(&path);
        }
        let is_closed = call.descriptors.entry(directory.number()?)?.close_on_exec;
        Ok(Self { program, path: shown, by_descriptor, is_closed })
    }
}

/// Read and check the program and its interpreters.
fn prepare<H: LinuxHost>(call: &Call<'_, H>, named: &Named, arguments: Arguments) -> Result<Prepared> {
    let request = Request {
        path: named.path.clone(),
        program: named.program.clone(),
        arguments,
        bounds: call.memory.bounds(),
    };
    let caller = caller(call);
    let prepared = loader::prepare(request, &mut |path| open(&call.place, &caller, path))?;
    let is_script = !Arc::ptr_eq(&prepared.program().file, &named.program.file);
    // The interpreter would find nothing at the path that it is given.
    if is_script && named.is_closed { Err(Errno::ENOENT) } else { Ok(prepared) }
}

fn open(place: &Place, caller: &Caller, path: &[u8]) -> Result<Program> {
    let opened = View::new(place, caller).open_program(path, LastLink::Follow)?;
    Ok(Program { file: opened.file, path: opened.path, hold: opened.hold })
}

/// What a process goes on with.
pub(crate) struct Execution {
    prepared: Prepared,
    /// Whether the descriptor itself is the program.
    by_descriptor: bool,
    processor: Processor,
}

/// Let the process, which has one thread by now, go on with `prepared`.
fn replace<H: LinuxHost>(call: &mut Call<'_, H>, prepared: Prepared, named: &Named) -> Result<()> {
    let processor = call.information.processor();
    let execution = Execution { prepared, by_descriptor: named.by_descriptor, processor };
    if call.memory.is_shared() {
        return move_out(call, execution);
    }
    call.keep_registers();
    reset(call.task);
    call.task.process.return_memory();
    load_or_end(call.task, execution, call.registers)
}

/// Others use the memory: the process goes on in memory of its own.
fn move_out<H: LinuxHost>(call: &mut Call<'_, H>, execution: Execution) -> Result<()> {
    let host = call.host.clone();
    let moved = Box::new(call.task.moved(execution));
    match host.depart(moved) {
        Ok(()) => {
            call.memory.leave();
            call.undo = UndoList::new();
            call.keep_registers();
            call.process.return_memory();
            Ok(())
        }
        Err(_) => {
            call.task.stay();
            Err(Errno::ENOMEM)
        }
    }
}

/// The first thing that a process does in its new memory.
pub(crate) fn start_program<H: LinuxHost>(
    task: &mut Task<H>,
    execution: Execution,
    registers: &mut Registers,
) {
    // The thread is woken by this name from now on.
    task.thread.bind(task.host.current());
    task.memory = Arc::new(task.memory.successor(task.host.clone()));
    // Where there is no alarm any more there is none to keep.
    let _ = task.timers.rearm();
    reset(task);
    // What goes wrong has ended the process.
    let _ = load_or_end(task, execution, registers);
}

fn load_or_end<H: LinuxHost>(
    task: &mut Task<H>,
    execution: Execution,
    registers: &mut Registers,
) -> Result<()> {
    match load(task, execution) {
        Ok(loaded) => {
            // Whoever sees a descriptor closed finds the new program running.
            task.descriptors.close_on_exec();
            *registers = loaded.registers;
            Ok(())
        }
        Err(errno) => {
            let status = ExitStatus::Killed { signal: Signal::SIGSEGV.number(), core: false };
            task.process.end(status);
            task.leave(status);
            Err(errno)
        }
    }
}

/// Forget what a new program does not get to know.
fn reset<H: LinuxHost>(task: &mut Task<H>) {
    task.forget_program();
    task.process.start_program();
    task.process.discard_timer_signals(&task.thread);
    // Without memory for a copy the table stays shared: there is no old program to go back to.
    let _ = task.unshare_descriptors();
    task.settings.undumpable.store(0, Ordering::Relaxed);
    task.settings.keep_capabilities.store(false, Ordering::Relaxed);
    task.settings.barriers.store(false, Ordering::Relaxed);
    task.credentials.start_program();
    task.host.reset();
    task.host.set_thread_pointer(0);
}

fn load<H: LinuxHost>(task: &Task<H>, execution: Execution) -> Result<Loaded> {
    let owner = Owner::of(&task.credentials);
    let loaded = loader::commit(&task.host, &task.memory, execution.prepared, &execution.processor, &owner)?;
    information::register(task, &loaded)?;
    if execution.by_descriptor {
        // The number of a descriptor is no name.
        task.thread.set_name(name_of(&loaded.program.path));
    }
    Ok(loaded)
}
