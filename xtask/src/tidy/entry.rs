//! Runs all rules and prints what they found, then one line of figures.

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::config::Config;
use super::ratchets::{self, Ratchets};
use super::report::Report;
use super::sizes::{function_lengths, percentile};
use super::tree::Tree;
use super::{arrows, cfgs, leftovers, links, modules, names, siblings, sizes, tcb, traits, unsafety, words};

const CONFIG: &str = "xtask/tidy.conf";

/// A rule looks at the whole tree.
pub(crate) type Rule = fn(&Tree, &Config, &mut Report);

const RULES: &[Rule] = &[
    names::check,
    arrows::check,
    words::check,
    siblings::check,
    cfgs::check,
    sizes::check,
    modules::check,
    unsafety::check,
    traits::check,
    leftovers::check,
    links::check,
];

/// What to do with the stored ratchets before they are compared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bless {
    /// Leave them.
    Nothing,
    /// Lower each to what is found.
    Lower,
    /// Set each to what is found, upwards too.
    Raise,
}

/// Checks the workspace in the current folder.
///
/// # Errors
/// A rule is broken, or the tree cannot be read.
pub(crate) fn run(bless: Bless) -> Result<()> {
    let config =
        Config::parse(&std::fs::read_to_string(CONFIG).with_context(|| format!("cannot read {CONFIG}"))?)?;
    let tree = Tree::load(Path::new("."))?;
    let mut report = Report::default();
    for rule in RULES {
        rule(&tree, &config, &mut report);
    }
    let found = Ratchets::count(&tree);
    blessed(&found, bless)?.check(&found, &mut report);
    let tcb = tcb::check(&mut report);
    let findings = report.into_sorted();
    for finding in &findings {
        println!("{finding}");
    }
    println!("{}", summary(&tree, &found, &tcb));
    if !findings.is_empty() {
        bail!("{} rules broken", findings.len());
    }
    Ok(())
}

/// The stored ratchets, after blessing.
fn blessed(found: &Ratchets, bless: Bless) -> Result<Ratchets> {
    let stored = Ratchets::parse(&std::fs::read_to_string(ratchets::FILE).unwrap_or_default());
    let wanted = match bless {
        Bless::Nothing => return Ok(stored),
        Bless::Lower => stored.lowered_to(found),
        Bless::Raise => found.clone(),
    };
    std::fs::write(ratchets::FILE, wanted.render())
        .with_context(|| format!("cannot write {}", ratchets::FILE))?;
    Ok(wanted)
}

fn summary(tree: &Tree, found: &Ratchets, tcb: &str) -> String {
    let lengths = function_lengths(tree);
    let [unsafe_blocks, statics, cfgs] = found.total();
    format!(
        "tidy: {} files; {} functions, lines p50 {} p90 {} max {}; {unsafe_blocks} unsafe blocks, {statics} statics, {cfgs} cfgs; \
         external crates: {tcb}",
        tree.sources.len(),
        lengths.len(),
        percentile(&lengths, 50),
        percentile(&lengths, 90),
        lengths.last().copied().unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::RULES;
    use crate::tidy::config::Config;
    use crate::tidy::report::Report;
    use crate::tidy::testing::plant;

    /// The configuration that the project uses parses, and a tree with everything wrong makes every rule speak.
    #[test]
    fn every_rule_is_run() {
        let config = Config::parse(include_str!("../../tidy.conf")).expect("tidy.conf parses");
        let long = "fn f() {\n}\n".repeat(251);
        let seven = format!("//! D.\ntrait T {{ {} }}\n", "fn f(); ".repeat(7));
        let tree = plant(&[
            ("libos/Cargo.toml", "[features]\n[dependencies]\nx = { path = \"../north/linux\" }\n"),
            ("libos/src/mm.rs", "//! As on KVM.\nstatic A: u8 = 1; // TODO\n"),
            ("libos/src/memory.rs", &long),
            ("south/host/src/memory.rs", &seven),
            ("south/fake/src/memory.rs", "//! D.\n"),
            ("south/linux/src/time.rs", "//! D.\n"),
            ("README.md", "[x](nowhere.md)\n"),
        ]);
        let mut report = Report::default();
        RULES.iter().for_each(|rule| rule(&tree, &config, &mut report));
        let found: BTreeSet<&str> = report.into_sorted().iter().map(|finding| finding.rule).collect();
        let expected = [
            "law-1-names",
            "law-2-arrows",
            "law-2-words",
            "law-3-siblings",
            "law-4-cfg",
            "leftover",
            "link",
            "module",
            "size",
            "trait-size",
            "unsafe",
        ];
        assert_eq!(found, BTreeSet::from(expected));
    }
}
