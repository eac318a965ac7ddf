//! Noun *socket*.

mod address;
mod message;
mod option;
mod pair;
mod transfer;

pub(crate) use address::{accept, accept4, bind, connect, getpeername, getsockname, listen, socket};
pub(crate) use message::{recvmmsg, recvmsg, sendmmsg, sendmsg};
pub(crate) use option::{getsockopt, setsockopt};
pub(crate) use pair::{shutdown, socketpair};
pub(crate) use transfer::{recvfrom, sendto};
