//! System V semaphores (`semop(2)`).
//!
//! A thread that has to wait leaves its request in the set. Whoever changes the set performs the requests that can be
//! performed then, oldest first, on behalf of their threads: so nobody overtakes a thread that is already woken.

mod request;
mod set;
mod sets;
mod undo;

#[cfg(test)]
mod tests;

pub use request::{Operation, Request};
pub use set::{SemaphoreSet, SemaphoreSetStatus, SemaphoreValue, Waiting};
pub use sets::{MAX_OPERATIONS, MAX_SEMAPHORES, MAX_SETS, MAX_TOTAL, MAX_VALUE, Semaphores};
pub use undo::UndoList;
