//! A link inside the repository leads somewhere, and every page of the book stands in its table of contents.

use super::config::Config;
use super::report::Report;
use super::tree::{Tree, is_inside};

const RULE: &str = "link";

const BOOK: &str = "book/src";

const CONTENTS: &str = "book/src/SUMMARY.md";

/// Checks the Markdown files at the root and in all folders of ours.
pub(crate) fn check(tree: &Tree, _config: &Config, report: &mut Report) {
    let mut listed = Vec::new();
    for (path, text) in &tree.documents {
        for (index, line) in text.lines().enumerate() {
            for target in targets(line) {
                let resolved = resolve(path, target);
                if !exists(tree, &resolved) {
                    report.add(path, index + 1, RULE, format!("`{target}` leads nowhere"));
                }
                if path == CONTENTS {
                    listed.push(resolved);
                }
            }
        }
    }
    let pages =
        tree.documents.iter().map(|(path, _)| path).filter(|path| is_inside(path, BOOK) && *path != CONTENTS);
    for page in pages.filter(|page| !listed.contains(page)) {
        report.add(page, 1, RULE, format!("not in {CONTENTS}"));
    }
}

/// Where the inline links of a line lead, without those to other sites and to places on the same page.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    let links = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    links.filter(|target| !target.contains("://") && !target.starts_with('#'))
}

fn resolve(from: &str, target: &str) -> String {
    let target = target.split('#').next().unwrap_or_default();
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

fn exists(tree: &Tree, path: &str) -> bool {
    tree.paths.contains(path) || tree.paths.iter().any(|file| is_inside(file, path))
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::testing::findings;

    const SUMMARY: (&str, &str) = ("book/src/SUMMARY.md", "- [Layers](layers.md)\n");

    #[test]
    fn links_to_files_folders_sites_and_headings_pass() {
        let text = "[a](book/src/layers.md#tree) [b](book/src) [c](https://example.org) [d](#status)\n";
        let files = [SUMMARY, ("book/src/layers.md", "[up](../../README.md)\n"), ("README.md", text)];
        assert_eq!(findings(check, "", &files), Vec::<String>::new());
    }

    #[test]
    fn a_dead_link_and_an_unlisted_page_fail() {
        let files = [SUMMARY, ("book/src/layers.md", "[x](no.md)\n"), ("book/src/memory.md", "")];
        assert_eq!(findings(check, "", &files).len(), 2);
    }
}
