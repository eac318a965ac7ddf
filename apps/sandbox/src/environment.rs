//! The environment that a program gets when none is chosen: what describes the user and his terminal, no secrets.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

/// Variables that pass as they are.
const PASSED: &[&str] = &["PATH", "TERM", "LANG", "LANGUAGE", "HOME", "USER", "LOGNAME", "TZ"];

/// Variables with this beginning pass too.
const PASSED_PREFIX: &[u8] = b"LC_";

/// Where programs are when the caller does not say.
pub(crate) const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Of the caller's environment, what a sandbox gets by default: PATH, TERM, LANG, LANGUAGE, LC_*, HOME, USER,
/// LOGNAME and TZ.
pub fn cleaned() -> Vec<(OsString, OsString)> {
    let mut environment: Vec<_> = std::env::vars_os().filter(|(name, _)| is_passed(name)).collect();
    if !environment.iter().any(|(name, _)| name == "PATH") {
        environment.push(("PATH".into(), DEFAULT_PATH.into()));
    }
    environment
}

fn is_passed(name: &OsStr) -> bool {
    PASSED.iter().any(|passed| name == *passed) || name.as_bytes().starts_with(PASSED_PREFIX)
}

/// Sets a variable, replacing an older value.
pub(crate) fn set(environment: &mut Vec<(OsString, OsString)>, name: OsString, value: OsString) {
    environment.retain(|(old, _)| *old != name);
    environment.push((name, value));
}
