//! What calls do with paths: one file a family, all of them on top of [`Walker`](super::walk::Walker).
//!
//! Rights are checked here, once for all file systems; a vnode's own methods trust their caller.

mod attribute;
mod create;
mod open;
mod remove;
mod rename;
mod view;

pub use attribute::{SetTime, change_mode, change_owner, change_times, check_rights, check_size_change};
pub use open::{Create, OpenRequest, Program};
pub use view::View;

use view::child_of;
