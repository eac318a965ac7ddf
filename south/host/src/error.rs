//! Why a host refused or failed.

/// A host's error: a kind that the library OS can act on.
///
/// A host may answer with anything; what it answers outside this list becomes [`HostError::Unknown`] and is
/// passed on as an input/output error, never treated as fatal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostError {
    /// The memory, descriptor or thread asked for cannot be had now.
    NoMemory,
    /// No descriptor is left in the sandbox's budget.
    NoDescriptors,
    /// The object does not exist, or is hidden by the policy.
    NotFound,
    /// The policy or the host's permissions refuse it.
    Denied,
    /// The object is on a read-only mount.
    ReadOnly,
    /// A path component that must be a folder is not one.
    NotDirectory,
    /// The object is a folder and the request needs something else.
    IsDirectory,
    /// The object exists already.
    Exists,
    /// The folder to remove is not empty.
    NotEmpty,
    /// The host file system is full, or its quota is.
    NoSpace,
    /// The two names lie on different host file systems.
    CrossDevice,
    /// Nothing to read or no room to write at this moment.
    WouldBlock,
    /// A kick arrived before the request could finish.
    Interrupted,
    /// The other end is gone.
    BrokenPipe,
    /// The object is of a kind that cannot do this.
    NotSupported,
    /// The request was malformed.
    Invalid,
    /// The host failed in a way that has no better name.
    Unknown,
}
