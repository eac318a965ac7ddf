//! Noun *ipc*: applications that use other applications (section 4.9).

mod parameters;
mod session;

pub(crate) use session::{close_session, invoke_command, open_session};
