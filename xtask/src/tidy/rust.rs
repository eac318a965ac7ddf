//! One Rust file as rules see it: syntax tree, flat tokens (also inside macros), comments, functions.

use proc_macro2::{Delimiter, Group, LineColumn, Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// A token without nesting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word, keywords included.
    Word(String),
    /// One character of punctuation; a lifetime is `'` and a word.
    Mark(char),
    /// A string, character or number.
    Literal,
    /// An opening bracket.
    Open(Delimiter),
    /// The closing bracket of the same kind.
    Close(Delimiter),
}

/// A token and the line it starts on.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: Kind,
    /// Counted from 1.
    pub(crate) line: usize,
}

impl Token {
    /// Whether it is this word.
    pub(crate) fn is_word(&self, word: &str) -> bool {
        matches!(&self.kind, Kind::Word(found) if found == word)
    }

    /// Whether it is this punctuation character.
    pub(crate) fn is_mark(&self, mark: char) -> bool {
        self.kind == Kind::Mark(mark)
    }
}

/// One line of a comment that is not documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Comment {
    /// Counted from 1.
    pub(crate) line: usize,
    /// Without the slashes and the spaces around.
    pub(crate) text: String,
}

/// A function with a body, outside test modules.
#[derive(Clone, Debug)]
pub(crate) struct Function {
    /// Its name.
    pub(crate) name: String,
    /// The line of its signature.
    pub(crate) line: usize,
    /// From the signature to the closing brace.
    pub(crate) lines: usize,
}

/// A parsed file.
pub(crate) struct Rust {
    /// The syntax tree.
    pub(crate) file: syn::File,
    /// All tokens in order, those inside macros too.
    pub(crate) tokens: Vec<Token>,
    /// All comments but documentation.
    pub(crate) comments: Vec<Comment>,
}

impl Rust {
    /// Parses a file; the error says where it went wrong.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let stream: TokenStream = text.parse().map_err(|error: proc_macro2::LexError| error.to_string())?;
        let mut flat = Flat::default();
        flat.stream(stream.clone());
        let file = syn::parse2(stream).map_err(|error| {
            let LineColumn { line, column } = error.span().start();
            format!("{line}:{column}: {error}")
        })?;
        Ok(Self { file, comments: comments(text, &flat.covered), tokens: flat.tokens })
    }

    /// The functions outside test modules.
    pub(crate) fn functions(&self) -> Vec<Function> {
        let mut functions = Functions::default();
        functions.visit_file(&self.file);
        functions.found
    }
}

/// Flattens a token stream, and notes which bytes of the file tokens cover.
#[derive(Default)]
struct Flat {
    tokens: Vec<Token>,
    covered: Vec<std::ops::Range<usize>>,
}

impl Flat {
    fn stream(&mut self, stream: TokenStream) {
        for tree in stream {
            let span = tree.span();
            match tree {
                TokenTree::Group(group) => self.group(&group),
                TokenTree::Ident(word) => self.push(Kind::Word(word.to_string()), span),
                TokenTree::Punct(mark) => self.push(Kind::Mark(mark.as_char()), span),
                TokenTree::Literal(_) => self.push(Kind::Literal, span),
            }
        }
    }

    fn group(&mut self, group: &Group) {
        self.push(Kind::Open(group.delimiter()), group.span_open());
        self.stream(group.stream());
        self.push(Kind::Close(group.delimiter()), group.span_close());
    }

    fn push(&mut self, kind: Kind, span: Span) {
        self.tokens.push(Token { kind, line: span.start().line });
        self.covered.push(span.byte_range());
    }
}

/// What no token covers is blank or a comment.
fn comments(text: &str, covered: &[std::ops::Range<usize>]) -> Vec<Comment> {
    let mut starts: Vec<usize> = text.match_indices('\n').map(|(at, _)| at + 1).collect();
    starts.insert(0, 0);
    let mut found = Vec::new();
    let mut position = 0;
    let end = text.len()..text.len();
    for range in covered.iter().chain([&end]) {
        if range.start > position {
            let first = starts.partition_point(|start| *start <= position);
            let gap = text.get(position..range.start).unwrap_or_default();
            let lines = gap.split('\n').enumerate();
            let stripped = lines.map(|(index, line)| (first + index, strip(line)));
            found.extend(
                stripped.filter(|(_, line)| !line.is_empty()).map(|(line, text)| Comment { line, text }),
            );
        }
        position = position.max(range.end);
    }
    found
}

fn strip(line: &str) -> String {
    let line = line.trim();
    let line = line
        .strip_prefix("//")
        .or_else(|| line.strip_prefix("/*"))
        .or_else(|| line.strip_prefix('*'))
        .unwrap_or(line);
    line.strip_suffix("*/").unwrap_or(line).trim().to_owned()
}

/// Whether an item is compiled for tests only.
pub(crate) fn is_test_only(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Path>().is_ok_and(|predicate| predicate.is_ident("test"))
    })
}

#[derive(Default)]
struct Functions {
    found: Vec<Function>,
}

impl Functions {
    fn add(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let line = signature.fn_token.span.start().line;
        let end = block.brace_token.span.close().end().line;
        self.found.push(Function { name: signature.ident.to_string(), line, lines: end + 1 - line });
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test_only(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !is_test_only(&item.attrs) {
            self.add(&item.sig, &item.block);
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.add(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.add(&item.sig, block);
        }
        visit::visit_trait_item_fn(self, item);
    }
}

#[cfg(test)]
mod tests {
    use super::{Comment, Rust};

    fn parse(text: &str) -> Rust {
        Rust::parse(text).expect("the text is Rust")
    }

    #[test]
    fn comments_are_what_is_neither_token_nor_documentation() {
        let text = "//! Doc.\nfn f() { // one\n    let s = \"// not one\"; /* two\n     * three */\n}\n/// Doc.\nfn g() {}\n// four";
        let comment = |line, text: &str| Comment { line, text: text.to_owned() };
        let expected = [comment(2, "one"), comment(3, "two"), comment(4, "three"), comment(8, "four")];
        assert_eq!(parse(text).comments, expected);
    }

    #[test]
    fn functions_leave_test_modules_out_and_measure_signature_to_brace() {
        let text = "/// Doc.\n#[inline]\nfn f(\n) {\n}\nimpl S {\n    fn g() {}\n}\ntrait T { fn h(); fn i() {} }\n\
                    #[cfg(test)]\nmod tests { fn j() {} }\n";
        let functions = parse(text).functions();
        let found: Vec<_> =
            functions.iter().map(|found| (found.name.as_str(), found.line, found.lines)).collect();
        assert_eq!(found, [("f", 3, 3), ("g", 7, 1), ("i", 9, 1)]);
    }

    #[test]
    fn what_is_not_rust_is_an_error_with_its_place() {
        assert!(Rust::parse("fn f( {").is_err());
        assert!(Rust::parse("fn f() { let = 1; }").err().is_some_and(|error| error.starts_with("1:")));
    }
}
