use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use litebox_host::HostError;
use litebox_host::file::{Entry, FileKind, HostFile, OpenAccess, Timestamp};

use super::Archive;

/// Where the fields of a header stand.
const MODE: usize = 100;
const UID: usize = 108;
const GID: usize = 116;
const SIZE: usize = 124;
const TIME: usize = 136;
const CHECKSUM: usize = 148;
const KIND: usize = 156;
const LINK: usize = 157;
const MAGIC: usize = 257;
const PREFIX: usize = 345;

/// An archive in the making.
#[derive(Clone, Default)]
struct Tar(Vec<u8>);

fn checksum(header: &mut [u8]) {
    header[CHECKSUM..CHECKSUM + 8].fill(b' ');
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[CHECKSUM..CHECKSUM + 7].copy_from_slice(format!("{sum:06o}\0").as_bytes());
}

fn put(header: &mut [u8; 512], at: usize, bytes: &[u8]) {
    header[at..at + bytes.len()].copy_from_slice(bytes);
}

fn header(name: &str, kind: u8, size: usize) -> [u8; 512] {
    let mut header = [0; 512];
    put(&mut header, 0, name.as_bytes());
    put(&mut header, MODE, b"0100640\0");
    put(&mut header, UID, b"0001750\0");
    put(&mut header, GID, b"0000144\0");
    put(&mut header, SIZE, format!("{size:011o}\0").as_bytes());
    put(&mut header, TIME, b"14500000000\0");
    put(&mut header, KIND, &[kind]);
    put(&mut header, MAGIC, b"ustar\x0000");
    header
}

impl Tar {
    /// A header as it is but for its checksum, and what follows it.
    fn raw(mut self, mut header: [u8; 512], data: &[u8]) -> Self {
        checksum(&mut header);
        self.0.extend_from_slice(&header);
        self.0.extend_from_slice(data);
        self.0.resize(self.0.len().next_multiple_of(512), 0);
        self
    }

    fn file(self, name: &str, data: &[u8]) -> Self {
        self.raw(header(name, b'0', data.len()), data)
    }

    fn folder(self, name: &str) -> Self {
        self.raw(header(name, b'5', 0), b"")
    }

    fn link(self, name: &str, kind: u8, target: &str) -> Self {
        let mut header = header(name, kind, 0);
        put(&mut header, LINK, target.as_bytes());
        self.raw(header, b"")
    }

    /// A long name or link target as GNU has it.
    fn gnu(self, kind: u8, text: &str) -> Self {
        let data = format!("{text}\0");
        let mut header = header("././@LongLink", kind, data.len());
        put(&mut header, MAGIC, b"ustar  \0");
        self.raw(header, data.as_bytes())
    }

    fn pax(self, records: &[(&str, &str)]) -> Self {
        let data: String = records.iter().map(|(key, value)| record(key, value)).collect();
        self.raw(header("PaxHeaders/x", b'x', data.len()), data.as_bytes())
    }

    fn end(mut self) -> Vec<u8> {
        self.0.resize(self.0.len() + 1024, 0);
        self.0
    }

    fn index(self) -> Result<Archive, HostError> {
        index(self.end())
    }

    fn read(self) -> Archive {
        self.index().unwrap()
    }
}

/// A record's length counts its own digits.
fn record(key: &str, value: &str) -> String {
    let rest = format!(" {key}={value}\n");
    let length = (1..).map(|digits| digits + rest.len()).find(|sum| format!("{sum}{rest}").len() == *sum);
    format!("{}{rest}", length.unwrap())
}

fn index(bytes: Vec<u8>) -> Result<Archive, HostError> {
    Archive::index(Box::leak(bytes.into_boxed_slice()))
}

fn names(archive: &Archive, path: &str) -> Vec<String> {
    let mut entries = Vec::new();
    let mut cookie = Some(0);
    while let Some(from) = cookie {
        cookie = archive.list(path.as_bytes(), from, &mut entries).unwrap();
    }
    entries.into_iter().map(|entry| String::from_utf8(entry.name).unwrap()).collect()
}

fn content(archive: &Archive, path: &str) -> &'static [u8] {
    let (file, _) = archive.open(path.as_bytes(), OpenAccess::READ).unwrap();
    archive.bytes(file).unwrap()
}

fn links(archive: &Archive, path: &str) -> u64 {
    archive.attributes(path.as_bytes()).unwrap().links
}

#[test]
fn nested_folders_and_files_are_found() {
    let archive = Tar::default()
        .folder("./")
        .folder("./etc/")
        .file("./etc/hosts", b"127.0.0.1")
        .file("/init", &[7; 600])
        .folder("etc/init.d")
        .read();
    assert_eq!(names(&archive, ""), ["etc", "init"]);
    assert_eq!(names(&archive, "etc"), ["hosts", "init.d"]);
    assert_eq!(content(&archive, "etc/hosts"), b"127.0.0.1");
    assert_eq!(content(&archive, "init"), [7; 600]);
    let root = archive.attributes(b"").unwrap();
    assert_eq!((root.kind, root.inode, root.mode, root.links), (FileKind::Directory, 2, 0o640, 3));
    let init = archive.attributes(b"init").unwrap();
    assert_eq!((init.kind, init.mode, init.uid, init.gid), (FileKind::Regular, 0o640, 1000, 100));
    assert_eq!((init.size, init.blocks, init.block_size, init.links), (600, 2, 4096, 1));
    assert_eq!(init.modified, Timestamp { seconds: 0o14_500_000_000, nanoseconds: 0 });
    assert_eq!(archive.statistics().files, 5);
    assert_eq!(archive.statistics().blocks_free, 0);
}

#[test]
fn folders_that_the_archive_leaves_out_are_made() {
    let archive = Tar::default().file("usr/lib/x/y", b"y").folder("usr/lib").read();
    assert_eq!(archive.attributes(b"usr").unwrap().mode, 0o755);
    assert_eq!(archive.attributes(b"usr").unwrap().uid, 0);
    // The second was described after it was made, and kept what it held.
    assert_eq!(archive.attributes(b"usr/lib").unwrap().mode, 0o640);
    assert_eq!(content(&archive, "usr/lib/x/y"), b"y");
    assert_eq!((links(&archive, "usr/lib"), links(&archive, "usr/lib/x")), (3, 2));
}

#[test]
fn paths_that_lead_nowhere_are_refused() {
    let archive = Tar::default().file("d/f", b"f").link("l", b'2', "d").read();
    for (path, error) in [
        (&b"x"[..], HostError::NotFound),
        (b"d/x", HostError::NotFound),
        (b"d/f/x", HostError::NotDirectory),
        (b"l/f", HostError::NotDirectory),
        (b"d/../d", HostError::Invalid),
        (b"./d", HostError::Invalid),
        (b"/d", HostError::Invalid),
        (b"d/", HostError::Invalid),
    ] {
        assert_eq!(archive.attributes(path), Err(error), "{path:?}");
    }
    assert_eq!(archive.open(b"d", OpenAccess::READ), Err(HostError::IsDirectory));
    assert_eq!(archive.open(b"l", OpenAccess::READ), Err(HostError::Denied));
    assert_eq!(archive.open(b"d/f", OpenAccess::READ | OpenAccess::WRITE), Err(HostError::ReadOnly));
    assert_eq!(archive.open(b"d/f", OpenAccess::TRUNCATE), Err(HostError::ReadOnly));
    assert_eq!(archive.list(b"d/f", 0, &mut Vec::new()), Err(HostError::NotDirectory));
    assert_eq!(archive.read_link(b"d/f"), Err(HostError::Invalid));
}

#[test]
fn a_file_is_read_by_offset() {
    let archive = Tar::default().file("f", b"0123456789").folder("d").read();
    let (file, attributes) = archive.open(b"f", OpenAccess::READ).unwrap();
    assert_eq!((archive.size(file), attributes.size), (Ok(10), 10));
    let mut buffer = [0; 4];
    assert_eq!(archive.read_at(file, 3, &mut buffer), Ok(4));
    assert_eq!(&buffer, b"3456");
    assert_eq!(archive.read_at(file, 8, &mut buffer), Ok(2));
    assert_eq!(&buffer, b"8956");
    assert_eq!(archive.read_at(file, 10, &mut buffer), Ok(0));
    assert_eq!(archive.read_at(file, u64::MAX, &mut buffer), Ok(0));
    for other in [HostFile(0), HostFile(2), HostFile(3), HostFile(u32::MAX)] {
        assert_eq!(archive.read_at(other, 0, &mut buffer), Err(HostError::Invalid));
        assert_eq!(archive.size(other), Err(HostError::Invalid));
        assert_eq!(archive.bytes(other), None);
    }
}

#[test]
fn a_symbolic_link_is_told_and_not_followed() {
    let archive = Tar::default().link("bin", b'2', "../usr/bin").read();
    assert_eq!(archive.read_link(b"bin").unwrap(), b"../usr/bin");
    let attributes = archive.attributes(b"bin").unwrap();
    assert_eq!((attributes.kind, attributes.size), (FileKind::Symlink, 10));
    assert_eq!(Tar::default().link("bin", b'2', "").index().err(), Some(HostError::Invalid));
}

#[test]
fn hard_links_share_a_file_and_are_counted() {
    let tar = Tar::default().file("a/f", b"shared").link("b/g", b'1', "./a/f").link("b/g", b'1', "/b/g");
    let archive = tar.clone().read();
    let (first, second) = (archive.attributes(b"a/f").unwrap(), archive.attributes(b"b/g").unwrap());
    assert_eq!(first, second);
    assert_eq!(first.links, 2);
    assert_eq!(content(&archive, "b/g"), b"shared");
    // What replaces one name leaves the other.
    let archive = tar.clone().file("a/f", b"new").read();
    assert_eq!((links(&archive, "a/f"), links(&archive, "b/g")), (1, 1));
    assert_eq!((content(&archive, "a/f"), content(&archive, "b/g")), (&b"new"[..], &b"shared"[..]));
    assert_eq!(tar.clone().link("x", b'1', "a/x").index().err(), Some(HostError::NotFound));
    assert_eq!(tar.clone().link("x", b'1', "a").index().err(), Some(HostError::IsDirectory));
    // A name that takes the place of the folder that its file was in.
    let archive = tar.link("a", b'1', "a/f").read();
    assert_eq!((content(&archive, "a"), links(&archive, "a")), (&b"shared"[..], 2));
}

#[test]
fn long_names_are_read() {
    let long = format!("{}/{}", "d".repeat(200), "f".repeat(200));
    let target = "t".repeat(300);
    let gnu = Tar::default()
        .gnu(b'K', &target)
        .gnu(b'L', &long)
        .link("cut", b'2', "cut")
        .file("short", b"not the long one")
        .read();
    assert_eq!(gnu.read_link(long.as_bytes()).unwrap(), target.as_bytes());
    assert_eq!(content(&gnu, "short"), b"not the long one");
    let pax = Tar::default()
        .pax(&[("path", &long), ("linkpath", &target), ("comment", "")])
        .link("cut", b'2', "cut")
        .pax(&[("path", ""), ("mtime", "-1.25"), ("uid", "70000"), ("gid", "80000"), ("size", "3")])
        .raw(header("f", b'0', 0), b"abc")
        .read();
    assert_eq!(pax.read_link(long.as_bytes()).unwrap(), target.as_bytes());
    assert_eq!(content(&pax, "f"), b"abc");
    let attributes = pax.attributes(b"f").unwrap();
    assert_eq!((attributes.uid, attributes.gid), (70_000, 80_000));
    assert_eq!(attributes.modified, Timestamp { seconds: -2, nanoseconds: 750_000_000 });
    let mut split = header("name", b'0', 2);
    put(&mut split, PREFIX, b"a/b");
    assert_eq!(content(&Tar::default().raw(split, b"xy").read(), "a/b/name"), b"xy");
}

#[test]
fn names_that_nobody_can_ask_for_are_refused() {
    for path in ["n".repeat(256), "a/".repeat(2049), String::from("a\0b")] {
        let tar = Tar::default().pax(&[("path", &path)]).file("f", b"");
        assert_eq!(tar.index().err(), Some(HostError::Invalid), "{path}");
    }
    let tar = Tar::default().pax(&[("linkpath", &"t".repeat(4097))]).link("l", b'2', "");
    assert_eq!(tar.index().err(), Some(HostError::Invalid));
    assert_eq!(Tar::default().file("./", b"").index().map(|_| ()), Ok(()));
    assert_eq!(Tar::default().file(".", b"").index().err(), Some(HostError::Invalid));
}

#[test]
fn a_later_entry_replaces_an_earlier_one() {
    let tar = Tar::default().file("x", b"old").file("x", b"newer");
    assert_eq!(content(&tar.clone().read(), "x"), b"newer");
    let tar = tar.folder("x").file("x/y/z", b"z").link("keep", b'1', "x/y/z");
    assert_eq!(names(&tar.clone().read(), "x"), ["y"]);
    let archive = tar.link("x", b'2', "y").read();
    assert_eq!(names(&archive, ""), ["keep", "x"]);
    assert_eq!((links(&archive, ""), links(&archive, "keep")), (2, 1));
    // The root, the file kept and the link.
    assert_eq!(archive.statistics().files, 3);
    assert_eq!(archive.attributes(b"x/y"), Err(HostError::NotDirectory));
    let below = Tar::default().file("x", b"").file("x/y", b"");
    assert_eq!(below.index().err(), Some(HostError::NotDirectory));
}

#[test]
fn what_leads_out_and_what_is_no_file_is_left_out() {
    let archive = Tar::default()
        .file("../up", b"up")
        .file("a/../b", b"b")
        .link("c", b'1', "../up")
        .raw(header("tty", b'3', 0), b"")
        .raw(header("disk", b'4', 0), b"")
        .raw(header("pipe", b'6', 0), b"")
        .raw(header("label", b'V', 0), b"")
        .raw(header("global", b'g', 5), b"11 x=y\n")
        .pax(&[("path", "also-skipped")])
        .raw(header("tty", b'3', 0), b"")
        .file("..c", b"c")
        .read();
    assert_eq!(names(&archive, ""), ["..c"]);
}

#[test]
fn a_truncated_archive_is_an_error_wherever_it_ends() {
    let whole = Tar::default().folder("d").gnu(b'L', "d/long").file("f", &[1; 700]).end();
    let end_mark = whole.len() - 512;
    for length in (0..end_mark).step_by(64).chain([end_mark - 1]) {
        assert_eq!(index(whole[..length].to_vec()).err(), Some(HostError::Invalid), "{length}");
    }
    // The first of the two blocks of the end mark shows that nothing is missing.
    assert!(index(whole[..end_mark].to_vec()).is_ok());
    assert_eq!(Tar::default().gnu(b'L', "nothing").index().err(), Some(HostError::Invalid));
}

#[test]
fn absurd_sizes_are_refused() {
    let fields: [&[u8; 12]; 8] = [
        b"777777777777",
        b"7777777777\x38\0",
        b"00000000-01\0",
        b"\x80\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x80\0\0\0\xff\xff\xff\xff\xff\xff\xfd\xa7",
        b"\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff",
        b"\x80\0\0\x01\0\0\0\0\0\0\0\0",
        b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
    ];
    for kind in [b'0', b'L', b'x', b'g', b'S', b'V'] {
        for field in fields {
            let mut header = header("f", kind, 0);
            put(&mut header, SIZE, field);
            let tar = Tar::default().gnu(b'K', &"k".repeat(1000)).raw(header, &[b'a'; 1024]);
            assert_eq!(tar.index().err(), Some(HostError::Invalid), "{} {field:?}", char::from(kind));
        }
    }
    for size in ["18446744073709551615", "18446744073709551616", "9223372036854775807", "-1", "x"] {
        let tar = Tar::default().pax(&[("size", size)]).file("f", b"");
        assert_eq!(tar.index().err(), Some(HostError::Invalid), "{size}");
    }
    let mut binary = header("f", b'0', 0);
    put(&mut binary, SIZE, b"\x80\0\0\0\0\0\0\0\0\0\0\x03");
    put(&mut binary, TIME, b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfe");
    let archive = Tar::default().raw(binary, b"abc").read();
    assert_eq!(content(&archive, "f"), b"abc");
    assert_eq!(archive.attributes(b"f").unwrap().modified.seconds, -2);
}

#[test]
fn files_with_holes_are_not_supported() {
    let tar = Tar::default().raw(header("f", b'S', 3), b"abc");
    assert_eq!(tar.index().err(), Some(HostError::NotSupported));
    let tar = Tar::default().pax(&[("GNU.sparse.major", "1")]).file("f", b"");
    assert_eq!(tar.index().err(), Some(HostError::NotSupported));
}

#[test]
fn folders_that_nobody_paid_for_do_not_fill_the_memory() {
    let mut tar = Tar::default();
    for number in 0..10 {
        tar = tar.pax(&[("path", &format!("{number}{}", "/a".repeat(2000)))]).file("f", b"");
    }
    assert_eq!(tar.index().err(), Some(HostError::NoMemory));
    // The deepest that there can be goes as it came, without recursion.
    let tar = Tar::default().pax(&[("path", &"a/".repeat(2048))]).folder("f").file("a", b"");
    assert_eq!(tar.read().statistics().files, 2);
}

#[test]
fn a_long_listing_goes_on_by_cookie() {
    let mut tar = Tar::default().folder("d").file("e", b"");
    for number in (0..300).rev() {
        tar = tar.file(&format!("d/{number:03}"), b"");
    }
    let archive = tar.read();
    let all: Vec<String> = (0..300).map(|number| format!("{number:03}")).collect();
    assert_eq!(names(&archive, "d"), all);
    // Any place is one to go on from, also the end and what lies behind it.
    for from in 0..303 {
        let mut entries: Vec<Entry> = Vec::new();
        let next = archive.list(b"d", from, &mut entries).unwrap();
        let start = usize::try_from(from).unwrap();
        assert_eq!(next, (start + 128 < 300).then_some(from + 128));
        let expected = all.iter().skip(start).take(128).map(|name| name.as_bytes());
        assert!(entries.iter().map(|entry| &entry.name[..]).eq(expected));
    }
    assert_eq!(archive.list(b"d", u64::MAX, &mut Vec::new()), Ok(None));
}

/// Look at everything there is.
fn visit(archive: &Archive) {
    let mut folders = Vec::from([Vec::new()]);
    let mut buffer = [0; 16];
    while let Some(folder) = folders.pop() {
        let mut entries = Vec::new();
        let mut cookie = Some(0);
        while let Some(from) = cookie {
            cookie = archive.list(&folder, from, &mut entries).unwrap();
        }
        for entry in entries {
            let separator: &[u8] = if folder.is_empty() { b"" } else { b"/" };
            let path = [&folder[..], separator, &entry.name].concat();
            assert_eq!(archive.attributes(&path), Ok(entry.attributes));
            assert!(entry.attributes.links > 0);
            match entry.attributes.kind {
                FileKind::Directory => folders.push(path),
                FileKind::Symlink => assert!(!archive.read_link(&path).unwrap().is_empty()),
                _ => {
                    let (file, _) = archive.open(&path, OpenAccess::READ).unwrap();
                    archive.read_at(file, 1, &mut buffer).unwrap();
                }
            }
        }
    }
}

#[test]
fn a_damaged_archive_is_an_error_or_another_archive() {
    let tar = Tar::default()
        .folder("d")
        .file("d/f", b"content")
        .link("d/l", b'2', "f")
        .link("h", b'1', "d/f")
        .gnu(b'L', &"n".repeat(90))
        .file("cut", b"")
        .pax(&[("path", "p/q/r"), ("size", "2"), ("mtime", "12.5")])
        .file("cut", b"ab")
        .file("h", b"last");
    let whole = tar.end();
    let is_header = |block: &[u8]| block[MAGIC..].starts_with(b"ustar");
    let headers: Vec<_> =
        (0..whole.len()).step_by(512).filter(|at| is_header(&whole[*at..at + 512])).collect();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 16).unwrap() % below
    };
    let mut read = 0;
    for round in 0..10_000 {
        let mut bytes = whole.clone();
        for _ in 0..=random(4) {
            let at = random(bytes.len());
            bytes[at] = u8::try_from(random(256)).unwrap();
            // Most bytes of a header mean nothing; the first of each field do.
            let fields = [0, MODE, UID, SIZE, SIZE + 11, TIME, KIND, LINK, PREFIX];
            let field = headers[random(headers.len())] + fields[random(fields.len())];
            bytes[field] = b"0123567LKxgSV/.\0\x80\xffad"[random(20)];
        }
        // Without this the checksum would keep almost all damage from being looked at.
        if round % 4 != 0 {
            headers.iter().for_each(|at| checksum(&mut bytes[*at..at + 512]));
        }
        if round % 16 == 0 {
            bytes.truncate(random(whole.len()));
        }
        if let Ok(archive) = index(bytes) {
            visit(&archive);
            read += 1;
        }
    }
    assert!(read > 100, "{read} were read");
}
