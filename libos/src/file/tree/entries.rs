//! The names in a folder, in the order of their cookies.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::Node;
use crate::file::opened::FIRST_COOKIE;

/// What a folder knows of its names.
pub(super) struct Entries {
    names: BTreeMap<Box<[u8]>, Name>,
    /// Listings follow this map: an entry keeps its cookie, so it is met once whatever happens to others.
    order: BTreeMap<u64, Box<[u8]>>,
    next_cookie: u64,
    /// The host's path of the folder, while the host may have names that are not known here.
    pub(super) lower: Option<Vec<u8>>,
    /// The folder has been removed: nothing can be made in it any more.
    pub(super) removed: bool,
}

/// What is known of a name.
enum Name {
    /// It exists.
    Present { cookie: u64, node: Arc<Node> },
    /// It does not exist, whatever the host has.
    Absent,
}

/// What [`Entries::get`] knows.
pub(super) enum Known<'a> {
    /// The name is this object's.
    Present(&'a Arc<Node>),
    /// There is no such name.
    Absent,
    /// The host must be asked, about the folder at this path.
    Ask(&'a [u8]),
}

impl Entries {
    /// No names yet, over the host's folder at `lower`.
    pub(super) const fn new(lower: Option<Vec<u8>>) -> Self {
        Self {
            names: BTreeMap::new(),
            order: BTreeMap::new(),
            next_cookie: FIRST_COOKIE,
            lower,
            removed: false,
        }
    }

    pub(super) fn get(&self, name: &[u8]) -> Known<'_> {
        match (self.names.get(name), &self.lower) {
            (Some(Name::Present { node, .. }), _) => Known::Present(node),
            (None, Some(path)) => Known::Ask(path),
            (Some(Name::Absent) | None, _) => Known::Absent,
        }
    }

    /// Whether anything is known of `name`.
    pub(super) fn knows(&self, name: &[u8]) -> bool {
        self.names.contains_key(name)
    }

    /// Let `name` be `node`'s; what it was before.
    pub(super) fn set(&mut self, name: &[u8], node: Arc<Node>) -> Option<Arc<Node>> {
        if let Some(Name::Present { node: old, .. }) = self.names.get_mut(name) {
            return Some(core::mem::replace(old, node));
        }
        let cookie = self.next_cookie;
        self.next_cookie += 1;
        self.order.insert(cookie, name.into());
        self.names.insert(name.into(), Name::Present { cookie, node });
        None
    }

    /// Let `name` be nobody's; what it was before.
    pub(super) fn remove(&mut self, name: &[u8]) -> Option<Arc<Node>> {
        let before = if self.lower.is_some() {
            self.names.insert(name.into(), Name::Absent)
        } else {
            self.names.remove(name)
        };
        match before {
            Some(Name::Present { cookie, node }) => {
                self.order.remove(&cookie);
                Some(node)
            }
            _ => None,
        }
    }

    /// The host has no more to tell: absent names need not be remembered.
    pub(super) fn complete(&mut self) {
        self.lower = None;
        self.names.retain(|_, name| matches!(name, Name::Present { .. }));
    }

    /// Whether no name exists, of those that are known.
    pub(super) fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The entries after `cookie`.
    pub(super) fn after(&self, cookie: u64) -> impl Iterator<Item = (u64, &[u8], &Arc<Node>)> {
        let from = cookie.saturating_add(1);
        self.order.range(from..).filter_map(|(cookie, name)| match self.names.get(name) {
            Some(Name::Present { node, .. }) => Some((*cookie, &**name, node)),
            _ => None,
        })
    }
}
