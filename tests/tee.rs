//! Runs trusted applications by the scripts in `tee/`, each in a process and on a machine of its own under QEMU: the
//! standard output must be `tee/<name>.expected` on both.
//!
//! `# applications: NAME…` in a script names the sources in `tee/ta/` that are built for it, the main one first; without
//! it, the script's own name is meant. The exit code is 1 where one of the requests is to have no success.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use litebox_tests::{Ending, Finished, Job, Machine, Place, keep_descriptors_to_ourselves, require_qemu};

const TIMEOUT: Duration = Duration::from_secs(60);

/// One script, and the applications that it needs.
struct Scene {
    name: String,
    main: PathBuf,
    others: Vec<PathBuf>,
    script: PathBuf,
    expected: String,
    code: i32,
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    match trials(&arguments) {
        Ok(trials) => libtest_mimic::run(&arguments, trials).exit_code(),
        Err(message) => {
            eprintln!("tee: {message}");
            ExitCode::FAILURE
        }
    }
}

fn trials(arguments: &Arguments) -> Result<Vec<Trial>, String> {
    keep_descriptors_to_ourselves().map_err(|error| format!("/proc/self/fd: {error}"))?;
    let place = Place::new(env!("CARGO_MANIFEST_DIR"), env!("CARGO_TARGET_TMPDIR"));
    let names = scripts(&place)?;
    let wanted = names.into_iter().filter(|name| is_wanted(name, arguments)).collect::<Vec<_>>();
    if arguments.list || wanted.is_empty() {
        return Ok(wanted.into_iter().map(|name| Trial::test(name, || Ok(()))).collect());
    }
    require_qemu()?;
    let litebox = Arc::new(place.litebox()?);
    let machine = Arc::new(Machine::new(place.tee_machine()?, place.work()));
    let mut trials = Vec::new();
    for name in wanted {
        let scene = Arc::new(scene(&place, name)?);
        let (litebox, machine) = (Arc::clone(&litebox), Arc::clone(&machine));
        let other = Arc::clone(&scene);
        trials.push(Trial::test(format!("{}::process", scene.name), move || scene.in_process(&litebox)));
        trials.push(Trial::test(format!("{}::machine", other.name), move || other.on_machine(&machine)));
    }
    Ok(trials)
}

fn is_wanted(name: &str, arguments: &Arguments) -> bool {
    let filter = arguments.filter.as_deref().unwrap_or_default();
    name.starts_with(filter.split("::").next().unwrap_or_default())
}

/// The names of all scripts, in order.
fn scripts(place: &Place) -> Result<Vec<String>, String> {
    let folder = place.tests.join("tee");
    let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let names =
        entries.filter_map(|entry| Some(entry.ok()?.file_name().to_str()?.strip_suffix(".script")?.into()));
    let mut names: Vec<String> = names.collect();
    names.sort_unstable();
    Ok(names)
}

fn scene(place: &Place, name: String) -> Result<Scene, String> {
    let folder = place.tests.join("tee");
    let script = folder.join(format!("{name}.script"));
    let text = read(&script)?;
    let expected = read(&folder.join(format!("{name}.expected")))?;
    let directive = |key: &str| text.lines().find_map(|line| line.strip_prefix("# ")?.strip_prefix(key));
    let output = place.work().join(format!("tee-{name}"));
    fs::create_dir_all(&output).map_err(|error| format!("{}: {error}", output.display()))?;
    let sources = directive("applications: ").unwrap_or(&name);
    let built =
        sources.split_whitespace().map(|source| place.application(&source_file(&folder, source), &output));
    let mut built = built.collect::<Result<Vec<_>, _>>()?.into_iter();
    let main = built.next().ok_or_else(|| format!("{name} names no application"))?;
    let code = i32::from(expected.contains("TEE_ERROR"));
    Ok(Scene { name, main, others: built.collect(), script, expected, code })
}

/// A crate's folder or a C file.
fn source_file(folder: &Path, name: &str) -> PathBuf {
    let folder = folder.join("ta");
    let package = folder.join(name);
    if package.is_dir() { package } else { folder.join(format!("{name}.c")) }
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

impl Scene {
    fn in_process(&self, litebox: &Path) -> Result<(), Failed> {
        let words: [&std::ffi::OsStr; 5] =
            ["tee".as_ref(), "run".as_ref(), self.main.as_ref(), "--script".as_ref(), self.script.as_ref()];
        let argv = [litebox.as_os_str()].into_iter().chain(words).map(OsString::from).collect();
        self.check(&self.job(argv).run()?)
    }

    fn on_machine(&self, machine: &Machine) -> Result<(), Failed> {
        let lines = read(&self.script)?;
        let lines = lines.lines().map(OsString::from);
        let argv = [self.main.clone().into_os_string()].into_iter().chain(lines).collect();
        self.check(&machine.run(&self.job(argv), &self.others)?)
    }

    fn job(&self, argv: Vec<OsString>) -> Job {
        Job { argv, env: Vec::new(), cwd: PathBuf::from("/tmp"), timeout: TIMEOUT }
    }

    fn check(&self, finished: &Finished) -> Result<(), Failed> {
        let said = String::from_utf8_lossy(&finished.stdout);
        let is_same = said == self.expected && finished.ending == Ending::Exit(self.code);
        if is_same {
            return Ok(());
        }
        let (expected, code) = (&self.expected, self.code);
        let complaints = String::from_utf8_lossy(&finished.stderr);
        let (ending, log) = (&finished.ending, &finished.log);
        Err(Failed::from(format!(
            "--- expected, exit code {code}\n{expected}--- got, {ending:?}\n{said}--- said besides\n{complaints}{log}"
        )))
    }
}
