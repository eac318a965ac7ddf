//! The packed entries of a directory listing.

use crate::attributes::AttributesWire;
use crate::path::is_name;
use crate::wire::{Reader, Writer};
use crate::{Attributes, FileKind, ProtocolError};
use zerocopy::little_endian::U64;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// One entry of a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The plain name.
    pub name: &'a [u8],
    /// The inode number on the host.
    pub inode: u64,
    /// What the entry is.
    pub kind: FileKind,
    /// All attributes; absent when the directory may be read but not searched.
    pub attributes: Option<Attributes>,
}

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct EntryWire {
    inode: U64,
    kind: u8,
    /// 1 when an `AttributesWire` follows, else 0.
    attributes: u8,
    name_length: u8,
}

/// Decodes the entry at the reader.
fn decode<'a>(reader: &mut Reader<'a>) -> Result<Entry<'a>, ProtocolError> {
    let wire: &EntryWire = reader.take()?;
    let kind = FileKind::from_type(wire.kind).ok_or(ProtocolError::Value("file kind"))?;
    let attributes = match wire.attributes {
        0 => None,
        1 => Some(reader.take::<AttributesWire>()?.decode()?),
        _ => return Err(ProtocolError::Value("entry attributes")),
    };
    let name = reader.bytes(usize::from(wire.name_length))?;
    if !is_name(name) {
        return Err(ProtocolError::Path);
    }
    Ok(Entry { name, inode: wire.inode.get(), kind, attributes })
}

/// Packed entries, each known to be well formed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entries<'a>(&'a [u8]);

impl<'a> Entries<'a> {
    /// Checks that `bytes` are whole entries and nothing else.
    ///
    /// # Errors
    /// What is wrong with the first bad entry.
    pub fn new(bytes: &'a [u8]) -> Result<Self, ProtocolError> {
        let mut reader = Reader::new(bytes);
        while !reader.is_empty() {
            decode(&mut reader)?;
        }
        Ok(Self(bytes))
    }

    /// The packed form.
    #[must_use]
    pub fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    /// The entries, in the directory's order.
    #[must_use]
    pub fn iter(self) -> EntriesIter<'a> {
        EntriesIter(Reader::new(self.0))
    }
}

impl<'a> IntoIterator for Entries<'a> {
    type Item = Entry<'a>;
    type IntoIter = EntriesIter<'a>;

    fn into_iter(self) -> EntriesIter<'a> {
        self.iter()
    }
}

/// Iterates over [`Entries`].
pub struct EntriesIter<'a>(Reader<'a>);

impl<'a> Iterator for EntriesIter<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        decode(&mut self.0).ok()
    }
}

/// Packs entries into a caller's buffer.
pub struct EntriesWriter<'b> {
    buffer: &'b mut [u8],
    length: usize,
}

impl<'b> EntriesWriter<'b> {
    /// Packs into `buffer`, from its start.
    pub fn new(buffer: &'b mut [u8]) -> Self {
        Self { buffer, length: 0 }
    }

    /// Adds an entry whole, or leaves the buffer as it was.
    ///
    /// # Errors
    /// [`ProtocolError::Space`] when it does not fit, [`ProtocolError::Path`] when the name is not plain.
    pub fn push(&mut self, entry: &Entry<'_>) -> Result<(), ProtocolError> {
        if !is_name(entry.name) {
            return Err(ProtocolError::Path);
        }
        let mut writer = Writer::new(self.buffer.get_mut(self.length..).ok_or(ProtocolError::Space)?);
        writer.put(&EntryWire {
            inode: entry.inode.into(),
            kind: entry.kind as u8,
            attributes: u8::from(entry.attributes.is_some()),
            name_length: u8::try_from(entry.name.len()).map_err(|_| ProtocolError::Path)?,
        })?;
        if let Some(attributes) = &entry.attributes {
            writer.put(&AttributesWire::from(attributes))?;
        }
        writer.bytes(entry.name)?;
        self.length = self.length.saturating_add(writer.length());
        Ok(())
    }

    /// Whether no entry has been added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// What has been packed.
    #[must_use]
    pub fn finish(self) -> Entries<'b> {
        Entries(self.buffer.get(..self.length).unwrap_or_default())
    }
}
