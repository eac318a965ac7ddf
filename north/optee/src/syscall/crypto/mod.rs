//! Noun *crypto*: objects with keys, and operations.

mod cipher;
mod hash;
mod limits;
mod object;
mod state;

pub(crate) use cipher::{cipher_final, cipher_initialise, cipher_update};
pub(crate) use hash::{hash_final, hash_initialise, hash_update};
pub(crate) use object::{
    generate_key, get_attribute, object_allocate, object_close, object_copy, object_information,
    object_populate, object_reset, restrict_usage,
};
pub(crate) use state::{state_allocate, state_copy, state_free};
