//! The programs that are measured: ours, compiled, and those that are installed.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::command;

const SOURCES: &str = "tests/bench";

/// Our programs, as absolute paths.
pub(super) struct Programs {
    folder: PathBuf,
}

/// How a program is linked: where its system calls lie depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Linkage {
    /// The system calls are in the program itself.
    Static,
    /// They are in the C library.
    Dynamic,
}

impl Linkage {
    pub(super) const ALL: [Self; 2] = [Self::Static, Self::Dynamic];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Static => "static",
            Self::Dynamic => "dynamic",
        }
    }

    fn options(self) -> &'static [&'static str] {
        match self {
            Self::Static => &["-static"],
            Self::Dynamic => &[],
        }
    }
}

impl Programs {
    /// Compiles all of them, each both ways.
    ///
    /// # Errors
    /// There is no gcc, or it finds a fault.
    pub(super) fn build(target: &Path) -> Result<Self> {
        let programs = Self { folder: target.join("bench") };
        std::fs::create_dir_all(&programs.folder)?;
        for name in ["mb", "hello", "hold"] {
            for linkage in Linkage::ALL {
                programs.compile(name, linkage)?;
            }
        }
        Ok(programs)
    }

    fn compile(&self, name: &str, linkage: Linkage) -> Result<()> {
        let (source, binary) = (format!("{SOURCES}/{name}.c"), self.path(name, linkage));
        let modified = |path: &str| std::fs::metadata(path).and_then(|data| data.modified());
        let source_time = modified(&source).with_context(|| format!("{source} is missing"))?;
        if modified(&binary).is_ok_and(|binary_time| binary_time > source_time) {
            return Ok(());
        }
        let fixed = ["-O2", "-Wall", "-Wextra", "-Werror", "-pthread", "-o", &binary, &source];
        command::run("gcc", &[linkage.options(), &fixed].concat())
    }

    /// Where a program is.
    pub(super) fn path(&self, name: &str, linkage: Linkage) -> String {
        self.folder.join(format!("{name}.{}", linkage.name())).to_string_lossy().into_owned()
    }
}

/// An installed program; the system's own before those that a user's `PATH` puts in front, which may be scripts.
pub(super) fn installed(name: &str) -> Option<String> {
    ["/usr/bin", "/bin", "/usr/local/bin"]
        .iter()
        .map(|folder| format!("{folder}/{name}"))
        .find(|path| Path::new(path).is_file())
}
