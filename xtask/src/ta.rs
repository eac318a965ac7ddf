//! `cargo xtask ta build`: trusted applications, from one C file or from a Rust crate over `kit/optee`.
//!
//! A Rust crate is built as a static library, so both are linked in the same way: `static-pie` by `kit/optee/ta.ld`.

mod inspect;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::command;

/// Apart from the ordinary target folder, so that the two builds do not wait for each other's lock.
const TARGET: &str = "target/ta";

/// What C is linked with.
const KIT: &str = "kit/optee/c/Cargo.toml";

const HEADERS: &str = "kit/optee/include";

/// What C is compiled with. The kit's headers stand in for those of a C library.
const COMPILE: &[&str] = &[
    "-std=gnu11",
    "-O2",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-ffreestanding",
    "-fPIE",
    "-fstack-protector-strong",
    "-ffunction-sections",
    "-fdata-sections",
    "-fno-asynchronous-unwind-tables",
    "-nostdinc",
];

const LINK: &[&str] = &[
    "-static-pie",
    "-nostdlib",
    "-Wl,-T,kit/optee/ta.ld",
    "-Wl,--gc-sections",
    "-Wl,--strip-debug",
    "-Wl,--hash-style=both",
    "-Wl,--export-dynamic-symbol=__elf_phdr_info",
    "-Wl,-z,text",
    "-Wl,-z,noexecstack",
    "-Wl,-z,max-page-size=0x1000",
    "-Wl,--build-id=none",
    "-Wl,--fatal-warnings",
    "-Wl,--no-undefined",
];

/// Runs `cargo xtask ta …`.
///
/// # Errors
/// The words are no command, or the TA does not build.
pub(crate) fn run(words: &[&str]) -> Result<()> {
    match words {
        ["build", source, "-o", output] | ["build", "-o", output, source] => {
            let built = build(Path::new(source), Path::new(output))?;
            println!("{}", built.display());
            Ok(())
        }
        _ => bail!("cargo xtask ta build SOURCE.c|CRATE_FOLDER -o FILE|FOLDER"),
    }
}

/// Builds a TA, checks it, and puts it at `output`, or as `<uuid>.ta` into `output` if that is a folder.
///
/// # Errors
/// It does not build, or is none.
pub(crate) fn build(source: &Path, output: &Path) -> Result<PathBuf> {
    let name = source.file_stem().context("the source has no name")?.to_string_lossy().into_owned();
    std::fs::create_dir_all(TARGET)?;
    let linked = format!("{TARGET}/{name}.elf");
    if source.is_dir() {
        let library = library(&source.join("Cargo.toml").to_string_lossy())?;
        link(&linked, &[&library.to_string_lossy()])?;
    } else {
        let object = format!("{TARGET}/{name}.o");
        let kit = library(KIT)?;
        compile(&source.to_string_lossy(), &object)?;
        link(&linked, &[&object, &kit.to_string_lossy()])?;
    }
    let uuid = inspect::check(Path::new(&linked))?;
    let place = if output.is_dir() { output.join(format!("{uuid}.ta")) } else { output.to_owned() };
    std::fs::copy(&linked, &place).with_context(|| format!("cannot write {}", place.display()))?;
    Ok(place)
}

/// Builds the package of a manifest as a static library, and returns where it is.
fn library(manifest: &str) -> Result<PathBuf> {
    let what = ["rustc", "--manifest-path", manifest, "--lib", "--crate-type", "staticlib"];
    let how = ["--profile", "image", "--target-dir", TARGET];
    command::run("cargo", &[&what[..], &how].concat())?;
    let metadata = std::fs::read_to_string(manifest)?;
    Ok(Path::new(TARGET).join("image").join(format!("lib{}.a", library_name(&metadata)?)))
}

/// The name of the library in a manifest: that of `[lib]` if it has one, else the package's.
fn library_name(manifest: &str) -> Result<String> {
    let sections = manifest.split("\n[");
    let mut names = sections.filter_map(|section| {
        let section = section.trim_start_matches('[');
        let is_named = section.starts_with("lib]") || section.starts_with("package]");
        let line = section.lines().find_map(|line| line.strip_prefix("name = "))?;
        is_named.then(|| line.trim_matches('"').replace('-', "_"))
    });
    // `[package]` stands first.
    let package = names.next().context("the manifest names no package")?;
    Ok(names.next().unwrap_or(package))
}

fn compile(source: &str, object: &str) -> Result<()> {
    let own = command::output("gcc", &["-print-file-name=include"])?;
    let places = ["-I", HEADERS, "-isystem", own.trim(), "-c", source, "-o", object];
    command::run("gcc", &[COMPILE, &places].concat())
}

fn link(output: &str, inputs: &[&str]) -> Result<()> {
    command::run("gcc", &[LINK, inputs, &["-o", output]].concat())
}

#[cfg(test)]
mod tests {
    use super::library_name;

    #[test]
    fn a_library_is_named_by_its_section_or_its_package() {
        let package = "[package]\nname = \"rust-echo\"\n\n[dependencies]\n";
        assert_eq!(library_name(package).ok().as_deref(), Some("rust_echo"));
        let named = format!("{package}\n[lib]\nname = \"utee\"\n");
        assert_eq!(library_name(&named).ok().as_deref(), Some("utee"));
        assert!(library_name("[lib]\n").is_err());
    }
}
