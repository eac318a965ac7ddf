//! What a dynamic program needs beside itself: its interpreter, and what the interpreter would load.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use elf::ElfBytes;
use elf::abi::PT_INTERP;
use elf::endian::LittleEndian;

/// glibc loads it by name when a thread is cancelled or calls pthread_exit(3); no program names it.
const UNWINDER: &str = "libgcc_s.so.1";

/// The paths of the interpreter and the libraries of `program`, in no order and maybe twice. None for a static program, and for a
/// file that is no ELF file.
///
/// # Errors
/// A library that is not found, or an interpreter that does not list them.
pub(super) fn needed(program: &Path) -> Result<Vec<PathBuf>, String> {
    let bytes = fs::read(program).map_err(|error| format!("{}: {error}", program.display()))?;
    let Some(interpreter) = interpreter(&bytes) else { return Ok(Vec::new()) };
    // As ldd(1) does it, for every C library alike.
    let output = Command::new(&interpreter).arg("--list").arg(program).env_clear().output();
    let output =
        output.map_err(|error| format!("{} could not be started: {error}", interpreter.display()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() || text.contains("not found") {
        let message = String::from_utf8_lossy(&output.stderr);
        return Err(format!("the libraries of {} are not all here:\n{text}{message}", program.display()));
    }
    let mut paths: Vec<PathBuf> = text.lines().filter_map(listed).collect();
    let is_libc = |path: &&PathBuf| path.file_name() == Some(OsStr::new("libc.so.6"));
    let unwinder = paths.iter().find(is_libc).map(|libc| libc.with_file_name(UNWINDER));
    paths.extend(unwinder.filter(|path| path.exists()));
    paths.push(interpreter);
    Ok(paths)
}

fn interpreter(bytes: &[u8]) -> Option<PathBuf> {
    let file = ElfBytes::<LittleEndian>::minimal_parse(bytes).ok()?;
    let segment = file.segments()?.iter().find(|segment| segment.p_type == PT_INTERP)?;
    let path = file.segment_data(&segment).ok()?.strip_suffix(&[0])?;
    Some(PathBuf::from(OsStr::from_bytes(path)))
}

/// The path in a line `NAME => PATH (ADDRESS)` or `PATH (ADDRESS)`; the vDSO has none.
fn listed(line: &str) -> Option<PathBuf> {
    let found = line.split_once("=>").map_or(line, |(_, found)| found);
    let path = Path::new(found.split_whitespace().next()?);
    path.is_absolute().then(|| path.to_path_buf())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_a_path_or_none() {
        assert_eq!(listed("\tlibc.so.6 => /lib/libc.so.6 (0x7f0)"), Some(PathBuf::from("/lib/libc.so.6")));
        assert_eq!(listed("\t/lib64/ld.so (0x7f0)"), Some(PathBuf::from("/lib64/ld.so")));
        assert_eq!(listed("\tlinux-vdso.so.1 (0x7f0)"), None);
    }

    #[test]
    fn a_dynamic_program_needs_its_interpreter() {
        let program = std::env::current_exe().unwrap();
        let interpreter = interpreter(&fs::read(&program).unwrap()).unwrap();
        let needed = needed(&program).unwrap();
        assert!(needed.contains(&interpreter) && needed.len() > 1, "{needed:?}");
        assert_eq!(super::needed(Path::new("/etc/passwd")), Ok(Vec::new()));
    }
}
