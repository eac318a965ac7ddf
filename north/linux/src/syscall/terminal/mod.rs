//! Noun *terminal*: `ioctl_tty(2)`.
//!
//! | file | what |
//! |---|---|
//! | `control` | which terminal is meant, and what any may be asked |
//! | `attributes`, `job`, `queue` | settings and size; sessions and the foreground; flow and queues |
//! | `pseudoterminal` | what only a master can be asked |
//! | `stream` | the host's own terminal, where it was passed |

mod attributes;
mod control;
mod job;
mod pseudoterminal;
mod queue;
mod stream;

pub(crate) use control::control;
pub(crate) use job::opened;
