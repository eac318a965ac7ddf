//! Parameters in an application's memory.

use core::ops::Range;

use litebox_host::memory::{PAGE_SIZE, Protection, UserAccess};
use litebox_libos::memory::{AddressSpace, Placement, Span};
use litebox_libos::user::UserPointer;

use crate::abi::ipc::{Direction, PARAMETERS, RawParameters};
use crate::error::{Result, TeeError};
use crate::host::TeeHost;
use crate::loader::map_zeros;
use crate::session::{Parameter, Parameters};

/// Where the parameters of a call are.
pub(super) struct Passed {
    /// The structure, at the top of the stack.
    at: UserPointer<RawParameters>,
    /// The memory of each, and how much of it is the caller's.
    memory: [Option<Range<usize>>; PARAMETERS],
}

impl Passed {
    /// Put `parameters` into an application's memory, the structure below `stack`.
    pub(super) fn pass<H: TeeHost>(
        host: &H,
        memory: &AddressSpace<H>,
        stack: usize,
        parameters: &mut Parameters,
    ) -> Result<Self> {
        let at = stack.saturating_sub(size_of::<RawParameters>()) & !15;
        let mut passed = Self { at: UserPointer::new(at), memory: [const { None }; PARAMETERS] };
        let mut raw = RawParameters::default();
        let slots = passed.memory.iter_mut().zip(&mut raw.words);
        let mut outcome = Ok(());
        for (index, (parameter, (place, words))) in parameters.iter().zip(slots).enumerate() {
            raw.types |= parameter.kind().encode() << (4 * index);
            match pass_one(host, memory, parameter) {
                Ok(One { words: passed_words, range }) => (*words, *place) = (passed_words, range),
                Err(error) => outcome = outcome.and(Err(error)),
            }
        }
        match outcome.and_then(|()| Ok(passed.at.write(host, &raw)?)) {
            Ok(()) => Ok(passed),
            Err(error) => {
                passed.remove(memory);
                Err(error)
            }
        }
    }

    /// Where the structure is.
    pub(super) fn address(&self) -> usize {
        self.at.address()
    }

    /// Take over what the application left: numbers, sizes, and bytes as far as there is room for them.
    pub(super) fn fetch<H: TeeHost>(&self, host: &H, parameters: &mut Parameters) -> Result<()> {
        let raw = self.at.read(host)?;
        for ((parameter, range), [first, second]) in parameters.iter_mut().zip(&self.memory).zip(raw.words) {
            match parameter {
                Parameter::Value { direction, a, b } if direction.is_out() => {
                    // The specification's numbers have 32 bits.
                    (*a, *b) = (low(first), low(second));
                }
                Parameter::Memory { direction, bytes, size, .. } if direction.is_out() => {
                    *size = second;
                    let count = usize::try_from(second).unwrap_or(usize::MAX).min(bytes.len());
                    let to = bytes.get_mut(..count).unwrap_or_default();
                    if let Some(range) = range {
                        UserAccess::read(host, range.start, to)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Take the memory away again.
    pub(super) fn remove<H: TeeHost>(&self, memory: &AddressSpace<H>) {
        for range in self.memory.iter().flatten() {
            let length = range.len().next_multiple_of(PAGE_SIZE);
            // What cannot be unmapped goes with the instance.
            let _ = memory.unmap(range.start, length);
        }
    }

    /// Whether `length` bytes at `address` are in one of the pieces.
    pub(super) fn contains(&self, address: usize, length: usize) -> bool {
        let Some(end) = address.checked_add(length) else { return false };
        self.memory.iter().flatten().any(|range| range.start <= address && end <= range.end)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the low half is what is asked for")]
const fn low(word: u64) -> u32 {
    word as u32
}

struct One {
    words: [u64; 2],
    range: Option<Range<usize>>,
}

fn pass_one<H: TeeHost>(host: &H, memory: &AddressSpace<H>, parameter: &Parameter) -> Result<One> {
    match parameter {
        Parameter::None => Ok(One { words: [0; 2], range: None }),
        Parameter::Value { direction, a, b } => {
            let words = if direction.is_in() { [u64::from(*a), u64::from(*b)] } else { [0; 2] };
            Ok(One { words, range: None })
        }
        Parameter::Memory { is_null: true, .. } => Ok(One { words: [0; 2], range: None }),
        Parameter::Memory { direction, bytes, .. } => pass_memory(host, memory, *direction, bytes),
    }
}

/// Memory of a caller's has pages of its own; those of an input cannot be written.
fn pass_memory<H: TeeHost>(
    host: &H,
    memory: &AddressSpace<H>,
    direction: Direction,
    bytes: &[u8],
) -> Result<One> {
    let length = bytes.len().max(1);
    let start = map_zeros(memory, Placement::Near(0), length, "[parameter]")?;
    let range = start..start + bytes.len();
    let filled = match direction.is_in() {
        true => UserAccess::write(host, start, bytes).map_err(TeeError::from),
        false => Ok(()),
    };
    let protected = filled.and_then(|()| match direction {
        Direction::In => {
            Ok(memory.protect(start, length.next_multiple_of(PAGE_SIZE), Protection::READ, Span::Exact)?)
        }
        _ => Ok(()),
    });
    match protected {
        Ok(()) => Ok(One { words: [start as u64, bytes.len() as u64], range: Some(range) }),
        Err(error) => {
            let _ = memory.unmap(start, length.next_multiple_of(PAGE_SIZE));
            Err(error)
        }
    }
}
