//! Parameters that one application passes to another.

use litebox_host::memory::{Protection, UserAccess};
use litebox_libos::memory::buffer;
use litebox_libos::user::UserPointer;

use crate::abi::ipc::{Direction, ParameterKind, RawParameters};
use crate::error::{Result, TeeError};
use crate::host::TeeHost;
use crate::row::Call;
use crate::session::{Parameter, Parameters, no_parameters};

/// The most bytes of memory in one call.
const MAX_BYTES: usize = 64 << 20;

/// The parameters at `at`, in the application's words and in ours. A null pointer passes none.
pub(super) fn read<H: TeeHost>(
    call: &Call<'_, H>,
    at: UserPointer<RawParameters>,
) -> Result<(RawParameters, Parameters)> {
    let mut parameters = no_parameters();
    if at.is_null() {
        return Ok((RawParameters::default(), parameters));
    }
    call.check_memory(at.address(), size_of::<RawParameters>(), Protection::READ | Protection::WRITE)?;
    let raw = at.read(&call.host)?;
    let mut room = MAX_BYTES;
    if raw.types >> 16 != 0 {
        return Err(TeeError::BAD_PARAMETERS);
    }
    for (index, (parameter, words)) in parameters.iter_mut().zip(raw.words).enumerate() {
        let kind = ParameterKind::decode(raw.types >> (4 * index) & 15).ok_or(TeeError::BAD_PARAMETERS)?;
        *parameter = match kind {
            ParameterKind::None => Parameter::None,
            ParameterKind::Value(direction) => value(direction, words)?,
            ParameterKind::Memory(direction) => memory(call, direction, words, &mut room)?,
        };
    }
    Ok((raw, parameters))
}

fn value(direction: Direction, words: [u64; 2]) -> Result<Parameter> {
    let words = if direction.is_in() { words } else { [0; 2] };
    let [a, b] = words.map(|word| u32::try_from(word).map_err(|_| TeeError::BAD_PARAMETERS));
    Ok(Parameter::Value { direction, a: a?, b: b? })
}

/// The other application works on a copy. Where OP-TEE would map the caller's own memory it refuses to, and has its library
/// copy first; here there is nothing to refuse.
fn memory<H: TeeHost>(
    call: &Call<'_, H>,
    direction: Direction,
    words: [u64; 2],
    room: &mut usize,
) -> Result<Parameter> {
    let [address, size] = words.map(|word| usize::try_from(word).map_err(|_| TeeError::BAD_PARAMETERS));
    let (address, size) = (address?, size?);
    if address == 0 && size == 0 {
        return Ok(Parameter::Memory { direction, bytes: buffer::zeroed(0)?, size: 0, is_null: true });
    }
    let mut wanted = Protection::empty();
    wanted.set(Protection::READ, direction.is_in());
    wanted.set(Protection::WRITE, direction.is_out());
    call.check_memory(address, size, wanted)?;
    *room = room.checked_sub(size).ok_or(TeeError::OUT_OF_MEMORY)?;
    let mut bytes = buffer::zeroed(size)?;
    if direction.is_in() {
        UserAccess::read(&call.host, address, &mut bytes)?;
    }
    Ok(Parameter::memory(direction, bytes))
}

/// Take back what the other application left.
pub(super) fn write<H: TeeHost>(
    call: &Call<'_, H>,
    at: UserPointer<RawParameters>,
    mut raw: RawParameters,
    parameters: &Parameters,
) -> Result<()> {
    if at.is_null() {
        return Ok(());
    }
    for (parameter, words) in parameters.iter().zip(&mut raw.words) {
        match parameter {
            Parameter::Value { direction, a, b } if direction.is_out() => *words = [(*a).into(), (*b).into()],
            Parameter::Memory { direction, bytes, size, .. } if direction.is_out() => {
                let [address, told] = words;
                let count = usize::try_from(*size).unwrap_or(usize::MAX).min(bytes.len());
                let address = usize::try_from(*address).map_err(|_| TeeError::BAD_PARAMETERS)?;
                UserAccess::write(&call.host, address, bytes.get(..count).unwrap_or_default())?;
                *told = *size;
            }
            _ => {}
        }
    }
    Ok(at.write(&call.host, &raw)?)
}
