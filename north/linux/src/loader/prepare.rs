//! The first half of loading: everything that can fail while the old program is still there.

use alloc::vec::Vec;
use core::ops::Range;

use litebox_libos::memory::buffer;

use super::arguments::Arguments;
use super::elf::Image;
use super::program::Program;
use super::script::{self, HEAD, MAX_DEPTH};
use crate::error::{Errno, Result};

/// What to execute.
pub struct Request {
    /// The path as the caller named it (`AT_EXECFN`).
    pub path: Vec<u8>,
    /// The file at that path.
    pub program: Program,
    /// Its arguments and environment.
    pub arguments: Arguments,
    /// The addresses that it can use.
    pub bounds: Range<usize>,
}

/// A program that is ready to be loaded.
pub struct Prepared {
    pub(super) path: Vec<u8>,
    pub(super) program: Program,
    pub(super) image: Image,
    pub(super) interpreter: Option<(Program, Image)>,
    pub(super) arguments: Arguments,
}

impl Prepared {
    /// The program itself; for a script, its interpreter.
    pub fn program(&self) -> &Program {
        &self.program
    }
}

/// Read and check everything that `request` needs. `open` opens a file for execution by a path relative to the
/// caller's directory, with the caller's rights.
///
/// # Errors
/// `EACCES` for what cannot be executed; `ENOEXEC` for what is no program; `ENOENT` and others of `open` for a
/// missing interpreter; `ELIBBAD` for an interpreter that is no program; `ELOOP` if six scripts interpret one
/// another; `E2BIG`; `ENOMEM`; the files' own.
pub fn prepare(request: Request, open: &mut dyn FnMut(&[u8]) -> Result<Program>) -> Result<Prepared> {
    let Request { path, mut program, mut arguments, bounds } = request;
    arguments.ensure_first()?;
    arguments.charge(&path)?;
    let mut name = buffer::copied(&path)?;
    let mut depth = 0;
    loop {
        program.check()?;
        let mut head = [0; HEAD];
        let count = program.read(0, &mut head)?;
        let Some(script) = script::parse(head.get(..count).unwrap_or_default())? else { break };
        depth += 1;
        if depth > MAX_DEPTH {
            return Err(Errno::ELOOP);
        }
        match script.argument {
            Some(argument) => arguments.replace_first(&[script.interpreter, argument, &name])?,
            None => arguments.replace_first(&[script.interpreter, &name])?,
        }
        program = open(script.interpreter)?;
        name = buffer::copied(script.interpreter)?;
    }
    let image = Image::read(&program)?;
    image.check_room(&bounds)?;
    let interpreter = match &image.interpreter {
        Some(path) => Some(prepare_interpreter(open(path)?, &bounds)?),
        None => None,
    };
    Ok(Prepared { path, program, image, interpreter, arguments })
}

fn prepare_interpreter(program: Program, bounds: &Range<usize>) -> Result<(Program, Image)> {
    program.check()?;
    let image = Image::read(&program).map_err(|error| match error {
        Errno::ENOEXEC => Errno::ELIBBAD,
        other => other,
    })?;
    image.check_room(bounds)?;
    Ok((program, image))
}
