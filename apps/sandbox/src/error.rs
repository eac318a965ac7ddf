//! Why a sandbox did not run to its program's end.

use litebox_broker::Refusal;
use std::fmt;

/// Why there is no [`crate::Exit`].
#[derive(Debug)]
pub enum Error {
    /// The policy or the host does not allow what was asked; nothing was started.
    Refused(Refusal),
    /// The program is not there, or cannot be executed; nothing was started.
    Program {
        /// 126: it cannot be executed; 127: it is not there.
        code: u8,
        /// Why, and what to do.
        refusal: Refusal,
    },
    /// A call to the host failed.
    Host {
        /// What was being done.
        doing: &'static str,
        /// The host's answer.
        error: std::io::Error,
    },
    /// The library OS stopped itself; its message, printable.
    Stopped(String),
}

impl Error {
    /// The exit code that a command should end with: 126 and 127 as a shell's, else 125.
    #[must_use]
    pub fn code(&self) -> u8 {
        match self {
            Self::Program { code, .. } => *code,
            Self::Refused(_) | Self::Host { .. } | Self::Stopped(_) => 125,
        }
    }

    /// Makes an error of the host's answer to `doing`.
    pub(crate) fn host<E: Into<std::io::Error>>(doing: &'static str) -> impl FnOnce(E) -> Self {
        move |error| Self::Host { doing, error: error.into() }
    }

    pub(crate) fn refused(rule: &'static str, cause: impl Into<String>, fix: impl Into<String>) -> Self {
        Self::Refused(Refusal { rule, cause: cause.into(), fix: fix.into() })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) | Self::Program { refusal, .. } => refusal.fmt(f),
            Self::Host { doing, error } => write!(f, "cannot {doing}: {error}"),
            Self::Stopped(text) => write!(f, "the sandbox stopped: {text}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Host { error, .. } => Some(error),
            Self::Refused(_) | Self::Program { .. } | Self::Stopped(_) => None,
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Host { doing: "read or write", error }
    }
}
