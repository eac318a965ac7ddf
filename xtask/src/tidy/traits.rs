//! The host contract is small traits: what a port has to write is read at a glance.

use syn::visit::{self, Visit};

use super::config::Config;
use super::report::Report;
use super::tree::{Tree, is_inside};

const RULE: &str = "trait-size";

const METHODS: usize = 6;

/// Counts the methods of every trait of the contract.
pub(crate) fn check(tree: &Tree, _config: &Config, report: &mut Report) {
    for (source, rust) in tree.parsed().filter(|(source, _)| is_inside(&source.path, "south/host")) {
        let mut traits = Traits::default();
        traits.visit_file(&rust.file);
        for (name, line, methods) in traits.found {
            if methods > METHODS {
                report.add(
                    &source.path,
                    line,
                    RULE,
                    format!("`{name}` has {methods} methods, more than {METHODS}"),
                );
            }
        }
    }
}

#[derive(Default)]
struct Traits {
    found: Vec<(String, usize, usize)>,
}

impl<'ast> Visit<'ast> for Traits {
    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        let methods = item.items.iter().filter(|item| matches!(item, syn::TraitItem::Fn(_))).count();
        self.found.push((item.ident.to_string(), item.ident.span().start().line, methods));
        visit::visit_item_trait(self, item);
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::testing::findings;

    #[test]
    fn a_seventh_method_fails() {
        for (methods, expected) in [(6, 0), (7, 1)] {
            let text =
                format!("/// Doc.\npub trait Memory {{ type A; {} }}\n", "fn f(&self); ".repeat(methods));
            assert_eq!(findings(check, "", &[("south/host/src/memory.rs", &text)]).len(), expected);
        }
    }
}
