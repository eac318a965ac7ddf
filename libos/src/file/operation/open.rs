//! Opening by path (`open(2)`).

use alloc::sync::Arc;

use litebox_host::file::{AttributeChange, FileKind, WalkPurpose};

use super::{View, child_of};
use crate::error::{Error, ErrorKind, Result};
use crate::file::location::NOT_DIRECTORY;
use crate::file::permission::{Access, check_access, check_owner};
use crate::file::walk::Last;
use crate::file::{File, FileStatus, InUse, LastLink, Location, NewVnode, Opening, PathFile, Use};

/// What to open, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenRequest {
    /// What for.
    pub status: FileStatus,
    /// Whether the file is made.
    pub create: Create,
    /// Whether it is cut to nothing.
    pub truncate: bool,
    /// Whether it must be a folder.
    pub directory: bool,
    /// What becomes of a symbolic link at the end.
    pub link: LastLink,
    /// Permission bits of a new file, before the mask.
    pub mode: u32,
}

impl OpenRequest {
    /// Open what exists, for reading.
    pub const READ: Self = Self {
        status: FileStatus::READ,
        create: Create::No,
        truncate: false,
        directory: false,
        link: LastLink::Follow,
        mode: 0,
    };

    /// What the file is looked up for. One that is written becomes a copy in memory.
    fn purpose(&self) -> WalkPurpose {
        let opens = FileStatus::READ | FileStatus::WRITE | FileStatus::PATH;
        if self.status & opens == FileStatus::READ && !self.truncate {
            WalkPurpose::Read
        } else {
            WalkPurpose::Look
        }
    }
}

/// Whether a file is made by opening it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Create {
    /// It must exist.
    No,
    /// It is made if it does not exist.
    IfMissing,
    /// It must not exist.
    Exclusive,
    /// The path names a folder; a file without a name is made in its file system.
    Unnamed {
        /// Whether it may be given a name later.
        linkable: bool,
    },
}

impl View<'_> {
    /// Open what `path` names.
    ///
    /// # Errors
    /// Those of `open(2)`.
    pub fn open(&self, path: &[u8], request: &OpenRequest) -> Result<Arc<dyn File>> {
        if let Create::Unnamed { linkable } = request.create {
            return self.open_unnamed(path, request, linkable);
        }
        let mut walker = self.walker(path)?.with_purpose(request.purpose());
        loop {
            let found = walker.last()?;
            let Last::Name(name) = &found.last else {
                if request.create == Create::Exclusive {
                    return Err(EXISTS);
                }
                return self.open_existing(found.at, request);
            };
            if found.slash && request.create != Create::No {
                return Err(Error::new(ErrorKind::IsDirectory, "a new file's name ends in a slash"));
            }
            let Some(child) = child_of(&found.at, name, request.purpose())? else {
                return self.open_new(&found.at, name, request);
            };
            if request.create == Create::Exclusive {
                return Err(EXISTS);
            }
            let follow = request.link == LastLink::Follow || found.slash;
            if child.vnode.kind() == FileKind::Symlink && follow {
                walker.follow(&child)?;
                continue;
            }
            let end = walker.arrive(child)?;
            if found.slash && end.vnode.directory().is_none() {
                return Err(NOT_DIRECTORY);
            }
            return self.open_existing(end, request);
        }
    }

    fn open_new(&self, folder: &Location, name: &[u8], request: &OpenRequest) -> Result<Arc<dyn File>> {
        if request.create == Create::No {
            return Err(Error::new(ErrorKind::NotFound, "no such file"));
        }
        let location = match self.make(folder, name, NewVnode::Regular, request.mode) {
            // Somebody else made it in the meantime.
            Err(error) if error.kind == ErrorKind::Exists && request.create == Create::IfMissing => {
                return self.open_existing(folder.child(name)?.uncovered(), request);
            }
            made => made?,
        };
        self.open_vnode(location, request.status)
    }

    fn open_unnamed(&self, path: &[u8], request: &OpenRequest, linkable: bool) -> Result<Arc<dyn File>> {
        let folder = self.find(path, request.link)?;
        if folder.vnode.directory().is_none() {
            return Err(NOT_DIRECTORY);
        }
        let location = self.make(&folder, b"", NewVnode::Unnamed { linkable }, request.mode)?;
        self.open_vnode(location, request.status)
    }

    /// Open what was found.
    ///
    /// # Errors
    /// Those of `open(2)`.
    pub fn open_existing(&self, at: Location, request: &OpenRequest) -> Result<Arc<dyn File>> {
        let kind = at.vnode.kind();
        let folder = kind == FileKind::Directory;
        if request.directory && !folder {
            return Err(NOT_DIRECTORY);
        }
        if request.status.contains(FileStatus::PATH) {
            return Ok(Arc::new(PathFile::new(at)));
        }
        if kind == FileKind::Symlink {
            return Err(Error::new(ErrorKind::TooManyLinks, "the last component is a symbolic link"));
        }
        let writes = request.status.contains(FileStatus::WRITE) || request.truncate;
        if folder && (writes || request.create != Create::No) {
            return Err(Error::new(ErrorKind::IsDirectory, "a folder is not written"));
        }
        if writes && kind == FileKind::Regular {
            at.writable()?;
        }
        self.check_open(&at, request, writes)?;
        let vnode = Arc::clone(&at.vnode);
        let file = self.open_vnode(at, request.status)?;
        if request.truncate && file.regular().is_some() {
            // Through the object and not the opening, which may be for reading alone.
            vnode.set_attributes(&AttributeChange { size: Some(0), ..AttributeChange::default() })?;
        }
        Ok(file)
    }

    fn check_open(&self, at: &Location, request: &OpenRequest, writes: bool) -> Result<()> {
        let mut access = Access::empty();
        access.set(Access::READ, request.status.contains(FileStatus::READ));
        access.set(Access::WRITE, writes);
        let attributes = at.vnode.attributes()?;
        check_access(&attributes, access, &self.caller.credentials)?;
        if request.status.contains(FileStatus::NO_ACCESS_TIME) {
            check_owner(&attributes, &self.caller.credentials)?;
        }
        Ok(())
    }

    fn open_vnode(&self, location: Location, status: FileStatus) -> Result<Arc<dyn File>> {
        let vnode = Arc::clone(&location.vnode);
        vnode.open(Opening { location, status, caller: self.caller })
    }

    /// Open a program for running it.
    ///
    /// # Errors
    /// [`ErrorKind::AccessDenied`] for what is no regular file or may not be run; [`ErrorKind::TextBusy`] for what is
    /// open for writing; those of `open(2)`.
    pub fn open_program(&self, path: &[u8], link: LastLink) -> Result<Program> {
        self.open_program_at(self.find(path, link)?)
    }

    /// Open a program that was found, for running it.
    ///
    /// # Errors
    /// As [`View::open_program`].
    pub fn open_program_at(&self, location: Location) -> Result<Program> {
        match location.vnode.kind() {
            FileKind::Regular => {}
            FileKind::Symlink => {
                return Err(Error::new(ErrorKind::TooManyLinks, "the program is a symbolic link"));
            }
            _ => return Err(Error::new(ErrorKind::AccessDenied, "a program is a regular file")),
        }
        check_access(&location.vnode.attributes()?, Access::EXECUTE, &self.caller.credentials)?;
        let path = location.path(&self.place.root()).text;
        let hold = InUse::begin(&location.vnode, Use::Executing)?.map(Arc::new);
        let file = self.open_vnode(location, FileStatus::READ)?;
        Ok(Program { file, path, hold })
    }
}

/// A program that may be run.
pub struct Program {
    /// Its file, open for reading.
    pub file: Arc<dyn File>,
    /// Its path from the root, without links.
    pub path: alloc::vec::Vec<u8>,
    /// While this is kept, the file is not opened for writing.
    pub hold: Option<Arc<InUse>>,
}

const EXISTS: Error = Error::new(ErrorKind::Exists, "the file exists");
