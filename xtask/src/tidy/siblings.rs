//! Law 3: siblings look alike. A noun that one South has, each of its siblings has under the same name.

use std::collections::{BTreeMap, BTreeSet};

use super::config::Config;
use super::names::noun_in;
use super::report::Report;
use super::tree::{Tree, is_inside};

const RULE: &str = "law-3-siblings";

const SIBLINGS: &[&str] = &["south/fake", "south/linux", "south/machine", "south/windows"];

/// Lines of `south/x noun`: this sibling has no such file, for the reason given.
const EXCEPTIONS: &str = "allow siblings";

/// Compares the nouns of the siblings that exist.
pub(crate) fn check(tree: &Tree, config: &Config, report: &mut Report) {
    let mut nouns: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for sibling in SIBLINGS {
        let paths = tree.paths.iter().filter(|path| is_inside(path, sibling));
        let place = format!("{sibling}/src");
        for path in paths {
            nouns.entry(sibling).or_default().extend(noun_in(path, &place, config));
        }
    }
    let all: BTreeSet<&str> = nouns.values().flatten().copied().collect();
    for (sibling, own) in &nouns {
        for noun in all.difference(own) {
            if !config.has_line(EXCEPTIONS, &format!("{sibling} {noun}")) {
                let path = format!("{sibling}/src/{noun}.rs");
                report.add(
                    &path,
                    1,
                    RULE,
                    "missing, and a sibling has it; write it or list why not in tidy.conf",
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::testing::findings;

    const FILES: &[(&str, &str)] = &[
        ("south/fake/src/lib.rs", ""),
        ("south/fake/src/memory.rs", ""),
        ("south/linux/src/memory/mod.rs", ""),
        ("south/linux/src/attest.rs", ""),
    ];

    #[test]
    fn a_noun_that_one_sibling_lacks_is_found() {
        let found = findings(check, "[nouns]\nmemory attest\n", FILES);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found.iter().all(|line| line.starts_with("south/fake/src/attest.rs:1")));
    }

    #[test]
    fn a_listed_difference_passes() {
        let config = "[nouns]\nmemory attest\n[allow siblings]\nsouth/fake attest # has no hardware\n";
        assert_eq!(findings(check, config, FILES), Vec::<String>::new());
    }
}
