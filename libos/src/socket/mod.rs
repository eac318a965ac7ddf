//! Noun *socket*: local sockets (`unix(7)`).
//!
//! | file | what |
//! |---|---|
//! | [`Socket`], [`Sockets`] | what a description refers to; all of a sandbox, with the names they have |
//! | `body` | a socket as names and peers refer to it, whether or not a description does |
//! | `face` | what peers see of a socket, even after it is closed: its name, its buffers, its wait queue |
//! | `pair`, `listener`, `mailbox` | a connection, those that wait to be accepted, a datagram socket |
//! | `inbox`, [`Ancillary`] | what was sent and not received; what goes with bytes |
//! | `courier` | descriptions on their way, and the collection of those that can never arrive |
//!
//! One [`Sockets`] serves a sandbox: it hangs off the tree of files. What refers to a socket (a name, a peer, a
//! waiting message) refers to its core or its face, so that only descriptions keep it open.
//!
//! Lock order: the flights of the courier; a socket's naming lock, then the tree of files; a socket's `shut`, then
//! a listener's state; the state of a connection or of a mailbox, of which nobody holds two; a wait queue. Wake-ups
//! happen after the state has been let go, and so do the drops of what was in it.

mod address;
mod ancillary;
mod body;
mod courier;
mod face;
mod inbox;
mod listener;
mod mailbox;
mod names;
mod open;
mod option;
mod pair;
#[cfg(test)]
mod tests;

pub use address::{Address, Given, MAX_NAME};
pub use ancillary::{Ancillary, MAX_ANCILLARY, Received};
pub use courier::MAX_DESCRIPTIONS;
pub use face::{Credentials, DEFAULT_BUFFER, MAX_BUFFER, SocketKind};
pub use inbox::Taking;
pub use listener::MAX_BACKLOG;
pub use mailbox::MAX_WAITING_DATAGRAMS;
pub use names::{Peer, Sockets};
pub use open::{Shutdown, Socket};
