//! The page of the book: its results are what the benchmark wrote last, all the rest is prose.

use anyhow::{Context, Result};

use super::side::Side;
use crate::command;

const PAGE: &str = "book/src/benchmarks.md";
const START: &str = "<!-- Results: written by `cargo xtask bench --write`. -->";
const END: &str = "<!-- End of results. -->";

/// When and on what the run was made, in words.
///
/// # Errors
/// `date` or `uname` cannot be run.
pub(super) fn host(sides: &[Side]) -> Result<String> {
    let date = command::output("date", &["-u", "+%Y-%m-%d"])?;
    // Version and patch level say what is measured; what follows is a builder's private name.
    let release = command::output("uname", &["-r"])?;
    let kernel = format!("Linux {}", release.trim().split(['.', '-']).take(2).collect::<Vec<_>>().join("."));
    let information = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = information.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_once(": ")).map_or("unknown", |(_, value)| value)
    };
    let processors = std::thread::available_parallelism()?;
    let machine = if field("flags").split(' ').any(|flag| flag == "hypervisor") {
        "a virtual machine"
    } else {
        "a physical machine"
    };
    let kvm = if std::path::Path::new("/dev/kvm").exists() { "with KVM" } else { "without KVM" };
    let names: Vec<&str> = sides.iter().map(|side| side.name.as_str()).collect();
    Ok(format!(
        "{}: {machine} with {processors} processors ({}), {}, {kvm}. Sides: {}.",
        date.trim(),
        field("model name"),
        kernel.trim(),
        names.join(", ")
    ))
}

/// Puts `text` in place of the results on the page.
///
/// # Errors
/// The page, or one of its marks, is missing.
pub(super) fn write(text: &str) -> Result<()> {
    let page = std::fs::read_to_string(PAGE).with_context(|| PAGE.to_owned())?;
    let page = replaced(&page, text).with_context(|| format!("{PAGE} lacks `{START}` or `{END}`"))?;
    std::fs::write(PAGE, page)?;
    Ok(())
}

fn replaced(page: &str, text: &str) -> Option<String> {
    let (before, rest) = page.split_once(START)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{START}\n\n{text}\n\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::{END, START, replaced};

    #[test]
    fn only_the_results_change() {
        let page = format!("a\n{START}\nold\n{END}\nb\n");
        assert_eq!(replaced(&page, "new").unwrap(), format!("a\n{START}\n\nnew\n\n{END}\nb\n"));
        assert_eq!(replaced("a", "new"), None);
    }
}
