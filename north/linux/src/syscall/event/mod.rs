//! Noun *event*.

mod epoll;
mod eventfd;
mod poll;
mod select;
mod timeout;
mod timerfd;

pub(crate) use epoll::{epoll_create, epoll_create1, epoll_ctl, epoll_pwait, epoll_pwait2, epoll_wait};
pub(crate) use eventfd::{eventfd, eventfd2};
pub(crate) use poll::{poll, ppoll};
pub(crate) use select::{pselect6, select};
pub(crate) use timerfd::{timerfd_create, timerfd_gettime, timerfd_settime};
