//! Guest memory as source and destination: ranges anywhere, of any length, against a plain model.

use litebox_host::memory::{Memory, PAGE_SIZE, Protection, UserAccess};
use litebox_host_fake::FakeHost;
use litebox_libos::error::ErrorKind;
use litebox_libos::user::{Destination, Source, UserBuffer, UserRange, UserString};

use crate::take::Take;

/// Three pages, of which the middle one is missing.
const BASE: usize = 0x10_0000;

fn host() -> FakeHost {
    let host = FakeHost::new();
    for page in [BASE, BASE + 2 * PAGE_SIZE] {
        let mapped = host.map(page..page + PAGE_SIZE, Protection::READ | Protection::WRITE);
        mapped.expect("the place is free");
    }
    let pattern: Vec<u8> = (0..PAGE_SIZE).map(|index| u8::try_from(index % 251).unwrap_or(0)).collect();
    host.write(BASE, &pattern).expect("mapped");
    host
}

fn is_mapped(address: usize) -> bool {
    let page = address & !(PAGE_SIZE - 1);
    page == BASE || page == BASE + 2 * PAGE_SIZE
}

/// How many bytes from the front of `ranges` can be reached, up to `wanted`.
fn reachable(ranges: &[UserRange], wanted: usize) -> usize {
    let mut count = 0;
    for range in ranges {
        for offset in 0..range.length {
            if count == wanted || !is_mapped(range.address.wrapping_add(offset)) {
                return count;
            }
            count += 1;
        }
    }
    count
}

fn range(take: &mut Take<'_>) -> UserRange {
    let address = match take.byte() % 8 {
        0 => take.below(PAGE_SIZE),
        1 => usize::MAX - take.below(PAGE_SIZE),
        2 => usize::try_from(take.long()).unwrap_or_default(),
        3 => BASE + PAGE_SIZE - take.below(16),
        4 => BASE + 3 * PAGE_SIZE - take.below(16),
        _ => BASE + take.below(3 * PAGE_SIZE),
    };
    let length = match take.byte() % 8 {
        0 => 0,
        1 => usize::MAX - take.below(64),
        2 => usize::try_from(take.long()).unwrap_or_default(),
        _ => take.below(600),
    };
    UserRange { address, length }
}

/// Copy through buffers of ranges that `data` describes, and read strings where it says.
pub(crate) fn fuzz_user(data: &[u8]) {
    let mut take = Take(data);
    let host = host();
    while !take.is_empty() {
        let ranges: Vec<UserRange> = (0..take.below(6)).map(|_| range(&mut take)).collect();
        let mut bytes = vec![0xee; take.below(2000)];
        let possible = reachable(&ranges, bytes.len());
        let mut buffer = UserBuffer::new(&host, &ranges);
        let before = Source::remaining(&buffer);
        let copied = if take.byte() % 2 == 0 { buffer.take(&mut bytes) } else { buffer.put(&bytes) };
        match copied {
            Ok(count) => assert_eq!(count, possible, "{ranges:x?}"),
            Err(error) => {
                assert_eq!((error.kind, possible), (ErrorKind::BadAddress, 0), "{ranges:x?}");
            }
        }
        assert!(Source::remaining(&buffer) <= before, "a buffer grew");
        string(&host, &mut take);
    }
}

fn string(host: &FakeHost, take: &mut Take<'_>) {
    let (address, limit) = (range(take).address, take.below(5000));
    if let Ok(text) = UserString::new(address).read(host, limit, ErrorKind::NameTooLong) {
        assert!(text.len() < limit && !text.contains(&0), "a string of {} within {limit}", text.len());
        let mut end = [1];
        host.read(address.wrapping_add(text.len()), &mut end).expect("its end was read");
        assert_eq!(end, [0], "a string ends at a NUL");
    }
}
