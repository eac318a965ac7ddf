//! Noun *event*: cancellation of the running call.

mod cancellation;

pub(crate) use cancellation::{get_cancellation_flag, mask_cancellation, unmask_cancellation};
