//! The options of `litebox run`.

use crate::units;
use clap::{Args, ValueEnum};
use litebox::MountMode;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;
use std::time::Duration;

/// How `--print-policy` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// What `-v` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MountOption {
    pub(crate) source: PathBuf,
    pub(crate) target: PathBuf,
    pub(crate) mode: MountMode,
}

/// What `-e` asks for: a value, or the caller's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variable {
    pub(crate) name: OsString,
    pub(crate) value: Option<OsString>,
}

/// What `-u` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UserOption {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

#[derive(Args, Debug)]
pub(crate) struct RunOptions {
    /// Make DIR the sandbox's `/` instead of the host's
    #[arg(long, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,

    /// Show SRC of the host at DST: read-only, read-write, or with writes kept in memory
    #[arg(short = 'v', long = "volume", value_name = "SRC:DST[:ro|rw|ov]", value_parser = MountParser)]
    pub(crate) mounts: Vec<MountOption>,

    /// Show a path of the host that is hidden by default
    #[arg(long, value_name = "PATH")]
    pub(crate) see: Vec<PathBuf>,

    /// Set a variable, or pass the caller's
    #[arg(short = 'e', long = "env", value_name = "NAME[=VALUE]", value_parser = VariableParser)]
    pub(crate) variables: Vec<Variable>,

    /// Pass the caller's whole environment
    #[arg(long)]
    pub(crate) env_all: bool,

    /// The working directory in the sandbox
    #[arg(short = 'w', long = "workdir", value_name = "DIR")]
    pub(crate) directory: Option<PathBuf>,

    /// The host name in the sandbox
    #[arg(long, value_name = "NAME", default_value = "litebox")]
    pub(crate) hostname: OsString,

    /// Who the program is; over the host's `/` only the caller
    #[arg(short = 'u', long = "user", value_name = "UID[:GID]", value_parser = user)]
    pub(crate) user: Option<UserOption>,

    /// The network: `none` is what there is
    #[arg(long, value_name = "MODE", default_value = "none", value_parser = network)]
    pub(crate) net: String,

    /// End the sandbox after this time, with exit code 124
    #[arg(long, value_name = "TIME", value_parser = units::time)]
    pub(crate) timeout: Option<Duration>,

    /// The most memory
    #[arg(long, value_name = "SIZE", value_parser = units::size)]
    pub(crate) mem: Option<u64>,

    /// The number of processors
    #[arg(long, value_name = "COUNT", value_parser = units::processors)]
    pub(crate) cpus: Option<u32>,

    /// The most processes and threads
    #[arg(long, value_name = "COUNT")]
    pub(crate) pids: Option<u32>,

    /// Write each decision of the broker to FILE, as lines of JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) audit: Option<PathBuf>,

    /// Give the program a terminal of its own, even if this one's input or output is none
    #[arg(short = 't', long, conflicts_with = "no_tty")]
    pub(crate) tty: bool,

    /// Pass input and output as they are, terminals too
    #[arg(long)]
    pub(crate) no_tty: bool,

    /// Print each system call
    #[arg(long)]
    pub(crate) trace: bool,

    /// Leave the program's system call instructions as they are
    #[arg(long)]
    pub(crate) no_rewrite: bool,

    /// Print nothing but errors
    #[arg(short = 'q', long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Print what the sandbox reports while it runs
    #[arg(long)]
    pub(crate) verbose: bool,

    /// Check everything, and start nothing
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Print the policy and the layers that enforce it, and start nothing
    #[arg(long, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    pub(crate) print_policy: Option<Format>,

    /// The program and its arguments
    #[arg(required = true, trailing_var_arg = true, value_name = "PROG")]
    pub(crate) command: Vec<OsString>,
}

/// A parser of values that need not be UTF-8.
macro_rules! os_parser {
    ($parser:ident -> $value:ty: $parse:path) => {
        #[derive(Clone)]
        struct $parser;

        impl clap::builder::TypedValueParser for $parser {
            type Value = $value;

            fn parse_ref(
                &self,
                command: &clap::Command,
                argument: Option<&clap::Arg>,
                value: &OsStr,
            ) -> Result<$value, clap::Error> {
                $parse(value).map_err(|why| {
                    let option = argument.map(ToString::to_string).unwrap_or_default();
                    let text = format!("invalid value '{}' for '{option}': {why}\n", value.display());
                    clap::Error::raw(clap::error::ErrorKind::ValueValidation, text).with_cmd(command)
                })
            }
        }
    };
}

os_parser!(MountParser -> MountOption: mount);
os_parser!(VariableParser -> Variable: variable);

fn mount(text: &OsStr) -> Result<MountOption, String> {
    let parts: Vec<&[u8]> = text.as_bytes().split(|byte| *byte == b':').collect();
    let (source, target, mode) = match parts.as_slice() {
        [source, target] => (source, target, MountMode::ReadOnly),
        [source, target, b"ro"] => (source, target, MountMode::ReadOnly),
        [source, target, b"rw"] => (source, target, MountMode::ReadWrite),
        [source, target, b"ov"] => (source, target, MountMode::Overlay),
        [_, _, mode] => {
            return Err(format!("`{}` is no mode; ro, rw and ov are", String::from_utf8_lossy(mode)));
        }
        _ => return Err("give SRC:DST, with :ro, :rw or :ov if need be".into()),
    };
    if source.is_empty() || target.is_empty() {
        return Err("neither SRC nor DST can be empty".into());
    }
    let path = |bytes: &[u8]| PathBuf::from(OsString::from_vec(bytes.to_vec()));
    Ok(MountOption { source: path(source), target: path(target), mode })
}

fn variable(text: &OsStr) -> Result<Variable, String> {
    let bytes = text.as_bytes();
    let owned = |bytes: &[u8]| OsString::from_vec(bytes.to_vec());
    let (name, value) = match bytes.iter().position(|byte| *byte == b'=') {
        Some(equals) => {
            let (name, rest) = bytes.split_at(equals);
            (name, rest.get(1..).map(owned))
        }
        None => (bytes, None),
    };
    if name.is_empty() {
        return Err("give NAME=VALUE, or NAME for the caller's value".into());
    }
    Ok(Variable { name: owned(name), value })
}

fn user(text: &str) -> Result<UserOption, String> {
    let (uid, gid) = text.split_once(':').unwrap_or((text, text));
    let number = |text: &str| match text.parse::<u32>() {
        Ok(u32::MAX) | Err(_) => Err(format!("`{text}` is no number of a user or group")),
        Ok(number) => Ok(number),
    };
    Ok(UserOption { uid: number(uid)?, gid: number(gid)? })
}

fn network(text: &str) -> Result<String, String> {
    match text {
        "none" => Ok(text.into()),
        _ => Err("this version has no network outside the sandbox; only `none` can be enforced".into()),
    }
}

#[cfg(test)]
mod tests;
