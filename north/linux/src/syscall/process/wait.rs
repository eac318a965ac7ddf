//! `wait4(2)`, `waitid(2)`.

use litebox_host::memory::UserAccess;
use litebox_libos::file::FileStatus;
use litebox_libos::process::{Change, Changed, ChildCode, Children, ProcessFile, Usage, WaitFlags};
use litebox_libos::signal::Signal;
use litebox_libos::user::UserPointer;

use crate::abi::limit::Rusage;
use crate::abi::process::{P_ALL, P_PGID, P_PID, P_PIDFD, WaitOptions};
use crate::arg::Fd;
use crate::error::{Errno, Result};
use crate::host::LinuxHost;
use crate::row::Call;

pub(crate) fn wait4<H: LinuxHost>(
    call: &mut Call<'_, H>,
    process: i32,
    status: UserPointer<i32>,
    options: i32,
    usage: UserPointer<u8>,
) -> Result<u32> {
    let options = WaitOptions::from_bits(options.cast_unsigned()).ok_or(Errno::EINVAL)?;
    if options.intersects(WaitOptions::WEXITED | WaitOptions::WNOWAIT) {
        return Err(Errno::EINVAL);
    }
    let children = match process {
        -1 => Children::Any,
        0 => Children::Group(call.process.group()),
        1.. => Children::Process(process.unsigned_abs()),
        // Of the smallest number, the group's own cannot be written.
        group => Children::Group(group.checked_neg().ok_or(Errno::ESRCH)?.unsigned_abs()),
    };
    let flags = flags_of(options | WaitOptions::WEXITED);
    let Some(changed) = call.process.wait(&call.thread, children, flags)? else { return Ok(0) };
    status.write_if_some(&call.host, &encode(changed.change))?;
    put_usage(call, usage, changed.usage)?;
    Ok(changed.process)
}

pub(crate) fn waitid<H: LinuxHost>(
    call: &mut Call<'_, H>,
    kind: i32,
    id: i32,
    info: UserPointer<u8>,
    options: i32,
    usage: UserPointer<u8>,
) -> Result<()> {
    let options = WaitOptions::from_bits(options.cast_unsigned()).ok_or(Errno::EINVAL)?;
    let states = WaitOptions::WEXITED | WaitOptions::WUNTRACED | WaitOptions::WCONTINUED;
    if !options.intersects(states) {
        return Err(Errno::EINVAL);
    }
    let mut flags = flags_of(options);
    let mut nonblocking = false;
    let children = match kind {
        P_ALL => Children::Any,
        P_PID if id > 0 => Children::Process(id.unsigned_abs()),
        P_PGID if id == 0 => Children::Group(call.process.group()),
        P_PGID if id > 0 => Children::Group(id.unsigned_abs()),
        P_PIDFD if id >= 0 => {
            let description = call.descriptors.get(Fd(id).number()?)?;
            let file = description.file_as::<ProcessFile>().ok_or(Errno::EBADF)?;
            nonblocking = description.status().contains(FileStatus::NONBLOCK);
            Children::Process(file.process().id())
        }
        _ => return Err(Errno::EINVAL),
    };
    flags.set(WaitFlags::NO_WAIT, nonblocking || flags.contains(WaitFlags::NO_WAIT));
    let changed = call.process.wait(&call.thread, children, flags)?;
    if changed.is_none() && nonblocking && !options.contains(WaitOptions::WNOHANG) {
        return Err(Errno::EAGAIN);
    }
    put_usage(call, usage, changed.map_or(Usage::default(), |changed| changed.usage))?;
    put_info(call, info, changed)
}

fn flags_of(options: WaitOptions) -> WaitFlags {
    let pairs = [
        (WaitOptions::WNOHANG, WaitFlags::NO_WAIT),
        (WaitOptions::WUNTRACED, WaitFlags::STOPPED),
        (WaitOptions::WEXITED, WaitFlags::ENDED),
        (WaitOptions::WCONTINUED, WaitFlags::CONTINUED),
        (WaitOptions::WNOWAIT, WaitFlags::KEEP),
        (WaitOptions::WNOTHREAD, WaitFlags::OWN_THREAD),
        (WaitOptions::WALL, WaitFlags::ANY_SIGNAL),
        (WaitOptions::WCLONE, WaitFlags::OTHER_SIGNAL),
    ];
    let given = pairs.into_iter().filter(|(option, _)| options.contains(*option));
    given.fold(WaitFlags::empty(), |flags, (_, flag)| flags | flag)
}

/// The status as `wait(2)` encodes it.
fn encode(change: Change) -> i32 {
    match change {
        Change::Ended(status) => status.encode(),
        Change::Stopped(signal) => i32::from(signal.number()) << 8 | 0x7f,
        Change::Continued => 0xffff,
    }
}

fn put_usage<H: LinuxHost>(call: &Call<'_, H>, to: UserPointer<u8>, usage: Usage) -> Result<()> {
    let to = UserPointer::<Rusage>::new(to.address());
    Ok(to.write_if_some(&call.host, &Rusage::from(usage))?)
}

/// The six fields that `waitid(2)` fills in, all zero if no child changed.
fn put_info<H: LinuxHost>(call: &Call<'_, H>, to: UserPointer<u8>, changed: Option<Changed>) -> Result<()> {
    if to.is_null() {
        return Ok(());
    }
    let fields = changed.map_or([0; 6], |changed| {
        let (code, status) = match changed.change {
            Change::Ended(status) => status.child_code(),
            Change::Stopped(signal) => (ChildCode::Stopped, i32::from(signal.number())),
            Change::Continued => (ChildCode::Continued, i32::from(Signal::SIGCONT.number())),
        };
        let signal = i32::from(Signal::SIGCHLD.number());
        let (process, user) = (changed.process.cast_signed(), changed.user.cast_signed());
        [signal, 0, code as i32, process, user, status]
    });
    // `si_pid` is aligned to eight bytes.
    for (field, offset) in fields.into_iter().zip([0, 4, 8, 16, 20, 24]) {
        UserAccess::write(&call.host, to.address().wrapping_add(offset), &field.to_le_bytes())?;
    }
    Ok(())
}
