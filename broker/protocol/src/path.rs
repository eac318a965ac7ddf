//! Paths as the protocol carries them: relative, canonical, plain components only.

use crate::ProtocolError;

/// The longest path, in bytes (`PATH_MAX` counts a terminating NUL; this does not).
pub const MAX_PATH: usize = 4096;

/// The longest component, in bytes (`NAME_MAX`, path_resolution(7)).
pub const MAX_COMPONENT: usize = 255;

/// A path below a mount: components joined by single slashes, no `.`, no `..`, no NUL, no leading or trailing slash.
/// The empty path is the mount's root.
///
/// Holding one proves this spelling and nothing else: not that the object exists, nor that no component is a
/// symbolic link on the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RelativePath<'a>(&'a [u8]);

impl<'a> RelativePath<'a> {
    /// The root of a mount.
    pub const ROOT: RelativePath<'static> = RelativePath(b"");

    /// Checks `bytes`.
    ///
    /// # Errors
    /// [`ProtocolError::Path`] when they are not a canonical relative path.
    pub fn new(bytes: &'a [u8]) -> Result<Self, ProtocolError> {
        let plain = bytes.is_empty() || bytes.split(|&byte| byte == b'/').all(is_name);
        if plain && bytes.len() <= MAX_PATH { Ok(Self(bytes)) } else { Err(ProtocolError::Path) }
    }

    /// The bytes of the path.
    #[must_use]
    pub fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    /// Whether this is the root of the mount.
    #[must_use]
    pub fn is_root(self) -> bool {
        self.0.is_empty()
    }

    /// The components, first to last; none for the root.
    pub fn components(self) -> impl Iterator<Item = &'a [u8]> {
        self.0.split(|&byte| byte == b'/').filter(|component| !component.is_empty())
    }

    /// The first `count` components; all, if there are not so many.
    #[must_use]
    pub fn first(self, count: usize) -> RelativePath<'a> {
        let slash = |(at, &byte): (usize, &u8)| (byte == b'/').then_some(at);
        let mut ends = self.0.iter().enumerate().filter_map(slash);
        let end = match count.checked_sub(1) {
            None => Some(0),
            Some(before) => ends.nth(before),
        };
        Self(end.and_then(|end| self.0.get(..end)).unwrap_or(self.0))
    }

    /// The directory that holds the last component, and that component; nothing for the root.
    #[must_use]
    pub fn split_last(self) -> Option<(RelativePath<'a>, &'a [u8])> {
        if self.is_root() {
            return None;
        }
        match self.0.iter().rposition(|&byte| byte == b'/') {
            None => Some((RelativePath::ROOT, self.0)),
            Some(slash) => {
                let (parent, rest) = self.0.split_at_checked(slash)?;
                Some((Self(parent), rest.get(1..)?))
            }
        }
    }
}

/// Whether `bytes` can name an entry of a directory: 1 to 255 bytes, no slash, no NUL, neither `.` nor `..`.
#[must_use]
pub fn is_name(bytes: &[u8]) -> bool {
    let length_fits = (1..=MAX_COMPONENT).contains(&bytes.len());
    length_fits && bytes != b"." && bytes != b".." && !bytes.iter().any(|&byte| byte == b'/' || byte == 0)
}

/// Whether `bytes` can be the target of a symbolic link: 1 to 4095 bytes without NUL (symlink(2)).
#[must_use]
pub fn is_target(bytes: &[u8]) -> bool {
    (1..MAX_PATH).contains(&bytes.len()) && !bytes.contains(&0)
}
