//! `xtask/tidy.conf`: the nouns, the other names the tree may use, and every exception with its reason.
//!
//! Lines of words under `[section]` headers; what follows `#` is the reason. In sections that start with `allow` each line
//! is one exception, and needs a reason.

use std::collections::BTreeMap;

use anyhow::{Result, bail};

/// Sections of exceptions start with this word.
const EXCEPTIONS: &str = "allow ";

/// The parsed file: the lines of words of each section.
#[derive(Debug, Default)]
pub(crate) struct Config {
    sections: BTreeMap<String, Vec<String>>,
}

impl Config {
    /// Reads the text of the file.
    ///
    /// # Errors
    /// An exception has no reason, or a line stands outside any section.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let mut sections: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut section: Option<String> = None;
        for (number, line) in text.lines().enumerate() {
            let (content, reason) = line.split_once('#').unwrap_or((line, ""));
            let content = content.trim();
            if content.is_empty() {
                continue;
            }
            if let Some(name) = content.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                section = Some(name.to_owned());
                continue;
            }
            let Some(name) = &section else { bail!("tidy.conf:{}: no section yet", number + 1) };
            if name.starts_with(EXCEPTIONS) && reason.trim().is_empty() {
                bail!("tidy.conf:{}: an exception needs `# reason`", number + 1);
            }
            sections.entry(name.clone()).or_default().push(content.to_owned());
        }
        Ok(Self { sections })
    }

    /// Whether a line of the section is exactly `line`.
    pub(crate) fn has_line(&self, section: &str, line: &str) -> bool {
        self.lines(section).any(|candidate| candidate == line)
    }

    /// Whether `word` is one of the words of the section.
    pub(crate) fn has_word(&self, section: &str, word: &str) -> bool {
        self.lines(section).flat_map(str::split_whitespace).any(|candidate| candidate == word)
    }

    /// The lines of a section, without reasons.
    pub(crate) fn lines(&self, section: &str) -> impl Iterator<Item = &str> {
        self.sections.get(section).into_iter().flatten().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::Config;

    #[test]
    fn an_exception_without_a_reason_is_refused() {
        assert!(Config::parse("[allow unsafe]\nbroker/src/map.rs\n").is_err());
        let config =
            Config::parse("[allow unsafe]\nbroker/src/map.rs # maps request slots\n").expect("has a reason");
        assert!(config.has_line("allow unsafe", "broker/src/map.rs"));
    }

    #[test]
    fn words_are_found_on_any_line_of_their_section_only() {
        let config = Config::parse("[a]\none two\nthree\n[b]\nfour\n").expect("parses");
        assert!(config.has_word("a", "three") && !config.has_word("a", "four"));
    }
}
