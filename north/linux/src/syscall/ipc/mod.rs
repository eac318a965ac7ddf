//! Noun *ipc*.

mod common;
mod message;
mod mq_attributes;
mod mq_notify;
mod mq_open;
mod mq_transfer;
mod msgctl;
mod segment;
mod semaphore;
mod semctl;
mod shmctl;

pub(crate) use message::{msgget, msgrcv, msgsnd};
pub(crate) use mq_attributes::mq_getsetattr;
pub(crate) use mq_notify::mq_notify;
pub(crate) use mq_open::{mq_open, mq_unlink};
pub(crate) use mq_transfer::{mq_timedreceive, mq_timedsend};
pub(crate) use msgctl::msgctl;
pub(crate) use segment::{shmat, shmdt, shmget};
pub(crate) use semaphore::{semget, semop, semtimedop};
pub(crate) use semctl::semctl;
pub(crate) use shmctl::shmctl;

use common::{change, creation, figure, identifier, ipc, mode, place, wait_error};
