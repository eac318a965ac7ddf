//! The start of a sandbox: from what it is told to the first application's first registers.

mod first;
mod parameter;
mod script;

pub use first::{Configuration, Refusal, first_thread};
pub use script::{Action, Block, Person, Script, ScriptError, Step, words};

#[cfg(test)]
mod tests;
