//! From what was asked for to the policy and the start block.

use crate::builder::{Builder, User, WantedMount};
use crate::spawn::Streams;
use crate::{Error, environment, limits};
use litebox_broker::policy::{Mount, Policy};
use litebox_broker_protocol::{Identity, Start, StartFlags};
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Component, Path, PathBuf};

/// What the policy of `builder` is.
pub(crate) fn policy(builder: &Builder) -> Result<Policy, Error> {
    let home = std::env::home_dir().unwrap_or_else(|| "/".into());
    let directory = directory(builder)?;
    let mut policy = Policy::default_for(&home, &directory);
    if let (Some(root), Some(first)) = (&builder.root, policy.mounts.first_mut()) {
        first.source = absolute(root)?;
    }
    policy.mounts.extend(mounts(&builder.mounts)?);
    policy.see = builder.see.iter().map(|path| absolute(path)).collect::<Result<_, _>>()?;
    if let Some(user) = builder.user {
        policy.identity = identity(policy.identity, user, builder.root.is_some())?;
    }
    Ok(policy)
}

/// The start block of `builder` under its policy, which runs `executable`.
pub(crate) fn block(
    builder: &Builder,
    policy: &Policy,
    streams: &Streams,
    executable: &Path,
) -> Result<Start, Error> {
    if builder.hostname.is_empty() || builder.hostname.len() > 64 {
        let cause = format!("the host name {:?} has not 1 to 64 bytes", builder.hostname);
        return Err(Error::refused("hostname", cause, "--hostname litebox"));
    }
    let bytes = |text: &OsStr| text.as_bytes().to_vec();
    Ok(Start {
        executable: bytes(executable.as_os_str()),
        directory: bytes(policy.directory.as_os_str()),
        hostname: bytes(&builder.hostname),
        arguments: [&builder.program].into_iter().chain(&builder.arguments).map(|word| bytes(word)).collect(),
        environment: builder.environment.iter().map(variable).collect::<Result<_, _>>()?,
        identity: policy.identity,
        groups: groups(builder),
        umask: umask(),
        memory_limit: builder.limits.memory(),
        cpus: builder.limits.processors(),
        pids: builder.limits.processes(),
        flags: flags(builder) | streams.start_flags(),
        terminals: streams.terminal_flags(),
        mounts: policy.start_mounts(),
        limits: limits::resource_limits(),
    })
}

/// The `PATH` of the program's environment.
pub(crate) fn search_path(builder: &Builder) -> OsString {
    let path = builder.environment.iter().find(|(name, _)| name == "PATH");
    path.map_or_else(|| environment::DEFAULT_PATH.into(), |(_, value)| value.clone())
}

fn directory(builder: &Builder) -> Result<PathBuf, Error> {
    match (&builder.directory, &builder.root) {
        (Some(directory), None) => absolute(directory),
        (Some(directory), Some(_)) if directory.is_absolute() => Ok(directory.clone()),
        (Some(directory), Some(_)) => Ok(Path::new("/").join(directory)),
        (None, Some(_)) => Ok("/".into()),
        (None, None) => std::env::current_dir().map_err(Error::host("find the working directory")),
    }
}

fn absolute(path: &Path) -> Result<PathBuf, Error> {
    std::path::absolute(path).map_err(|error| {
        Error::refused("path", format!("{} is no path: {error}", path.display()), "give an absolute path")
    })
}

/// The mounts in the order in which they are mounted: what lies deeper comes later, so that the longest target wins.
fn mounts(wanted: &[WantedMount]) -> Result<Vec<Mount>, Error> {
    let mut seen = BTreeSet::new();
    let mut mounts = Vec::new();
    for WantedMount { source, target, mode } in wanted {
        let shown = target.display();
        let is_plain =
            target.components().all(|part| matches!(part, Component::RootDir | Component::Normal(_)));
        if !target.is_absolute() || !is_plain {
            let cause = format!("the mount target {shown} is not an absolute path without `..`");
            return Err(Error::refused("mount.target", cause, "-v SRC:/DST"));
        }
        // Without repeated or trailing slashes.
        let target: PathBuf = target.components().collect();
        if target == Path::new("/") {
            let cause = "a mount cannot cover the root".to_owned();
            return Err(Error::refused("mount.target", cause, format!("--root {}", source.display())));
        }
        if !seen.insert(target.clone()) {
            let cause = format!("two mounts have the target {shown}");
            return Err(Error::refused("mount.target", cause, "give one of them"));
        }
        mounts.push(Mount { source: absolute(source)?, target, mode: *mode });
    }
    mounts.sort_by_key(|mount| mount.target.components().count());
    Ok(mounts)
}

fn identity(caller: Identity, user: User, has_root: bool) -> Result<Identity, Error> {
    let User { uid, gid } = user;
    if !has_root && (uid, gid) != (caller.uid, caller.gid) {
        return Err(Error::refused(
            "identity",
            format!("user {uid}:{gid} over the host's files: only the caller, {}:{}", caller.uid, caller.gid),
            "leave out -u, or choose a root of the sandbox's own: --root DIR",
        ));
    }
    Ok(Identity { uid, euid: uid, suid: uid, gid, egid: gid, sgid: gid })
}

fn groups(builder: &Builder) -> Vec<u32> {
    if builder.user.is_some() {
        return Vec::new();
    }
    let groups = rustix::process::getgroups().unwrap_or_default();
    groups.into_iter().map(rustix::process::Gid::as_raw).collect()
}

/// The process's file creation mask; the one way to read it is to set it.
fn umask() -> u32 {
    let mask = rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    rustix::process::umask(mask);
    mask.as_raw_mode() & 0o777
}

fn flags(builder: &Builder) -> StartFlags {
    let mut flags = StartFlags::empty();
    flags.set(StartFlags::TRACE, builder.is_traced);
    flags.set(StartFlags::NO_REWRITE, !builder.is_rewritten);
    flags.set(StartFlags::QUIET, builder.is_quiet);
    flags
}

fn variable((name, value): &(OsString, OsString)) -> Result<Vec<u8>, Error> {
    if name.is_empty() || name.as_bytes().contains(&b'=') {
        let cause = format!("{name:?} is no name of a variable");
        return Err(Error::refused("environment", cause, "-e NAME=VALUE"));
    }
    let mut text = name.clone().into_vec();
    text.push(b'=');
    text.extend_from_slice(value.as_bytes());
    Ok(text)
}
