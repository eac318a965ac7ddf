//! Planted trees for the tests of the rules.

use super::config::Config;
use super::entry::Rule;
use super::report::Report;
use super::tree::Tree;

/// A tree of these files.
pub(crate) fn plant(files: &[(&str, &str)]) -> Tree {
    let mut tree = Tree::default();
    for (path, text) in files {
        tree.insert(path, text);
    }
    tree
}

/// What one rule says about a planted tree, as `path:line: what`, with this configuration.
pub(crate) fn findings(rule: Rule, config: &str, files: &[(&str, &str)]) -> Vec<String> {
    let config = Config::parse(config).expect("the planted configuration parses");
    let mut report = Report::default();
    rule(&plant(files), &config, &mut report);
    let sorted = report.into_sorted();
    sorted.iter().map(|finding| format!("{}:{}: {}", finding.path, finding.line, finding.what)).collect()
}
