//! The bodies of the fuzz targets, both sides: decoding is total, and what is accepted survives another trip.

use crate::{MAX_DATAGRAM, Reply, Request, StartView};
use alloc::vec;

/// Decodes `data` as a request, as the broker does.
///
/// # Panics
/// When an accepted message changes on another trip: a bug of this crate.
pub fn fuzz_request(data: &[u8]) {
    let Ok(request) = Request::decode(data) else { return };
    let mut buffer = vec![0; MAX_DATAGRAM];
    let length = request.encode(&mut buffer).expect("what was decoded can be encoded");
    let again = Request::decode(buffer.get(..length).unwrap_or_default());
    assert_eq!(again, Ok(request), "a request changed on its way");
}

/// Decodes `data` as a reply, as the sandbox does.
///
/// # Panics
/// When an accepted message changes on another trip: a bug of this crate.
pub fn fuzz_reply(data: &[u8]) {
    let Ok(reply) = Reply::decode(data) else { return };
    if let Reply::Entries { entries, .. } = reply {
        assert!(entries.iter().all(|entry| !entry.name.is_empty()), "an entry without a name");
    }
    let mut buffer = vec![0; MAX_DATAGRAM];
    let length = reply.encode(&mut buffer).expect("what was decoded can be encoded");
    let again = Reply::decode(buffer.get(..length).unwrap_or_default());
    assert_eq!(again, Ok(reply), "a reply changed on its way");
}

/// Decodes `data` as a start block, as the sandbox does, and walks all its lists.
///
/// # Panics
/// When a checked list gives another number of items: a bug of this crate.
pub fn fuzz_start(data: &[u8]) {
    let Ok(view) = StartView::decode(data) else { return };
    assert_eq!(view.arguments.iter().count(), view.arguments.len(), "arguments were lost");
    assert_eq!(view.environment.iter().count(), view.environment.len(), "variables were lost");
    assert!(view.mounts.iter().all(|mount| mount.target.starts_with(b"/")), "a mount without a place");
    let _groups = view.groups.iter().count();
}
