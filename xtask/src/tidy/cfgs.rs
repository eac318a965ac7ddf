//! Law 4: compile everything, choose by type. No Cargo feature of ours, and `cfg` for four things only.

use proc_macro2::Delimiter;

use super::config::Config;
use super::report::Report;
use super::rust::{Kind, Token};
use super::tree::Tree;

const RULE: &str = "law-4-cfg";

/// What a predicate may name, and how predicates combine.
const ALLOWED: &[&str] = &["target_os", "target_arch", "loom", "test", "not", "any", "all"];

/// Checks manifests for features and sources for predicates.
pub(crate) fn check(tree: &Tree, _config: &Config, report: &mut Report) {
    for manifest in &tree.manifests {
        if let Some(line) = manifest.features {
            report.add(&manifest.path, line, RULE, "a feature of ours; let a type parameter choose");
        }
    }
    for (source, rust) in tree.parsed() {
        for predicate in predicates(&rust.tokens) {
            for token in predicate {
                if let Kind::Word(word) = &token.kind
                    && !ALLOWED.contains(&word.as_str())
                {
                    report.add(&source.path, token.line, RULE, format!("`cfg` on `{word}`"));
                }
            }
        }
    }
}

/// How many predicates there are besides the plain `test`.
pub(crate) fn count(tokens: &[Token]) -> usize {
    let is_test = |predicate: &&[Token]| matches!(predicate, [only] if only.is_word("test"));
    predicates(tokens).iter().filter(|predicate| !is_test(predicate)).count()
}

/// What stands between the brackets of each `cfg(…)`, `cfg!(…)` and before the first comma of each `cfg_attr(…)`.
fn predicates(tokens: &[Token]) -> Vec<&[Token]> {
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let is_attribute = token.is_word("cfg_attr");
        if !is_attribute && !token.is_word("cfg") {
            continue;
        }
        let after = tokens.get(index + 1..).unwrap_or_default();
        let after = after.strip_prefix_mark('!');
        if let [first, inner @ ..] = after
            && first.kind == Kind::Open(Delimiter::Parenthesis)
        {
            found.push(until_end(inner, is_attribute));
        }
    }
    found
}

trait StripMark {
    fn strip_prefix_mark(&self, mark: char) -> &Self;
}

impl StripMark for [Token] {
    fn strip_prefix_mark(&self, mark: char) -> &Self {
        match self {
            [first, rest @ ..] if first.is_mark(mark) => rest,
            _ => self,
        }
    }
}

/// The tokens up to the bracket that closes the group they are in or, if wanted, up to its first comma.
fn until_end(inner: &[Token], stop_at_comma: bool) -> &[Token] {
    let mut depth = 0_usize;
    let end = inner.iter().position(|token| match token.kind {
        Kind::Open(_) => {
            depth += 1;
            false
        }
        Kind::Close(_) if depth == 0 => true,
        Kind::Close(_) => {
            depth -= 1;
            false
        }
        Kind::Mark(',') => stop_at_comma && depth == 0,
        _ => false,
    });
    inner.get(..end.unwrap_or(inner.len())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{check, count};
    use crate::tidy::rust::Rust;
    use crate::tidy::testing::findings;

    #[test]
    fn a_feature_is_found_in_manifest_attribute_and_macro() {
        let files = [
            ("libos/Cargo.toml", "[features]\nfast = []\n"),
            (
                "libos/src/lib.rs",
                "#[cfg(feature = \"fast\")]\nfn f() {}\nfn g() -> bool { cfg!(any(test, debug_assertions)) }\n",
            ),
            ("south/linux/src/lib.rs", "macro_rules! m { () => { #[cfg(unix)] fn f() {} } }\n"),
        ];
        assert_eq!(findings(check, "", &files).len(), 4);
    }

    #[test]
    fn the_four_predicates_pass() {
        let text = "#![cfg_attr(not(test), no_std)]\n#[cfg(all(target_os = \"linux\", target_arch = \"x86_64\"))]\nmod a;\n\
                    #[cfg(loom)]\nmod b;\n#[cfg_attr(test, allow(dead_code))]\nmod c;\n";
        assert_eq!(findings(check, "", &[("south/linux/src/lib.rs", text)]), Vec::<String>::new());
    }

    #[test]
    fn the_count_leaves_plain_test_out() {
        let text = "#[cfg(test)]\nmod tests;\n#[cfg(loom)]\nmod a;\n#[cfg(not(test))]\nmod b;\n";
        assert_eq!(count(&Rust::parse(text).expect("parses").tokens), 2);
    }
}
