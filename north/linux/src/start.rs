//! The first program of a sandbox: from what the sandbox is told to the guest's first registers.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::console::Stream;
use litebox_host::regs::Registers;
use litebox_host::sync::Ordering;
use litebox_libos::file::pseudo::Machine;
use litebox_libos::file::{
    Caller, Description, Descriptor, DescriptorTable, File, FileStatus, LastLink, MountRequest, Namespace,
    NamespaceOptions, Place, StreamFile, View,
};
use litebox_libos::identity::Credentials;
use litebox_libos::memory::Limits;
use litebox_libos::process::{Birth, Inheritance, Process};
use litebox_libos::signal::Signal;
use litebox_libos::terminal::{Acquisition, Privilege, Slave, start_console};
use litebox_libos::thread::Thread;
use litebox_libos::{Error, ErrorKind};

use crate::error::Errno;
use crate::host::LinuxHost;
use crate::information::{register, show_init};
use crate::loader::{self, Arguments, Owner, Processor, Program, Request};
use crate::task::Task;

/// What a sandbox is told.
pub struct Configuration {
    /// The program: a path, or a name to be looked up in `PATH`.
    pub executable: Vec<u8>,
    /// The working directory.
    pub directory: Vec<u8>,
    /// The arguments, the program's own name first.
    pub arguments: Vec<Vec<u8>>,
    /// The environment, as `NAME=value`.
    pub environment: Vec<Vec<u8>>,
    /// On whose behalf the program runs.
    pub credentials: Credentials,
    /// The file mode mask.
    pub mask: u32,
    /// The folders of the host.
    pub mounts: Vec<MountRequest>,
    /// What the program is told of the machine.
    pub machine: Machine,
    /// What it is told of the processor.
    pub processor: Processor,
    /// Whether its calls are shown.
    pub tracing: bool,
    /// How many threads there may be at a time; 0 for no limit.
    pub threads: u32,
    /// The terminal that the program is given, of the sandbox's own.
    pub terminal: Option<OwnTerminal>,
}

/// A pseudoterminal for the first program. Its other end is the host's link to a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnTerminal {
    /// Whether descriptor 2 is the terminal too, or the host's stream.
    pub is_error: bool,
}

/// Why no program was started.
pub struct Refusal {
    /// The exit code that says so: 125, 126 or 127, as `env(1)` and container engines use them.
    pub code: u8,
    /// For the person who started it.
    pub message: String,
}

/// The program could not be started for reasons of the sandbox's own.
const CANNOT_START: u8 = 125;
/// The program was found and cannot be run.
const NOT_EXECUTABLE: u8 = 126;
/// The program was not found.
const NOT_FOUND: u8 = 127;

/// The first thread of the first process, and the registers it starts with. Called on the thread that will run it: that
/// thread's name is the one that kicks go to.
///
/// # Errors
/// The exit code and the message for whoever started the sandbox.
pub fn first_thread<H: LinuxHost>(
    host: H,
    configuration: Configuration,
) -> Result<(Box<Task<H>>, Registers), Refusal> {
    let init = Process::init();
    let (process, thread) = first_process(&init, configuration.threads)
        .map_err(|error| refuse(CANNOT_START, "the first process", error))?;
    thread.parker().bind(host.current());
    let descriptors = Arc::new(DescriptorTable::new());
    let mut task = Box::new(Task::new(host, process, thread, descriptors));
    task.credentials = configuration.credentials.clone();
    task.tracing.store(configuration.tracing, Ordering::Relaxed);
    task.place = place(&task, &configuration)?;
    standard_descriptors(&task, configuration.terminal)
        .map_err(|error| refuse(CANNOT_START, "the first descriptors", error))?;
    init.show(show_init(&task, &init));
    let registers = load(&task, configuration)?;
    Ok((task, registers))
}

/// The process that orphans are given to, and the first that runs a program: it leads a session and a group.
fn first_process(init: &Arc<Process>, threads: u32) -> litebox_libos::Result<(Arc<Process>, Arc<Thread>)> {
    init.registry().set_limit(threads);
    let thread = Thread::new(init.registry().allocate()?);
    let birth = Birth {
        first: Arc::clone(&thread),
        maker: Arc::clone(&thread),
        sibling: false,
        exit_signal: Some(Signal::SIGCHLD),
        borrows: false,
        actions: Inheritance::Copied,
    };
    let process = init.child(birth)?;
    process.lead_session();
    Ok((process, thread))
}

/// Descriptors 0, 1 and 2: the host's streams, or a terminal of the sandbox's own.
fn standard_descriptors<H: LinuxHost>(
    task: &Task<H>,
    terminal: Option<OwnTerminal>,
) -> litebox_libos::Result<()> {
    let slave = terminal.map(|_| own_terminal(task)).transpose()?;
    for stream in [Stream::Input, Stream::Output, Stream::Error] {
        let is_terminal = stream != Stream::Error || terminal.is_some_and(|terminal| terminal.is_error);
        let file = match &slave {
            Some(slave) if is_terminal => Arc::clone(slave),
            _ => StreamFile::open(task.host.clone(), stream),
        };
        let description = Description::new(file, FileStatus::READ | FileStatus::WRITE);
        let number = stream as u32;
        let descriptor = Descriptor { description, close_on_exec: false };
        task.descriptors.insert(descriptor, number, number + 1)?;
    }
    Ok(())
}

/// Make a pseudoterminal that controls the first process's session, and open its slave.
fn own_terminal<H: LinuxHost>(task: &Task<H>) -> litebox_libos::Result<Arc<dyn File>> {
    const MISSING: Error = Error::new(ErrorKind::NotFound, "the terminal is not in /dev/pts");
    let namespace = task.place.namespace();
    let terminals = namespace.terminals();
    let pty = start_console(&task.host, terminals, task.credentials.user.file_system)?;
    terminals.acquire(&pty, &task.process, Acquisition::Asked)?;
    let location = namespace.terminal(pty.number()).ok_or(MISSING)?;
    Ok(Slave::open(&pty, location, Privilege::Ordinary)?)
}

/// The tree of files, with the process in its working directory.
fn place<H: LinuxHost>(task: &Task<H>, configuration: &Configuration) -> Result<Arc<Place>, Refusal> {
    let options = NamespaceOptions {
        host: Arc::new(task.host.clone()),
        mounts: configuration.mounts.clone(),
        limit: configuration.machine.memory,
        machine: configuration.machine.clone(),
    };
    let namespace =
        Namespace::create(options).map_err(|error| refuse(CANNOT_START, "the file tree", error))?;
    let place = Place::new(namespace);
    place.set_mask(configuration.mask);
    let caller = caller(task);
    let directory = &configuration.directory;
    let entered = View::new(&place, &caller)
        .find(directory, LastLink::Follow)
        .and_then(|location| place.set_current(location, &caller));
    entered.map_err(|error| {
        refuse(CANNOT_START, &format!("the working directory {}", directory.escape_ascii()), error)
    })?;
    Ok(place)
}

fn caller<H: LinuxHost>(task: &Task<H>) -> Caller {
    Caller { credentials: task.credentials.clone(), process: task.process.id(), thread: task.thread.id() }
}

/// Load the program into the task's address space.
fn load<H: LinuxHost>(task: &Task<H>, configuration: Configuration) -> Result<Registers, Refusal> {
    let name = configuration.executable.escape_ascii();
    let caller = caller(task);
    let view = View::new(&task.place, &caller);
    let open = |path: &[u8]| -> crate::error::Result<Program> {
        let opened = view.open_program(path, LastLink::Follow)?;
        Ok(Program { file: opened.file, path: opened.path, hold: opened.hold })
    };
    let (path, program) = look_up(&configuration, &open).map_err(|errno| cannot_run(&name, errno))?;
    let arguments = arguments(&configuration).map_err(|errno| cannot_run(&name, errno))?;
    let request = Request { path, program, arguments, bounds: task.memory.bounds() };
    let prepared = loader::prepare(request, &mut |path| open(path)).map_err(|errno| {
        if errno == Errno::ENOENT {
            return Refusal {
                code: NOT_FOUND,
                message: format!("cannot run {name}: its interpreter is missing"),
            };
        }
        cannot_run(&name, errno)
    })?;
    let owner = Owner::of(&task.credentials);
    let loaded = loader::commit(&task.host, &task.memory, prepared, &configuration.processor, &owner)
        .and_then(|loaded| register(task, &loaded).map(|()| loaded));
    loaded.map(|loaded| loaded.registers).map_err(|errno| cannot_run(&name, errno))
}

/// The program's path and file: as named if the name has a slash, else from the first folder of `PATH` that has it.
fn look_up(
    configuration: &Configuration,
    open: &dyn Fn(&[u8]) -> crate::error::Result<Program>,
) -> crate::error::Result<(Vec<u8>, Program)> {
    let name = &configuration.executable;
    if name.contains(&b'/') {
        return Ok((name.clone(), open(name)?));
    }
    let mut denied = false;
    for folder in search_path(&configuration.environment).split(|byte| *byte == b':') {
        let path = [folder, name].join(&b"/"[..]);
        match open(&path) {
            Ok(program) => return Ok((path, program)),
            Err(Errno::EACCES) => denied = true,
            Err(_) => {}
        }
    }
    Err(if denied { Errno::EACCES } else { Errno::ENOENT })
}

/// The value of `PATH`, or what `execvp(3)` takes in its place.
fn search_path(environment: &[Vec<u8>]) -> &[u8] {
    environment.iter().find_map(|variable| variable.strip_prefix(b"PATH=")).unwrap_or(b"/bin:/usr/bin")
}

fn arguments(configuration: &Configuration) -> crate::error::Result<Arguments> {
    let mut arguments = Arguments::new(Limits::default().stack);
    for argument in &configuration.arguments {
        arguments.push_argument(argument.clone())?;
    }
    for variable in &configuration.environment {
        arguments.push_variable(variable.clone())?;
    }
    Ok(arguments)
}

fn refuse(code: u8, what: &str, error: Error) -> Refusal {
    Refusal { code, message: format!("cannot set up {what}: {}", error.message) }
}

/// Why a program cannot be run, in words.
fn cannot_run(name: &impl core::fmt::Display, errno: Errno) -> Refusal {
    let (code, cause) = match errno {
        Errno::ENOENT => (NOT_FOUND, "no such program in the sandbox's view of the host (see --see)"),
        Errno::ENOTDIR => (NOT_FOUND, "a part of its path is no folder"),
        Errno::EACCES => (NOT_EXECUTABLE, "it is no file that this user may execute"),
        Errno::ENOEXEC => (NOT_EXECUTABLE, "it is no program for x86-64 Linux, or a damaged one"),
        Errno::ELIBBAD => (NOT_EXECUTABLE, "its interpreter is no program, or a damaged one"),
        Errno::ELOOP => (NOT_EXECUTABLE, "too many links or interpreters lead to it"),
        Errno::E2BIG => (NOT_EXECUTABLE, "its arguments and environment are too long"),
        Errno::EFAULT => (NOT_EXECUTABLE, "its file ends before what must be loaded of it"),
        Errno::EEXIST => (NOT_EXECUTABLE, "its parts, or its interpreter's, want the same addresses"),
        Errno::ENOMEM => (NOT_EXECUTABLE, "it does not fit into the sandbox's memory"),
        _ => (NOT_EXECUTABLE, "it cannot be loaded"),
    };
    Refusal { code, message: format!("cannot run {name}: {cause} ({errno:?})") }
}
