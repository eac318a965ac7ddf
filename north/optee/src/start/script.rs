//! The client's script: one request a line.
//!
//! ```text
//! open NAME [uuid=UUID] [login=public|user|group] [PARAMETER…]
//! invoke NAME COMMAND [PARAMETER…]
//! close NAME
//! ```
//!
//! A parameter is `none`, `value:A,B`, `value-out`, `value-inout:A,B`, `mem:BYTES`, `mem-out:SIZE`, or
//! `mem-inout:BYTES[/SIZE]`; bytes are hexadecimal digits, a text in quotation marks without spaces, or `null`. `#`
//! begins a comment. `limit MILLISECONDS` says how long a call may take.

use alloc::borrow::ToOwned;
use alloc::collections::{BTreeSet, VecDeque};
use alloc::format;
use alloc::string::{String, ToString};
use core::time::Duration;

use sha1::{Digest, Sha1};

use super::parameter::{number, parameters};
use crate::abi::identity::{Identity, LOGIN_GROUP, LOGIN_PUBLIC, LOGIN_USER, Uuid};
use crate::session::Parameters;

/// How long a call may take where the script does not say.
const LIMIT: Duration = Duration::from_secs(30);
/// The longest that it can say.
const MAX_LIMIT: u32 = 86_400_000;

/// What a client is to do.
#[derive(Debug)]
pub struct Script {
    /// One thing after another.
    pub steps: VecDeque<Step>,
    /// The longest time that a call may take.
    pub limit: Duration,
}

/// One request.
#[derive(Debug)]
pub struct Step {
    /// The script's name of the session.
    pub session: String,
    /// What is asked.
    pub action: Action,
}

/// What a step asks.
#[derive(Debug)]
pub enum Action {
    /// Open the session.
    Open {
        /// With which application; `None` for the main one.
        uuid: Option<Uuid>,
        /// Who the client says it is.
        identity: Identity,
        /// What it passes.
        parameters: Parameters,
    },
    /// Have a command run.
    Invoke {
        /// Which.
        command: u32,
        /// What the client passes.
        parameters: Parameters,
    },
    /// Close the session.
    Close,
}

impl Step {
    /// What the step is called in the output.
    pub fn title(&self) -> String {
        match &self.action {
            Action::Open { .. } => format!("open {}", self.session),
            Action::Invoke { command, .. } => format!("invoke {} {command}", self.session),
            Action::Close => format!("close {}", self.session),
        }
    }
}

/// What is wrong with a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptError {
    /// The line, from 1 on.
    pub line: usize,
    /// What is wrong with it.
    pub cause: String,
}

impl core::fmt::Display for ScriptError {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(formatter, "line {}: {}", self.line, self.cause)
    }
}

/// On whose behalf a script is run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The user.
    pub user: u32,
    /// The group.
    pub group: u32,
}

impl Script {
    /// The script that `text` writes, run by `person`.
    ///
    /// # Errors
    /// The first line that makes no sense, and why.
    pub fn parse(text: &str, person: Person) -> Result<Self, ScriptError> {
        let mut script = Self { steps: VecDeque::new(), limit: LIMIT };
        let mut names = BTreeSet::new();
        for (index, line) in text.lines().enumerate() {
            let at = |cause| ScriptError { line: index + 1, cause };
            let words = line.split_whitespace().take_while(|word| !word.starts_with('#'));
            let mut words = words.collect::<VecDeque<_>>();
            match words.pop_front() {
                None => {}
                Some("limit") => script.limit = limit(&words).map_err(at)?,
                Some(verb) => {
                    let step = step(verb, words, person).map_err(at)?;
                    match step.action {
                        Action::Open { .. } => {
                            names.insert(step.session.clone());
                        }
                        _ if !names.contains(&step.session) => {
                            return Err(at(format!("session {} was never opened", step.session)));
                        }
                        _ => {}
                    }
                    script.steps.push_back(step);
                }
            }
        }
        Ok(script)
    }
}

fn limit(words: &VecDeque<&str>) -> Result<Duration, String> {
    let value = words.front().and_then(|word| number(word)).filter(|value| (1..=MAX_LIMIT).contains(value));
    match (value, words.len()) {
        (Some(value), 1) => Ok(Duration::from_millis(value.into())),
        _ => Err(format!("limit takes a number of milliseconds from 1 to {MAX_LIMIT}")),
    }
}

fn step(verb: &str, mut words: VecDeque<&str>, person: Person) -> Result<Step, String> {
    let session = words.pop_front().ok_or_else(|| format!("{verb} needs the name of a session"))?.to_owned();
    let action = match verb {
        "open" => open(words, person)?,
        "invoke" => {
            let command = words.pop_front().and_then(number);
            let command = command.ok_or("invoke needs the number of a command, at most 0xffffffff")?;
            Action::Invoke { command, parameters: parameters(&words)? }
        }
        "close" if words.is_empty() => Action::Close,
        "close" => return Err("close takes the name of a session alone".to_string()),
        _ => return Err(format!("{verb:?} is none of open, invoke, close, limit")),
    };
    Ok(Step { session, action })
}

fn open(mut words: VecDeque<&str>, person: Person) -> Result<Action, String> {
    let mut uuid = None;
    let mut identity = login("user", person)?;
    while let Some(word) = words.front() {
        if let Some(text) = word.strip_prefix("uuid=") {
            let parsed = Uuid::parse(text.as_bytes());
            uuid = Some(parsed.ok_or_else(|| format!("{text:?} is no UUID in groups of 8-4-4-4-12 digits"))?);
        } else if let Some(name) = word.strip_prefix("login=") {
            identity = login(name, person)?;
        } else {
            break;
        }
        words.pop_front();
    }
    Ok(Action::Open { uuid, identity, parameters: parameters(&words)? })
}

/// The identity of a client that logs in as `method` (GlobalPlatform TEE Client API, section 4.2.3; its UUIDs are those
/// of Linux's driver).
fn login(method: &str, person: Person) -> Result<Identity, String> {
    match method {
        "public" => Ok(Identity { login: LOGIN_PUBLIC, uuid: Uuid::default() }),
        "user" => Ok(Identity { login: LOGIN_USER, uuid: client_uuid(&format!("uid={:x}", person.user)) }),
        "group" => Ok(Identity { login: LOGIN_GROUP, uuid: client_uuid(&format!("gid={:x}", person.group)) }),
        _ => Err(format!("login {method:?} is none of public, user, group")),
    }
}

/// A UUID of version 5 (RFC 9562, section 5.5) in the name space of clients.
fn client_uuid(name: &str) -> Uuid {
    const NAME_SPACE: u128 = 0x58ac_9ca0_2086_4683_a1b8_ec4b_c08e_01b6;
    let mut hash = Sha1::new();
    hash.update(NAME_SPACE.to_be_bytes());
    hash.update(name.as_bytes());
    let digest: [u8; 20] = hash.finalize().into();
    let number = digest.iter().take(16).fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    let version = number & !(0xf << 76) & !(0x3 << 62) | 5 << 76 | 2 << 62;
    Uuid::from_number(version)
}
