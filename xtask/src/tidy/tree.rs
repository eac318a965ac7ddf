//! The files of the workspace, read once for all rules.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};

use super::manifest::Manifest;
use super::rust::Rust;

/// What is ours at the root; anything else there is not looked at.
const ROOTS: &[&str] = &["apps", "book", "broker", "kit", "libos", "north", "south", "tests", "xtask"];

/// Files of ours at the root.
const ROOT_FILES: &[&str] =
    &["Cargo.toml", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE", "deny.toml"];

/// A Rust file of ours.
pub(crate) struct Source {
    /// From the workspace root, with `/`.
    pub(crate) path: String,
    /// The whole file.
    pub(crate) text: String,
    /// The same, parsed; the error message where it does not parse.
    pub(crate) rust: Result<Rust, String>,
}

impl Source {
    /// Whether the whole file is test code, by its name or place.
    pub(crate) fn is_test(&self) -> bool {
        self.path.starts_with("tests/") || self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }

    /// The file's name without folders.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }
}

/// The whole workspace.
#[derive(Default)]
pub(crate) struct Tree {
    /// Every path of ours, whatever its type.
    pub(crate) paths: BTreeSet<String>,
    /// Every Rust file.
    pub(crate) sources: Vec<Source>,
    /// Every `Cargo.toml`.
    pub(crate) manifests: Vec<Manifest>,
    /// Every Markdown file: path and text.
    pub(crate) documents: Vec<(String, String)>,
}

impl Tree {
    /// Reads the workspace at `root`; hidden files and build output are left out, and symbolic links are not followed.
    ///
    /// # Errors
    /// A folder or file cannot be read.
    pub(crate) fn load(root: &Path) -> Result<Self> {
        let mut tree = Self::default();
        for folder in ROOTS {
            if root.join(folder).is_dir() {
                tree.load_folder(root, folder)?;
            }
        }
        for file in ROOT_FILES.iter().filter(|file| root.join(file).is_file()) {
            tree.insert(file, &std::fs::read_to_string(root.join(file))?);
        }
        Ok(tree)
    }

    fn load_folder(&mut self, root: &Path, folder: &str) -> Result<()> {
        for entry in std::fs::read_dir(root.join(folder)).with_context(|| format!("cannot read {folder}"))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{folder}/{name}");
            let kind = entry.file_type()?;
            if name.starts_with('.') || name == "target" {
                continue;
            }
            if kind.is_dir() {
                self.load_folder(root, &path)?;
            } else if kind.is_file() {
                let is_text = name.ends_with(".rs") || name.ends_with(".md") || name == "Cargo.toml";
                let text = if is_text { std::fs::read_to_string(entry.path())? } else { String::new() };
                self.insert(&path, &text);
            }
        }
        Ok(())
    }

    /// Adds one file.
    pub(crate) fn insert(&mut self, path: &str, text: &str) {
        self.paths.insert(path.to_owned());
        if path.ends_with(".rs") {
            self.sources.push(Source {
                path: path.to_owned(),
                text: text.to_owned(),
                rust: Rust::parse(text),
            });
        } else if path.ends_with(".md") {
            self.documents.push((path.to_owned(), text.to_owned()));
        } else if path == "Cargo.toml" || path.ends_with("/Cargo.toml") {
            self.manifests.push(Manifest::parse(path, text));
        }
    }

    /// The Rust files that parse, with their parsed form.
    pub(crate) fn parsed(&self) -> impl Iterator<Item = (&Source, &Rust)> {
        self.sources.iter().filter_map(|source| source.rust.as_ref().ok().map(|rust| (source, rust)))
    }

    /// The folder of the package that a file belongs to; empty for the workspace itself.
    pub(crate) fn package_of(&self, path: &str) -> &str {
        let folders = self.manifests.iter().map(|manifest| manifest.folder.as_str());
        folders.filter(|folder| is_inside(path, folder)).max_by_key(|folder| folder.len()).unwrap_or_default()
    }
}

/// Whether `path` lies below `folder`.
pub(crate) fn is_inside(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::Tree;

    #[test]
    fn loads_a_planted_tree_from_disk() {
        let root = std::env::temp_dir().join(format!("xtask-tree-{}", std::process::id()));
        for folder in ["libos/src/memory", "libos/target", "elsewhere"] {
            std::fs::create_dir_all(root.join(folder)).expect("the folder can be made");
        }
        let files = ["libos/src/lib.rs", "libos/src/memory/mod.rs", "libos/target/x.rs", "elsewhere/y.rs"];
        for file in files.iter().chain(&["Cargo.toml", "libos/Cargo.toml"]) {
            std::fs::write(root.join(file), "").expect("the file can be written");
        }
        let tree = Tree::load(&root).expect("the tree loads");
        let mut paths: Vec<&str> = tree.sources.iter().map(|source| source.path.as_str()).collect();
        paths.sort_unstable();
        assert_eq!(paths, ["libos/src/lib.rs", "libos/src/memory/mod.rs"]);
        assert_eq!(tree.package_of("libos/src/lib.rs"), "libos");
        std::fs::remove_dir_all(&root).expect("the folder can be removed");
    }
}
