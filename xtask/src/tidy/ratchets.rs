//! Ratchets: counts per package that may only go down, kept in `xtask/ratchets.toml`.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::report::Report;
use super::tree::Tree;
use super::{cfgs, unsafety};

const RULE: &str = "ratchet";

/// Where the limits are kept.
pub(crate) const FILE: &str = "xtask/ratchets.toml";

const HEADER: &str = "\
# Counts per package that may only go down: unsafe blocks and impls, statics and thread-locals, cfg predicates but `test`.
# `cargo xtask tidy --bless` lowers them to what is there; raising one takes `--bless --raise`, and a reason in the commit.
";

/// What is counted, in the order of the file.
const NAMES: [&str; 3] = ["unsafe", "statics", "cfgs"];

/// The counts of one package, in the order of [`NAMES`].
pub(crate) type Counts = [usize; 3];

/// Counts by package folder. A package that is not listed has none of anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ratchets(BTreeMap<String, Counts>);

impl Ratchets {
    /// Counts what the tree holds.
    pub(crate) fn count(tree: &Tree) -> Self {
        let mut packages: BTreeMap<String, Counts> = BTreeMap::new();
        for (source, rust) in tree.parsed() {
            let tokens = &rust.tokens;
            let counts =
                [unsafety::count_unsafe(tokens), unsafety::count_statics(tokens), cfgs::count(tokens)];
            let package = packages.entry(tree.package_of(&source.path).to_owned()).or_default();
            *package = std::array::from_fn(|index| package[index] + counts[index]);
        }
        packages.retain(|_, counts| *counts != Counts::default());
        Self(packages)
    }

    /// Reads the stored limits; a line that is not `name = number` is passed over.
    pub(crate) fn parse(text: &str) -> Self {
        let mut packages: BTreeMap<String, Counts> = BTreeMap::new();
        let mut package = String::new();
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                package = name.trim_matches('"').to_owned();
            } else if let Some((name, value)) = line.split_once('=') {
                let index = NAMES.iter().position(|candidate| *candidate == name.trim());
                if let (Some(index), Ok(value)) = (index, value.trim().parse()) {
                    packages.entry(package.clone()).or_default()[index] = value;
                }
            }
        }
        Self(packages)
    }

    /// The text to store.
    pub(crate) fn render(&self) -> String {
        let mut text = HEADER.to_owned();
        for (package, counts) in &self.0 {
            let lines = NAMES.iter().zip(counts).map(|(name, count)| format!("{name} = {count}\n"));
            // Writing to a string does not fail.
            let _ = write!(text, "\n[\"{package}\"]\n{}", lines.collect::<String>());
        }
        text
    }

    fn of(&self, package: &str) -> Counts {
        self.0.get(package).copied().unwrap_or_default()
    }

    /// The sum over all packages.
    pub(crate) fn total(&self) -> Counts {
        self.0
            .values()
            .fold(Counts::default(), |sum, counts| std::array::from_fn(|index| sum[index] + counts[index]))
    }

    /// The smaller of the two, count by count.
    pub(crate) fn lowered_to(&self, found: &Self) -> Self {
        let minimum = |package: &String, counts: &Counts| {
            let found = found.of(package);
            (package.clone(), std::array::from_fn(|index| counts[index].min(found[index])))
        };
        let mut packages: BTreeMap<String, Counts> =
            self.0.iter().map(|(package, counts)| minimum(package, counts)).collect();
        packages.retain(|_, counts| *counts != Counts::default());
        Self(packages)
    }

    /// Reports every count above its limit.
    pub(crate) fn check(&self, found: &Self, report: &mut Report) {
        for (package, counts) in &found.0 {
            let limits = self.of(package);
            for (name, (count, limit)) in NAMES.iter().zip(counts.iter().zip(limits)) {
                if *count > limit {
                    report.add(FILE, 1, RULE, format!("{package}: {name} went up from {limit} to {count}"));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ratchets;
    use crate::tidy::report::Report;
    use crate::tidy::testing::plant;

    fn found() -> Ratchets {
        let text = "static A: u8 = 1;\nstatic B: u8 = 2;\n#[cfg(loom)]\nmod m;\n";
        Ratchets::count(&plant(&[("south/linux/Cargo.toml", ""), ("south/linux/src/arena.rs", text)]))
    }

    fn problems(stored: &str) -> usize {
        let mut report = Report::default();
        Ratchets::parse(stored).check(&found(), &mut report);
        report.into_sorted().len()
    }

    #[test]
    fn a_count_that_went_up_fails_and_one_that_went_down_does_not() {
        assert_eq!(problems(""), 2);
        assert_eq!(problems("[\"south/linux\"]\nstatics = 1\ncfgs = 1\n"), 1);
        assert_eq!(problems("[\"south/linux\"]\nstatics = 2\ncfgs = 9\n"), 0);
    }

    #[test]
    fn lowering_never_raises() {
        let stored = Ratchets::parse(
            "[\"south/linux\"]\nunsafe = 4\nstatics = 1\ncfgs = 9\n[\"broker\"]\nunsafe = 1\n",
        );
        let expected = Ratchets::parse("[\"south/linux\"]\nstatics = 1\ncfgs = 1\n");
        assert_eq!(stored.lowered_to(&found()), expected);
    }

    #[test]
    fn what_is_stored_is_read_back() {
        assert_eq!(Ratchets::parse(&found().render()), found());
    }
}
