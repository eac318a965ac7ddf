//! The application: commands and answers are those of `crypto.c`.

use utee::abi::usage;
use utee::application::{Application, Parameter};
use utee::crypto::{Key, Operation, mode};
use utee::{Error, Result};

type Parameters<'a> = [Parameter<'a>; 4];

utee::trusted_application! {
    application: Crypto,
    uuid: "5b0c3d1e-8a41-4d0b-9e11-6c6974650012",
    flags: 0,
    stack_size: 0x4000,
    heap_size: 0x8000,
    version: c"1.0",
    description: c"ciphers, digests and codes",
}

/// `TEE_TYPE_AES`.
const AES: u32 = 0xA000_0010;
/// `TEE_TYPE_HMAC_…`, to which the number of a hash is added.
const HMAC: u32 = 0xA000_0000;
/// `TEE_ALG_HMAC_…`, likewise.
const HMAC_ALGORITHM: u32 = 0x3000_0000;
/// `TEE_ALG_MD5` and its like, likewise.
const DIGEST: u32 = 0x5000_0000;
/// `TEE_ALG_SHA256`.
const SHA256: u32 = 0x5000_0004;
/// Bytes of its result.
const SHA256_LENGTH: usize = 32;

struct Crypto;

impl Application for Crypto {
    type Session = ();

    fn create() -> Result<Self> {
        Ok(Self)
    }

    fn open(&mut self, _: &mut Parameters<'_>) -> Result<()> {
        Ok(())
    }

    fn invoke(&mut self, (): &mut (), command: u32, parameters: &mut Parameters<'_>) -> Result<()> {
        match command {
            0x000..=0x0FF => cipher(command, parameters),
            0x100..=0x1FF => digest(command, parameters),
            0x200..=0x2FF => hmac(command, parameters),
            0x300 => object(parameters),
            0x301 => copy(parameters),
            0x302 => allocate(parameters),
            0x303 => allocate_object(parameters),
            _ => Err(Error::NOT_SUPPORTED),
        }
    }
}

/// Pieces of 1, 2, 3, ... bytes, and what is left after them.
fn pieces(data: &[u8]) -> (impl Iterator<Item = &[u8]>, &[u8]) {
    let (mut count, mut taken) = (0, 0);
    while count + 1 < data.len() - taken {
        count += 1;
        taken += count;
    }
    let (split, rest) = data.split_at(taken);
    let pieces = (1..=count).map(move |step| {
        let start = step * (step - 1) / 2;
        split.get(start..start + step).unwrap_or_default()
    });
    (pieces, rest)
}

fn keyed(algorithm: u32, mode: u32, kind: u32, bytes: &[u8]) -> Result<Operation> {
    let key = Key::secret(kind, bytes)?;
    let mut operation = Operation::new(algorithm, mode, bytes.len() as u32 * 8)?;
    operation.set_key(&key)?;
    Ok(operation)
}

fn cipher(command: u32, parameters: &mut Parameters<'_>) -> Result<()> {
    const ALGORITHMS: [u32; 3] = [0x1000_0010, 0x1000_0110, 0x1000_0210];
    let [
        Parameter::MemoryInput(key),
        Parameter::MemoryInput(iv),
        Parameter::MemoryInput(data),
        Parameter::MemoryOutput(output),
    ] = parameters
    else {
        return Err(Error::BAD_PARAMETERS);
    };
    let algorithm = ALGORITHMS.get(command as usize & 0xF).copied().ok_or(Error::BAD_PARAMETERS)?;
    let mode = if command & 0x10 != 0 { mode::DECRYPT } else { mode::ENCRYPT };
    let mut operation = keyed(algorithm, mode, AES, key)?;
    operation.cipher_init(iv);
    let (output, length) = output.parts();
    if command & 0x20 == 0 {
        return operation.cipher_final(data, output, length);
    }
    let (pieces, rest) = pieces(data);
    let mut done = 0;
    for piece in pieces {
        operation.cipher_update(piece, output.get_mut(done..).unwrap_or_default(), length)?;
        done += *length;
    }
    let result = operation.cipher_final(rest, output.get_mut(done..).unwrap_or_default(), length);
    *length += done;
    result
}

fn digest(command: u32, parameters: &mut Parameters<'_>) -> Result<()> {
    let [Parameter::MemoryInput(data), Parameter::MemoryOutput(output), Parameter::None, Parameter::None] =
        parameters
    else {
        return Err(Error::BAD_PARAMETERS);
    };
    let mut operation = Operation::new(DIGEST + (command & 0xF), mode::DIGEST, 0)?;
    let (output, length) = output.parts();
    if command & 0x10 == 0 {
        return operation.digest_final(data, output, length);
    }
    let (pieces, rest) = pieces(data);
    for piece in pieces {
        operation.digest_update(piece);
    }
    operation.digest_final(rest, output, length)
}

fn hmac(command: u32, parameters: &mut Parameters<'_>) -> Result<()> {
    let [Parameter::MemoryInput(key), Parameter::MemoryInput(data), third, Parameter::None] = parameters
    else {
        return Err(Error::BAD_PARAMETERS);
    };
    let hash = command & 0xF;
    let begin = || {
        let mut operation = keyed(HMAC_ALGORITHM + hash, mode::MAC, HMAC + hash, key)?;
        operation.mac_init();
        operation.mac_update(data);
        Ok(operation)
    };
    match third {
        Parameter::MemoryInput(code) if command & 0x10 != 0 => begin()?.mac_compare(&[], code),
        Parameter::MemoryOutput(output) if command & 0x10 == 0 => {
            let (output, length) = output.parts();
            begin()?.mac_final(&[], output, length)
        }
        _ => Err(Error::BAD_PARAMETERS),
    }
}

fn object(parameters: &mut Parameters<'_>) -> Result<()> {
    let [
        Parameter::MemoryInput(bytes),
        Parameter::ValueOutput(rights),
        Parameter::ValueOutput(sizes),
        Parameter::MemoryOutput(output),
    ] = parameters
    else {
        return Err(Error::BAD_PARAMETERS);
    };
    let mut key = Key::secret(AES, bytes)?;
    let mut copy = Key::empty(AES, 256)?;
    key.restrict(usage::EXTRACTABLE | usage::ENCRYPT)?;
    copy.copy_from(&key)?;
    let information = copy.information()?;
    *rights = [information.object_usage, information.handle_flags];
    *sizes = [information.object_size, information.max_object_size];
    let (output, length) = output.parts();
    copy.secret_value(output, length)
}

fn copy(parameters: &mut Parameters<'_>) -> Result<()> {
    let [Parameter::MemoryInput(data), Parameter::MemoryOutput(output), Parameter::None, Parameter::None] =
        parameters
    else {
        return Err(Error::BAD_PARAMETERS);
    };
    let (output, length) = output.parts();
    let (once, twice) = output.split_at_mut_checked(SHA256_LENGTH).ok_or(Error::BAD_PARAMETERS)?;
    let mut first = Operation::new(SHA256, mode::DIGEST, 0)?;
    let mut second = Operation::new(SHA256, mode::DIGEST, 0)?;
    first.digest_update(data);
    second.copy_from(&first);
    first.digest_final(&[], once, length)?;
    second.digest_final(data, twice, length)?;
    *length = 2 * SHA256_LENGTH;
    Ok(())
}

fn allocate(parameters: &mut Parameters<'_>) -> Result<()> {
    let [
        Parameter::ValueInput([algorithm, mode]),
        Parameter::ValueInput([max_bits, _]),
        Parameter::None,
        Parameter::None,
    ] = parameters
    else {
        return Err(Error::BAD_PARAMETERS);
    };
    Operation::new(*algorithm, *mode, *max_bits).map(drop)
}

fn allocate_object(parameters: &mut Parameters<'_>) -> Result<()> {
    let [Parameter::ValueInput([kind, max_bits]), Parameter::None, Parameter::None, Parameter::None] =
        parameters
    else {
        return Err(Error::BAD_PARAMETERS);
    };
    Key::empty(*kind, *max_bits).map(drop)
}
