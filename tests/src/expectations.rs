//! The list of known gaps: programs that do not yet behave in the sandbox as they do natively.

use std::collections::BTreeMap;

/// What a program runs on besides the host itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum South {
    /// A sandbox that is a process of the host.
    User,
    /// A machine of its own.
    Machine,
}

impl South {
    /// The South whose lines stand under the heading `[name]`. Those of [`South::User`] have none.
    fn headed(name: &str) -> Option<Self> {
        (name == "machine").then_some(Self::Machine)
    }
}

/// The programs expected to fail in the sandbox on one South, each with its reason.
#[derive(Debug, Clone, Default)]
pub struct Expectations {
    reasons: BTreeMap<String, String>,
}

impl Expectations {
    /// Reads lines of the form `guest/memory/mremap fail "reason"`. Empty lines and lines that start
    /// with `#` are skipped. A line `[machine]` begins those that hold there alone; all lines are read, and those
    /// for `south` kept.
    ///
    /// # Errors
    /// The number of a line that has another form or repeats a name.
    pub fn parse(text: &str, south: South) -> Result<Self, String> {
        let mut reasons = BTreeMap::new();
        let mut others = BTreeMap::new();
        let mut section = South::User;
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let complain = |what: &str| format!("expectations.txt line {}: {what}", index + 1);
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                section = South::headed(name).ok_or_else(|| complain("the one heading is `[machine]`"))?;
                continue;
            }
            let kept = if section == south { &mut reasons } else { &mut others };
            let (name, reason) = parse_line(line).ok_or_else(|| complain("not `NAME fail \"reason\"`"))?;
            if kept.insert(name.to_owned(), reason.to_owned()).is_some() {
                return Err(complain("this name stands twice"));
            }
        }
        Ok(Self { reasons })
    }

    /// Why `name` is expected to fail, if it is.
    pub fn reason(&self, name: &str) -> Option<&str> {
        self.reasons.get(name).map(String::as_str)
    }

    /// The listed names that `exists` does not know: each is a stale line.
    pub fn unknown(&self, exists: impl Fn(&str) -> bool) -> Vec<&str> {
        self.reasons.keys().map(String::as_str).filter(|name| !exists(name)).collect()
    }
}

fn parse_line(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = line.split_once(" fail ")?;
    let reason = rest.trim().strip_prefix('"')?.strip_suffix('"')?;
    let readable = !name.contains(char::is_whitespace) && !reason.trim().is_empty();
    readable.then_some((name, reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_a_name_and_a_reason() {
        let list =
            Expectations::parse("# gaps\n\nguest/memory/brk fail \"not built\"\n", South::User).unwrap();
        assert_eq!(list.reason("guest/memory/brk"), Some("not built"));
        assert_eq!(list.reason("guest/memory/mmap"), None);
        assert_eq!(list.unknown(|_| false), ["guest/memory/brk"]);
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for text in [
            "guest/x fail",
            "guest/x fail \"\"",
            "guest/x pass \"y\"",
            "a fail \"b\"\na fail \"c\"",
            "[moon]",
        ] {
            for south in [South::User, South::Machine] {
                assert!(Expectations::parse(text, south).is_err(), "{text}");
            }
        }
    }

    #[test]
    fn lines_under_a_heading_hold_for_that_south_alone() {
        let text = "a fail \"here\"\nb fail \"here\"\n[machine]\na fail \"there\"\n";
        let [user, machine] =
            [South::User, South::Machine].map(|south| Expectations::parse(text, south).unwrap());
        assert_eq!((user.reason("a"), user.reason("b")), (Some("here"), Some("here")));
        assert_eq!((machine.reason("a"), machine.reason("b")), (Some("there"), None));
    }
}
