//! Runs `escape/*.c`: hostile programs that reach their goal natively and must not in the sandbox.
//!
//! A tracer outside keeps every host call that the sandbox's members make; each must have a row in the table of host
//! calls. The goals are things planted outside: a file to read, a file to change, a process to signal, sockets to
//! reach. `cargo test -p litebox-tests --test escape -- gate` runs those whose names say `gate`.

#[path = "escape/attack.rs"]
mod attack;
#[path = "escape/older.rs"]
mod older;
#[path = "escape/ptrace.rs"]
mod ptrace;
#[path = "escape/rules.rs"]
mod rules;
#[path = "escape/stage.rs"]
mod stage;
#[path = "escape/tracer.rs"]
mod tracer;
#[path = "escape/variation.rs"]
mod variation;
#[path = "escape/victim.rs"]
mod victim;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use attack::{Attack, Directives};
use libtest_mimic::{Arguments, Trial};
use litebox_tests::{Expectations, Place, South, Toolchain, compile, keep_descriptors_to_ourselves};
use variation::Variation;

const RUNS_AT_ONCE: usize = 2;
static TOOLCHAIN: Toolchain = Toolchain::new(RUNS_AT_ONCE);
/// Cases of one source share its binary, which only one of them builds.
static BUILD: Mutex<()> = Mutex::new(());

/// What all trials share.
struct Context {
    place: Place,
    expectations: Expectations,
    litebox: OnceLock<Result<PathBuf, String>>,
}

impl Context {
    fn litebox(&self) -> Result<PathBuf, String> {
        let build = || attack::shared_copy(&self.place.litebox()?);
        self.litebox.get_or_init(build).clone()
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        if let Some(Ok(copy)) = self.litebox.get() {
            // A leftover file in the temporary directory does no harm.
            let _ = fs::remove_file(copy);
        }
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode, String> {
    keep_descriptors_to_ourselves().map_err(|error| format!("/proc/self/fd: {error}"))?;
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(RUNS_AT_ONCE);
    let place = Place::new(env!("CARGO_MANIFEST_DIR"), env!("CARGO_TARGET_TMPDIR"));
    let list = place.tests.join("expectations.txt");
    let text = fs::read_to_string(&list).map_err(|error| format!("{}: {error}", list.display()))?;
    let sources = sources(&place.tests.join("escape"))?;
    let context = Arc::new(Context {
        place,
        expectations: Expectations::parse(&text, South::User)?,
        litebox: OnceLock::new(),
    });
    let mut trials = vec![Trial::test("escape/harness/rules", || Ok(rules::prove()?))];
    for source in sources {
        add_trials(&mut trials, &context, source)?;
    }
    let is_known =
        |name: &str| !name.starts_with("escape/") || trials.iter().any(|trial| trial.name() == name);
    let stale = context.expectations.unknown(is_known);
    if !stale.is_empty() {
        return Err(format!("expectations.txt names no attack: {stale:?}"));
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    drop(context);
    Ok(conclusion.exit_code())
}

/// Every attack's source, in order.
fn sources(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let complain = |error| format!("{}: {error}", folder.display());
    let listed = fs::read_dir(folder).map_err(complain)?;
    let mut paths: Vec<PathBuf> =
        listed.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>().map_err(complain)?;
    paths.retain(|path| path.extension().is_some_and(|end| end == "c"));
    paths.sort();
    Ok(paths)
}

/// One trial a case.
fn add_trials(trials: &mut Vec<Trial>, context: &Arc<Context>, source: PathBuf) -> Result<(), String> {
    let complain = |error: &dyn std::fmt::Display| format!("{}: {error}", source.display());
    let text = fs::read_to_string(&source).map_err(|error| complain(&error))?;
    let directives = Directives::parse(&text).map_err(|error| complain(&error))?;
    let stem = source.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let cases = if directives.cases.is_empty() { vec![String::new()] } else { directives.cases.clone() };
    let every = cases.iter().flat_map(|case| {
        directives.variations(case).into_iter().map(move |variation| (case.clone(), variation))
    });
    for (case, variation) in every {
        let parts = ["escape", &stem, variation.name(), &case];
        let name = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
        let (context, directives, source) = (Arc::clone(context), directives.clone(), source.clone());
        trials.push(Trial::test(name.clone(), move || {
            let outcome = attempt(&context, &directives, &source, &case, variation);
            Ok(judge(outcome, context.expectations.reason(&name))?)
        }));
    }
    Ok(())
}

fn attempt(
    context: &Context,
    directives: &Directives,
    source: &Path,
    case: &str,
    variation: Variation,
) -> Result<(), String> {
    let binary = context.place.binaries.join("escape").join(source.file_stem().unwrap_or_default());
    build(source, &binary)?;
    let litebox = context.litebox()?;
    let attack = Attack { directives, binary: &binary, litebox: &litebox, case, variation };
    match directives.sweep {
        Some((first, last)) => attack.sweep(first, last),
        None => attack.check(),
    }
}

/// As in the guest tests: a known gap is listed with its reason, and a surprise pass fails.
fn judge(outcome: Result<(), String>, known: Option<&str>) -> Result<(), String> {
    match (outcome, known) {
        (Ok(()), Some(reason)) => {
            Err(format!("surprise: it passes, but expectations.txt says \"{reason}\"; delete the line"))
        }
        (Err(error), Some(_)) if error.starts_with("sandbox") => Ok(()),
        (outcome, _) => outcome,
    }
}

/// Attacks are static and lie below 4 GiB, so that 32-bit code can be part of one.
fn build(source: &Path, binary: &Path) -> Result<(), String> {
    let _turn = BUILD.lock().unwrap_or_else(PoisonError::into_inner);
    let header = source.with_file_name("attack.h");
    let mut command = Command::new("gcc");
    command.args(["-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-static", "-no-pie", "-mfsgsbase"]);
    command.arg("-o").args([binary, source]);
    compile(&TOOLCHAIN, command, &[source, &header], binary, "apt-get install gcc libc6-dev")
}
