//! Nothing unfinished and nothing dead is left in the text.

use super::config::Config;
use super::report::Report;
use super::rust::{Comment, Token};
use super::tree::{Source, Tree};

const RULE: &str = "leftover";

/// Words that mark unfinished work.
const MARKERS: &[&str] = &["TODO", "FIXME", "XXX", "HACK"];

/// Macros that stand for code not written.
const MACROS: &[&str] = &["todo", "unimplemented", "dbg"];

/// Looks for marks in all comments, for macros in all code, and for code in comments.
pub(crate) fn check(tree: &Tree, _config: &Config, report: &mut Report) {
    for (source, rust) in tree.parsed() {
        for (line, text) in rust
            .comments
            .iter()
            .map(|comment| (comment.line, comment.text.as_str()))
            .chain(documentation(source))
        {
            for marker in MARKERS.iter().filter(|marker| has_word(text, marker)) {
                report.add(&source.path, line, RULE, format!("`{marker}`: do it, or write an issue"));
            }
        }
        for comment in rust.comments.iter().filter(|comment| is_code(comment)) {
            report.add(
                &source.path,
                comment.line,
                RULE,
                "code in a comment; the history keeps what is deleted",
            );
        }
        for (name, line) in unwritten(&rust.tokens) {
            report.add(&source.path, line, RULE, format!("`{name}!`"));
        }
    }
}

fn documentation(source: &Source) -> impl Iterator<Item = (usize, &str)> {
    let lines = source.text.lines().enumerate().map(|(index, line)| (index + 1, line.trim_start()));
    lines.filter(|(_, line)| line.starts_with("///") || line.starts_with("//!"))
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(|found| found == word)
}

fn unwritten(tokens: &[Token]) -> impl Iterator<Item = (&'static str, usize)> {
    tokens.windows(2).filter_map(|pair| {
        let [name, mark] = pair else { return None };
        let found = MACROS.iter().find(|candidate| name.is_word(candidate))?;
        mark.is_mark('!').then_some((*found, name.line))
    })
}

/// Whether a comment line reads as a statement or as the beginning or end of a block. Prose does not parse as Rust.
fn is_code(comment: &Comment) -> bool {
    let text = comment.text.as_str();
    if matches!(text, "}" | "};" | "})" | "});") || text.starts_with("#[") && text.ends_with(']') {
        return true;
    }
    if text.ends_with('{') {
        return is_statement(&format!("{text} }}"));
    }
    text.ends_with(';') && is_statement(text)
}

fn is_statement(text: &str) -> bool {
    use syn::parse::Parser;
    let Ok(statements) = syn::Block::parse_within.parse_str(text) else { return false };
    statements.iter().any(|statement| match statement {
        // A lone word, or a number, is how prose ends a clause.
        syn::Stmt::Expr(expression, _) => {
            !matches!(expression, syn::Expr::Path(_) | syn::Expr::Lit(_) | syn::Expr::Struct(_))
        }
        _ => true,
    })
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::testing::findings;

    fn at(text: &str) -> usize {
        findings(check, "", &[("libos/src/memory.rs", text)]).len()
    }

    #[test]
    fn marks_and_macros_are_found() {
        for text in
            ["// TODO: later\n", "/// FIXME\nfn f() {}\n", "fn f() { todo!() }\n", "fn f() { dbg!(1); }\n"]
        {
            assert_eq!(at(text), 1, "{text}");
        }
    }

    #[test]
    fn code_in_comments_is_found() {
        for text in
            ["// let x = 1;\n", "// if x > 1 {\n//     g(x);\n// }\n", "// self.g(x);\n", "// #[inline]\n"]
        {
            assert!(at(text) > 0, "{text}");
        }
    }

    #[test]
    fn prose_is_not() {
        for text in [
            "// The kernel clears it;\n// so nothing is left.\n",
            "// done;\n",
            "// see write(2), and `x = 1;` there\n",
            "const S: &str = \"TODO\";\n",
            "// Autodocs: the todo list of a guest.\n",
        ] {
            assert_eq!(at(text), 0, "{text}");
        }
    }
}
