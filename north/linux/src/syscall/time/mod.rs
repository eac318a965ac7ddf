//! Noun *time*.

mod clock_gettime;

pub(crate) use clock_gettime::clock_gettime;
