//! The client's script: one request a line.
//!
//! ```text
//! open NAME [uuid=UUID] [login=public|user|group] [PARAMETER…]
//! invoke NAME COMMAND [PARAMETER…]
//! close NAME
//! repeat COUNT
//! …
//! end
//! ```
//!
//! What stands between `repeat` and `end` is requested so many times; shown are the last round, and what had no success.
//!
//! A parameter is `none`, `value:A,B`, `value-out`, `value-inout:A,B`, `mem:BYTES`, `mem-out:SIZE`, or
//! `mem-inout:BYTES[/SIZE]`; bytes are hexadecimal digits, a text in quotation marks, or `null`. `#`
//! begins a comment. `limit MILLISECONDS` says how long a call may take.

use alloc::borrow::ToOwned;
use alloc::collections::{BTreeSet, VecDeque};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use sha1::{Digest, Sha1};

use super::parameter::{number, parameters};
use crate::abi::identity::{Identity, LOGIN_GROUP, LOGIN_PUBLIC, LOGIN_USER, Uuid};
use crate::session::{Parameter, Parameters};

/// How long a call may take where the script does not say.
const LIMIT: Duration = Duration::from_secs(30);
/// The most bytes of memory in all parameters of a script.
const MAX_MEMORY: usize = 64 << 20;
/// The longest time that it can say, in milliseconds, and the most rounds.
const MAX_COUNT: u32 = 86_400_000;

/// What a client is to do.
#[derive(Debug)]
pub struct Script {
    /// One thing after another.
    pub blocks: Vec<Block>,
    /// The longest time that a call may take.
    pub limit: Duration,
}

/// Requests that are made one after another, some number of times.
#[derive(Debug)]
pub struct Block {
    /// How many times.
    pub count: u32,
    /// The requests.
    pub steps: Vec<Arc<Step>>,
}

/// One request.
#[derive(Clone, Debug)]
pub struct Step {
    /// The script's name of the session.
    pub session: String,
    /// What is asked.
    pub action: Action,
}

/// What a step asks.
#[derive(Clone, Debug)]
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
    /// Bytes of memory in its parameters.
    fn memory(&self) -> usize {
        let (Action::Open { parameters, .. } | Action::Invoke { parameters, .. }) = &self.action else {
            return 0;
        };
        parameters
            .iter()
            .map(|parameter| if let Parameter::Memory { bytes, .. } = parameter { bytes.len() } else { 0 })
            .sum()
    }

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
        let mut parser = Parser {
            script: Self { blocks: Vec::new(), limit: LIMIT },
            names: BTreeSet::new(),
            repeats: false,
            memory: 0,
            person,
        };
        let mut count = 0;
        for line in text.lines() {
            count += 1;
            parser.take(words(line)).map_err(|cause| ScriptError { line: count, cause })?;
        }
        if parser.repeats {
            return Err(ScriptError { line: count, cause: "there is no end to the last repeat".to_string() });
        }
        Ok(parser.script)
    }
}

/// The words of a script's line, up to a comment. Spaces between quotation marks divide no words.
#[must_use]
pub fn words(line: &str) -> VecDeque<&str> {
    let mut words = VecDeque::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() && !rest.starts_with('#') {
        let mut is_quoted = false;
        let ends = |letter: char| {
            is_quoted ^= letter == '"';
            letter.is_whitespace() && !is_quoted
        };
        let (word, more) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
        words.push_back(word);
        rest = more.trim_start();
    }
    words
}

struct Parser {
    script: Script,
    /// The sessions that are opened somewhere above.
    names: BTreeSet<String>,
    /// Whether the last block is still to be ended.
    repeats: bool,
    /// Bytes of memory in all parameters so far.
    memory: usize,
    person: Person,
}

impl Parser {
    fn take(&mut self, mut words: VecDeque<&str>) -> Result<(), String> {
        match words.pop_front() {
            None => Ok(()),
            Some("limit") => {
                let milliseconds = single_number(&words, "limit", "milliseconds")?;
                self.script.limit = Duration::from_millis(milliseconds.into());
                Ok(())
            }
            Some("repeat") if self.repeats => Err("a repeat within a repeat".to_string()),
            Some("repeat") => {
                let count = single_number(&words, "repeat", "rounds")?;
                self.script.blocks.push(Block { count, steps: Vec::new() });
                self.repeats = true;
                Ok(())
            }
            Some("end") if self.repeats && words.is_empty() => {
                self.repeats = false;
                Ok(())
            }
            Some(verb) => self.step(verb, words),
        }
    }

    fn step(&mut self, verb: &str, words: VecDeque<&str>) -> Result<(), String> {
        let step = Arc::new(step(verb, words, self.person)?);
        self.memory = self.memory.saturating_add(step.memory());
        if self.memory > MAX_MEMORY {
            return Err(format!("the script's parameters take more than {MAX_MEMORY} bytes"));
        }
        if matches!(step.action, Action::Open { .. }) {
            self.names.insert(step.session.clone());
        } else if !self.names.contains(&step.session) {
            return Err(format!("session {} was never opened", step.session));
        }
        match self.script.blocks.last_mut().filter(|_| self.repeats) {
            Some(block) => block.steps.push(step),
            None => self.script.blocks.push(Block { count: 1, steps: [step].into() }),
        }
        Ok(())
    }
}

fn single_number(words: &VecDeque<&str>, verb: &str, what: &str) -> Result<u32, String> {
    let value = words.front().and_then(|word| number(word)).filter(|value| (1..=MAX_COUNT).contains(value));
    match (value, words.len()) {
        (Some(value), 1) => Ok(value),
        _ => Err(format!("{verb} takes a number of {what} from 1 to {MAX_COUNT}")),
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
        _ => return Err(format!("{verb:?} is none of open, invoke, close, repeat, end, limit")),
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
