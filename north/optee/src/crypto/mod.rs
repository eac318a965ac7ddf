//! Noun *crypto*: objects with keys, and operations on them. Nothing here knows a host or guest memory.
//!
//! | file | what it holds |
//! |---|---|
//! | `instance` | [`Crypto`]: the objects and operations of one instance of a trusted application, by handle |
//! | `operations` | the calls of [`Crypto`] on operations |
//! | `handle` | the table that gives handles out |
//! | `kind` | which types of object there are, and which sizes they take |
//! | `object` | an object: its key and what the key may be used for |
//! | `attribute` | what an object is filled from and asked for |
//! | `algorithm` | which algorithms there are, by number |
//! | `state` | an operation: an algorithm, its key, and the computation under way |
//! | `cipher`, `digest` | the computations themselves, by the crates of RustCrypto |
//! | `held` | room on the heap that can say that there is no memory |
//!
//! Secrets are overwritten when their object or operation is reset, freed or dropped. This is done as well as safe Rust
//! can: a value that the compiler moved may have left a copy on the stack, which is not found again.
//!
//! Numbers, names and rules are those of the GlobalPlatform TEE Internal Core API 1.3.1 (chapters 5 and 6), and of
//! OP-TEE where that API has no say.

mod algorithm;
mod attribute;
mod cipher;
mod digest;
mod handle;
mod held;
mod instance;
mod kind;
mod object;
mod operations;
mod state;

#[cfg(test)]
mod tests;

pub use attribute::{Attribute, AttributeContent, AttributeValue, ObjectInfo};
pub use instance::Crypto;
