//! What a loader of trusted applications relies on, checked in the linked file.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::command;

/// Section flags: the letters of `readelf` for thread-local storage.
const THREAD_LOCAL: [&str; 2] = [".tdata", ".tbss"];

/// Checks an image and returns its UUID.
///
/// # Errors
/// The image holds something that the loader of a TA does not take; the message names all of it.
pub(super) fn check(image: &Path) -> Result<String> {
    let path = image.to_string_lossy();
    let read = |what: &str| command::output("readelf", &["-W", what, &path]);
    let (segments, relocations, dynamic, symbols, sections) =
        (read("-l")?, read("-r")?, read("-d")?, read("-s")?, read("-S")?);
    let offences = [
        wrong_segments(&segments),
        wrong_relocations(&relocations),
        wrong_dynamic(&dynamic),
        wrong_symbols(&symbols),
        wrong_sections(&sections),
    ]
    .concat();
    if !offences.is_empty() {
        bail!("{path} is no image of a TA:\n  {}", offences.join("\n  "));
    }
    uuid(&command::output("readelf", &["-x", ".ta_head", &path])?)
}

/// The rows of a segment type: offset, address and flags.
fn segments<'a>(text: &'a str, kind: &str) -> Vec<(&'a str, &'a str, String)> {
    let rows = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    rows.filter_map(|words| match words.as_slice() {
        [name, offset, address, _, _, _, flags @ .., _] if *name == kind => {
            Some((*offset, *address, flags.concat()))
        }
        _ => None,
    })
    .collect()
}

fn wrong_segments(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let load = segments(text, "LOAD");
    let is_right = match load.as_slice() {
        [(offset, address, flags), (_, _, data)] => {
            *offset == "0x001000" && *address == "0x0000000000000000" && flags == "RE" && data == "RW"
        }
        _ => false,
    };
    if !is_right {
        wrong.push(format!("segments to load are {load:?}, not text at file offset 0x1000 and data"));
    }
    for kind in ["INTERP", "TLS"] {
        if !segments(text, kind).is_empty() {
            wrong.push(format!("a segment {kind}"));
        }
    }
    if segments(text, "DYNAMIC").len() != 1 {
        wrong.push("no dynamic section".to_owned());
    }
    wrong
}

/// The loader knows one type.
fn wrong_relocations(text: &str) -> Vec<String> {
    let rows = text.lines().filter(|line| line.contains("R_X86_64_"));
    rows.filter(|line| !line.contains("R_X86_64_RELATIVE"))
        .map(|line| format!("relocation {}", line.trim()))
        .collect()
}

fn wrong_dynamic(text: &str) -> Vec<String> {
    let rows = text.lines().filter(|line| line.contains("(NEEDED)") || line.contains("(TEXTREL)"));
    rows.map(|line| format!("dynamic entry {}", line.trim())).collect()
}

fn wrong_symbols(text: &str) -> Vec<String> {
    let dynamic = text.split("Symbol table '").find(|table| table.starts_with(".dynsym")).unwrap_or_default();
    let mut wrong = Vec::new();
    if !dynamic.lines().any(|line| line.contains("OBJECT") && line.ends_with(" __elf_phdr_info")) {
        wrong.push("no dynamic object `__elf_phdr_info`".to_owned());
    }
    // The first symbol of a table is undefined, and has no name.
    let undefined = text.lines().filter(|line| line.contains(" UND ") && !line.trim_end().ends_with("UND"));
    wrong.extend(undefined.map(|line| format!("undefined symbol {}", line.trim())));
    wrong
}

fn wrong_sections(text: &str) -> Vec<String> {
    let found = THREAD_LOCAL.iter().filter(|name| text.split_whitespace().any(|word| word == **name));
    found.map(|name| format!("thread-local storage in {name}")).collect()
}

/// The UUID at the start of the head, from a dump in hexadecimal.
fn uuid(dump: &str) -> Result<String> {
    let row = dump.lines().find(|line| line.trim_start().starts_with("0x")).context("`.ta_head` is empty")?;
    let digits: String = row.split_whitespace().skip(1).take(4).collect();
    let byte = |index: usize| digits.get(2 * index..2 * index + 2).unwrap_or("??");
    let order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
    let text: String = order.iter().map(|index| byte(*index)).collect();
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let (a, b, c, d, e) = (part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32));
    Ok(format!("{a}-{b}-{c}-{d}-{e}"))
}

#[cfg(test)]
mod tests {
    use super::{uuid, wrong_relocations, wrong_segments, wrong_symbols};

    const GOOD: &str = "\
  Type           Offset   VirtAddr           PhysAddr           FileSiz  MemSiz   Flg Align
  LOAD           0x001000 0x0000000000000000 0x0000000000000000 0x002f08 0x002f08 R E 0x1000
  LOAD           0x004000 0x0000000000003000 0x0000000000003000 0x000228 0x0082a0 RW  0x1000
  DYNAMIC        0x0040a8 0x00000000000030a8 0x00000000000030a8 0x000130 0x000130 RW  0x8
";

    #[test]
    fn the_layout_passes_and_each_departure_is_found() {
        assert_eq!(wrong_segments(GOOD), Vec::<String>::new());
        assert_eq!(wrong_segments(&GOOD.replace("R E", "RWE")).len(), 1);
        assert_eq!(wrong_segments(&GOOD.replace("DYNAMIC", "TLS    ")).len(), 2);
    }

    #[test]
    fn other_relocations_and_undefined_symbols_are_found() {
        let rows = "00 01 R_X86_64_RELATIVE 30\n00 02 R_X86_64_64 0 memcpy + 0\n";
        assert_eq!(wrong_relocations(rows).len(), 1);
        let symbols = "Symbol table '.dynsym' contains 2 entries:\n 0: 0 0 NOTYPE LOCAL DEFAULT UND \n \
                       1: 0 16 OBJECT GLOBAL DEFAULT 9 __elf_phdr_info\n 2: 0 0 NOTYPE GLOBAL DEFAULT UND memcpy\n";
        assert_eq!(wrong_symbols(symbols).len(), 1);
    }

    #[test]
    fn the_uuid_is_read_in_the_order_of_its_fields() {
        let dump =
            "\nHex dump of section '.ta_head':\n  0x00000000 33221100 55447766 8899aabb ccddeeff 3\"..\n";
        assert_eq!(uuid(dump).ok().as_deref(), Some("00112233-4455-6677-8899-aabbccddeeff"));
    }
}
