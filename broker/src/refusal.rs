//! What is refused, by which rule, and what would allow it.

use litebox_broker_protocol::Rule;
use rustix::io::Errno;
use std::fmt;

/// A refusal as a person reads it: cause, rule and fix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The rule of the policy, by the name it has in the manifest and the audit log.
    pub rule: &'static str,
    /// What was refused and why.
    pub cause: String,
    /// What the user can do to allow it.
    pub fix: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  rule     {}\n  fix      {}", self.cause, self.rule, self.fix)
    }
}

impl std::error::Error for Refusal {}

/// Why the policy refuses a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cause {
    ReadOnlyMount,
    SpecialFile,
    Malformed,
    Hidden,
    HiddenBelow,
    Attribute,
    Terminal,
}

impl Cause {
    /// The rule's name in the audit log.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ReadOnlyMount => "mount.mode",
            Self::SpecialFile => "mount.special",
            Self::Malformed => "protocol",
            Self::Hidden => "hidden",
            Self::HiddenBelow => "hidden.below",
            Self::Attribute => "mount.attribute",
            Self::Terminal => "terminal",
        }
    }

    /// The rule's number in a reply. What is hidden looks like what does not exist.
    pub(crate) fn wire(self) -> Rule {
        match self {
            Self::ReadOnlyMount => Rule::READ_ONLY_MOUNT,
            Self::SpecialFile => Rule::SPECIAL_FILE,
            Self::Malformed => Rule::MALFORMED,
            Self::Hidden => Rule::NONE,
            Self::HiddenBelow => Rule::HIDDEN_BELOW,
            Self::Attribute => Rule::ATTRIBUTE,
            Self::Terminal => Rule::TERMINAL,
        }
    }

    /// What would allow it; `mount` is `SOURCE:TARGET`.
    pub(crate) fn fix(self, mount: &str, object: &str) -> String {
        match self {
            Self::ReadOnlyMount => format!("give the mount as read-write: -v {mount}:rw"),
            Self::SpecialFile => "none: devices, pipes and sockets of the host are never opened".into(),
            Self::Malformed => "none: the sandbox does not speak the protocol".into(),
            Self::Hidden | Self::HiddenBelow => format!("show it: --see {object}"),
            Self::Attribute => "none: set-id bits and foreign owners are never given to host files".into(),
            Self::Terminal => "none: only the terminal of the sandbox's own descriptors can be set".into(),
        }
    }
}

/// Why a request fails: the error the sandbox is told, and the rule, if it was not the host that failed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) errno: Errno,
    pub(crate) cause: Option<Cause>,
}

impl Failure {
    pub(crate) fn refused(errno: Errno, cause: Cause) -> Self {
        Self { errno, cause: Some(cause) }
    }

    /// What the policy hides does not exist.
    pub(crate) fn hidden() -> Self {
        Self::refused(Errno::NOENT, Cause::Hidden)
    }
}

impl From<Errno> for Failure {
    fn from(errno: Errno) -> Self {
        Self { errno, cause: None }
    }
}
