//! The first thread: that of the first instance, and of what comes after it.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::regs::Registers;
use litebox_libos::file::pseudo::Machine;
use litebox_libos::file::{MountRequest, Namespace, NamespaceOptions, Place};
use litebox_libos::identity::Credentials;

use super::script::{Person, Script};
use crate::error::TeeError;
use crate::host::TeeHost;
use crate::session::{Client, Engine, Library};
use crate::task::Task;

/// What a sandbox is told.
pub struct Configuration {
    /// The path of the main application's file.
    pub executable: Vec<u8>,
    /// The client's script, a line each.
    pub script: Vec<Vec<u8>>,
    /// On whose behalf the client runs.
    pub credentials: Credentials,
    /// The folders of the host.
    pub mounts: Vec<MountRequest>,
    /// What file systems tell of the machine, and how much each in memory may keep.
    pub machine: Machine,
}

/// Why nothing was started.
pub struct Refusal {
    /// The exit code that says so.
    pub code: u8,
    /// For the person who started it.
    pub message: String,
}

/// Nothing could be started for reasons of the sandbox's own.
const CANNOT_START: u8 = 125;

/// The first thread and the registers it starts with. Called on the thread that will run it; a script that never gets
/// to an application ends the sandbox here.
///
/// # Errors
/// The exit code and the message for whoever started the sandbox.
pub fn first_thread<H: TeeHost>(
    host: H,
    configuration: Configuration,
) -> Result<(Box<Task<H>>, Registers), Refusal> {
    let person = Person {
        user: configuration.credentials.user.effective,
        group: configuration.credentials.group.effective,
    };
    let script = configuration.script.join(&b'\n');
    let script = core::str::from_utf8(&script).map_err(|_| refuse("the script is no text".into()))?;
    let script = Script::parse(script, person)
        .map_err(|error| refuse(format!("the script makes no sense: {error}")))?;
    let options = NamespaceOptions {
        host: Arc::new(host.clone()),
        mounts: configuration.mounts,
        limit: configuration.machine.memory,
        machine: configuration.machine,
    };
    let namespace = Namespace::create(options)
        .map_err(|error| refuse(format!("cannot set up the file tree: {}", error.message)))?;
    let library = Library::new(Place::new(namespace), configuration.credentials, configuration.executable);
    let engine = Engine::new(host.clone(), library, Client::new(script.blocks), script.limit);
    let none = |error: TeeError| refuse(format!("cannot set up the first instance: {error}"));
    let worker = engine.first_worker().map_err(none)?;
    let mut task = Box::new(Task::new(host, Arc::clone(&engine), worker));
    engine.begin();
    let mut registers = Registers::default();
    task.serve(&mut registers);
    Ok((task, registers))
}

fn refuse(message: String) -> Refusal {
    Refusal { code: CANNOT_START, message }
}
