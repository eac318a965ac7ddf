//! Noun *time*.

mod adjtimex;
mod clock;
mod clock_getres;
mod clock_gettime;
mod clock_settime;
mod gettimeofday;
mod itimer;
mod nanosleep;
mod timer;
mod times;

pub(crate) use adjtimex::{adjtimex, clock_adjtime};
pub(crate) use clock::{can_wait, clock_by_number};
pub(crate) use clock_getres::clock_getres;
pub(crate) use clock_gettime::clock_gettime;
pub(crate) use clock_settime::clock_settime;
pub(crate) use gettimeofday::{gettimeofday, time};
pub(crate) use itimer::{alarm, getitimer, setitimer};
pub(crate) use nanosleep::{clock_nanosleep, nanosleep};
pub(crate) use timer::{
    ProcessTimers, timer_create, timer_delete, timer_getoverrun, timer_gettime, timer_settime,
};
pub(crate) use times::times;
