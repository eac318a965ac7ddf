//! How guest code enters the library OS, and how it is entered again.
//!
//! A guest's system call comes from a rewritten site straight to the common entry, or by SIGSYS, whose handler
//! only redirects the interrupted context to the same entry; exceptions and kicks are redirected likewise. So
//! library-OS code always runs in one way: on its thread's own stack, with no signal blocked.
//!
//! | file | what |
//! |---|---|
//! | [`block`] | the thread block behind GS: what assembly and handlers find without a lock |
//! | `entry` | the common entry and exit, in assembly |
//! | `handler` | the signal handlers: they redirect, and recover faulting copies |
//! | `context` | the kernel's signal frame |
//! | `copy` | copies from and to guest memory that may fault |
//! | `dispatch` | from the entry to the shim |

pub(crate) mod block;
mod context;
pub(crate) mod copy;
pub(crate) mod dispatch;
pub(crate) mod entry;
pub(crate) mod handler;
