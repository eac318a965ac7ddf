//! Cryptographic operations: sections 6.2 to 6.5. The kernel holds keys and states; here are the rules of the API, and the
//! bytes that do not fill a block yet.

mod algorithm;
mod cipher;
mod hash;
mod manage;
mod plan;
mod table;

pub(crate) use cipher::{cipher_final, cipher_init, cipher_update};
pub(crate) use hash::{digest_final, digest_update, mac_compare, mac_final, mac_init, mac_update};
pub(crate) use manage::{allocate, copy, free, set_key};
