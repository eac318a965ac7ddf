//! Ancillary data: `cmsg(3)`, and the messages of `unix(7)`.

use alloc::sync::Arc;
use alloc::vec::Vec;

use litebox_host::memory::UserAccess;
use litebox_libos::file::{Description, Descriptor};
use litebox_libos::memory::buffer;
use litebox_libos::socket::{Ancillary, Credentials, MAX_ANCILLARY, MAX_DESCRIPTIONS, Received, Socket};
use litebox_libos::user::UserPointer;
use zerocopy::{FromBytes, IntoBytes};

use super::pair::real_credentials;
use crate::abi::socket::{
    Credentials as Ucred, MessageFlags, MessageHeader, PartHeader, SCM_CREDENTIALS, SCM_RIGHTS, SOL_SOCKET,
};
use crate::arg::{Arg, Fd};
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

/// Bytes of a `struct cmsghdr`.
const HEADER: usize = size_of::<PartHeader>();
/// Bytes of a descriptor's number.
const NUMBER: usize = size_of::<i32>();
/// Who is shown for a sender that nobody recorded (`/proc/sys/kernel/overflowuid`).
const OVERFLOW: u32 = 65534;

/// What the ancillary data of a message to be sent says.
///
/// # Errors
/// `EINVAL`, `ENOBUFS`, `EFAULT`; `EBADF`, `ETOOMANYREFS` for descriptors; `EPERM`, `ESRCH` for a false sender.
pub(super) fn decode<H: LinuxHost>(call: &Call<'_, H>, header: &MessageHeader) -> Result<Ancillary> {
    let mut ancillary = Ancillary::new(real_credentials(call));
    let bytes = read(call, header)?;
    let mut descriptions = Vec::new();
    let mut rest = bytes.as_slice();
    while let Ok((part, _)) = PartHeader::read_from_prefix(rest) {
        let length = usize::try_from(part.length).map_err(|_| Errno::EINVAL)?;
        let data = rest.get(HEADER..length).ok_or(Errno::EINVAL)?;
        match (part.level, part.kind) {
            (SOL_SOCKET, SCM_RIGHTS) => collect(call, data, &mut descriptions)?,
            (SOL_SOCKET, SCM_CREDENTIALS) => ancillary.tell(sender(call, data)?),
            (SOL_SOCKET, _) => return Err(Errno::EINVAL),
            _ => {}
        }
        rest = rest.get(length.next_multiple_of(size_of::<u64>())..).unwrap_or_default();
    }
    // Who may do anything may also have more on their way.
    let limit = (!call.credentials.may_change()).then(|| u64::from(call.descriptor_limit()));
    ancillary.carry(call.place.namespace().sockets(), descriptions, limit)?;
    Ok(ancillary)
}

/// Copy ancillary data in.
fn read<H: LinuxHost>(call: &Call<'_, H>, header: &MessageHeader) -> Result<Vec<u8>> {
    let length = usize::decode(header.control_length)?;
    if header.control == 0 || length == 0 {
        return Ok(Vec::new());
    }
    if length > MAX_ANCILLARY {
        return Err(Errno::ENOBUFS);
    }
    let mut bytes = buffer::zeroed(length).map_err(|_| Errno::ENOBUFS)?;
    UserAccess::read(&call.host, usize::decode(header.control)?, &mut bytes)?;
    Ok(bytes)
}

/// Add the descriptions behind the numbers in `data`.
fn collect<H: LinuxHost>(call: &Call<'_, H>, data: &[u8], into: &mut Vec<Arc<Description>>) -> Result<()> {
    let (numbers, _) = data.as_chunks::<NUMBER>();
    if into.len() + numbers.len() > MAX_DESCRIPTIONS {
        return Err(Errno::EINVAL);
    }
    into.try_reserve(numbers.len()).map_err(|_| Errno::ENOMEM)?;
    for number in numbers {
        into.push(call.descriptors.get(Fd(i32::from_le_bytes(*number)).number()?)?);
    }
    Ok(())
}

/// Whom the sender says that it is: itself, unless it may be anybody.
fn sender<H: LinuxHost>(call: &Call<'_, H>, data: &[u8]) -> Result<Credentials> {
    let said = Ucred::read_from_bytes(data).map_err(|_| Errno::EINVAL)?;
    let own = &call.credentials;
    let (user, group) = (own.user, own.group);
    let may_be_anybody = own.may_change();
    let is_allowed = may_be_anybody
        || (said.process == call.process.id()
            && [user.real, user.effective, user.saved].contains(&said.uid)
            && [group.real, group.effective, group.saved].contains(&said.gid));
    if !is_allowed {
        return Err(Errno::EPERM);
    }
    if said.uid == u32::MAX || said.gid == u32::MAX {
        return Err(Errno::EINVAL);
    }
    if said.process != call.process.id() {
        call.process.registry().process(said.process).map_err(|_| Errno::ESRCH)?;
    }
    Ok(Credentials { process: said.process, uid: said.uid, gid: said.gid })
}

/// Room for ancillary data in guest memory.
struct Room {
    address: usize,
    left: usize,
    used: usize,
}

impl Room {
    /// Write a part whose data is `written` bytes already, and go on after it.
    fn finish<H: LinuxHost>(&mut self, call: &Call<'_, H>, kind: i32, written: usize) -> Result<()> {
        let length = HEADER + written;
        let header = PartHeader { length: length as u64, level: SOL_SOCKET, kind };
        UserPointer::new(self.address).write(&call.host, &header)?;
        let space = length.next_multiple_of(size_of::<u64>()).min(self.left);
        self.address = self.address.wrapping_add(space);
        self.left -= space;
        self.used += space;
        Ok(())
    }

    /// Where data of the next part goes.
    fn data(&self) -> usize {
        self.address.wrapping_add(HEADER)
    }
}

/// Tell who sent what was received, where `socket` asks for it, and install the descriptors that came with it. How
/// many bytes of ancillary data that is, and whether some of it is lost.
pub(super) fn tell<H: LinuxHost>(
    call: &Call<'_, H>,
    socket: &Socket,
    header: &MessageHeader,
    received: &mut Received,
    flags: MessageFlags,
) -> Result<(u64, bool)> {
    let left = if header.control == 0 { 0 } else { usize::decode(header.control_length)? };
    let mut room = Room { address: usize::decode(header.control)?, left, used: 0 };
    let mut is_cut = false;
    if socket.passes_credentials() {
        is_cut |= tell_sender(call, &mut room, received.credentials)?;
    }
    let descriptions = core::mem::take(&mut received.descriptions);
    if !descriptions.is_empty() {
        let close_on_exec = flags.contains(MessageFlags::CMSG_CLOEXEC);
        is_cut |= install(call, &mut room, descriptions, close_on_exec)?;
    }
    Ok((room.used as u64, is_cut))
}

fn tell_sender<H: LinuxHost>(
    call: &Call<'_, H>,
    room: &mut Room,
    sender: Option<Credentials>,
) -> Result<bool> {
    let nobody = Credentials { process: 0, uid: OVERFLOW, gid: OVERFLOW };
    let sender = sender.unwrap_or(nobody);
    let told = Ucred { process: sender.process, uid: sender.uid, gid: sender.gid };
    let bytes = told.as_bytes();
    if room.left < HEADER {
        return Ok(true);
    }
    let shown = bytes.get(..room.left - HEADER).unwrap_or(bytes);
    UserAccess::write(&call.host, room.data(), shown)?;
    room.finish(call, SCM_CREDENTIALS, shown.len())?;
    Ok(shown.len() < bytes.len())
}

/// Install as many descriptors as there is room for; the others are closed.
fn install<H: LinuxHost>(
    call: &Call<'_, H>,
    room: &mut Room,
    descriptions: Vec<Arc<Description>>,
    close_on_exec: bool,
) -> Result<bool> {
    let most = room.left.saturating_sub(HEADER) / NUMBER;
    let all = descriptions.len();
    let mut done = 0;
    for description in descriptions.into_iter().take(most) {
        let Ok(fd) = Fd::install(call, Descriptor { description, close_on_exec }) else { break };
        let place = UserPointer::<i32>::new(room.data()).element(done);
        if place.write(&call.host, &fd.0).is_err() {
            // Another thread may have closed it already.
            let _ = call.descriptors.close(fd.number()?);
            break;
        }
        done += 1;
    }
    if done > 0 {
        room.finish(call, SCM_RIGHTS, done * NUMBER)?;
    }
    Ok(done < all)
}
