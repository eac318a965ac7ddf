//! Parameters as a script writes them.

use alloc::collections::VecDeque;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use litebox_libos::memory::buffer;

use crate::abi::ipc::{Direction, PARAMETERS};
use crate::session::{Parameter, Parameters, no_parameters};

/// The most bytes in one parameter.
const MAX_BYTES: u32 = 64 << 20;

/// A number, decimal or hexadecimal after `0x`.
pub(super) fn number(text: &str) -> Option<u32> {
    match text.strip_prefix("0x") {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

/// The parameters that `words` write, at most four.
pub(super) fn parameters(words: &VecDeque<&str>) -> Result<Parameters, String> {
    if words.len() > PARAMETERS {
        return Err(format!("{} parameters are more than {PARAMETERS}", words.len()));
    }
    let mut parameters = no_parameters();
    for (parameter, word) in parameters.iter_mut().zip(words) {
        *parameter = parse(word).map_err(|cause| format!("parameter {word:?}: {cause}"))?;
    }
    Ok(parameters)
}

fn parse(word: &str) -> Result<Parameter, String> {
    let (kind, rest) = word.split_once(':').unwrap_or((word, ""));
    match (kind, rest) {
        ("none", "") => Ok(Parameter::None),
        ("value-out", "") => Ok(Parameter::Value { direction: Direction::Out, a: 0, b: 0 }),
        ("value", _) => value(Direction::In, rest),
        ("value-inout", _) => value(Direction::InOut, rest),
        ("mem", _) => memory(Direction::In, rest, None),
        ("mem-out", "null") => memory(Direction::Out, rest, None),
        ("mem-out", _) => memory(Direction::Out, "", Some(size(rest)?)),
        ("mem-inout", _) => match rest.rsplit_once('/') {
            Some((bytes, room)) => memory(Direction::InOut, bytes, Some(size(room)?)),
            None => memory(Direction::InOut, rest, None),
        },
        _ => Err("it is none of none, value:A,B, value-out, value-inout:A,B, mem:BYTES, mem-out:SIZE, \
                  mem-inout:BYTES[/SIZE]"
            .to_string()),
    }
}

fn value(direction: Direction, text: &str) -> Result<Parameter, String> {
    let numbers = text.split_once(',').and_then(|(a, b)| Some((number(a)?, number(b)?)));
    let (a, b) = numbers.ok_or("two numbers up to 0xffffffff are needed: A,B")?;
    Ok(Parameter::Value { direction, a, b })
}

fn size(text: &str) -> Result<usize, String> {
    let size = number(text).filter(|size| *size <= MAX_BYTES);
    let size = size.ok_or_else(|| format!("{text:?} is no size from 0 to {MAX_BYTES}"))?;
    usize::try_from(size).map_err(|_| "too large for this machine".to_string())
}

/// Memory with the bytes that `text` writes, and room for `room` of them.
fn memory(direction: Direction, text: &str, room: Option<usize>) -> Result<Parameter, String> {
    if text == "null" {
        return Ok(Parameter::Memory { direction, bytes: Vec::new(), size: 0, is_null: true });
    }
    let mut bytes = match text.strip_prefix('"').map(|rest| rest.strip_suffix('"')) {
        Some(Some(text)) => text.as_bytes().to_vec(),
        Some(None) => return Err("a text ends in a quotation mark".to_string()),
        None => hexadecimal(text).ok_or("bytes are an even number of hexadecimal digits")?,
    };
    let count = bytes.len();
    if let Some(room) = room {
        if room < count {
            return Err(format!("{count} bytes do not fit into {room}"));
        }
        let more = buffer::zeroed(room - count).map_err(|error| error.message.to_string())?;
        bytes.extend_from_slice(&more);
    }
    // What an application is told of a buffer is its room.
    Ok(Parameter::memory(direction, bytes))
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| match pair {
            [high, low] => u8::try_from(digit(high)? << 4 | digit(low)?).ok(),
            _ => None,
        })
        .collect()
}
