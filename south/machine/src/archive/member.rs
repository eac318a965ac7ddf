//! The members of a tar archive, one after the other, each with what goes before it to describe it.
//!
//! `tar-core` reads the fields and records. Its own parser of whole archives is not used: it adds sizes that the
//! archive gives without looking for an overflow, calls itself for each extension, and copies what it finds.

use litebox_host::HostError;
use litebox_host::file::Timestamp;
use tar_core::{EntryType, HEADER_SIZE, Header, HeaderError, PaxExtensions};

use super::PATH_LENGTH;

/// A path, in the two places a header may keep it: what stands before a slash, and what stands behind it.
pub(super) type SplitPath = [&'static [u8]; 2];

/// What the archive tells of an object besides its content.
#[derive(Clone, Copy)]
pub(super) struct Facts {
    /// 12 bits.
    pub(super) mode: u32,
    pub(super) uid: u32,
    pub(super) gid: u32,
    pub(super) modified: Timestamp,
}

impl Default for Facts {
    /// Those of a folder that the archive does not describe.
    fn default() -> Self {
        Self { mode: 0o755, uid: 0, gid: 0, modified: Timestamp::default() }
    }
}

/// One object of the archive.
pub(super) struct Member {
    pub(super) path: SplitPath,
    pub(super) facts: Facts,
    pub(super) object: Object,
}

pub(super) enum Object {
    File(&'static [u8]),
    Folder,
    Symlink(&'static [u8]),
    /// Another name for the object of that path.
    HardLink(SplitPath),
}

/// What is still to be read.
pub(super) struct Members {
    bytes: &'static [u8],
    next: usize,
}

impl Members {
    pub(super) fn new(bytes: &'static [u8]) -> Self {
        Self { bytes, next: 0 }
    }

    /// The next object of a kind that the tree can hold; `None` at the end mark.
    ///
    /// # Errors
    /// [`HostError::Invalid`] if what is there is not well formed or is cut off, [`HostError::NotSupported`] for
    /// files with holes.
    pub(super) fn next(&mut self) -> Result<Option<Member>, HostError> {
        let mut extras = Extras::default();
        loop {
            let header = self.header()?;
            if header.is_empty() {
                // Something was announced and did not come.
                return if extras.is_pending { Err(HostError::Invalid) } else { Ok(None) };
            }
            header.verify_checksum().map_err(invalid)?;
            let data = self.take(data_size(header, &extras)?)?;
            if is_extension(header) {
                extras.read(header.entry_type(), data)?;
            } else if let Some(member) = extras.describe(header, data)? {
                return Ok(Some(member));
            } else {
                extras = Extras::default();
            }
        }
    }

    /// The block at the place reached, which stays there if it is the end mark.
    fn header(&mut self) -> Result<&'static Header, HostError> {
        let rest = self.bytes.get(self.next..).unwrap_or_default();
        // One block of zeros is enough: without any the archive may have lost members.
        let block = rest.first_chunk::<HEADER_SIZE>().ok_or(HostError::Invalid)?;
        let header = Header::from_bytes(block);
        if !header.is_empty() {
            self.next = self.next.saturating_add(HEADER_SIZE);
        }
        Ok(header)
    }

    /// The next `size` bytes; what fills up their last block is passed over.
    fn take(&mut self, size: u64) -> Result<&'static [u8], HostError> {
        let size = usize::try_from(size).map_err(invalid)?;
        let end = self.next.checked_add(size).ok_or(HostError::Invalid)?;
        let data = self.bytes.get(self.next..end).ok_or(HostError::Invalid)?;
        self.next = end.checked_next_multiple_of(HEADER_SIZE).ok_or(HostError::Invalid)?;
        Ok(data)
    }
}

/// Whether what follows a header describes other members instead of being one. The kinds are not known to headers
/// older than the formats that have them.
fn is_extension(header: &Header) -> bool {
    let kind = header.entry_type();
    (header.is_gnu() || header.is_ustar())
        && (kind.is_gnu_longname()
            || kind.is_gnu_longlink()
            || kind.is_pax_local_extensions()
            || kind.is_pax_global_extensions())
}

/// How many bytes belong to a header.
fn data_size(header: &Header, extras: &Extras) -> Result<u64, HostError> {
    match header.entry_type() {
        // Whatever their size says, nothing follows these.
        EntryType::Link
        | EntryType::Symlink
        | EntryType::Char
        | EntryType::Block
        | EntryType::Directory
        | EntryType::Fifo => return Ok(0),
        _ => {}
    }
    if let (false, Some(size)) = (is_extension(header), extras.size) {
        return Ok(size);
    }
    // Of a binary number the library keeps the low 64 bits and drops the others.
    let field = header.as_ustar().size;
    match field {
        [0x80, 0, 0, 0, ..] | [0..0x80, ..] => header.entry_size().map_err(invalid),
        _ => Err(HostError::Invalid),
    }
}

/// What the members before an object tell of it. What PAX says goes before what GNU says, and both before the header.
#[derive(Default)]
struct Extras {
    is_pending: bool,
    long_name: Option<&'static [u8]>,
    long_link: Option<&'static [u8]>,
    path: Option<&'static [u8]>,
    link_path: Option<&'static [u8]>,
    size: Option<u64>,
    uid: Option<u64>,
    gid: Option<u64>,
    modified: Option<Timestamp>,
}

impl Extras {
    fn read(&mut self, kind: EntryType, data: &'static [u8]) -> Result<(), HostError> {
        match kind {
            EntryType::GnuLongName => self.long_name = data.split(|byte| *byte == 0).next(),
            EntryType::GnuLongLink => self.long_link = data.split(|byte| *byte == 0).next(),
            EntryType::XHeader => self.read_records(data)?,
            // Global records are comments in practice: no two objects share a path, size or time.
            _ => return Ok(()),
        }
        self.is_pending = true;
        Ok(())
    }

    fn read_records(&mut self, data: &'static [u8]) -> Result<(), HostError> {
        for record in PaxExtensions::new(data) {
            let record = record.map_err(invalid)?;
            // An empty value takes back a global one.
            let value = Some(record.value_bytes()).filter(|value| !value.is_empty());
            match record.key_bytes() {
                b"path" => self.path = value,
                b"linkpath" => self.link_path = value,
                b"size" => self.size = value.map(number).transpose()?,
                b"uid" => self.uid = value.map(number).transpose()?,
                b"gid" => self.gid = value.map(number).transpose()?,
                b"mtime" => self.modified = value.map(timestamp).transpose()?,
                key if key.starts_with(b"GNU.sparse.") => return Err(HostError::NotSupported),
                _ => {}
            }
        }
        Ok(())
    }

    /// The object of a header; `None` if it is of a kind to leave out.
    fn describe(&self, header: &'static Header, data: &'static [u8]) -> Result<Option<Member>, HostError> {
        let path = self.path(header);
        let object = match header.entry_type() {
            // Before there was a kind for folders, a slash at the end made one.
            EntryType::Regular | EntryType::Continuous if path[1].ends_with(b"/") => Object::Folder,
            EntryType::Regular | EntryType::Continuous => Object::File(data),
            EntryType::Directory => Object::Folder,
            EntryType::Symlink => Object::Symlink(target(self.link(header))?),
            EntryType::Link => Object::HardLink([&[], self.link(header)]),
            EntryType::GnuSparse => return Err(HostError::NotSupported),
            _ => return Ok(None),
        };
        Ok(Some(Member { path, facts: self.facts(header)?, object }))
    }

    fn path(&self, header: &'static Header) -> SplitPath {
        match self.path.or(self.long_name) {
            Some(path) => [&[], path],
            None => [header.prefix().unwrap_or_default(), header.path_bytes()],
        }
    }

    fn link(&self, header: &'static Header) -> &'static [u8] {
        self.link_path.or(self.long_link).unwrap_or(header.link_name_bytes())
    }

    fn facts(&self, header: &Header) -> Result<Facts, HostError> {
        let owner = |extra: Option<u64>, field: Result<u64, HeaderError>| {
            let id = extra.map_or(field, Ok).map_err(invalid)?;
            u32::try_from(id).map_err(invalid)
        };
        let modified = match self.modified {
            Some(modified) => modified,
            // A time before 1970 is a negative binary number, of which the library gives the low 64 bits.
            None => {
                let seconds = header.mtime().map_err(invalid)?.cast_signed();
                Timestamp { seconds, nanoseconds: 0 }
            }
        };
        Ok(Facts {
            mode: header.mode().map_err(invalid)? & 0o7777,
            uid: owner(self.uid, header.uid())?,
            gid: owner(self.gid, header.gid())?,
            modified,
        })
    }
}

/// Where a symbolic link may point: to anything that a path can say.
fn target(target: &'static [u8]) -> Result<&'static [u8], HostError> {
    let is_path = !target.is_empty() && target.len() <= PATH_LENGTH && !target.contains(&0);
    if is_path { Ok(target) } else { Err(HostError::Invalid) }
}

fn number(value: &[u8]) -> Result<u64, HostError> {
    core::str::from_utf8(value).map_err(invalid)?.parse().map_err(invalid)
}

/// Seconds since 1970 as a decimal number, maybe negative and maybe with a fraction.
fn timestamp(value: &[u8]) -> Result<Timestamp, HostError> {
    let text = core::str::from_utf8(value).map_err(invalid)?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(HostError::Invalid);
    }
    let seconds: i64 = whole.parse().map_err(invalid)?;
    let digits = fraction.bytes().chain(core::iter::repeat(b'0')).take(9);
    let nanoseconds = digits.fold(0_u32, |sum, digit| sum * 10 + u32::from(digit.saturating_sub(b'0')));
    if whole.starts_with('-') && nanoseconds > 0 {
        // Nanoseconds count upwards from a whole second, on both sides of 1970.
        let seconds = seconds.checked_sub(1).ok_or(HostError::Invalid)?;
        return Ok(Timestamp { seconds, nanoseconds: 1_000_000_000_u32.saturating_sub(nanoseconds) });
    }
    Ok(Timestamp { seconds, nanoseconds })
}

/// Whatever is wrong in the archive, the caller can only refuse all of it.
fn invalid<E>(_: E) -> HostError {
    HostError::Invalid
}
