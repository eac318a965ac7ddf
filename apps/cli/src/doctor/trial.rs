//! The one check that leaves nothing out: a sandbox is started.

use super::checks::{Check, State};
use crate::IMAGE;
use litebox::{Builder, Error, Exit, Layer, Layers, Refusal, Stdio};
use std::time::Duration;

/// A directory: the library OS comes up, is confined, looks at it, and refuses to execute it.
const PROGRAM: &str = "/";

/// The exit code of a program that cannot be executed.
const NOT_EXECUTABLE: u8 = 126;

/// Enough for a sandbox to come up, in bytes.
const MEMORY: u64 = 64 << 20;

/// A sandbox should be up long before.
const PATIENCE: Duration = Duration::from_secs(20);

/// How the start of a sandbox went.
pub(super) struct Trial(Result<Exit, Error>);

/// Starts a sandbox.
pub(super) fn run() -> Trial {
    let sandbox = Builder::new(IMAGE)
        .program(PROGRAM)
        .environment([])
        .directory("/")
        .stdin(Stdio::Null)
        .stdout(Stdio::Null)
        .stderr(Stdio::Null)
        .memory(MEMORY)
        .timeout(PATIENCE)
        .build();
    Trial(sandbox.and_then(litebox::Sandbox::run))
}

impl Trial {
    pub(super) fn check(&self) -> Check {
        let name = "sandbox";
        match &self.0 {
            Ok(exit) if exit.code() == NOT_EXECUTABLE => Check {
                name,
                state: State::Ok,
                detail: "one was started, confined and ended".into(),
                fix: None,
            },
            Ok(exit) => Check {
                name,
                state: State::Failed,
                detail: format!("one was started, and ended with {} instead of 126", exit.code()),
                fix: Some("report this".into()),
            },
            Err(Error::Refused(Refusal { rule, cause, fix })) => Check {
                name,
                state: State::Failed,
                detail: format!("{cause} (rule {rule})"),
                fix: Some(fix.clone()),
            },
            Err(error) => Check {
                name,
                state: State::Failed,
                detail: error.to_string(),
                fix: Some("allow seccomp(2) and clone(2) in the container's profile".into()),
            },
        }
    }

    /// What held the sandbox's processes together.
    pub(super) fn cgroup(&self) -> Option<&Layer> {
        self.0.as_ref().ok().map(|exit| &exit.cgroup)
    }

    /// What confined the broker.
    pub(super) fn broker_layers(&self) -> Option<&Layers> {
        self.0.as_ref().ok().map(|exit| &exit.layers)
    }
}
