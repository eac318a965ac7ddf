//! One case after another: natively, on the suite's South, compared.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use litebox_broker_protocol::StartFlags;

use crate::directives::{Directives, Ending};
use crate::expectations::{Expectations, South};
use crate::machine::{Machine, require_qemu};
use crate::place::Place;
use crate::run::{Finished, Job};

/// What of a run is compared with the native one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// The exit status and every byte of stdout.
    StatusAndOutput,
    /// The exit status only: the output holds figures.
    Status,
}

/// A program to run both ways.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its name in the expectation list.
    pub name: String,
    /// The program and its arguments.
    pub argv: Vec<OsString>,
    /// Its variables and its ending.
    pub directives: Directives,
    /// What is compared.
    pub checked: Checked,
    /// Options that the sandbox is started with.
    pub flags: Vec<OsString>,
    /// How long one run may take.
    pub timeout: Duration,
}

/// The settings of one test run, shared by its cases.
#[derive(Debug)]
pub struct Suite {
    place: Place,
    south: South,
    expectations: Expectations,
    native_only: bool,
    litebox_flags: Vec<String>,
    litebox: OnceLock<Result<PathBuf, String>>,
    machine: OnceLock<Result<Machine, String>>,
    next_scratch: AtomicU64,
}

impl Suite {
    /// Reads the expectation list and the variables `LITEBOX_TEST_NATIVE_ONLY` and `LITEBOX_FLAGS`.
    ///
    /// # Errors
    /// An expectation list that is missing or cannot be read.
    pub fn new(place: Place, south: South) -> Result<Self, String> {
        let list = place.tests.join("expectations.txt");
        let text = fs::read_to_string(&list).map_err(|error| format!("{}: {error}", list.display()))?;
        Ok(Self {
            expectations: Expectations::parse(&text, south)?,
            native_only: env::var_os("LITEBOX_TEST_NATIVE_ONLY").is_some_and(|value| value != "0"),
            litebox_flags: env::var("LITEBOX_FLAGS")
                .map(|flags| flags.split_whitespace().map(str::to_owned).collect())
                .unwrap_or_default(),
            litebox: OnceLock::new(),
            machine: OnceLock::new(),
            next_scratch: AtomicU64::new(0),
            place,
            south,
        })
    }

    /// What this suite compares the host with.
    pub fn south(&self) -> South {
        self.south
    }

    /// Makes what every case needs, so that its absence is said once.
    ///
    /// # Errors
    /// What is missing, with the line that installs it, or what does not build.
    pub fn prepare(&self) -> Result<(), String> {
        match self.south {
            South::Machine if !self.native_only => self.machine().map(|_| ()),
            // The command is built when the first case needs it.
            South::Machine | South::User => Ok(()),
        }
    }

    /// The folders of this run.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Refuses lines of the expectation list under `prefix` that name no case.
    ///
    /// # Errors
    /// The stale names.
    pub fn check_names(&self, prefix: &str, names: &[String]) -> Result<(), String> {
        let stale = self
            .expectations
            .unknown(|name| !name.starts_with(prefix) || names.iter().any(|known| known == name));
        if stale.is_empty() { Ok(()) } else { Err(format!("expectations.txt names no test: {stale:?}")) }
    }

    /// The line that closes a report: what was and what was not tested.
    pub fn closing_line(&self) -> String {
        if self.native_only {
            return format!("native only: nothing ran {}", self.where_it_ran());
        }
        let ran = format!("ran natively and {}", self.where_it_ran());
        if self.litebox_flags.is_empty() {
            ran
        } else {
            format!("{ran} with {}", self.litebox_flags.join(" "))
        }
    }

    /// Runs `case` both ways.
    ///
    /// # Errors
    /// A report that starts with `native` if the program misbehaves on the host itself, otherwise how
    /// the sandbox differs; also a pass that the expectation list does not foresee.
    pub fn check(&self, case: &Case) -> Result<(), String> {
        let number = self.next_scratch.fetch_add(1, Ordering::Relaxed);
        let scratch = env::temp_dir().join(format!("litebox-test-{}-{number}", std::process::id()));
        let native = run_natively(case, &scratch)?;
        if self.native_only {
            return Ok(());
        }
        let outcome = match self.south {
            South::User => run_sandboxed(case, &scratch, self.sandboxed_argv(case)?, &native),
            South::Machine => run_on_machine(case, &scratch, self.machine()?, &native),
        };
        match (outcome, self.expectations.reason(&case.name)) {
            (Ok(()), Some(reason)) => {
                Err(format!("surprise: it passes, but expectations.txt says \"{reason}\"; delete the line"))
            }
            (Err(_), Some(_)) => Ok(()),
            (outcome, None) => outcome,
        }
    }

    fn where_it_ran(&self) -> &'static str {
        match self.south {
            South::User => "in the sandbox",
            South::Machine => "on the machine",
        }
    }

    fn machine(&self) -> Result<&Machine, String> {
        let make = || {
            require_qemu()?;
            let machine = Machine::new(self.place.machine()?, self.place.work());
            Ok(machine.with_flags(start_flags(&self.litebox_flags)?))
        };
        self.machine.get_or_init(make).as_ref().map_err(Clone::clone)
    }

    fn sandboxed_argv(&self, case: &Case) -> Result<Vec<OsString>, String> {
        let litebox = self.litebox.get_or_init(|| self.place.litebox()).clone()?;
        let mut argv = vec![litebox.into_os_string(), "run".into(), "--quiet".into()];
        argv.extend(self.litebox_flags.iter().map(OsString::from));
        argv.extend(case.flags.iter().cloned());
        for (name, value) in &case.directives.env {
            argv.extend(["-e".into(), format!("{name}={value}").into()]);
        }
        argv.push("--".into());
        argv.extend(case.argv.iter().cloned());
        Ok(argv)
    }
}

fn run_natively(case: &Case, scratch: &Path) -> Result<Finished, String> {
    let finished = run_in(scratch, case, case.argv.clone(), |_| Ok(()))?;
    if finished.ending == case.directives.ends {
        return Ok(finished);
    }
    let wanted = case.directives.ends;
    Err(format!("native: wanted {wanted:?}, got {}", describe(&finished)))
}

fn run_sandboxed(case: &Case, scratch: &Path, argv: Vec<OsString>, native: &Finished) -> Result<(), String> {
    let finished = run_in(scratch, case, argv, |scratch| {
        let touched = fs::read_dir(scratch).is_ok_and(|mut entries| entries.next().is_some());
        if touched { Err("sandbox: it left files on the host".to_owned()) } else { Ok(()) }
    })?;
    compare("sandbox", case, native, native.ending.through_litebox(), &finished)
}

fn run_on_machine(case: &Case, scratch: &Path, machine: &Machine, native: &Finished) -> Result<(), String> {
    let job = job(case, case.argv.clone(), scratch);
    let files: Vec<PathBuf> = case.directives.needs.iter().map(PathBuf::from).collect();
    let finished = machine.run(&job, &files).map_err(|error| format!("machine: {error}"))?;
    compare("machine", case, native, native.ending, &finished)
}

fn compare(
    place: &str,
    case: &Case,
    native: &Finished,
    wanted: Ending,
    finished: &Finished,
) -> Result<(), String> {
    if finished.ending != wanted {
        return Err(format!("{place}: wanted {wanted:?}, got {}", describe(finished)));
    }
    if case.checked == Checked::StatusAndOutput && finished.stdout != native.stdout {
        let native = String::from_utf8_lossy(&native.stdout);
        return Err(format!("{place}: other output\n--- native\n{native}{}", describe(finished)));
    }
    Ok(())
}

/// What the options of `litebox run` that have a meaning on a machine say to the library OS.
fn start_flags(options: &[String]) -> Result<StartFlags, String> {
    options.iter().try_fold(StartFlags::empty(), |flags, option| match option.as_str() {
        "--trace" => Ok(flags | StartFlags::TRACE),
        "--no-rewrite" => Ok(flags | StartFlags::NO_REWRITE),
        _ => Err(format!("LITEBOX_FLAGS has {option}: a machine knows --trace and --no-rewrite")),
    })
}

/// Runs `argv` in the folder `scratch`, new and empty, lets `inspect` look at that folder, and removes it.
/// Both runs of a case use the same path, because a program may print it.
fn run_in(
    scratch: &Path,
    case: &Case,
    argv: Vec<OsString>,
    inspect: impl FnOnce(&Path) -> Result<(), String>,
) -> Result<Finished, String> {
    fs::create_dir(scratch).map_err(|error| format!("{}: {error}", scratch.display()))?;
    let outcome = job(case, argv, scratch).run().and_then(|finished| inspect(scratch).map(|()| finished));
    // A leftover folder in the temporary directory does no harm.
    let _ = fs::remove_dir_all(scratch);
    outcome
}

fn job(case: &Case, argv: Vec<OsString>, scratch: &Path) -> Job {
    Job { argv, env: environment(case), cwd: scratch.to_path_buf(), timeout: case.timeout }
}

/// What `litebox run` gives a guest by default, so that both runs see the same variables.
fn environment(case: &Case) -> Vec<(String, String)> {
    let fixed = [
        ("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
        ("HOME", "/tmp"),
        ("LANG", "C.UTF-8"),
    ];
    let fixed = fixed.map(|(name, value)| (name.to_owned(), value.to_owned()));
    fixed.into_iter().chain(case.directives.env.iter().cloned()).collect()
}

fn describe(finished: &Finished) -> String {
    let Finished { ending, stdout, stderr, log } = finished;
    let ending = match ending {
        Ending::Timeout => "no end within its time".to_owned(),
        other => format!("{other:?}"),
    };
    let (stdout, stderr) = (String::from_utf8_lossy(stdout), String::from_utf8_lossy(stderr));
    let log = if log.is_empty() { String::new() } else { format!("--- control\n{log}") };
    format!("{ending}\n--- stdout\n{stdout}--- stderr\n{stderr}{log}")
}
