//! `cargo xtask fuzz`: the bodies of `tests/fuzz` under libFuzzer, which learns from coverage which inputs to keep.
//!
//! The targets in `tests/fuzz/targets` are a workspace of their own. No sanitizer is used, so a stable compiler is enough.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::{command, tools};

/// The package of the targets; each program in it is named as its body.
const TARGETS: &str = "tests/fuzz/targets";

/// The kept inputs, a folder a body. A run only reads them.
const CORPUS: &str = "tests/fuzz/corpus";

/// What runs build and find, so that they put nothing into the tree.
const TARGET: &str = "target/fuzz";

/// How long a run takes unless it is told.
const SECONDS: u64 = 600;

/// An input that takes longer, in seconds, hangs: as in the stable runner.
const LONGEST: u64 = 20;

/// What a run needs besides the compiler, and the line that installs each.
const TOOLS: [(&str, &str); 2] =
    [("cargo-fuzz", "cargo install cargo-fuzz --locked"), ("c++", "apt-get install -y g++")];

/// Runs one body for `--seconds`, in `--jobs` processes at a time; without a body, lists them.
///
/// # Errors
/// There is no such body or option, a tool is missing, or the body failed: the message names the input and what to do
/// with it.
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    let bodies = bodies()?;
    let Some(request) = Request::parse(arguments)? else {
        println!("{}", bodies.join("\n"));
        return Ok(());
    };
    if !bodies.iter().any(|body| body == request.body) {
        bail!("no fuzz body named `{}`; there are: {}", request.body, bodies.join(" "));
    }
    ensure_tools()?;
    request.run()
}

/// The names of the bodies that have a target.
fn bodies() -> Result<Vec<String>> {
    let names = files(&Path::new(TARGETS).join("src/bin"))?;
    Ok(names.iter().filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect())
}

/// The files of a folder.
fn files(folder: &Path) -> Result<BTreeSet<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    entries.map(|entry| Ok(entry?.path())).collect()
}

fn ensure_tools() -> Result<()> {
    for (tool, line) in TOOLS {
        if !tools::is_installed(tool) {
            bail!("fuzzing needs `{tool}`, which is not in PATH; to install it, run:\n  {line}");
        }
    }
    Ok(())
}

/// What to run.
#[derive(Debug, PartialEq, Eq)]
struct Request<'a> {
    body: &'a str,
    seconds: u64,
    jobs: u64,
}

impl<'a> Request<'a> {
    /// Reads the arguments; nothing where there are none.
    fn parse(arguments: &[&'a str]) -> Result<Option<Self>> {
        let [body, options @ ..] = arguments else { return Ok(None) };
        if body.starts_with('-') {
            bail!("`{body}` stands where a body is named; `cargo xtask fuzz` lists the bodies");
        }
        let mut request = Self { body, seconds: SECONDS, jobs: 1 };
        for option in options.chunks(2) {
            let value = option.get(1).and_then(|value| value.parse().ok()).filter(|value| *value > 0);
            let field = match option[0] {
                "--seconds" => &mut request.seconds,
                "--jobs" => &mut request.jobs,
                other => bail!("no option `{other}`; there are --seconds and --jobs"),
            };
            *field = value.with_context(|| format!("{} needs a number above 0", option[0]))?;
        }
        Ok(Some(request))
    }

    fn run(&self) -> Result<()> {
        let [scratch, failures] = ["corpus", "failures"].map(|kind| format!("{TARGET}/{kind}/{}", self.body));
        for folder in [&scratch, &failures] {
            std::fs::create_dir_all(folder).with_context(|| format!("cannot make {folder}"))?;
        }
        let before = files(Path::new(&failures))?;
        let line = self.line(&scratch, &failures);
        let words: Vec<&str> = line.iter().map(String::as_str).collect();
        let outcome = command::run("cargo", &words);
        let after = files(Path::new(&failures))?;
        let new: Vec<_> = after.difference(&before).map(|path| path.display().to_string()).collect();
        match outcome {
            Err(_) if !new.is_empty() => bail!(self.advice(&new)),
            outcome => outcome,
        }
    }

    /// The command line after `cargo`. libFuzzer writes into the first corpus only, and of a flag that stands twice it
    /// takes the last, here that of cargo-fuzz for failing inputs.
    fn line(&self, scratch: &str, failures: &str) -> Vec<String> {
        let Self { body, seconds, jobs } = self;
        let line = format!(
            "fuzz run --fuzz-dir {TARGETS} --target-dir {TARGET} --sanitizer none --jobs {jobs} {body} {scratch} \
             {CORPUS}/{body} -- -artifact_prefix={failures}/ -max_total_time={seconds} -timeout={LONGEST} \
             -print_final_stats=1"
        );
        line.split(' ').map(str::to_owned).collect()
    }

    fn advice(&self, failing: &[String]) -> String {
        let Self { body, .. } = self;
        format!(
            "{body} failed, as printed above; its input is in\n  {}\ncopy it to {CORPUS}/{body}/, see it fail there \
             with `cargo test -p litebox-fuzz {body}`, and keep it together with the fix",
            failing.join("\n  ")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Request;

    #[test]
    fn a_body_and_its_options_are_read() {
        let read = Request::parse(&["elf", "--jobs", "2", "--seconds", "9"]).expect("all are fine");
        assert_eq!(read, Some(Request { body: "elf", seconds: 9, jobs: 2 }));
        assert_eq!(Request::parse(&[]).expect("nothing is fine"), None);
    }

    #[test]
    fn what_is_no_body_option_or_number_is_refused() {
        for words in
            [&["--seconds", "9"][..], &["elf", "--seconds"], &["elf", "--jobs", "0"], &["elf", "--runs", "1"]]
        {
            assert!(Request::parse(words).is_err(), "{words:?}");
        }
    }

    #[test]
    fn a_run_writes_below_the_target_folder_only() {
        let request = Request { body: "elf", seconds: 9, jobs: 1 };
        let line = request.line("target/fuzz/corpus/elf", "target/fuzz/failures/elf").join(" ");
        assert!(line.contains(" elf target/fuzz/corpus/elf tests/fuzz/corpus/elf -- "), "{line}");
        assert!(line.contains(" -artifact_prefix=target/fuzz/failures/elf/ "), "{line}");
    }
}
