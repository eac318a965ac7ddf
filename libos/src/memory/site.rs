//! What is known of the places in code that make system calls.
//!
//! A call that traps costs as much as dozens that do not, and rewriting one as much as a few that trap. So traps are
//! counted, those of all processes together where the code is a file's; and what one process rewrote of a file, the next
//! ones rewrite when they map it. Nothing of this is trusted: before code is changed it is looked at again.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Range;

use litebox_host::memory::UserAccess;
use litebox_host::sync::{AtomicU64, Mutex, Ordering};

use crate::file::File;

/// Traps of a site before it is rewritten: most sites of a program's start are passed once.
const WORTHWHILE: u8 = 3;
/// Sites that are kept for one file or address space; further ones go on trapping.
const MAX_SITES: usize = 512;
/// Files that are kept; with one more all are forgotten.
const MAX_FILES: usize = 256;
/// Bytes on either side of a site that are the same wherever it is the same site.
const AROUND: usize = 8;

/// Which file it is: the address of the object that was opened. A trap must not ask the host, as attributes may. A later
/// object may have the address again; what is known is looked at again before it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FileKey(usize);

impl FileKey {
    /// That of `file`; `None` if it has no place in the tree.
    pub(super) fn of(file: &dyn File) -> Option<Self> {
        file.location().map(|location| Self(Arc::as_ptr(&location.vnode).addr()))
    }
}

/// A site that was rewritten somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    /// Where in the file it is.
    pub(super) offset: u64,
    /// The number of the call it made.
    pub(super) number: u64,
    /// [`fingerprint`] of the code there before it was changed.
    pub(super) fingerprint: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Trapped(u8),
    Rewritten(Known),
    /// It cannot be rewritten.
    Refused,
}

#[derive(Clone, Copy, Debug)]
struct Site {
    place: u64,
    state: State,
    /// The address space in which it trapped first.
    space: u64,
    /// Whether it trapped in several, so that it may be expected to trap in others.
    is_common: bool,
}

/// The sites of one file, by offset, or of one address space, by address; in their order.
#[derive(Default)]
pub(super) struct Sites {
    sites: Vec<Site>,
}

impl Sites {
    /// Count a trap in the address space numbered `space`; whether the site should be rewritten.
    pub(super) fn count(&mut self, place: u64, space: u64) -> bool {
        let Some(site) = self.site(place, space) else { return false };
        site.is_common |= site.space != space;
        match &mut site.state {
            State::Trapped(traps) => {
                *traps = traps.saturating_add(1);
                *traps >= WORTHWHILE
            }
            State::Rewritten(_) => true,
            State::Refused => false,
        }
    }

    /// Remember that `known` was rewritten.
    pub(super) fn keep(&mut self, known: Known) {
        if let Some(site) = self.find(known.offset) {
            site.state = State::Rewritten(known);
        }
    }

    /// Do not try `place` again.
    pub(super) fn refuse(&mut self, place: u64) {
        if let Some(site) = self.find(place) {
            site.state = State::Refused;
        }
    }

    /// What was rewritten in `range` and is common, as far as there is memory to say so.
    fn known(&self, range: &Range<u64>) -> Vec<Known> {
        let mut known = Vec::new();
        for site in self.sites.iter().filter(|site| site.is_common && range.contains(&site.place)) {
            let State::Rewritten(one) = site.state else { continue };
            if known.try_reserve(1).is_err() {
                break;
            }
            known.push(one);
        }
        known
    }

    fn index(&self, place: u64) -> Result<usize, usize> {
        self.sites.binary_search_by_key(&place, |site| site.place)
    }

    fn find(&mut self, place: u64) -> Option<&mut Site> {
        self.index(place).ok().and_then(|index| self.sites.get_mut(index))
    }

    /// The site at `place`; a new one trapped in `space`.
    fn site(&mut self, place: u64, space: u64) -> Option<&mut Site> {
        let index = self.index(place).or_else(|index| {
            if self.sites.len() == MAX_SITES || self.sites.try_reserve(1).is_err() {
                return Err(());
            }
            self.sites.insert(index, Site { place, state: State::Trapped(0), space, is_common: false });
            Ok(index)
        });
        self.sites.get_mut(index.ok()?)
    }
}

/// The sites of all files, for all processes of a sandbox.
#[derive(Default)]
pub(super) struct KnownSites {
    /// In the order of the keys. A leaf in the lock order.
    files: Mutex<Vec<(FileKey, Sites)>>,
    /// How often something was added.
    changes: AtomicU64,
}

impl KnownSites {
    /// How often something was added.
    pub(super) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    /// Have `act` see the sites of a file; `None` without memory.
    pub(super) fn of<R>(&self, key: FileKey, act: impl FnOnce(&mut Sites) -> R) -> Option<R> {
        let mut files = self.files.lock();
        let index = match files.binary_search_by_key(&key, |(key, _)| *key) {
            Ok(index) => index,
            Err(_) => {
                if files.len() == MAX_FILES {
                    files.clear();
                }
                files.try_reserve(1).ok()?;
                let index = files.partition_point(|(other, _)| *other < key);
                files.insert(index, (key, Sites::default()));
                index
            }
        };
        files.get_mut(index).map(|(_, sites)| act(sites))
    }

    /// Remember that `known` of a file was rewritten.
    pub(super) fn keep(&self, key: FileKey, known: Known) {
        self.of(key, |sites| sites.keep(known));
        self.changes.fetch_add(1, Ordering::AcqRel);
    }

    /// What was rewritten of a file in `range` and is common, as far as there is memory to say so.
    pub(super) fn known(&self, key: FileKey, range: &Range<u64>) -> Vec<Known> {
        let files = self.files.lock();
        let index = files.binary_search_by_key(&key, |(key, _)| *key).ok();
        let sites = index.and_then(|index| files.get(index));
        sites.map(|(_, sites)| sites.known(range)).unwrap_or_default()
    }
}

/// What the code around `site` in `code` looks like (FNV-1a); `None` if it cannot be read.
pub(super) fn fingerprint(host: &impl UserAccess, site: usize, code: &Range<usize>) -> Option<u64> {
    let start = site.saturating_sub(AROUND).max(code.start);
    let end = site.saturating_add(AROUND).min(code.end);
    let mut bytes = [0; 2 * AROUND];
    let bytes = bytes.get_mut(..end.checked_sub(start)?)?;
    host.read(start, bytes).ok()?;
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
    Some(bytes.iter().fold(0xcbf2_9ce4_8422_2325, step))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: FileKey = FileKey(1);

    fn count(sites: &KnownSites, place: u64) -> bool {
        count_in(sites, place, 1)
    }

    fn count_in(sites: &KnownSites, place: u64, space: u64) -> bool {
        sites.of(FILE, |sites| sites.count(place, space)).unwrap()
    }

    #[test]
    fn a_site_is_worth_it_at_the_third_trap() {
        let sites = KnownSites::default();
        assert_eq!([0; 4].map(|_| count(&sites, 7)), [false, false, true, true]);
        assert!(!count(&sites, 8), "another one");
        sites.of(FILE, |sites| sites.refuse(7));
        assert!(!count(&sites, 7), "refused");
    }

    #[test]
    fn what_was_rewritten_is_known_where_it_is() {
        let sites = KnownSites::default();
        let known = Known { offset: 40, number: 39, fingerprint: 5 };
        count(&sites, 50);
        count(&sites, 40);
        sites.keep(FILE, known);
        assert_eq!(sites.known(FILE, &(0..100)), [], "nobody else came there");
        assert!(count_in(&sites, 40, 2), "it trapped in another process");
        sites.keep(FILE, known);
        assert_eq!((sites.known(FILE, &(0..100)), sites.changes()), (alloc::vec![known], 2));
        assert_eq!(sites.known(FILE, &(41..100)), []);
        assert_eq!(sites.known(FileKey(2), &(0..100)), []);
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let sites = KnownSites::default();
        (0..2 * MAX_SITES as u64).for_each(|place| _ = count(&sites, place));
        sites.of(FILE, |sites| assert_eq!(sites.sites.len(), MAX_SITES));
        (0..2 * MAX_FILES).for_each(|address| _ = sites.of(FileKey(address), |_| ()));
        assert!(sites.files.lock().len() <= MAX_FILES);
    }
}
