//! Renders the pages, and writes or compares them.

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::{host_calls, optee_calls, syscalls};

/// Whether to write the pages or to fail where one is not what would be written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Write each page.
    Write,
    /// Compare each page with what is stored, and change nothing.
    Check,
}

/// A generated page: its path from the workspace root, and what renders it.
type Page = (&'static str, fn() -> String);

const PAGES: &[Page] = &[
    ("book/src/reference/syscalls.md", syscalls::page),
    ("book/src/reference/optee-calls.md", optee_calls::page),
    ("book/src/reference/host-calls.md", host_calls::page),
];

/// Renders every page.
///
/// # Errors
/// A page cannot be written or, with [`Mode::Check`], is not current.
pub(crate) fn run(mode: Mode) -> Result<()> {
    render(Path::new("."), PAGES, mode)
}

fn render(root: &Path, pages: &[Page], mode: Mode) -> Result<()> {
    let mut stale = Vec::new();
    for (path, page) in pages {
        let file = root.join(path);
        let text = page();
        let stored = std::fs::read_to_string(&file).ok();
        if stored.as_deref() == Some(text.as_str()) {
            continue;
        }
        match mode {
            Mode::Check => stale.push(*path),
            Mode::Write => write(&file, &text)?,
        }
    }
    if !stale.is_empty() {
        bail!("not current: {}; run `cargo xtask codegen`", stale.join(", "));
    }
    Ok(())
}

fn write(file: &Path, text: &str) -> Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::{Mode, Page, render};

    #[test]
    fn a_stale_page_fails_the_check_until_it_is_written() {
        let root = std::env::temp_dir().join(format!("xtask-codegen-{}", std::process::id()));
        let pages: &[Page] = &[("reference/page.md", || "one line\n".to_owned())];
        assert!(render(&root, pages, Mode::Check).is_err());
        render(&root, pages, Mode::Write).expect("the page is written");
        render(&root, pages, Mode::Check).expect("a page just written is current");
        std::fs::write(root.join("reference/page.md"), "another\n").expect("the page can be changed");
        assert!(render(&root, pages, Mode::Check).is_err());
        std::fs::remove_dir_all(&root).expect("the folder can be removed");
    }
}
