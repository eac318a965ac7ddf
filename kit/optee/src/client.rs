//! A TA as the client of another: section 4.9.
#![expect(unsafe_code, reason = "calls that read and write what C hands over")]

use crate::abi::{PARAMETERS, Parameter, Uuid};
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
    let mut call = arguments.to_call();
    let (mut session, mut origin) = (0, ORIGIN_API);
    // SAFETY: all pointers are to values of ours; the caller vouches for the memory of the arguments.
    let result =
        unsafe { svc::open_session(uuid, timeout_ms, &raw mut call, &raw mut session, &raw mut origin) };
    arguments.read_outputs(&call);
    (check(result).map(|()| session), origin)
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
    let mut call = arguments.to_call();
    let mut origin = ORIGIN_API;
    // SAFETY: all pointers are to values of ours; the caller vouches for the memory of the arguments.
    let result = unsafe { svc::invoke_command(session, timeout_ms, command, &raw mut call, &raw mut origin) };
    let result = check(result);
    if result != Err(Error::TARGET_DEAD) {
        arguments.read_outputs(&call);
    }
    (result, origin)
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
