//! Law 1: one noun, every layer. Folders and files that stand for a noun carry one of the nouns, or a listed other name.

use std::collections::BTreeSet;

use super::config::Config;
use super::report::Report;
use super::tree::Tree;

const RULE: &str = "law-1-names";

/// Places that hold one entry a noun: folder pattern (`*` is one component), and the section of the other names allowed there.
const PLACES: &[(&str, &str)] = &[
    ("libos/src", "names libos"),
    ("north/*/src", "names north"),
    ("north/*/src/abi", "names abi"),
    ("north/*/src/syscall", "names syscall"),
    ("south/host/src", "names host"),
    ("south/fake/src", "names south"),
    ("south/linux/src", "names south"),
    ("south/machine/src", "names south"),
    ("south/windows/src", "names south"),
    ("tests/guest", "names guest"),
];

/// The section that lists the nouns.
const NOUNS: &str = "nouns";

/// Checks every entry of the places above, once.
pub(crate) fn check(tree: &Tree, config: &Config, report: &mut Report) {
    let mut seen = BTreeSet::new();
    for path in &tree.paths {
        for (place, section) in PLACES {
            let Some((entry, name)) = entry_in(path, place) else { continue };
            let is_known = config.has_word(NOUNS, name) || config.has_word(section, name);
            if !is_known && seen.insert(entry) {
                report.add(
                    entry,
                    1,
                    RULE,
                    format!("`{name}` is neither a noun nor listed under [{section}] in tidy.conf"),
                );
            }
        }
    }
}

/// If `path` lies in `place`: the entry of that folder on the way to it, and the entry's name without `.rs`.
fn entry_in<'a>(path: &'a str, place: &str) -> Option<(&'a str, &'a str)> {
    let mut rest = path;
    for wanted in place.split('/') {
        let (component, after) = rest.split_once('/')?;
        if wanted != "*" && wanted != component {
            return None;
        }
        rest = after;
    }
    let name = rest.split('/').next()?;
    let end = path.len() - rest.len() + name.len();
    Some((path.get(..end)?, name.strip_suffix(".rs").unwrap_or(name)))
}

/// The noun that a path's file or folder in a South crate stands for, if it is one.
pub(crate) fn noun_in<'a>(path: &'a str, place: &str, config: &Config) -> Option<&'a str> {
    entry_in(path, place).map(|(_, name)| name).filter(|name| config.has_word(NOUNS, name))
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::testing::findings;

    const CONFIG: &str = "[nouns]\nmemory file\n[names libos]\nlib error\n[names syscall]\nmod\n";

    #[test]
    fn nouns_and_listed_names_pass() {
        let files = [
            ("libos/src/lib.rs", ""),
            ("libos/src/memory/map.rs", ""),
            ("north/linux/src/syscall/file/read.rs", ""),
        ];
        assert_eq!(
            findings(check, &format!("{CONFIG}[names north]\nsyscall\n"), &files),
            Vec::<String>::new()
        );
    }

    #[test]
    fn another_word_is_found_once_wherever_it_stands() {
        let files = [
            ("libos/src/mm/map.rs", ""),
            ("libos/src/mm/heap.rs", ""),
            ("tests/guest/mm/brk.c", ""),
            ("south/linux/src/mm.rs", ""),
        ];
        let found = findings(check, CONFIG, &files);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found.iter().all(|line| line.contains("`mm`")));
    }

    #[test]
    fn a_name_listed_for_one_place_is_not_allowed_in_another() {
        assert_eq!(findings(check, CONFIG, &[("north/linux/src/syscall/error.rs", "")]).len(), 2);
    }
}
