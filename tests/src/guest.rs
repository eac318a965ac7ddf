//! The programs `guest/<noun>/<name>.c` as a suite: found, compiled, run natively first and then on one South.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::Duration;

use libtest_mimic::{Arguments, Trial};

use crate::build::{Toolchain, compile};
use crate::directives::Directives;
use crate::expectations::South;
use crate::place::Place;
use crate::run::keep_descriptors_to_ourselves;
use crate::suite::{Case, Checked, Suite};

const COMPILERS_AT_ONCE: usize = 2;
const TIMEOUT: Duration = Duration::from_secs(20);
/// How many times longer the emulated machine may take: it has no processor of its own.
const EMULATION: u32 = 3;
static TOOLCHAIN: Toolchain = Toolchain::new(COMPILERS_AT_ONCE);

/// The `main` of a suite that runs every guest program of `place` on `south`, with the standard runner's arguments.
pub fn guest_programs(place: Place, south: South) -> ExitCode {
    match run(place, south) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(place: Place, south: South) -> Result<ExitCode, String> {
    keep_descriptors_to_ourselves().map_err(|error| format!("/proc/self/fd: {error}"))?;
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(COMPILERS_AT_ONCE);
    let suite = Arc::new(Suite::new(place, south)?);
    let sources = discover(&suite.place().tests.join("guest"))?;
    let names: Vec<String> = sources.iter().map(|source| test_name(source)).collect();
    suite.check_names("guest/", &names)?;
    if !arguments.list {
        suite.prepare()?;
    }
    let trials = sources.into_iter().map(|source| trial(&suite, source)).collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    println!("{}", suite.closing_line());
    Ok(conclusion.exit_code())
}

/// Every `<noun>/<name>.c` under `root`, in order.
fn discover(root: &Path) -> Result<Vec<PathBuf>, String> {
    let mut sources = Vec::new();
    for folder in entries(root)?.into_iter().filter(|entry| entry.is_dir()) {
        let files = entries(&folder)?;
        sources.extend(files.into_iter().filter(|file| file.extension().is_some_and(|end| end == "c")));
    }
    Ok(sources)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let complain = |error| format!("{}: {error}", folder.display());
    let listed = fs::read_dir(folder).map_err(complain)?;
    let mut paths: Vec<PathBuf> =
        listed.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>().map_err(complain)?;
    paths.sort();
    Ok(paths)
}

fn noun(source: &Path) -> String {
    let folder = source.parent().and_then(Path::file_name).unwrap_or_default();
    folder.to_string_lossy().into_owned()
}

fn test_name(source: &Path) -> String {
    let stem = source.file_stem().unwrap_or_default();
    format!("guest/{}/{}", noun(source), stem.display())
}

fn trial(suite: &Arc<Suite>, source: PathBuf) -> Trial {
    let suite = Arc::clone(suite);
    let name = test_name(&source);
    Trial::test(name.clone(), move || {
        let text = fs::read_to_string(&source).map_err(|error| format!("{}: {error}", source.display()))?;
        let directives = Directives::parse(&text)?;
        let binary = suite.place().binaries.join(noun(&source)).join(source.file_stem().unwrap_or_default());
        build(&source, &directives, &binary)?;
        let mut argv = vec![binary.into_os_string()];
        argv.extend(directives.args.iter().map(Into::into));
        let checked = Checked::StatusAndOutput;
        let timeout = directives.seconds.map_or(TIMEOUT, Duration::from_secs) * slowness(suite.south());
        Ok(suite.check(&Case { name, argv, directives, checked, flags: Vec::new(), timeout })?)
    })
}

fn slowness(south: South) -> u32 {
    match south {
        South::User => 1,
        South::Machine => EMULATION,
    }
}

fn build(source: &Path, directives: &Directives, binary: &Path) -> Result<(), String> {
    let is_musl = directives.build.iter().any(|flag| flag == "musl");
    let (compiler, install) = if is_musl {
        ("musl-gcc", "apt-get install musl-tools")
    } else {
        ("gcc", "apt-get install gcc libc6-dev")
    };
    let header = source.parent().and_then(Path::parent).unwrap_or(source).join("test.h");
    let mut command = Command::new(compiler);
    command.args(["-std=gnu11", "-O1", "-g", "-pthread", "-Wall", "-Wextra"]);
    // Wrong sizes and bounds are what many of these programs are about.
    command.args(["-Wno-stringop-overflow", "-Wno-stringop-overread"]);
    command.args(directives.build.iter().filter(|flag| *flag != "musl"));
    command.arg("-o").args([binary, source]).arg("-lm");
    compile(&TOOLCHAIN, command, &[source, &header], binary, install)
}
