//! The `// key: value` comments at the top of a guest program.

/// How a program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It exits with this status.
    Exit(i32),
    /// It dies by this signal. A shell, and `litebox run`, report 128 plus the number.
    Signal(i32),
    /// It ran longer than it may and was killed.
    Timeout,
}

impl Ending {
    /// The ending that `litebox run` reports for a guest that ended this way.
    pub fn through_litebox(self) -> Self {
        match self {
            Self::Signal(number) => Self::Exit(128 + number),
            other => other,
        }
    }
}

/// What the leading comments of a program ask of the runner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directives {
    /// `// build: …`: compiler flags; the word `musl` selects the musl compiler.
    pub build: Vec<String>,
    /// `// args: …`: arguments, separated by spaces.
    pub args: Vec<String>,
    /// `// env: NAME=VALUE`: one variable a line.
    pub env: Vec<(String, String)>,
    /// `// ends: exit 3` or `// ends: signal 11`: how the program must end; exit 0 if absent.
    pub ends: Ending,
    /// `// needs: /bin/sh /bin/cat`: programs of the host that it starts, and libraries that it
    /// loads by name. A machine has no others.
    pub needs: Vec<String>,
    /// `// seconds: 100`: how long one run may take, if not as long as all.
    pub seconds: Option<u64>,
}

impl Directives {
    /// Reads the comments above the first line that is no directive.
    ///
    /// # Errors
    /// A directive whose value cannot be read.
    pub fn parse(source: &str) -> Result<Self, String> {
        let mut found = Self {
            build: Vec::new(),
            args: Vec::new(),
            env: Vec::new(),
            ends: Ending::Exit(0),
            needs: Vec::new(),
            seconds: None,
        };
        for line in source.lines() {
            let Some((key, value)) = line.strip_prefix("// ").and_then(|rest| rest.split_once(": ")) else {
                break;
            };
            let words = || value.split_whitespace().map(str::to_owned);
            match key {
                "build" => found.build.extend(words()),
                "args" => found.args.extend(words()),
                "env" => found.env.push(parse_variable(value)?),
                "needs" => found.needs.extend(words()),
                "seconds" => found.seconds = Some(parse_seconds(value)?),
                "ends" => found.ends = parse_ending(value)?,
                _ => break,
            }
        }
        Ok(found)
    }
}

fn parse_variable(value: &str) -> Result<(String, String), String> {
    let (name, value) = value.split_once('=').ok_or_else(|| format!("`env: {value}` has no `=`"))?;
    Ok((name.to_owned(), value.to_owned()))
}

fn parse_seconds(value: &str) -> Result<u64, String> {
    value.parse().map_err(|_| format!("`seconds: {value}` is no number"))
}

fn parse_ending(value: &str) -> Result<Ending, String> {
    let unknown = || format!("`ends: {value}` is neither `exit N` nor `signal N`");
    let (kind, number) = value.split_once(' ').ok_or_else(unknown)?;
    let number = number.parse().map_err(|_| unknown())?;
    match kind {
        "exit" => Ok(Ending::Exit(number)),
        "signal" => Ok(Ending::Signal(number)),
        _ => Err(unknown()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_comment_ends_the_directives() {
        let found = Directives::parse("// build: -static\n// Words about it.\n// args: no\n").unwrap();
        assert_eq!(found.build, ["-static"]);
        assert!(found.args.is_empty());
        assert_eq!(found.ends, Ending::Exit(0));
    }

    #[test]
    fn endings_and_variables_are_read() {
        let found = Directives::parse("// ends: signal 11\n// env: A=b=c\n#include\n").unwrap();
        assert_eq!(found.ends.through_litebox(), Ending::Exit(139));
        assert_eq!(found.env, [("A".to_owned(), "b=c".to_owned())]);
        assert!(Directives::parse("// ends: somehow\n").is_err());
    }
}
