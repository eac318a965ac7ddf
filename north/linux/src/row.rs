//! What a row of the table is, apart from the rows themselves.

use core::ops::{Deref, DerefMut};

use litebox_host::regs::Registers;

use crate::arg::ShowMemory;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::task::Task;

/// How far a system call is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// All of it.
    Full,
    /// Less than all; the text says what is missing.
    Partial(&'static str),
    /// Not built yet: `ENOSYS`.
    Planned,
    /// Will not be: the errno, and why.
    Refused(Errno, &'static str),
}

/// One argument in a row.
#[derive(Clone, Copy)]
pub struct Argument {
    /// Its name.
    pub name: &'static str,
    /// Its type, as written in the row.
    pub kind: &'static str,
    /// Shows it in a trace.
    pub show: fn(u64, &dyn ShowMemory, &mut dyn core::fmt::Write) -> core::fmt::Result,
}

/// What a row says of a system call, for pages, traces and metrics.
#[derive(Clone, Copy)]
pub struct Row {
    /// The number in `rax`.
    pub number: u16,
    /// The noun that it belongs to.
    pub noun: &'static str,
    /// Its name in Linux.
    pub name: &'static str,
    /// One line about it.
    pub doc: &'static str,
    /// Its arguments.
    pub arguments: &'static [Argument],
    /// How far it is built.
    pub support: Support,
}

/// What a handler acts on: the calling thread and its registers.
pub struct Call<'a, H: LinuxHost> {
    /// The calling thread.
    pub task: &'a mut Task<H>,
    /// Its registers. A handler that sets `rax` itself says so by [`Call::keep_registers`].
    pub registers: &'a mut Registers,
    keep: bool,
}

impl<'a, H: LinuxHost> Call<'a, H> {
    /// A call of `task` with `registers`.
    pub fn new(task: &'a mut Task<H>, registers: &'a mut Registers) -> Self {
        Self { task, registers, keep: false }
    }

    /// The handler has written all registers; its result is not to be stored in `rax`.
    pub fn keep_registers(&mut self) {
        self.keep = true;
    }

    /// Whether [`Call::keep_registers`] was called.
    pub fn keeps_registers(&self) -> bool {
        self.keep
    }
}

impl<H: LinuxHost> Deref for Call<'_, H> {
    type Target = Task<H>;
    fn deref(&self) -> &Task<H> {
        self.task
    }
}

impl<H: LinuxHost> DerefMut for Call<'_, H> {
    fn deref_mut(&mut self) -> &mut Task<H> {
        self.task
    }
}

/// A row's function: decode the arguments from the registers, act, encode the result.
pub type Handler<H> = fn(&mut Call<'_, H>) -> Result<u64>;

/// The function of every number without a row and of every planned row.
pub fn not_implemented<H: LinuxHost>(_: &mut Call<'_, H>) -> Result<u64> {
    Err(Errno::ENOSYS)
}

/// The `index`-th argument register of the system-call convention (`syscall(2)`).
pub fn argument(registers: &Registers, index: usize) -> u64 {
    match index {
        0 => registers.rdi,
        1 => registers.rsi,
        2 => registers.rdx,
        3 => registers.r10,
        4 => registers.r8,
        _ => registers.r9,
    }
}
