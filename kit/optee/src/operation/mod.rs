//! Cryptographic operations: sections 6.2 to 6.5. The kernel holds keys and states; here are the rules of the API, and the
//! bytes that do not fill a block yet.

mod algorithm;
mod cipher;
mod hash;
mod manage;
mod plan;
mod table;
