//! Noun *memory*: rights to it.

mod check_access_rights;

pub(crate) use check_access_rights::check_access_rights;
