//! Sessions between applications.

use alloc::sync::Arc;

use litebox_host::memory::Protection;
use litebox_libos::user::UserPointer;

use super::parameters;
use crate::abi::identity::{Identity, LOGIN_TRUSTED_APPLICATION, Uuid};
use crate::abi::ipc::{Origin, RawParameters};
use crate::error::{Result, TeeError};
use crate::host::TeeHost;
use crate::row::Call;
use crate::session::{Pending, Reply, Request, Requester};

/// `_utee_open_ta_session`.
pub(crate) fn open_session<H: TeeHost>(
    call: &mut Call<'_, H>,
    uuid: UserPointer<Uuid>,
    _timeout: u32,
    at: UserPointer<RawParameters>,
    session: UserPointer<u32>,
    origin: UserPointer<u32>,
) -> Result<()> {
    origin.write_if_some(&call.host, &(Origin::Tee as u32))?;
    let wanted = uuid.read(&call.host)?;
    call.check_memory(session.address(), size_of::<u32>(), Protection::WRITE)?;
    let (raw, parameters) = parameters::read(call, at)?;
    let caller = call.application()?.instance.uuid();
    let identity = Identity { login: LOGIN_TRUSTED_APPLICATION, uuid: caller };
    let reply = request(call, Request::Open { uuid: Some(wanted), identity, parameters })?;
    let opened = reply.session;
    let is_open = reply.result.is_ok();
    let told = tell(call, at, raw, origin, reply);
    let told = told.and_then(|()| Ok(session.write(&call.host, &opened)?));
    if is_open && told.is_err() {
        // Nobody learned of the session.
        let _ = request(call, Request::Close { session: opened });
    }
    told
}

/// `_utee_close_ta_session`.
pub(crate) fn close_session<H: TeeHost>(call: &mut Call<'_, H>, session: u32) -> Result<()> {
    request(call, Request::Close { session })?.result
}

/// `_utee_invoke_ta_command`.
pub(crate) fn invoke_command<H: TeeHost>(
    call: &mut Call<'_, H>,
    session: u32,
    _timeout: u32,
    command: u32,
    at: UserPointer<RawParameters>,
    origin: UserPointer<u32>,
) -> Result<()> {
    origin.write_if_some(&call.host, &(Origin::Tee as u32))?;
    let (raw, parameters) = parameters::read(call, at)?;
    let reply = request(call, Request::Invoke { session, command, parameters })?;
    tell(call, at, raw, origin, reply)
}

/// Ask, and wait for the reply.
fn request<H: TeeHost>(call: &mut Call<'_, H>, request: Request) -> Result<Reply> {
    let from = call.identified()?;
    let pending = Arc::new(Pending::new(Arc::clone(&call.application()?.instance)));
    match call.engine.route(request, &from, Requester::Application(Arc::clone(&pending))) {
        Ok(()) => Ok(pending.wait(&call.thread)),
        Err(refused) => Ok(*refused),
    }
}

/// Leave the reply in the application's memory: results of one that is dead are left out.
fn tell<H: TeeHost>(
    call: &Call<'_, H>,
    at: UserPointer<RawParameters>,
    raw: RawParameters,
    origin: UserPointer<u32>,
    reply: Reply,
) -> Result<()> {
    origin.write_if_some(&call.host, &(reply.origin as u32))?;
    if reply.origin == Origin::Application && reply.result != Err(TeeError::TARGET_DEAD) {
        parameters::write(call, at, raw, &reply.parameters)?;
    }
    reply.result
}
