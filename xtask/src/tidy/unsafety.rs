//! Unsafe code stands in South alone, with an argument at each place; North and the library OS forbid it and have no globals.

use proc_macro2::Delimiter;

use super::config::Config;
use super::report::Report;
use super::rust::{Kind, Rust, Token};
use super::tree::{Source, Tree, is_inside};

const RULE: &str = "unsafe";

/// Paths of files outside South that may hold unsafe code.
const EXCEPTIONS: &str = "allow unsafe";

/// A shorter comment is a label, not an argument.
const ARGUMENT_WORDS: usize = 4;

/// Statements start at most this many lines above the `unsafe` inside them.
const STATEMENT_LINES: usize = 6;

/// Checks every file.
pub(crate) fn check(tree: &Tree, config: &Config, report: &mut Report) {
    for (source, rust) in tree.parsed() {
        let is_inner = is_inside(&source.path, "north") || is_inside(&source.path, "libos");
        if is_inner {
            check_inner(tree, source, rust, report);
        }
        let is_open = is_inside(&source.path, "south") || config.has_line(EXCEPTIONS, &source.path);
        let mut told = false;
        for (index, token) in rust.tokens.iter().enumerate().filter(|(_, token)| token.is_word("unsafe")) {
            if !is_open && !told {
                report.add(&source.path, token.line, RULE, "unsafe code outside south");
                told = true;
            }
            if is_block_or_impl(&rust.tokens, index) && !has_argument(source, rust, token.line) {
                report.add(
                    &source.path,
                    token.line,
                    RULE,
                    "no `SAFETY:` comment directly above that argues why it holds",
                );
            }
        }
    }
}

/// Unsafe blocks and implementations, those in macros too.
pub(crate) fn count_unsafe(tokens: &[Token]) -> usize {
    (0..tokens.len()).filter(|index| is_block_or_impl(tokens, *index)).count()
}

/// Statics and thread-locals, those in macros too.
pub(crate) fn count_statics(tokens: &[Token]) -> usize {
    (0..tokens.len()).filter(|index| is_global(tokens, *index)).count()
}

fn is_block_or_impl(tokens: &[Token], index: usize) -> bool {
    let next = tokens.get(index + 1);
    let is_item = next.is_some_and(|next| next.kind == Kind::Open(Delimiter::Brace) || next.is_word("impl"));
    is_item && tokens.get(index).is_some_and(|token| token.is_word("unsafe"))
}

/// A `static` that is not the lifetime, or `thread_local!`.
fn is_global(tokens: &[Token], index: usize) -> bool {
    let Some(token) = tokens.get(index) else { return false };
    let previous = index.checked_sub(1).and_then(|index| tokens.get(index));
    let is_static = token.is_word("static") && !previous.is_some_and(|previous| previous.is_mark('\''));
    let is_local =
        token.is_word("thread_local") && tokens.get(index + 1).is_some_and(|next| next.is_mark('!'));
    is_static || is_local
}

fn check_inner(tree: &Tree, source: &Source, rust: &Rust, report: &mut Report) {
    let root = format!("{}/src/lib.rs", tree.package_of(&source.path));
    if source.path == root && !forbids_unsafe(&rust.file) {
        report.add(&source.path, 1, RULE, "lacks `#![forbid(unsafe_code)]`");
    }
    for (index, token) in rust.tokens.iter().enumerate() {
        if is_global(&rust.tokens, index) {
            report.add(
                &source.path,
                token.line,
                RULE,
                "global state; it belongs to a value that the caller holds",
            );
        }
    }
}

fn forbids_unsafe(file: &syn::File) -> bool {
    file.attrs.iter().any(|attribute| {
        attribute.path().is_ident("forbid")
            && attribute.parse_args::<syn::Path>().is_ok_and(|lint| lint.is_ident("unsafe_code"))
    })
}

/// Whether the comment above the statement that `line` belongs to holds `SAFETY:` and an argument.
fn has_argument(source: &Source, rust: &Rust, line: usize) -> bool {
    let lines: Vec<&str> = source.text.lines().collect();
    let text_at = |number: usize| lines.get(number - 1).map_or("", |text| text.trim());
    let is_comment = |number: usize| text_at(number).starts_with("//");
    let mut above = line;
    for _ in 0..STATEMENT_LINES {
        above -= 1;
        if above == 0 || text_at(above).is_empty() {
            return false;
        }
        if is_comment(above) {
            let top = (1..=above).rev().take_while(|number| is_comment(*number)).last().unwrap_or(above);
            return argues(rust, top, above);
        }
        let is_attribute = text_at(above).starts_with("#[");
        if !is_attribute && text_at(above).ends_with([';', '{', '}']) {
            return false;
        }
    }
    false
}

fn argues(rust: &Rust, top: usize, bottom: usize) -> bool {
    let lines = rust.comments.iter().filter(|comment| (top..=bottom).contains(&comment.line));
    let text: Vec<&str> = lines.map(|comment| comment.text.as_str()).collect();
    let text = text.join(" ");
    text.split_once("SAFETY:")
        .is_some_and(|(_, argument)| argument.split_whitespace().count() >= ARGUMENT_WORDS)
}

#[cfg(test)]
mod tests {
    use super::{check, count_statics, count_unsafe};
    use crate::tidy::rust::Rust;
    use crate::tidy::testing::findings;

    fn at(path: &str, text: &str) -> usize {
        findings(check, "", &[("libos/Cargo.toml", ""), (path, text)]).len()
    }

    #[test]
    fn an_argued_block_in_south_passes() {
        for text in [
            "fn f() {\n    // SAFETY: the caller holds the lock here.\n    unsafe { g() };\n}\n",
            "fn f() {\n    // SAFETY: the caller holds\n    // the lock here.\n    let x =\n        unsafe { g() };\n}\n",
            "// SAFETY: it holds no pointer at all.\n#[rustfmt::skip]\nunsafe impl Send for S {}\n",
        ] {
            assert_eq!(at("south/linux/src/memory.rs", text), 0, "{text}");
        }
    }

    #[test]
    fn a_block_without_an_argument_fails() {
        for text in [
            "fn f() {\n    unsafe { g() };\n}\n",
            "fn f() {\n    // SAFETY: fine.\n    unsafe { g() };\n}\n",
            "fn f() {\n    // SAFETY: the first call is fine here.\n    unsafe { g() };\n    unsafe { g() };\n}\n",
            "fn f() {\n    // SAFETY: too far away to belong to it.\n\n    unsafe { g() };\n}\n",
            "macro_rules! m { () => {\n    unsafe { g() }\n} }\n",
        ] {
            assert_eq!(at("south/linux/src/memory.rs", text), 1, "{text}");
        }
    }

    #[test]
    fn unsafe_outside_south_fails_unless_listed() {
        let text = "fn f() {\n    // SAFETY: the mapping outlives the call.\n    unsafe { g() };\n}\n";
        assert_eq!(at("broker/src/map.rs", text), 1);
        assert_eq!(
            findings(check, "[allow unsafe]\nbroker/src/map.rs # slots\n", &[("broker/src/map.rs", text)])
                .len(),
            0
        );
    }

    #[test]
    fn the_library_os_forbids_unsafe_and_globals() {
        assert_eq!(at("libos/src/lib.rs", "#![no_std]\n"), 1);
        assert_eq!(at("libos/src/lib.rs", "#![forbid(unsafe_code)]\nconst S: &'static str = \"\";\n"), 0);
        assert_eq!(at("libos/src/memory.rs", "static A: u8 = 1;\nthread_local! { static B: u8 = 2; }\n"), 3);
    }

    #[test]
    fn counts_see_into_macros() {
        let text = "macro_rules! m { () => { static A: u8 = unsafe { g() }; } }\nunsafe impl Send for S {}\nunsafe fn f() {}\n";
        let rust = Rust::parse(text).expect("parses");
        assert_eq!((count_unsafe(&rust.tokens), count_statics(&rust.tokens)), (2, 1));
    }
}
