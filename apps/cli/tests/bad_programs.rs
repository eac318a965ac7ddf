//! Programs that cannot run: each is one clear error and exit code 126 or 127, never a hang or a panic.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// A static program, from the package `busybox-static`.
const BUSYBOX: &str = "/bin/busybox";

/// The program exists and cannot be run.
const NOT_EXECUTABLE: i32 = 126;
/// The program, or what it needs to run, is not there.
const NOT_FOUND: i32 = 127;

/// `PT_LOAD` and `PT_INTERP` (`elf(5)`).
const LOAD: u32 = 1;
const INTERPRETER: u32 = 3;

/// A directory of a test's own.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("litebox-bad-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        Self(path)
    }

    /// A file that everybody may execute.
    fn program(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, bytes).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    /// Runs a program of these `bytes`: it must be refused with `code`, and the error must hold `word`.
    #[track_caller]
    fn refused(&self, name: &str, bytes: &[u8], code: i32, word: &str) {
        refused(&self.program(name, bytes), code, word);
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn run(program: &PathBuf) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_litebox"));
    command.current_dir("/").stdin(Stdio::null());
    // What does not end by itself is ended, and then the code is none of those expected here.
    command.args(["run", "--timeout", "20s", "--"]).arg(program).output().unwrap()
}

#[track_caller]
fn refused(program: &PathBuf, code: i32, word: &str) {
    let output = run(program);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{error}");
    assert!(output.stdout.is_empty());
    assert_eq!(error.lines().count(), 1, "{error}");
    assert!(error.starts_with("litebox: cannot run ") && error.contains(word), "no `{word}` in: {error}");
    assert!(error.contains(program.to_str().unwrap()), "{error}");
}

/// What hostile ELF files differ in.
#[derive(Clone, Copy)]
struct Elf {
    kind: u16,
    machine: u16,
    headers_at: u64,
    header_size: u16,
    header_count: u16,
}

/// `ET_EXEC` for x86-64 with two program headers.
const ELF: Elf = Elf { kind: 2, machine: 62, headers_at: 64, header_size: 56, header_count: 2 };

/// What program headers differ in.
#[derive(Clone, Copy)]
struct Segment {
    kind: u32,
    offset: u64,
    address: u64,
    file_size: u64,
    memory_size: u64,
    align: u64,
}

const SEGMENT: Segment = Segment {
    kind: LOAD,
    offset: 0,
    address: 0x40_0000,
    file_size: 0x1000,
    memory_size: 0x1000,
    align: 0x1000,
};

/// Where what follows two program headers begins.
const AFTER_HEADERS: u64 = 64 + 2 * 56;

impl Elf {
    /// The file: header, `segments`, then `rest` and three pages of `int3`.
    fn file(self, segments: &[Segment], rest: &[u8]) -> Vec<u8> {
        let mut file = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
        for half in [self.kind, self.machine] {
            file.extend(half.to_le_bytes());
        }
        file.extend(1_u32.to_le_bytes());
        for word in [0x40_1000, self.headers_at, 0] {
            file.extend(word.to_le_bytes());
        }
        file.extend(0_u32.to_le_bytes());
        for half in [64, self.header_size, self.header_count, 0, 0, 0] {
            file.extend(half.to_le_bytes());
        }
        for segment in segments {
            file.extend(segment.kind.to_le_bytes());
            file.extend(5_u32.to_le_bytes());
            let Segment { offset, address, file_size, memory_size, align, .. } = *segment;
            for word in [offset, address, address, file_size, memory_size, align] {
                file.extend(word.to_le_bytes());
            }
        }
        file.extend(rest);
        file.resize(file.len() + 0x3000, 0xcc);
        file
    }

    fn with(segments: [Segment; 2]) -> Vec<u8> {
        ELF.file(&segments, b"")
    }

    fn with_interpreter(path: &[u8], size: u64) -> Vec<u8> {
        let interpreter = Segment {
            kind: INTERPRETER,
            offset: AFTER_HEADERS,
            file_size: size,
            memory_size: size,
            ..SEGMENT
        };
        ELF.file(&[interpreter, SEGMENT], path)
    }
}

#[test]
fn a_program_cut_short() {
    let scratch = Scratch::new("short");
    let whole = fs::read(BUSYBOX).expect("apt install busybox-static");
    for length in [1, 4, 63, 64] {
        scratch.refused(&format!("first-{length}"), &whole[..length], NOT_EXECUTABLE, "damaged");
    }
    scratch.refused("half", &whole[..whole.len() / 2], NOT_EXECUTABLE, "file ends");
}

#[test]
fn headers_that_are_not_there() {
    let scratch = Scratch::new("headers");
    let file = |elf: Elf| elf.file(&[SEGMENT, SEGMENT], b"");
    let damaged = [
        ("most", Elf { header_count: u16::MAX, ..ELF }),
        ("none", Elf { header_count: 0, ..ELF }),
        ("beyond", Elf { headers_at: 1 << 40, ..ELF }),
        ("wrapping", Elf { headers_at: u64::MAX - 55, ..ELF }),
        ("small", Elf { header_size: 1, ..ELF }),
        ("machine", Elf { machine: 183, ..ELF }),
        ("kind", Elf { kind: 1, ..ELF }),
    ];
    for (name, elf) in damaged {
        scratch.refused(name, &file(elf), NOT_EXECUTABLE, "damaged");
    }
    let many = Elf { header_count: u16::MAX, ..ELF }.file(&[SEGMENT; u16::MAX as usize], b"");
    scratch.refused("all-there", &many, NOT_EXECUTABLE, "damaged");
}

#[test]
fn segments_that_no_memory_holds() {
    let scratch = Scratch::new("segments");
    let second = |segment| Elf::with([SEGMENT, segment]);
    let damaged = [
        ("overlap", Segment { address: 0x40_0800, offset: 0x800, ..SEGMENT }),
        ("wrapping", Segment { address: u64::MAX - 0xfff, memory_size: 0x2000, ..SEGMENT }),
        ("more-in-file", Segment { address: 0x50_0000, memory_size: 0x10, ..SEGMENT }),
        ("unaligned", Segment { address: 0x50_0000, offset: 1, ..SEGMENT }),
    ];
    for (name, segment) in damaged {
        scratch.refused(name, &second(segment), NOT_EXECUTABLE, "damaged");
    }
    let too_large = [
        ("huge", Segment { address: 0x50_0000, memory_size: 1 << 62, ..SEGMENT }),
        ("kernel", Segment { address: 0xffff_ffff_8000_0000, ..SEGMENT }),
        ("sandbox", Segment { address: 0x7f80_0000_0000, ..SEGMENT }),
        ("arena", Segment { address: 0x6000_0000_0000, memory_size: 0x1fff_ffff_f000, ..SEGMENT }),
    ];
    for (name, segment) in too_large {
        scratch.refused(name, &second(segment), NOT_EXECUTABLE, "memory");
    }
    let null = Segment { address: 0, ..SEGMENT };
    scratch.refused("null", &Elf::with([null, SEGMENT]), NOT_EXECUTABLE, "memory");
    let align = Segment { align: 1 << 62, ..SEGMENT };
    let elf = Elf { kind: 3, ..ELF };
    scratch.refused("align", &elf.file(&[align, SEGMENT], b""), NOT_EXECUTABLE, "cannot run");
}

#[test]
fn interpreters_that_are_none() {
    let scratch = Scratch::new("interpreters");
    let missing = b"/no/such/interpreter\0";
    scratch.refused("missing", &Elf::with_interpreter(missing, 21), NOT_FOUND, "interpreter is missing");
    scratch.refused("endless", &Elf::with_interpreter(missing, 20), NOT_EXECUTABLE, "damaged");
    scratch.refused("long", &Elf::with_interpreter(missing, 1 << 40), NOT_EXECUTABLE, "damaged");
    scratch.refused("folder", &Elf::with_interpreter(b"/etc\0", 5), NOT_EXECUTABLE, "EACCES");
    scratch.refused("text", &Elf::with_interpreter(b"/etc/passwd\0", 12), NOT_EXECUTABLE, "EACCES");
    scratch.refused("script", b"#!/no/such/interpreter -x\n", NOT_FOUND, "interpreter is missing");
    scratch.refused("script-folder", b"#! /etc\n", NOT_EXECUTABLE, "EACCES");
    scratch.refused("script-nothing", b"#!\n", NOT_EXECUTABLE, "damaged");
    scratch.refused("script-long", &[b"#!/", &[b'a'; 5000][..]].concat(), NOT_EXECUTABLE, "damaged");
    let own = format!("#!{}\n", scratch.0.join("script-own").display());
    scratch.refused("script-own", own.as_bytes(), NOT_EXECUTABLE, "too many links or interpreters");
}

#[test]
fn what_is_no_program() {
    let scratch = Scratch::new("others");
    scratch.refused("empty", b"", NOT_EXECUTABLE, "no program");
    scratch.refused("text", b"hello\n", NOT_EXECUTABLE, "no program");
    refused(&scratch.0, NOT_EXECUTABLE, "EACCES");
    refused(&scratch.0.join("missing"), NOT_FOUND, "no such program");
    let plain = scratch.program("plain", &fs::read(BUSYBOX).unwrap());
    refused(&plain.join("below"), NOT_FOUND, "no folder");
    fs::set_permissions(&plain, fs::Permissions::from_mode(0o644)).unwrap();
    refused(&plain, NOT_EXECUTABLE, "EACCES");
    let link = scratch.0.join("link");
    symlink(&link, &link).unwrap();
    refused(&link, NOT_EXECUTABLE, "too many links");
    assert!(Command::new("mkfifo").arg(scratch.0.join("fifo")).status().unwrap().success());
    refused(&scratch.0.join("fifo"), NOT_EXECUTABLE, "EACCES");
}

/// A program that its user may execute and not read. The superuser may read everything.
#[test]
fn a_file_that_cannot_be_read() {
    let scratch = Scratch::new("unreadable");
    let hidden = scratch.program("hidden", &fs::read(BUSYBOX).unwrap());
    fs::set_permissions(&hidden, fs::Permissions::from_mode(0o111)).unwrap();
    if fs::read(&hidden).is_err() {
        refused(&hidden, NOT_EXECUTABLE, "EACCES");
    }
}
