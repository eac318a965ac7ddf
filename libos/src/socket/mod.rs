//! Noun *socket*: connected pairs of local sockets (`unix(7)`).
//!
//! Lock order: a pair's state, then its wait queues. Wake-ups happen after the state has been let go.

mod end;
mod pair;

pub use end::{Credentials, MAX_BUFFER, SocketKind};
pub use pair::{Received, Shutdown, Socket, Taking};
