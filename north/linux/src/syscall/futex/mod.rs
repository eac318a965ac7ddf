//! Noun *futex*.

#[expect(clippy::module_inception, reason = "the noun and the call have one name")]
mod futex;
mod futex2;
mod robust;
mod wake_op;
mod word;

pub(crate) use futex::futex;
pub(crate) use futex2::{futex_requeue, futex_wait, futex_waitv, futex_wake};
pub(crate) use robust::{get_robust_list, release_on_exit, set_robust_list};
pub(crate) use word::{Scope, deadline_at};
use word::{is_expected, key, wait_error};
