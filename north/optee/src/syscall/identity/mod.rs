//! Noun *identity*: properties of the client, the application and the system.

mod properties;
mod property;

pub(crate) use property::{get_property, get_property_name_to_index};
