//! A host without Landlock, and so without a bound on signals: a filter answers as Linux before 5.13 does.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// One BPF instruction.
const fn instruction(code: u16, jt: u8, jf: u8, k: u32) -> libc::sock_filter {
    libc::sock_filter { code, jt, jf, k }
}

/// `BPF_LD | BPF_W | BPF_ABS`, `BPF_JMP | BPF_JGE | BPF_K`, `BPF_JMP | BPF_JGT | BPF_K`, `BPF_RET | BPF_K`.
const LOAD: u16 = 0x20;
const AT_LEAST: u16 = 0x35;
const ABOVE: u16 = 0x25;
const RETURN: u16 = 0x06;

const ENOSYS: u32 = 38;

/// `landlock_create_ruleset`, `landlock_add_rule`, `landlock_restrict_self`.
const FIRST: u32 = 444;
const LAST: u32 = 446;

static FILTER: [libc::sock_filter; 5] = [
    instruction(LOAD, 0, 0, 0),
    instruction(AT_LEAST, 0, 2, FIRST),
    instruction(ABOVE, 1, 0, LAST),
    instruction(RETURN, 0, 0, libc::SECCOMP_RET_ERRNO | ENOSYS),
    instruction(RETURN, 0, 0, libc::SECCOMP_RET_ALLOW),
];

/// Have `command` run on such a host.
pub(crate) fn make_older(command: &mut Command) {
    // SAFETY: between fork and exec this makes two system calls and allocates nothing.
    unsafe { command.pre_exec(forget_landlock) };
}

fn forget_landlock() -> io::Result<()> {
    let length = u16::try_from(FILTER.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    let program = libc::sock_fprog { len: length, filter: FILTER.as_ptr().cast_mut() };
    // SAFETY: the request takes numbers.
    if unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) } != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the kernel reads the program and the filter, which outlive the call.
    match unsafe { libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const program) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}
