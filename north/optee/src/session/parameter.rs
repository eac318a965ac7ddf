//! Parameters on their way between a client and an application.

use alloc::vec::Vec;

use crate::abi::ipc::{Direction, PARAMETERS, ParameterKind};

/// One parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Parameter {
    /// None.
    #[default]
    None,
    /// Two numbers.
    Value {
        /// Which way they go.
        direction: Direction,
        /// The first.
        a: u32,
        /// The second.
        b: u32,
    },
    /// Memory of the client's.
    Memory {
        /// Which way the bytes go.
        direction: Direction,
        /// The bytes: as many as there is room for.
        bytes: Vec<u8>,
        /// How many there are, as the application says afterwards; it may want more than there is room for.
        size: u64,
        /// Whether it is no memory at all, but a null pointer.
        is_null: bool,
    },
}

impl Parameter {
    /// Memory with these bytes.
    pub fn memory(direction: Direction, bytes: Vec<u8>) -> Self {
        let size = bytes.len() as u64;
        Self::Memory { direction, bytes, size, is_null: false }
    }

    /// What it is.
    pub fn kind(&self) -> ParameterKind {
        match self {
            Self::None => ParameterKind::None,
            Self::Value { direction, .. } => ParameterKind::Value(*direction),
            Self::Memory { direction, .. } => ParameterKind::Memory(*direction),
        }
    }
}

/// The parameters of a call.
pub type Parameters = [Parameter; PARAMETERS];

/// None at all.
pub const fn no_parameters() -> Parameters {
    [const { Parameter::None }; PARAMETERS]
}
