//! Run a program in a sandbox: [`Builder`] → [`Sandbox`] → [`Exit`].
//!
//! The calling process is supervisor and broker in one: it starts the image, answers what the image asks under the
//! policy, and ends it. Nothing is written to the host unless a mount or the audit file says so.
//!
//! ```no_run
//! use litebox::{Builder, MountMode, Stdio};
//! # static IMAGE: &[u8] = &[];
//! # fn main() -> Result<(), litebox::Error> {
//! let (mut output, writer) = std::io::pipe().map_err(litebox::Error::from)?;
//! let sandbox = Builder::new(IMAGE)
//!     .program("python3")
//!     .arguments(["-c", "print(6 * 7)"])
//!     .mount("./data", "/data", MountMode::ReadOnly)
//!     .memory(512 << 20)
//!     .timeout(std::time::Duration::from_secs(10))
//!     .stdout(Stdio::Descriptor(writer.into()))
//!     .build()?;
//! let exit = sandbox.run()?;
//! let mut text = String::new();
//! std::io::Read::read_to_string(&mut output, &mut text)?;
//! assert_eq!((exit.code(), text.as_str()), (0, "42\n"));
//! # Ok(())
//! # }
//! ```
#![deny(unsafe_code)]
#![warn(clippy::indexing_slicing)]

mod builder;
mod cgroup;
mod console;
mod diagnostics;
mod environment;
mod error;
mod exit;
mod image;
mod limits;
mod native;
pub mod probe;
mod refusals;
mod sandbox;
mod spawn;
mod start;
mod supervise;
mod terminal;
mod view;

#[cfg(test)]
mod tests;

pub use builder::{Builder, Stdio, Terminal};
pub use environment::cleaned as cleaned_environment;
pub use error::Error;
pub use exit::{Exit, Layer, Layers, Reports, Status};
pub use litebox_broker::Refusal;
pub use litebox_broker::policy::Policy;
pub use litebox_broker_protocol::{MountMode, Start};
pub use sandbox::Sandbox;
