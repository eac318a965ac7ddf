//! A pipe as one of its openings reaches it.

use core::any::Any;

use super::{Piece, PipeEnd, Side};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Readiness, block};
use crate::file::{FifoFile, File};
use crate::thread::Thread;

/// One side of a pipe, without a name or with one.
#[derive(Clone, Copy)]
pub struct Conduit<'a> {
    file: &'a dyn File,
    side: Side,
    end: &'a PipeEnd,
}

/// Whether to wait for what is not there yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Fail instead.
    None,
    /// Wait.
    Endless,
}

impl<'a> Conduit<'a> {
    /// The side `side` of the pipe that `file` is an opening of, if it is one.
    pub fn of(file: &'a dyn File, side: Side) -> Option<Self> {
        let any: &dyn Any = file;
        let end = match any.downcast_ref::<FifoFile>() {
            Some(fifo) => fifo.end(side)?.0,
            None => any.downcast_ref::<PipeEnd>().filter(|end| end.side() == side)?,
        };
        Some(Self { file, side, end })
    }

    /// The pipe's end.
    pub fn end(&self) -> &PipeEnd {
        self.end
    }

    /// Whether a FIFO is open at this side alone; other pipes know that themselves.
    fn is_alone(&self) -> bool {
        let any: &dyn Any = self.file;
        any.downcast_ref::<FifoFile>().and_then(|fifo| fifo.end(self.side)).is_some_and(|(_, alone)| alone)
    }

    /// Take bytes out, or with `keep` copy them; see [`PipeEnd::pull`]. Wait for some if `patience` says so.
    ///
    /// # Errors
    /// Those of [`PipeEnd::pull`] and of a wait.
    pub fn pull(&self, thread: &Thread, patience: Patience, keep: bool, to: &mut [u8]) -> Result<Piece> {
        self.wait(thread, patience, Readiness::READ, || {
            let outcome = if keep { self.end.look(to) } else { self.end.pull(to) };
            match outcome {
                Err(error) if error.kind == ErrorKind::WouldBlock && self.is_alone() => {
                    Ok(Piece { length: 0, is_packet: false })
                }
                outcome => outcome,
            }
        })
    }

    /// How many bytes can be put in now; wait for room if `patience` says so.
    ///
    /// # Errors
    /// Those of [`PipeEnd::room`] and of a wait.
    pub fn room(&self, thread: &Thread, patience: Patience) -> Result<usize> {
        self.wait(thread, patience, Readiness::WRITE, || {
            if self.is_alone() {
                return Err(Error::new(ErrorKind::BrokenPipe, "nobody reads the FIFO"));
            }
            self.end.room()
        })
    }

    fn wait<R>(
        &self,
        thread: &Thread,
        patience: Patience,
        interest: Readiness,
        mut attempt: impl FnMut() -> Result<R>,
    ) -> Result<R> {
        match self.end.queue().filter(|_| patience == Patience::Endless) {
            Some(queue) => block(thread, &[(queue, interest)], None, attempt),
            None => attempt(),
        }
    }
}
