//! `sendmsg(2)`, `recvmsg(2)`, `sendmmsg(2)`, `recvmmsg(2)`.

use alloc::vec::Vec;
use core::mem::offset_of;

use litebox_host::time::{Clock, Deadline, Time};
use litebox_libos::file::transfer::deadline_in;
use litebox_libos::user::{UserPointer, UserRange};

use super::address::{encode_sender, read_address, tell};
use super::control;
use super::option::duration;
use super::pair::OpenSocket;
use super::transfer::{MAX_COUNT, Outgoing, answer, receive, send};
use crate::abi::socket::{MAX_RANGES, ManyHeader, MessageFlags, MessageHeader, Range};
use crate::abi::time::Timespec;
use crate::arg::{Arg, Fd};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn sendmsg<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    message: UserPointer<u8>,
    flags: u32,
) -> Result<usize> {
    let open = OpenSocket::of(call, fd)?;
    send_message(call, &open, message.cast(), MessageFlags::from_bits_retain(flags))
}

pub(crate) fn recvmsg<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    message: UserPointer<u8>,
    flags: u32,
) -> Result<usize> {
    let open = OpenSocket::of(call, fd)?;
    receive_message(call, &open, message.cast(), MessageFlags::from_bits_retain(flags))
}

fn send_message<H: LinuxHost>(
    call: &mut Call<'_, H>,
    open: &OpenSocket,
    message: UserPointer<MessageHeader>,
    flags: MessageFlags,
) -> Result<usize> {
    let header = message.read(&call.host)?;
    let name = read_name(call, &header)?;
    let ranges = ranges(call, &header)?;
    let ancillary = control::decode(call, &header)?;
    send(call, open, &ranges, Outgoing { name: &name, ancillary, flags })
}

/// Copy the address in that a message is sent to; one that is too long is cut.
fn read_name<H: LinuxHost>(call: &Call<'_, H>, header: &MessageHeader) -> Result<Vec<u8>> {
    /// The largest address of any family.
    const MOST: usize = 128;
    // A length that is negative as an `int` is refused.
    let length = i32::try_from(header.name_length).ok().and_then(|length| usize::try_from(length).ok());
    let length = length.ok_or(Errno::EINVAL)?.min(MOST);
    match header.name {
        0 => Ok(Vec::new()),
        name => read_address(call, UserPointer::new(usize::decode(name)?), length),
    }
}

fn receive_message<H: LinuxHost>(
    call: &Call<'_, H>,
    open: &OpenSocket,
    message: UserPointer<MessageHeader>,
    flags: MessageFlags,
) -> Result<usize> {
    let header = message.read(&call.host)?;
    let ranges = ranges(call, &header)?;
    let mut received = receive(call, open, &ranges, flags)?;
    let mut result_flags = flags & MessageFlags::CMSG_CLOEXEC;
    result_flags.set(MessageFlags::TRUNC, received.count < received.length);
    let (control_length, is_cut) = control::tell(call, open.socket()?, &header, &mut received, flags)?;
    result_flags.set(MessageFlags::CTRUNC, is_cut);
    let field = |offset: usize| message.cast::<u8>().element(offset);
    if header.name != 0 {
        let name = UserPointer::new(usize::decode(header.name)?);
        let length = field(offset_of!(MessageHeader, name_length)).cast();
        tell(call, &encode_sender(received.from.as_deref()), name, length)?;
    }
    field(offset_of!(MessageHeader, control_length)).cast().write(&call.host, &control_length)?;
    field(offset_of!(MessageHeader, flags)).cast().write(&call.host, &result_flags.bits())?;
    Ok(answer(&received, flags))
}

/// The pieces of guest memory that a message names, together at most what one call transfers.
fn ranges<H: LinuxHost>(call: &Call<'_, H>, header: &MessageHeader) -> Result<Vec<UserRange>> {
    if header.range_count > MAX_RANGES {
        return Err(Errno::EMSGSIZE);
    }
    let array = UserPointer::<Range>::new(usize::decode(header.ranges)?);
    let count = usize::decode(header.range_count)?;
    let mut ranges = Vec::new();
    ranges.try_reserve_exact(count).map_err(|_| Errno::ENOMEM)?;
    let mut left = MAX_COUNT;
    for index in 0..count {
        let range = array.element(index).read(&call.host)?;
        if range.length > i64::MAX.cast_unsigned() {
            return Err(Errno::EINVAL);
        }
        let length = usize::decode(range.length)?;
        let address = usize::decode(range.address)?;
        let shown = if count == 1 { length.min(left) } else { length };
        UserRange { address, length: shown }.reachable(&call.host)?;
        let length = length.min(left);
        left -= length;
        ranges.push(UserRange { address, length });
    }
    Ok(ranges)
}

pub(crate) fn sendmmsg<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    messages: UserPointer<u8>,
    count: u32,
    flags: u32,
) -> Result<u32> {
    let open = OpenSocket::of(call, fd)?;
    let flags = MessageFlags::from_bits_retain(flags);
    each(messages.cast(), count, |message| {
        let length = send_message(call, &open, message.cast(), flags)?;
        tell_length(call, message, length)
    })
}

pub(crate) fn recvmmsg<H: LinuxHost>(
    call: &mut Call<'_, H>,
    fd: Fd,
    messages: UserPointer<u8>,
    count: u32,
    flags: u32,
    timeout: UserPointer<u8>,
) -> Result<u32> {
    let open = OpenSocket::of(call, fd)?;
    let deadline = match timeout.cast::<Timespec>().non_null() {
        Some(timeout) => {
            let time = timeout.read(&call.host)?;
            Some(deadline_in(&call.host, duration(time.seconds, time.nanoseconds, 1_000_000_000)?))
        }
        None => None,
    };
    let mut flags = MessageFlags::from_bits_retain(flags);
    let mut over = false;
    each(messages.cast(), count, |message| {
        // As Linux does, the time is looked at after each message (`recvmmsg(2)`, BUGS).
        if over {
            return Err(Errno::EAGAIN);
        }
        let length = receive_message(call, &open, message.cast(), flags)?;
        if flags.contains(MessageFlags::WAITFORONE) {
            flags |= MessageFlags::DONTWAIT;
        }
        over = deadline.is_some_and(|deadline| now(&call.host) >= deadline);
        tell_length(call, message, length)
    })
}

/// Do `act` with each message until one fails, which is an error only if it is the first.
fn each(
    messages: UserPointer<ManyHeader>,
    count: u32,
    mut act: impl FnMut(UserPointer<ManyHeader>) -> Result<()>,
) -> Result<u32> {
    /// `UIO_MAXIOV`.
    const MOST: u32 = 1024;
    let count = count.min(MOST);
    for done in 0..count {
        match act(messages.element(done as usize)) {
            Err(_) if done > 0 => return Ok(done),
            outcome => outcome?,
        }
    }
    Ok(count)
}

fn tell_length<H: LinuxHost>(
    call: &Call<'_, H>,
    message: UserPointer<ManyHeader>,
    length: usize,
) -> Result<()> {
    let field = message.cast::<u8>().element(offset_of!(ManyHeader, length)).cast();
    Ok(field.write(&call.host, &u32::try_from(length).unwrap_or(u32::MAX))?)
}

fn now(host: &impl Time) -> Deadline {
    Deadline(u64::try_from(host.now(Clock::Monotonic).as_nanos()).unwrap_or(u64::MAX))
}
