//! Every file says what it is for, and `lib.rs` and `mod.rs` are tables of contents.

use super::config::Config;
use super::report::Report;
use super::rust::{Rust, is_test_only};
use super::tree::{Source, Tree};

const RULE: &str = "module";

const CONTENTS_LINES: usize = 120;

/// Paths of `lib.rs` and `mod.rs` files that hold more than a table of contents.
const EXCEPTIONS: &str = "allow contents";

/// Checks that files parse, are documented and, where they are tables of contents, hold nothing else.
pub(crate) fn check(tree: &Tree, config: &Config, report: &mut Report) {
    for source in &tree.sources {
        let rust = match &source.rust {
            Ok(rust) => rust,
            Err(error) => {
                report.add(&source.path, 1, RULE, format!("does not parse: {error}"));
                continue;
            }
        };
        let is_documented = rust.file.attrs.iter().any(|attribute| attribute.path().is_ident("doc"));
        if !is_documented && source.name() != "tests.rs" {
            report.add(&source.path, 1, RULE, "does not begin with `//!` saying what it is for");
        }
        if matches!(source.name(), "lib.rs" | "mod.rs") && !config.has_line(EXCEPTIONS, &source.path) {
            check_contents(source, rust, report);
        }
    }
}

fn check_contents(source: &Source, rust: &Rust, report: &mut Report) {
    let lines = source.text.lines().count();
    if lines > CONTENTS_LINES {
        report.add(&source.path, lines, RULE, format!("{lines} lines, more than {CONTENTS_LINES}"));
    }
    for item in &rust.file.items {
        if !is_contents(item) {
            let line = syn::spanned::Spanned::span(item).start().line;
            report.add(
                &source.path,
                line,
                RULE,
                "only documentation, `mod`, `use` and `extern crate` stand here",
            );
        }
    }
}

fn is_contents(item: &syn::Item) -> bool {
    match item {
        syn::Item::Use(_) | syn::Item::ExternCrate(_) => true,
        syn::Item::Mod(module) => module.content.is_none() || is_test_only(&module.attrs),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::testing::findings;

    fn at(path: &str, text: &str) -> usize {
        findings(check, "", &[(path, text)]).len()
    }

    #[test]
    fn a_table_of_contents_passes() {
        let text = "//! Doc.\n#![no_std]\nextern crate alloc;\nmod a;\npub use a::B;\n#[cfg(test)]\nmod tests { fn f() {} }\n";
        assert_eq!(at("libos/src/lib.rs", text), 0);
    }

    #[test]
    fn anything_else_in_one_fails() {
        for text in
            ["//! D.\nfn f() {}\n", "//! D.\nmod a { }\n", "//! D.\nconst A: u8 = 1;\n", "//! D.\nm!();\n"]
        {
            assert_eq!(at("libos/src/memory/mod.rs", text), 1, "{text}");
            assert_eq!(at("libos/src/memory/map.rs", text), 0, "{text}");
        }
        assert_eq!(at("libos/src/lib.rs", &format!("//! D.\n{}", "mod a;\n".repeat(120))), 1);
    }

    #[test]
    fn a_file_without_purpose_or_syntax_fails() {
        assert_eq!(at("libos/src/memory/map.rs", "/// Doc of f.\nfn f() {}\n"), 1);
        assert_eq!(at("libos/src/memory/map.rs", "fn f( {\n"), 1);
        assert_eq!(at("libos/src/memory/tests.rs", "fn f() {}\n"), 0);
    }
}
