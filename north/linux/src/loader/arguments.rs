//! The strings that a program is started with, and their limits (`execve(2)`, "Limits on size of arguments").

use alloc::vec::Vec;

use litebox_host::memory::UserAccess;
use litebox_libos::ErrorKind;
use litebox_libos::memory::buffer;
use litebox_libos::user::{UserPointer, UserString};

use crate::abi::memory::MAX_ARGUMENT;
use crate::error::{Errno, Result};

/// What all strings and pointers may take at least, whatever the stack's limit (`ARG_MAX`).
const MINIMUM: usize = 131_072;
/// What they may take at most: three quarters of the usual stack.
const MAXIMUM: usize = (8 << 20) / 4 * 3;

/// The arguments and the environment of a program, within Linux's limits.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    arguments: Vec<Vec<u8>>,
    environment: Vec<Vec<u8>>,
    /// Bytes that may still be used.
    left: usize,
}

impl Arguments {
    /// No strings yet, for a process whose stack may have `stack_limit` bytes.
    pub fn new(stack_limit: usize) -> Self {
        let left = (stack_limit / 4).clamp(MINIMUM, MAXIMUM);
        Self { left, ..Self::default() }
    }

    /// Copy the NULL-terminated arrays at `arguments` and `environment` in; a null pointer is an empty array.
    ///
    /// # Errors
    /// `EFAULT`; `E2BIG` beyond a limit; `ENOMEM`.
    pub fn read<H: UserAccess>(
        host: &H,
        arguments: UserPointer<u64>,
        environment: UserPointer<u64>,
        stack_limit: usize,
    ) -> Result<Self> {
        let mut strings = Self::new(stack_limit);
        for_each_string(host, arguments, |string| strings.push_argument(string))?;
        for_each_string(host, environment, |string| strings.push_variable(string))?;
        Ok(strings)
    }

    /// Add an argument.
    ///
    /// # Errors
    /// `E2BIG` if it is too long or all are too much; `ENOMEM`.
    pub fn push_argument(&mut self, string: Vec<u8>) -> Result<()> {
        self.charge(&string)?;
        self.arguments.try_reserve(1).map_err(|_| Errno::ENOMEM)?;
        self.arguments.push(string);
        Ok(())
    }

    /// Add a string of the environment, `NAME=value`.
    ///
    /// # Errors
    /// As [`Arguments::push_argument`].
    pub fn push_variable(&mut self, string: Vec<u8>) -> Result<()> {
        self.charge(&string)?;
        self.environment.try_reserve(1).map_err(|_| Errno::ENOMEM)?;
        self.environment.push(string);
        Ok(())
    }

    /// A program always has an argument 0, if only an empty one (since Linux 5.18).
    pub(super) fn ensure_first(&mut self) -> Result<()> {
        if self.arguments.is_empty() { self.push_argument(Vec::new()) } else { Ok(()) }
    }

    /// Replace argument 0 by `first` and the strings after it.
    pub(super) fn replace_first(&mut self, first: &[&[u8]]) -> Result<()> {
        let mut arguments = Vec::new();
        let rest = self.arguments.len().saturating_sub(1);
        arguments.try_reserve_exact(rest.saturating_add(first.len())).map_err(|_| Errno::ENOMEM)?;
        for string in first {
            self.charge(string)?;
            arguments.push(buffer::copied(string)?);
        }
        arguments.extend(self.arguments.drain(..).skip(1));
        self.arguments = arguments;
        Ok(())
    }

    pub(super) fn arguments(&self) -> &[Vec<u8>] {
        &self.arguments
    }

    pub(super) fn environment(&self) -> &[Vec<u8>] {
        &self.environment
    }

    /// Take the room of one string, its NUL and its pointer.
    pub(super) fn charge(&mut self, string: &[u8]) -> Result<()> {
        if string.len() >= MAX_ARGUMENT {
            return Err(Errno::E2BIG);
        }
        let size = string.len().saturating_add(1 + size_of::<u64>());
        self.left = self.left.checked_sub(size).ok_or(Errno::E2BIG)?;
        Ok(())
    }
}

fn for_each_string<H: UserAccess>(
    host: &H,
    array: UserPointer<u64>,
    mut push: impl FnMut(Vec<u8>) -> Result<()>,
) -> Result<()> {
    if array.is_null() {
        return Ok(());
    }
    // Every string takes room, so `push` ends an array without an end.
    let mut index = 0;
    loop {
        let address = array.element(index).read(host)?;
        if address == 0 {
            return Ok(());
        }
        let address = usize::try_from(address).map_err(|_| Errno::EFAULT)?;
        push(UserString::new(address).read(host, MAX_ARGUMENT, ErrorKind::TooManyArguments)?)?;
        index += 1;
    }
}
