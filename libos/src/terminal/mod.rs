//! Noun *terminal*: pseudoterminals, and the terminal that a sandbox was started on.
//!
//! ```text
//! master ── type_in ──▶ input  ──▶ read ── slave        settings, control: tcsetattr(3), tcflush(3), tcflow(3)
//!        ◀── read ───── output ◀── write ──             job: sessions, foreground, background processes
//!                  ◀─ echo ─┘
//! ```
//!
//! | file | what |
//! |---|---|
//! | `settings`, `input`, `output`, `discipline` | the line discipline, by itself |
//! | [`pty`](Pty), [`master`](Master), [`slave`](Slave), `control`, `read` | a pseudoterminal and its ends |
//! | `job`, [`registry`](Terminals) | controlling terminals, and all terminals by number |
//! | [`console`](start_console) | the pseudoterminal that a sandbox is started on |
//! | `controlling` | the host's own streams, where no pseudoterminal was asked for |
//!
//! Lock order: the registry's table, then a terminal's state. What follows from a change of the state (signals,
//! wake-ups) is done once its lock has been let go.

mod console;
mod control;
mod controlling;
mod discipline;
mod input;
mod job;
mod master;
mod output;
mod packet;
mod pty;
mod read;
mod registry;
mod settings;
mod slave;
#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "a test may panic")]
mod tests;

pub use console::start_console;
pub use control::{Flow, Queues};
pub use controlling::{controlling_stream, is_terminal};
pub use job::Acquisition;
pub use master::Master;
pub use packet::PacketStatus;
pub use pty::Pty;
pub(crate) use read::read;
pub use registry::Terminals;
pub use settings::{InputFlags, LocalFlags, OutputFlags, Settings, Special, Speeds};
pub use slave::{Privilege, Slave};
