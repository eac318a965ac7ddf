//! Which properties there are (section 4.4; libutee answers the application's other ones itself).

use alloc::vec::Vec;

use zerocopy::IntoBytes;

use crate::abi::identity::{Identity, Uuid};
use crate::error::{Result, TeeError};

/// Types of values, as OP-TEE numbers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean = 0,
    Number = 1,
    Uuid = 2,
    Identity = 3,
    String = 4,
    Binary = 5,
}

/// Where a value comes from.
#[derive(Clone, Copy)]
pub(super) enum Source {
    /// It is not so.
    No,
    /// It is this number.
    Number(u32),
    /// It is this text.
    Text(&'static str),
    /// It is no bytes.
    Nothing,
    /// The running session's client.
    Client,
    /// The application's name.
    Application,
    /// The sandbox has no name of its own: nil.
    Device,
}

/// A property's name and value.
pub(super) type Property = (&'static str, Source);

const CLIENT: &[Property] =
    &[("gpd.client.identity", Source::Client), ("gpd.client.endian", Source::Number(0))];
const APPLICATION: &[Property] = &[("gpd.ta.appID", Source::Application)];
const SYSTEM: &[Property] = &[
    ("gpd.tee.apiversion", Source::Text("GPD-1.1-dev")),
    ("gpd.tee.description", Source::Text("LiteBox, in a process of an ordinary system: no secure world")),
    ("gpd.tee.deviceID", Source::Device),
    ("gpd.tee.systemTime.protectionLevel", Source::Number(100)),
    ("gpd.tee.TAPersistentTime.protectionLevel", Source::Number(100)),
    ("gpd.tee.cryptography.ecc", Source::No),
    ("gpd.tee.trustedStorage.antiRollback.protectionLevel", Source::Number(100)),
    ("gpd.tee.trustedos.implementation.version", Source::Text(env!("CARGO_PKG_VERSION"))),
    ("gpd.tee.trustedos.implementation.binaryversion", Source::Nothing),
    ("gpd.tee.trustedos.manufacturer", Source::Text("LiteBox")),
    ("gpd.tee.firmware.implementation.version", Source::Text("none")),
    ("gpd.tee.firmware.implementation.binaryversion", Source::Nothing),
    ("gpd.tee.firmware.manufacturer", Source::Text("none")),
];

/// The properties of a set.
///
/// # Errors
/// `ITEM_NOT_FOUND` for a set that is none.
pub(super) fn set(number: u32) -> Result<&'static [Property]> {
    match number {
        0xffff_fffe => Ok(CLIENT),
        0xffff_ffff => Ok(APPLICATION),
        0xffff_fffd => Ok(SYSTEM),
        _ => Err(TeeError::ITEM_NOT_FOUND),
    }
}

/// The value of `source` as an application finds it: its type and its bytes.
pub(super) fn value(source: Source, client: Identity, application: Uuid) -> (Kind, Vec<u8>) {
    match source {
        Source::No => (Kind::Boolean, [0].to_vec()),
        Source::Number(number) => (Kind::Number, number.to_le_bytes().to_vec()),
        Source::Text(text) => (Kind::String, [text.as_bytes(), &[0]].concat()),
        Source::Nothing => (Kind::Binary, Vec::new()),
        Source::Client => (Kind::Identity, client.as_bytes().to_vec()),
        Source::Application => (Kind::Uuid, application.as_bytes().to_vec()),
        Source::Device => (Kind::Uuid, Uuid::default().as_bytes().to_vec()),
    }
}
