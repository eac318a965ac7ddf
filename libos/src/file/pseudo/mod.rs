//! File systems that show the library OS itself: `/dev`, `/dev/pts`, `/proc`, `/sys`.
//!
//! `/dev` and `/sys` are memory trees filled when the sandbox starts; devices are special nodes. `/proc` and `/dev/pts` are computed:
//! an object there is a value that says what it shows, made when it is looked up.

mod device;
mod machine;
mod process;
mod procfs;
mod procfs_file;
mod procfs_static;
mod sysfs;
mod terminals;
mod text;

pub(super) use device::device_tree;
pub use machine::Machine;
pub use process::{
    ControllingTerminal, ProcessInformation, ProcessLocation, ProcessText, ProcessTexts, Processes,
};
pub(super) use procfs::ProcessFileSystem;
pub(super) use sysfs::system_tree;
pub(super) use terminals::TerminalFileSystem;
