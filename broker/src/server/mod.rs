//! Answering a sandbox: one request, one answer, in one thread.

mod channel;
mod list;
mod lookup;
mod open;
mod report;
mod serve;
mod stat;
mod terminal;
mod write;

#[cfg(test)]
mod tests;

pub use channel::pair;
pub use report::Summary;
pub use serve::{Event, Options, Outcome, Server};
pub use terminal::TerminalRestorer;
