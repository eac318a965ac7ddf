//! Noun *socket*.

mod address;
mod connection;
mod control;
mod message;
mod option;
mod pair;
mod transfer;

pub(crate) use address::{bind, getpeername, getsockname};
pub(crate) use connection::{accept, accept4, connect, listen};
pub(crate) use message::{recvmmsg, recvmsg, sendmmsg, sendmsg};
pub(crate) use option::{getsockopt, setsockopt};
pub(crate) use pair::{shutdown, socket, socketpair};
pub(crate) use transfer::{recvfrom, sendto, write};
