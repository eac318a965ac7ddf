//! What a row of a table is, apart from the rows themselves.

use core::ops::{Deref, DerefMut};

use litebox_host::regs::Registers;

use crate::error::{Result, TeeError};
use crate::host::TeeHost;
use crate::task::Task;

/// How far a call is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// All of it.
    Full,
    /// Less than all; the text says what is missing.
    Partial(&'static str),
    /// Not built yet: `NOT_SUPPORTED`.
    Planned,
    /// Will not be: the error, and why.
    Refused(TeeError, &'static str),
}

/// One argument in a row.
#[derive(Clone, Copy)]
pub struct Argument {
    /// Its name.
    pub name: &'static str,
    /// Its type, as written in the row.
    pub kind: &'static str,
}

/// What a row says of a call, for pages.
#[derive(Clone, Copy)]
pub struct Row {
    /// The number in `rax`.
    pub number: u16,
    /// The noun that it belongs to.
    pub noun: &'static str,
    /// Its name.
    pub name: &'static str,
    /// One line about it.
    pub doc: &'static str,
    /// Its arguments.
    pub arguments: &'static [Argument],
    /// How far it is built.
    pub support: Support,
}

/// What a handler acts on: the calling instance's thread, and its registers.
pub struct Call<'a, H: TeeHost> {
    /// The calling thread.
    pub task: &'a mut Task<H>,
    /// Its registers.
    pub registers: &'a mut Registers,
    /// Whether the handler has set all registers, or the thread does not go on.
    pub(crate) ends: bool,
}

impl<'a, H: TeeHost> Call<'a, H> {
    /// A call of `task` with `registers`.
    pub fn new(task: &'a mut Task<H>, registers: &'a mut Registers) -> Self {
        Self { task, registers, ends: false }
    }
}

impl<H: TeeHost> Deref for Call<'_, H> {
    type Target = Task<H>;
    fn deref(&self) -> &Task<H> {
        self.task
    }
}

impl<H: TeeHost> DerefMut for Call<'_, H> {
    fn deref_mut(&mut self) -> &mut Task<H> {
        self.task
    }
}

/// A row's function: decode the arguments from the registers, and act.
pub type Handler<H> = fn(&mut Call<'_, H>) -> Result<()>;

/// The function of every number without a row and of every planned row.
///
/// # Errors
/// `NOT_SUPPORTED`, always.
pub fn not_supported<H: TeeHost>(_: &mut Call<'_, H>) -> Result<()> {
    Err(TeeError::NOT_SUPPORTED)
}

/// The `index`-th argument register of the convention. Calls with fewer arguments leave anything in the last two.
pub fn argument(registers: &Registers, index: usize) -> u64 {
    match index {
        0 => registers.rdi,
        1 => registers.rsi,
        2 => registers.rdx,
        3 => registers.r10,
        4 => registers.r8,
        5 => registers.r9,
        6 => registers.r12,
        _ => registers.r13,
    }
}
