//! The list of known gaps: programs that do not yet behave in the sandbox as they do natively.

use std::collections::BTreeMap;

/// The programs expected to fail in the sandbox, each with its reason.
#[derive(Debug, Clone, Default)]
pub struct Expectations {
    reasons: BTreeMap<String, String>,
}

impl Expectations {
    /// Reads lines of the form `guest/memory/mremap fail "reason"`. Empty lines and lines that start
    /// with `#` are skipped.
    ///
    /// # Errors
    /// The number of a line that has another form or repeats a name.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut reasons = BTreeMap::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let complain = |what: &str| format!("expectations.txt line {}: {what}", index + 1);
            let (name, reason) = parse_line(line).ok_or_else(|| complain("not `NAME fail \"reason\"`"))?;
            if reasons.insert(name.to_owned(), reason.to_owned()).is_some() {
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
        let list = Expectations::parse("# gaps\n\nguest/memory/brk fail \"not built\"\n").unwrap();
        assert_eq!(list.reason("guest/memory/brk"), Some("not built"));
        assert_eq!(list.reason("guest/memory/mmap"), None);
        assert_eq!(list.unknown(|_| false), ["guest/memory/brk"]);
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for text in ["guest/x fail", "guest/x fail \"\"", "guest/x pass \"y\"", "a fail \"b\"\na fail \"c\""]
        {
            assert!(Expectations::parse(text).is_err(), "{text}");
        }
    }
}
