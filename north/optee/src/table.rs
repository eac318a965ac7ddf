//! What a guest may ask: one row a call, in two tables. Which one holds is decided by who calls: an application, or the
//! loader `ldelf` that OP-TEE runs as user code.
//!
//! A row is `/// what it does` · number · noun · name(arguments): support. From it come the dispatch entry, argument
//! decoding and the compatibility page. Support is `full`, `partial "what is missing"`, `planned` (`NOT_SUPPORTED`
//! today) or `refused ERROR "why"`. `full` and `partial` rows call `crate::syscall::<noun>::<name>(call, arguments…)`.

use litebox_libos::user::UserPointer;

use crate::abi::identity::Uuid;
use crate::abi::ipc::RawParameters;
use crate::abi::memory::AccessFlags;
use crate::abi::time::Time;
use crate::arg::Arg;
use crate::error::{Result, TeeError};
use crate::host::TeeHost;
use crate::row::{Argument, Call, Handler, Row, Support, argument, not_supported};

#[cfg(test)]
mod tests;

/// One more than the largest number that a row may have.
pub const NUMBERS: usize = 71;

macro_rules! support {
    (full) => {
        Support::Full
    };
    (partial $missing:literal) => {
        Support::Partial($missing)
    };
    (planned) => {
        Support::Planned
    };
    (refused $error:ident $why:literal) => {
        Support::Refused(TeeError::$error, $why)
    };
}

macro_rules! row_function {
    ($noun:ident $name:ident ($($arg:ident: $kind:ty),*): planned) => {
        pub(super) fn $name<H: TeeHost>(call: &mut Call<'_, H>) -> Result<()> {
            not_supported(call)
        }
    };
    ($noun:ident $name:ident ($($arg:ident: $kind:ty),*): refused $error:ident $why:literal) => {
        pub(super) fn $name<H: TeeHost>(_: &mut Call<'_, H>) -> Result<()> {
            Err(TeeError::$error)
        }
    };
    ($noun:ident $name:ident ($($arg:ident: $kind:ty),*): $($support:tt)+) => {
        pub(super) fn $name<H: TeeHost>(call: &mut Call<'_, H>) -> Result<()> {
            row_arguments!(call, 0; $($arg: $kind),*);
            crate::syscall::$noun::$name(call, $($arg),*)
        }
    };
}

macro_rules! row_arguments {
    ($call:ident, $index:expr;) => {};
    ($call:ident, $index:expr; $arg:ident: $kind:ty $(, $rest:ident: $rest_kind:ty)*) => {
        let $arg = <$kind as Arg>::decode(argument($call.registers, $index))?;
        row_arguments!($call, $index + 1; $($rest: $rest_kind),*);
    };
}

macro_rules! calls {
    ($(#[$meta:meta])* $caller:ident; $(
        #[doc = $doc:literal]
        $number:literal $noun:ident $name:ident ($($arg:ident: $kind:ty),* $(,)?):
            $support:ident $($error:ident)? $($detail:literal)?;
    )*) => {
        $(#[$meta])*
        pub mod $caller {
            use super::*;

            mod rows {
                use super::*;
                $(row_function!($noun $name ($($arg: $kind),*): $support $($error)? $($detail)?);)*
            }

            /// All rows, in the order of their numbers.
            pub const ROWS: &[Row] = &[$(Row {
                number: $number,
                noun: stringify!($noun),
                name: stringify!($name),
                doc: $doc,
                arguments: &[$(Argument { name: stringify!($arg), kind: stringify!($kind) }),*],
                support: support!($support $($error)? $($detail)?),
            }),*];

            pub(super) const fn handlers<H: TeeHost>() -> [Handler<H>; NUMBERS] {
                let mut table: [Handler<H>; NUMBERS] = [not_supported::<H>; NUMBERS];
                $(table[$number] = rows::$name::<H>;)*
                table
            }
        }
    };
}

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A trusted application.
    Application,
    /// Its loader.
    Loader,
}

/// The dispatch tables for one host.
pub struct Dispatch<H>(core::marker::PhantomData<H>);

impl<H: TeeHost> Dispatch<H> {
    const APPLICATION: &'static [Handler<H>; NUMBERS] = &application::handlers::<H>();
    const LOADER: &'static [Handler<H>; NUMBERS] = &loader::handlers::<H>();

    /// The function of the row of `caller` numbered `number`.
    pub fn handler(caller: Caller, number: u64) -> Handler<H> {
        let table = match caller {
            Caller::Application => Self::APPLICATION,
            Caller::Loader => Self::LOADER,
        };
        let row = usize::try_from(number).ok().and_then(|number| table.get(number));
        row.copied().unwrap_or(not_supported::<H>)
    }
}

calls! {
    /// What an application may ask.
    application;
    /// End the entry, with a result.
    0 process leave(result: u32): full;
    /// Show a text to whoever runs the sandbox.
    1 console log(text: UserPointer<u8>, length: usize): full;
    /// End the instance.
    2 process panic(code: u32): full;
    /// A property by its index: type, value and name.
    3 identity get_property(set: u32, index: u32, name: UserPointer<u8>, name_length: UserPointer<u32>,
        value: UserPointer<u8>, value_length: UserPointer<u32>, kind: UserPointer<u32>): full;
    /// The index of a property.
    4 identity get_property_name_to_index(set: u32, name: UserPointer<u8>, length: usize,
        index: UserPointer<u32>): full;
    /// Open a session of another application.
    5 ipc open_session(uuid: UserPointer<Uuid>, timeout: u32, parameters: UserPointer<RawParameters>,
        session: UserPointer<u32>, origin: UserPointer<u32>):
        partial "the time-out is not looked at; there are no applications of the system's own; memory of the caller's own is copied, where OP-TEE refuses it";
    /// Close it.
    6 ipc close_session(session: u32): full;
    /// Have it run a command.
    7 ipc invoke_command(session: u32, timeout: u32, command: u32, parameters: UserPointer<RawParameters>,
        origin: UserPointer<u32>): partial "as for open_session";
    /// Whether memory may be used in some way.
    8 memory check_access_rights(flags: AccessFlags, buffer: usize, length: usize): full;
    /// Whether the running operation is to be cancelled.
    9 event get_cancellation_flag(cancelled: UserPointer<u32>): partial "clients cannot cancel yet";
    /// Let cancellation through.
    10 event unmask_cancellation(before: UserPointer<u32>): full;
    /// Hold cancellation back.
    11 event mask_cancellation(before: UserPointer<u32>): full;
    /// Sleep.
    12 time wait(milliseconds: u32): full;
    /// A time.
    13 time get_time(category: u32, time: UserPointer<Time>): full;
    /// Set the application's own time.
    14 time set_ta_time(time: UserPointer<Time>): partial "the time is kept while the sandbox runs, not beyond";
    /// Begin an operation with keys.
    15 crypto state_allocate(algorithm: u32, mode: u32, key1: u32, key2: u32, state: UserPointer<u32>):
        partial "AES in the modes ECB, CBC and CTR, digests and HMAC";
    /// Copy an operation's state.
    16 crypto state_copy(to: u32, from: u32): full;
    /// End an operation, and close its keys.
    17 crypto state_free(state: u32): full;
    /// Begin a digest or a message authentication code.
    18 crypto hash_initialise(state: u32, iv: UserPointer<u8>, iv_length: usize): full;
    /// Add to it.
    19 crypto hash_update(state: u32, data: UserPointer<u8>, length: usize): full;
    /// Add to it, and have the result.
    20 crypto hash_final(state: u32, data: UserPointer<u8>, length: usize, result: UserPointer<u8>,
        result_length: UserPointer<u64>): full;
    /// Begin to encrypt or decrypt.
    21 crypto cipher_initialise(state: u32, iv: UserPointer<u8>, iv_length: usize): full;
    /// Encrypt or decrypt.
    22 crypto cipher_update(state: u32, source: UserPointer<u8>, length: usize, result: UserPointer<u8>,
        result_length: UserPointer<u64>): full;
    /// Encrypt or decrypt what is left.
    23 crypto cipher_final(state: u32, source: UserPointer<u8>, length: usize, result: UserPointer<u8>,
        result_length: UserPointer<u64>): full;
    /// What an object is.
    24 crypto object_information(object: u32, information: UserPointer<u8>): full;
    /// Give up some usages of an object.
    25 crypto restrict_usage(object: u32, usage: u32): full;
    /// An attribute of an object.
    26 crypto get_attribute(object: u32, attribute: u32, buffer: UserPointer<u8>, size: UserPointer<u64>): full;
    /// Make a transient object.
    27 crypto object_allocate(kind: u32, maximum_bits: u32, object: UserPointer<u32>):
        partial "asymmetric keys are not supported";
    /// Close an object.
    28 crypto object_close(object: u32): full;
    /// Forget what a transient object holds.
    29 crypto object_reset(object: u32): full;
    /// Give a transient object its attributes.
    30 crypto object_populate(object: u32, attributes: UserPointer<u8>, count: usize): full;
    /// Copy one object's attributes to another.
    31 crypto object_copy(to: u32, from: u32): full;
    /// Derive a key.
    32 crypto derive_key(state: u32, parameters: UserPointer<u8>, count: usize, object: u32): planned;
    /// Random bytes.
    33 random generate(buffer: UserPointer<u8>, length: usize): full;
    /// Begin authenticated encryption.
    34 crypto authenticated_initialise(state: u32, nonce: UserPointer<u8>, nonce_length: usize, tag_length: usize,
        additional_length: usize, payload_length: usize): planned;
    /// Add authenticated data.
    35 crypto authenticated_update_data(state: u32, data: UserPointer<u8>, length: usize): planned;
    /// Encrypt or decrypt.
    36 crypto authenticated_update_payload(state: u32, source: UserPointer<u8>, length: usize,
        result: UserPointer<u8>, result_length: UserPointer<u64>): planned;
    /// Encrypt what is left, and have the tag.
    37 crypto authenticated_encrypt_final(state: u32, source: UserPointer<u8>, length: usize, result: UserPointer<u8>,
        result_length: UserPointer<u64>, tag: UserPointer<u8>, tag_length: UserPointer<u64>): planned;
    /// Decrypt what is left, and check the tag.
    38 crypto authenticated_decrypt_final(state: u32, source: UserPointer<u8>, length: usize, result: UserPointer<u8>,
        result_length: UserPointer<u64>, tag: UserPointer<u8>, tag_length: usize): planned;
    /// Encrypt, decrypt or sign with an asymmetric key.
    39 crypto asymmetric_operate(state: u32, parameters: UserPointer<u8>, count: usize, source: UserPointer<u8>,
        length: usize, result: UserPointer<u8>, result_length: UserPointer<u64>): planned;
    /// Check a signature.
    40 crypto asymmetric_verify(state: u32, parameters: UserPointer<u8>, count: usize, data: UserPointer<u8>,
        length: usize, signature: UserPointer<u8>, signature_length: usize): planned;
    /// Open a stored object.
    41 file storage_open(storage: u32, name: UserPointer<u8>, length: usize, flags: u32, object: UserPointer<u32>):
        planned;
    /// Make a stored object.
    42 file storage_create(storage: u32, name: UserPointer<u8>, name_length: usize, flags: u32, attributes: u32,
        data: UserPointer<u8>, length: usize, object: UserPointer<u32>): planned;
    /// Delete a stored object.
    43 file storage_delete(object: u32): planned;
    /// Give a stored object another name.
    44 file storage_rename(object: u32, name: UserPointer<u8>, length: usize): planned;
    /// Make an enumerator.
    45 file enumerator_allocate(enumerator: UserPointer<u32>): planned;
    /// Forget it.
    46 file enumerator_free(enumerator: u32): planned;
    /// Back to its beginning.
    47 file enumerator_reset(enumerator: u32): planned;
    /// List a storage.
    48 file enumerator_start(enumerator: u32, storage: u32): planned;
    /// The next stored object.
    49 file enumerator_next(enumerator: u32, information: UserPointer<u8>, name: UserPointer<u8>,
        length: UserPointer<u64>): planned;
    /// Read an object's data.
    50 file storage_read(object: u32, data: UserPointer<u8>, length: usize, count: UserPointer<u64>): planned;
    /// Write them.
    51 file storage_write(object: u32, data: UserPointer<u8>, length: usize): planned;
    /// Cut them, or make them longer.
    52 file storage_truncate(object: u32, length: usize): planned;
    /// Move the position in them.
    53 file storage_seek(object: u32, offset: u32, whence: u32): planned;
    /// Make a key.
    54 crypto generate_key(object: u32, bits: u32, parameters: UserPointer<u8>, count: usize):
        partial "secret keys alone";
    /// Formerly of secure elements.
    55 ipc secure_element_open(): refused NOT_SUPPORTED "OP-TEE has it no more";
    /// Formerly of secure elements.
    56 ipc secure_element_close(): refused NOT_SUPPORTED "OP-TEE has it no more";
    /// Formerly of secure elements.
    57 ipc secure_element_readers(): refused NOT_SUPPORTED "OP-TEE has it no more";
    /// Formerly of secure elements.
    58 ipc secure_element_properties(): refused NOT_SUPPORTED "OP-TEE has it no more";
    /// Formerly of secure elements.
    59 ipc secure_element_name(): refused NOT_SUPPORTED "OP-TEE has it no more";
    /// Formerly of secure elements.
    60 ipc secure_element_open_session(): refused NOT_SUPPORTED "OP-TEE has it no more";
    /// Formerly of secure elements.
    61 ipc secure_element_close_sessions(): refused NOT_SUPPORTED "OP-TEE has it no more";
    /// Formerly of secure elements.
    62 ipc secure_element_is_closed(): refused NOT_SUPPORTED "OP-TEE has it no more";
    /// Formerly of secure elements.
    63 ipc secure_element_answer(): refused NOT_SUPPORTED "OP-TEE has it no more";
    /// Formerly of secure elements.
    64 ipc secure_element_open_channel(): refused NOT_SUPPORTED "OP-TEE has it no more";
    /// Formerly of secure elements.
    65 ipc secure_element_close_session(): refused NOT_SUPPORTED "OP-TEE has it no more";
    /// Formerly of secure elements.
    66 ipc secure_element_select(): refused NOT_SUPPORTED "OP-TEE has it no more";
    /// Formerly of secure elements.
    67 ipc secure_element_response(): refused NOT_SUPPORTED "OP-TEE has it no more";
    /// Formerly of secure elements.
    68 ipc secure_element_transmit(): refused NOT_SUPPORTED "OP-TEE has it no more";
    /// Formerly of secure elements.
    69 ipc secure_element_close_channel(): refused NOT_SUPPORTED "OP-TEE has it no more";
    /// Clean or drop what caches hold of memory.
    70 memory cache_operation(address: usize, length: usize, operation: u32): planned;
}

calls! {
    /// What the loader `ldelf` may ask. Applications are loaded by the library OS itself; a loader of the guest's own is
    /// not run yet.
    loader;
    /// End the entry, with a result.
    0 process leave(result: u32): planned;
    /// Show a text.
    1 console log(text: UserPointer<u8>, length: usize): planned;
    /// End the instance.
    2 process panic(code: u32): planned;
    /// Map zeroed memory.
    3 memory map_zeros(address: UserPointer<u64>, length: usize, before: usize, after: usize, flags: u32): planned;
    /// Unmap memory.
    4 memory unmap(address: usize, length: usize): planned;
    /// Open an application's file.
    5 file open_binary(uuid: UserPointer<Uuid>, length: usize, handle: UserPointer<u32>): planned;
    /// Close it.
    6 file close_binary(handle: u32): planned;
    /// Map it.
    7 memory map_binary(address: UserPointer<u64>, length: usize, handle: u32, offset: usize, before: usize,
        after: usize, flags: u32): planned;
    /// Copy from it.
    8 file copy_from_binary(to: UserPointer<u8>, offset: usize, length: usize, handle: u32): planned;
    /// Change the protection of memory.
    9 memory set_protection(address: usize, length: usize, flags: u32): planned;
    /// Move memory.
    10 memory remap(from: usize, to: UserPointer<u64>, length: usize, before: usize, after: usize): planned;
    /// Random bytes.
    11 random generate(buffer: UserPointer<u8>, length: usize): planned;
}
