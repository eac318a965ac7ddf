//! A TA as the client of another: section 4.9.
#![expect(unsafe_code, reason = "calls that read and write what C hands over")]

use crate::abi::{CallParameters, PARAMETERS, Parameter, Uuid};
use crate::bounce::Bounce;
use crate::error::{Error, Result, check, number};
use crate::fault::{self, misuse};
use crate::parameters::Arguments;
use crate::svc;

/// `TEE_ORIGIN_API`: what an origin is before anybody has answered.
const ORIGIN_API: u32 = 1;

/// Opens a session with another TA; the answers are the result, the session and the origin of an error.
///
/// # Safety
/// Memory that the arguments refer to can be used as their types say.
unsafe fn open(uuid: &Uuid, timeout_ms: u32, arguments: &mut Arguments) -> (Result<u32>, u32) {
    let (mut session, mut origin) = (0, ORIGIN_API);
    let operation = |call: &mut CallParameters| {
        // SAFETY: all pointers are to values of ours; the caller vouches for the memory of the arguments.
        unsafe { svc::open_session(uuid, timeout_ms, call, &raw mut session, &raw mut origin) }
    };
    // SAFETY: the caller vouches for the memory of the arguments.
    let result = unsafe { with_shared(arguments, operation) };
    (result.map(|()| session), origin)
}

/// Invokes a command of another TA; the answers are the result and the origin of an error.
///
/// # Safety
/// Memory that the arguments refer to can be used as their types say.
unsafe fn invoke(
    session: u32,
    timeout_ms: u32,
    command: u32,
    arguments: &mut Arguments,
) -> (Result<()>, u32) {
    let mut origin = ORIGIN_API;
    let operation = |call: &mut CallParameters| {
        // SAFETY: all pointers are to values of ours; the caller vouches for the memory of the arguments.
        unsafe { svc::invoke_command(session, timeout_ms, command, call, &raw mut origin) }
    };
    // SAFETY: the caller vouches for the memory of the arguments.
    let result = unsafe { with_shared(arguments, operation) };
    (result, origin)
}

/// Runs an operation whose memory the other TA can have, and takes its outputs unless the other TA is dead.
///
/// # Safety
/// Memory that the arguments refer to can be used as their types say.
unsafe fn with_shared(
    arguments: &mut Arguments,
    operation: impl FnOnce(&mut CallParameters) -> u32,
) -> Result<()> {
    let mut call = arguments.to_call();
    // SAFETY: the caller vouches for the memory of the arguments.
    let bounce = unsafe { Bounce::share(&mut call)? };
    let result = check(operation(&mut call));
    let is_told = result != Err(Error::TARGET_DEAD);
    if !is_told {
        // No byte has come.
        call = CallParameters { types: call.types, ..CallParameters::default() };
    }
    if let Some(bounce) = bounce {
        // SAFETY: the caller vouches for the memory of the arguments.
        unsafe { bounce.finish(&call) };
    }
    if is_told {
        arguments.read_outputs(&call);
    }
    result
}

/// What C hands over; types without parameters are none.
fn arguments(types: u32, parameters: Option<&[Parameter; PARAMETERS]>) -> Arguments {
    match parameters {
        Some(parameters) => Arguments { types, parameters: *parameters },
        None if types == 0 => Arguments::default(),
        None => misuse(),
    }
}

/// Opens a session with another TA.
///
/// # Safety
/// Memory that the parameters refer to can be used as their types say.
#[unsafe(no_mangle)]
unsafe extern "C" fn TEE_OpenTASession(
    uuid: Option<&Uuid>,
    timeout_ms: u32,
    types: u32,
    parameters: Option<&mut [Parameter; PARAMETERS]>,
    session: Option<&mut usize>,
    origin: Option<&mut u32>,
) -> u32 {
    let (Some(uuid), Some(session)) = (uuid, session) else { misuse() };
    let mut arguments = arguments(types, parameters.as_deref());
    // SAFETY: the caller vouches for the memory of the parameters.
    let (result, from) = unsafe { open(uuid, timeout_ms, &mut arguments) };
    *session = result.map_or(0, |session| session as usize);
    write_back(arguments, parameters, origin, from);
    number(result.map(|_| ()))
}

fn write_back(
    arguments: Arguments,
    parameters: Option<&mut [Parameter; PARAMETERS]>,
    origin: Option<&mut u32>,
    from: u32,
) {
    if let Some(parameters) = parameters {
        *parameters = arguments.parameters;
    }
    if let Some(origin) = origin {
        *origin = from;
    }
}

/// Closes a session with another TA; null is none.
#[unsafe(no_mangle)]
extern "C" fn TEE_CloseTASession(session: usize) {
    if session != 0 {
        // SAFETY: the call has no pointer.
        let result = unsafe { svc::close_session(session as u32) };
        fault::succeed(result);
    }
}

/// Invokes a command of another TA.
///
/// # Safety
/// Memory that the parameters refer to can be used as their types say.
#[unsafe(no_mangle)]
unsafe extern "C" fn TEE_InvokeTACommand(
    session: usize,
    timeout_ms: u32,
    command: u32,
    types: u32,
    parameters: Option<&mut [Parameter; PARAMETERS]>,
    origin: Option<&mut u32>,
) -> u32 {
    let mut arguments = arguments(types, parameters.as_deref());
    // SAFETY: the caller vouches for the memory of the parameters.
    let (result, from) = unsafe { invoke(session as u32, timeout_ms, command, &mut arguments) };
    write_back(arguments, parameters, origin, from);
    number(result)
}
