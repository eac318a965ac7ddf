//! Parameters of calls between clients and applications (GlobalPlatform TEE Internal Core API 1.3.1, section 4.3.6; the
//! structure is OP-TEE's `utee_params`).

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// Parameters of a call.
pub const PARAMETERS: usize = 4;

/// Four parameters as an application finds them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct RawParameters {
    /// Four bits each, from the lowest on.
    pub types: u64,
    /// Two words each: the two numbers, or address and size.
    pub words: [[u64; 2]; PARAMETERS],
}

/// Which way a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the application.
    In,
    /// From it.
    Out,
    /// Both ways.
    InOut,
}

impl Direction {
    /// Whether the application finds something.
    pub fn is_in(self) -> bool {
        self != Self::Out
    }

    /// Whether the application leaves something.
    pub fn is_out(self) -> bool {
        self != Self::In
    }

    fn bits(self) -> u64 {
        match self {
            Self::In => 1,
            Self::Out => 2,
            Self::InOut => 3,
        }
    }
}

/// What a parameter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// Nothing.
    None,
    /// Two numbers.
    Value(Direction),
    /// A piece of memory.
    Memory(Direction),
}

impl ParameterKind {
    /// The kind in four bits of [`RawParameters::types`]; `None` for bits that mean nothing.
    pub fn decode(bits: u64) -> Option<Self> {
        let direction = match bits & 3 {
            1 => Direction::In,
            2 => Direction::Out,
            3 => Direction::InOut,
            _ => return (bits == 0).then_some(Self::None),
        };
        match bits >> 2 {
            0 => Some(Self::Value(direction)),
            1 => Some(Self::Memory(direction)),
            _ => None,
        }
    }

    /// The four bits.
    pub fn encode(self) -> u64 {
        match self {
            Self::None => 0,
            Self::Value(direction) => direction.bits(),
            Self::Memory(direction) => 4 | direction.bits(),
        }
    }
}

/// Where a result comes from (section 3.3.3 of the specification, and of the Client API).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The client's library.
    Api = 1,
    /// What lies between client and application.
    Communication = 2,
    /// The trusted operating system.
    Tee = 3,
    /// The application.
    Application = 4,
}

impl Origin {
    /// Its name in the specification, without the prefix.
    pub fn name(self) -> &'static str {
        match self {
            Self::Api => "API",
            Self::Communication => "COMMS",
            Self::Tee => "TEE",
            Self::Application => "TA",
        }
    }
}
