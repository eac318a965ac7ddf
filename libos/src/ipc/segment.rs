//! System V shared memory (`shmop(2)`).
//!
//! A segment is a file without a name, and an attachment a mapping of it: so the address space keeps count of the
//! attachments, over `fork(2)`, `execve(2)` and the end of a process, and a segment that was removed goes with the last.

use alloc::sync::{Arc, Weak};
use core::ops::Range;

use litebox_host::file::Attributes;
use litebox_host::memory::SharedPage;
use litebox_host::sync::{AtomicU64, Mutex, MutexGuard, Ordering};

use super::{Change, Creation, Objects, Permission, REMOVED, now};
use crate::error::{Error, ErrorKind, Result};
use crate::file::{Caller, File, FileHost, Location, Mapper, PagedFile, RegularFile};
use crate::identity::Credentials;
use crate::memory::round_up;

/// Segments at most (`SHMMNI`).
pub const MAX_SEGMENTS: usize = 4096;

/// All shared memory segments of a sandbox.
pub struct Segments {
    host: Arc<dyn FileHost>,
    shared: Arc<Shared>,
}

/// What segments know of all others.
struct Shared {
    segments: Objects<SharedSegment>,
    limit: u64,
    /// Bytes of all segments, in whole pages.
    used: AtomicU64,
}

/// One shared memory segment: a file to be mapped.
pub struct SharedSegment {
    id: i32,
    host: Arc<dyn FileHost>,
    all: Weak<Shared>,
    size: usize,
    file: Arc<dyn File>,
    state: Mutex<State>,
}

struct State {
    permission: Permission,
    attached: i64,
    detached: i64,
    changed: i64,
    creator: u32,
    last: u32,
    attachments: usize,
    /// It goes with the last attachment.
    doomed: bool,
    /// It is gone.
    gone: bool,
    locked: bool,
}

/// What is told of a segment (`IPC_STAT`). Times are in seconds since 1970; 0 is never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentStatus {
    /// Owner and permission bits.
    pub permission: Permission,
    /// Bytes, as they were asked for.
    pub size: usize,
    /// When it was last attached.
    pub attached: i64,
    /// When it was last detached.
    pub detached: i64,
    /// When it was made, or last changed otherwise.
    pub changed: i64,
    /// The process that made it.
    pub creator: u32,
    /// The process that last attached or detached it; 0 for none.
    pub last: u32,
    /// How often it is attached.
    pub attachments: usize,
    /// It goes with the last attachment.
    pub doomed: bool,
    /// Its pages are to stay in memory.
    pub locked: bool,
}

impl Segments {
    /// No segments, and at most `limit` bytes of them.
    pub(super) fn new(host: &Arc<dyn FileHost>, limit: u64) -> Self {
        let shared = Shared { segments: Objects::new(MAX_SEGMENTS), limit, used: AtomicU64::new(0) };
        Self { host: Arc::clone(host), shared: Arc::new(shared) }
    }

    /// The segments by number.
    pub fn segments(&self) -> &Objects<SharedSegment> {
        &self.shared.segments
    }

    /// Bytes that all segments, and thus one, may have.
    pub fn limit(&self) -> u64 {
        self.shared.limit
    }

    /// Bytes that all segments have, in whole pages.
    pub fn used(&self) -> u64 {
        self.shared.used.load(Ordering::Relaxed)
    }

    /// Find or make a segment of at least `size` bytes; its number. `mode` are the permission bits of a new one, and
    /// the rights that are wanted of one that is there. `make` makes the file of a new one, of as many bytes.
    ///
    /// # Errors
    /// Those of `shmget(2)`, and of `make`.
    pub fn get(
        &self,
        creation: Creation,
        size: usize,
        mode: u32,
        caller: &Caller,
        make: impl FnOnce() -> Result<Arc<dyn File>>,
    ) -> Result<i32> {
        let accept = |segment: &SharedSegment| segment.accept(size, mode, &caller.credentials);
        self.shared.segments.find_or_make(creation, accept, |id| {
            if size == 0 || size as u64 > self.shared.limit {
                return Err(Error::new(ErrorKind::InvalidArgument, "a size of 0, or beyond the limit"));
            }
            self.shared.charge(size)?;
            let file = make().inspect_err(|_| self.shared.release(size))?;
            let state = State {
                permission: Permission::new(creation.key, mode, &caller.credentials),
                attached: 0,
                detached: 0,
                changed: now(&*self.host),
                creator: caller.process,
                last: 0,
                attachments: 0,
                doomed: false,
                gone: false,
                locked: false,
            };
            let (host, all) = (Arc::clone(&self.host), Arc::downgrade(&self.shared));
            Ok(Arc::new(SharedSegment { id, host, all, size, file, state: Mutex::new(state) }))
        })
    }
}

/// The whole pages of `size` bytes, in bytes.
fn whole_pages(size: usize) -> u64 {
    round_up(size).unwrap_or(usize::MAX) as u64
}

impl Shared {
    fn charge(&self, size: usize) -> Result<()> {
        let more = |used: u64| used.checked_add(whole_pages(size)).filter(|used| *used <= self.limit);
        let charged = self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
        charged.map(drop).map_err(|_| Error::new(ErrorKind::NoSpace, "too much shared memory"))
    }

    fn release(&self, size: usize) {
        self.used.fetch_sub(whole_pages(size), Ordering::Relaxed);
    }
}

impl SharedSegment {
    fn accept(&self, size: usize, mode: u32, credentials: &Credentials) -> Result<()> {
        if size > self.size {
            return Err(Error::new(ErrorKind::InvalidArgument, "the segment is smaller"));
        }
        self.state.lock().permission.check(credentials, mode)
    }

    fn open(&self, credentials: &Credentials, wanted: u32) -> Result<MutexGuard<'_, State>> {
        let state = self.state.lock();
        if state.gone {
            return Err(REMOVED);
        }
        state.permission.check(credentials, wanted)?;
        Ok(state)
    }

    /// Its size in bytes, as it was asked for.
    pub const fn size(&self) -> usize {
        self.size
    }

    /// Run `map`, which maps the segment, if `caller` has the rights `wanted`. It cannot go meanwhile.
    ///
    /// # Errors
    /// [`ErrorKind::AccessDenied`], [`ErrorKind::Removed`]; those of `map`.
    pub fn attach(&self, caller: &Caller, wanted: u32, map: impl FnOnce() -> Result<usize>) -> Result<usize> {
        self.open(&caller.credentials, wanted)?.attachments += 1;
        let outcome = map();
        if outcome.is_ok() {
            let mut state = self.state.lock();
            state.attached = now(&*self.host);
            state.last = caller.process;
        }
        // The mapping counts by itself.
        self.let_go();
        outcome
    }

    /// `process` detaches it.
    pub fn note_detaching(&self, process: u32) {
        let mut state = self.state.lock();
        state.last = process;
        state.detached = now(&*self.host);
    }

    /// One attachment less.
    fn let_go(&self) {
        let mut state = self.state.lock();
        state.attachments = state.attachments.saturating_sub(1);
        let goes = state.doomed && state.attachments == 0 && !state.gone;
        state.gone |= goes;
        drop(state);
        if goes {
            self.leave_table();
        }
    }

    fn leave_table(&self) {
        if let Some(all) = self.all.upgrade() {
            let removed = all.segments.remove(self.id);
            all.release(self.size);
            drop(removed);
        }
    }

    /// Have it go with the last attachment: at once if there is none.
    ///
    /// # Errors
    /// [`ErrorKind::NotPermitted`], [`ErrorKind::Removed`].
    pub fn remove(&self, credentials: &Credentials) -> Result<()> {
        let mut state = self.open(credentials, 0)?;
        state.permission.check_owner(credentials)?;
        state.doomed = true;
        state.permission.key = 0;
        // Counts as an attachment until the key is forgotten.
        state.attachments += 1;
        drop(state);
        if let Some(all) = self.all.upgrade() {
            all.segments.forget_key(self.id);
        }
        self.let_go();
        Ok(())
    }

    /// What `IPC_STAT` tells. `checked` says whether the right to read is needed.
    ///
    /// # Errors
    /// [`ErrorKind::AccessDenied`], [`ErrorKind::Removed`].
    pub fn status(&self, credentials: &Credentials, checked: bool) -> Result<SegmentStatus> {
        let state = self.open(credentials, if checked { 0o444 } else { 0 })?;
        Ok(SegmentStatus {
            permission: state.permission,
            size: self.size,
            attached: state.attached,
            detached: state.detached,
            changed: state.changed,
            creator: state.creator,
            last: state.last,
            attachments: state.attachments,
            doomed: state.doomed,
            locked: state.locked,
        })
    }

    /// Change owner and permission bits.
    ///
    /// # Errors
    /// [`ErrorKind::NotPermitted`], [`ErrorKind::Removed`].
    pub fn change(&self, credentials: &Credentials, change: &Change) -> Result<()> {
        let mut state = self.open(credentials, 0)?;
        state.permission.check_owner(credentials)?;
        state.permission.change(change);
        state.changed = now(&*self.host);
        Ok(())
    }

    /// Say whether its pages are to stay in memory; where nothing is ever swapped out, they do.
    ///
    /// # Errors
    /// [`ErrorKind::NotPermitted`], [`ErrorKind::Removed`].
    pub fn set_locked(&self, credentials: &Credentials, locked: bool) -> Result<()> {
        let mut state = self.open(credentials, 0)?;
        state.permission.check_owner(credentials)?;
        state.locked = locked;
        Ok(())
    }
}

impl File for SharedSegment {
    fn attributes(&self) -> Result<Attributes> {
        self.file.attributes()
    }

    fn is_seekable(&self) -> bool {
        true
    }

    fn paged(&self) -> Option<&dyn PagedFile> {
        self.file.paged().map(|_| self as &dyn PagedFile)
    }

    fn location(&self) -> Option<&Location> {
        self.file.location()
    }

    fn regular(&self) -> Option<&dyn RegularFile> {
        self.file.regular()
    }
}

const NO_PAGES: Error = Error::new(ErrorKind::NotADevice, "the file has no pages to map");

impl PagedFile for SharedSegment {
    fn object(&self) -> u64 {
        self.file.paged().map_or(0, PagedFile::object)
    }

    fn attach(&self, space: Arc<dyn Mapper>, writes: bool) -> Result<()> {
        self.file.paged().ok_or(NO_PAGES)?.attach(space, writes)?;
        self.state.lock().attachments += 1;
        Ok(())
    }

    fn detach(&self, space: &Arc<dyn Mapper>, writes: bool) {
        if let Some(paged) = self.file.paged() {
            paged.detach(space, writes);
        }
        self.state.lock().detached = now(&*self.host);
        self.let_go();
    }

    fn pages(
        &self,
        pages: Range<u64>,
        sink: &mut dyn FnMut(u64, SharedPage, usize) -> Result<()>,
    ) -> Result<()> {
        self.file.paged().ok_or(NO_PAGES)?.pages(pages, sink)
    }
}
