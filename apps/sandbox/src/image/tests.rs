//! What the loader is made of.

use super::{Executable, PAGE, find, loader, segments, word};

const BASE: u64 = 0x7f80_0000_0000;

/// A program with these loaded segments: access, offset, address, bytes in the file, bytes in memory.
fn program(lines: &[(u32, [u64; 4])]) -> Vec<u8> {
    let mut program = b"\x7fELF\x02\x01\x01".to_vec();
    program.resize(24, 0);
    for word in [BASE + 0x1234, 64, 0] {
        program.extend(u64::to_le_bytes(word));
    }
    let count = u8::try_from(lines.len()).unwrap();
    program.extend([0, 0, 0, 0, 64, 0, 56, 0, count, 0, 64, 0, 0, 0, 0, 0]);
    for (access, [offset, address, file, memory]) in lines {
        program.extend([1_u32.to_le_bytes(), access.to_le_bytes()].concat());
        for word in [offset, address, address, file, memory, &PAGE] {
            program.extend(word.to_le_bytes());
        }
    }
    program
}

#[test]
fn a_loader_maps_each_segment_from_where_the_image_lies() {
    let image = program(&[
        (4, [0, BASE, 0x1800, 0x1800]),
        (5, [0x1800, BASE + 0x2800, 0x10, 0x10]),
        (6, [0x1810, BASE + 0x3810, 8, 8]),
    ]);
    let loader = loader(&image, 0x10_0000).unwrap();
    let own = segments(&loader).unwrap();
    let [code, stack] = own.as_slice() else { panic!("two segments") };
    assert_eq!((code.address, code.access, stack.access), (BASE + 0x2000_0000, 5, 6));
    assert_eq!(u64::try_from(loader.len()).unwrap(), code.file_size);
    let table = word(&loader, 24).unwrap() - code.address + 80;
    let lines: Vec<u64> = (0..14).map(|index| word(&loader, table + 8 * index).unwrap()).collect();
    let expected = [
        [BASE, 0x2000, 1, 0x10_0000],
        [BASE + 0x2000, 0x1000, 5, 0x10_1000],
        [BASE + 0x3000, 0x1000, 3, 0x10_1000],
    ];
    assert_eq!(lines, [expected.concat(), vec![0, BASE + 0x1234]].concat());
}

#[test]
fn what_a_mapping_does_not_make_is_copied() {
    // Memory that is not in the file, and a place that no page of the file can have.
    for bad in [[0, BASE, 0x10, 0x20], [0x10, BASE, 0x10, 0x10]] {
        assert!(loader(&program(&[(6, bad)]), 0).is_none());
    }
    assert!(loader(b"no program", 0).is_none());
    assert!(loader(&program(&[(4, [0, u64::MAX - 1, 8, 8])]), 0).is_none());
    // Nothing of this test's heap lies in its executable.
    let image: &'static [u8] = Box::leak(program(&[]).into_boxed_slice());
    assert!(find(image).is_none());
    assert!(Executable::of(image).unwrap().source.is_none());
}

#[test]
fn an_image_in_the_executable_is_found() {
    #[repr(align(4096))]
    struct Aligned([u8; 8192]);
    static IMAGE: Aligned = Aligned([7; 8192]);
    let (file, offset) = find(&IMAGE.0).unwrap();
    let mut found = [0; 8192];
    std::os::unix::fs::FileExt::read_exact_at(&file, &mut found, offset).unwrap();
    assert_eq!(found, IMAGE.0);
}
