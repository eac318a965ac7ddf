//! Parameters in an application's memory.

use core::ops::Range;

use litebox_host::memory::{PAGE_SIZE, Protection, UserAccess};
use litebox_libos::memory::{AddressSpace, Placement, Span};
use litebox_libos::user::UserPointer;

use crate::abi::ipc::{Direction, PARAMETERS, RawParameters};
use crate::error::Result;
use crate::host::TeeHost;
use crate::loader::map_zeros;
use crate::session::{Parameter, Parameters};

/// Where the parameters of a call are.
pub(super) struct Passed {
    /// The structure, at the top of the stack.
    at: UserPointer<RawParameters>,
    /// The pages with all memory that is passed: those that only go in come first. Empty if there is none.
    window: Range<usize>,
    /// The memory of each, in the window: as much as is the caller's.
    memory: [Option<Range<usize>>; PARAMETERS],
}

impl Passed {
    /// Put `parameters` into an application's memory, the structure below `stack`.
    pub(super) fn pass<H: TeeHost>(
        host: &H,
        memory: &AddressSpace<H>,
        stack: usize,
        parameters: &Parameters,
    ) -> Result<Self> {
        let at = stack.saturating_sub(size_of::<RawParameters>()) & !15;
        let mut passed =
            Self { at: UserPointer::new(at), window: 0..0, memory: [const { None }; PARAMETERS] };
        let filled = passed.map(memory, parameters).and_then(|inputs| {
            let raw = passed.fill(host, parameters)?;
            passed.at.write(host, &raw)?;
            // An input cannot be written.
            if inputs > 0 {
                memory.protect(passed.window.start, inputs, Protection::READ, Span::Exact)?;
            }
            Ok(())
        });
        match filled {
            Ok(()) => Ok(passed),
            Err(error) => {
                passed.remove(memory);
                Err(error)
            }
        }
    }

    /// Make pages for all memory that is passed, each piece on its own. How many bytes of them only go in.
    fn map<H: TeeHost>(&mut self, memory: &AddressSpace<H>, parameters: &Parameters) -> Result<usize> {
        let mut length = 0_usize;
        let mut inputs = 0;
        for is_input in [true, false] {
            for (parameter, place) in parameters.iter().zip(&mut self.memory) {
                let Parameter::Memory { direction, bytes, is_null: false, .. } = parameter else { continue };
                if (*direction == Direction::In) == is_input {
                    let end = length.saturating_add(bytes.len());
                    *place = Some(length..end);
                    // Memory without bytes has an address too.
                    length = end.max(length + 1).next_multiple_of(PAGE_SIZE);
                }
            }
            inputs = if is_input { length } else { inputs };
        }
        if length > 0 {
            let start = map_zeros(memory, Placement::Near(0), length, "[parameters]")?;
            self.window = start..start + length;
            for place in self.memory.iter_mut().flatten() {
                *place = start + place.start..start + place.end;
            }
        }
        Ok(inputs)
    }

    /// Copy what goes in. The structure that tells of it.
    fn fill<H: TeeHost>(&self, host: &H, parameters: &Parameters) -> Result<RawParameters> {
        let mut raw = RawParameters::default();
        let slots = parameters.iter().zip(&self.memory).zip(&mut raw.words);
        for (index, ((parameter, place), words)) in slots.enumerate() {
            raw.types |= parameter.kind().encode() << (4 * index);
            match (parameter, place) {
                (Parameter::Value { direction, a, b }, _) if direction.is_in() => {
                    *words = [u64::from(*a), u64::from(*b)];
                }
                (Parameter::Memory { direction, bytes, .. }, Some(place)) => {
                    *words = [place.start as u64, bytes.len() as u64];
                    if direction.is_in() {
                        UserAccess::write(host, place.start, bytes)?;
                    }
                }
                _ => {}
            }
        }
        Ok(raw)
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
        if !self.window.is_empty() {
            // What cannot be unmapped goes with the instance.
            let _ = memory.unmap(self.window.start, self.window.len());
        }
    }

    /// The pages of a caller's memory.
    pub(super) fn window(&self) -> Range<usize> {
        self.window.clone()
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the low half is what is asked for")]
const fn low(word: u64) -> u32 {
    word as u32
}
