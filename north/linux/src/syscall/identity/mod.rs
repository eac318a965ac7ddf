//! Noun *identity*.

mod capability;
mod groups;
mod ids;
mod uname;

pub(crate) use capability::{capget, capset};
pub(crate) use groups::{getgroups, setgroups};
pub(crate) use ids::{
    getegid, geteuid, getgid, getresgid, getresuid, getuid, setfsgid, setfsuid, setgid, setregid, setresgid,
    setresuid, setreuid, setuid,
};
pub(crate) use uname::uname;
