//! One attack: what its source says of it, and its two runs.

use std::fs;
use std::io::{PipeReader, Read, pipe};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use litebox_tests::Ending;

use crate::older::make_older;
use crate::rules::violation;
use crate::stage::{self, Stage};
use crate::tracer::{self, Trace, Watched};
use crate::variation::Variation;

/// How long one run may take; a sandbox is told to end sooner.
const LIMIT: Duration = Duration::from_secs(40);
const SANDBOX_LIMIT: &str = "15s";

/// How soon a sandbox ends that is broken from within, under a tracer on a busy machine.
const PROMPTLY: Duration = Duration::from_secs(5);

/// The first line of every attack.
const BEGUN: &str = "begun\n";

/// What the leading comments of an attack say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Directives {
    /// `// cases: …`: the attack is this many attacks, told by their names.
    pub(crate) cases: Vec<String>,
    /// `// native: may fail "why"`, with `CASE: ` before `may` if it is about one case.
    may_fail: Vec<(Option<String>, String)>,
    /// `// sandbox: denied` and others.
    demand: Demand,
    /// `// limit: 2s`: the sandbox's own time limit.
    limit: Option<String>,
    /// `// also: forked vforked`, with `: CASE…` at its end if it is about some cases only.
    also: Vec<(Variation, Vec<String>)>,
    /// `// sweep: FIRST LAST`: the attack is repeated from where it ended, see [`Attack::sweep`].
    pub(crate) sweep: Option<(u32, u32)>,
}

impl Directives {
    /// Reads the comments above the first line that is no directive.
    ///
    /// # Errors
    /// A directive that cannot be read.
    pub(crate) fn parse(source: &str) -> Result<Self, String> {
        let mut found = Self::default();
        let lines = source.lines().map_while(|line| line.strip_prefix("// ")?.split_once(": "));
        for (key, value) in lines {
            match key {
                "cases" => found.cases.extend(value.split_whitespace().map(str::to_owned)),
                "native" => found.may_fail.push(may_fail(value)?),
                "sandbox" => found.demand = Demand::parse(value)?,
                "limit" => found.limit = Some(value.to_owned()),
                "also" => found.also.extend(also(value)?),
                "sweep" => found.sweep = Some(range(value)?),
                _ if key.contains(' ') => break,
                _ => return Err(format!("`{key}: {value}` is no directive of an attack")),
            }
        }
        Ok(found)
    }

    /// The ways to carry out a case.
    pub(crate) fn variations(&self, case: &str) -> Vec<Variation> {
        let holds = |cases: &Vec<String>| cases.is_empty() || cases.iter().any(|one| one == case);
        let also = self.also.iter().filter(|(_, cases)| holds(cases)).map(|(variation, _)| *variation);
        [Variation::Plain].into_iter().chain(also).collect()
    }

    fn may_fail_natively(&self, case: &str) -> Option<&str> {
        let entry = self.may_fail.iter().find(|(name, _)| name.as_deref().is_none_or(|name| name == case));
        entry.map(|(_, why)| why.as_str())
    }
}

/// What is asked of the run in the sandbox, besides that it reaches nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Demand {
    /// `contained`: nothing.
    #[default]
    Contained,
    /// `denied`: the program itself notices the refusals and exits with 0.
    Denied,
    /// `ended`: the sandbox stops itself, soon, and says so.
    Ended,
}

impl Demand {
    fn parse(value: &str) -> Result<Self, String> {
        match value {
            "contained" => Ok(Self::Contained),
            "denied" => Ok(Self::Denied),
            "ended" => Ok(Self::Ended),
            _ => Err(format!("`sandbox: {value}`")),
        }
    }

    /// What the run lacks.
    fn misses(self, run: &Run) -> Option<&'static str> {
        /// How the command ends when there is no end of the program.
        const STOPPED: Ending = Ending::Exit(125);
        let Run { trace, written, took, .. } = run;
        match self {
            Self::Denied if trace.ending != Ending::Exit(0) => {
                Some("the attack was not refused as it should be")
            }
            Self::Ended if trace.ending != STOPPED => Some("the sandbox did not stop itself"),
            Self::Ended if !written.contains("litebox: the sandbox stopped: ") => {
                Some("it did not say why it ended")
            }
            Self::Ended if *took > PROMPTLY => Some("it took long to end"),
            Self::Contained | Self::Denied | Self::Ended => None,
        }
    }
}

fn also(value: &str) -> Result<Vec<(Variation, Vec<String>)>, String> {
    let (names, cases) = value.split_once(": ").unwrap_or((value, ""));
    let cases: Vec<_> = cases.split_whitespace().map(str::to_owned).collect();
    let variation = |name| Variation::parse(name).ok_or_else(|| format!("`also: {name}`"));
    names.split_whitespace().map(|name| Ok((variation(name)?, cases.clone()))).collect()
}

fn may_fail(value: &str) -> Result<(Option<String>, String), String> {
    let (case, why) = value.split_once("may fail ").ok_or_else(|| format!("`native: {value}`"))?;
    let case = case.trim().strip_suffix(':').map(str::to_owned);
    Ok((case, why.to_owned()))
}

fn range(value: &str) -> Result<(u32, u32), String> {
    let wrong = || format!("`sweep: {value}` is not two numbers");
    let (first, last) = value.split_once(' ').ok_or_else(wrong)?;
    Ok((first.parse().map_err(|_| wrong())?, last.parse().map_err(|_| wrong())?))
}

/// A compiled attack.
pub(crate) struct Attack<'a> {
    /// What its source says.
    pub(crate) directives: &'a Directives,
    /// The program.
    pub(crate) binary: &'a Path,
    /// The `litebox` executable.
    pub(crate) litebox: &'a Path,
    /// The case; empty if there is one only.
    pub(crate) case: &'a str,
    /// How it is carried out.
    pub(crate) variation: Variation,
}

/// How a run went.
struct Run {
    trace: Trace,
    reached: Vec<String>,
    written: String,
    took: Duration,
}

impl Run {
    fn describe(&self) -> String {
        let written = self.written.lines().rev().take(12).collect::<Vec<_>>();
        let written = written.into_iter().rev().collect::<Vec<_>>().join("\n");
        format!("{:?}, {:?}\n--- output\n{written}", self.trace.ending, self.reached)
    }
}

impl Attack<'_> {
    /// Run natively, where the goal must be reached, then in the sandbox, where it must not.
    ///
    /// # Errors
    /// What went otherwise.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.variation.differs_natively() {
            self.control()?;
        }
        self.sandboxed(&[]).map(|_| ())
    }

    /// The native run, which also proves that goals are noticed and that the tracer sees what is done.
    fn control(&self) -> Result<(), String> {
        let mut stage = self.plant()?;
        let run = self.run(&mut stage, &[], Watched::Everything)?;
        if !run.trace.made.iter().any(|call| violation(call).is_some()) {
            return Err("native: the tracer saw nothing against the table".into());
        }
        match (run.reached.is_empty(), self.directives.may_fail_natively(self.case)) {
            (false, _) | (true, Some(_)) => Ok(()),
            (true, None) => Err(format!("native: the goal was not reached: {}", run.describe())),
        }
    }

    /// The run in the sandbox; what it wrote.
    fn sandboxed(&self, more: &[String]) -> Result<(Ending, String), String> {
        let mut stage = self.plant()?;
        let run = self.run(&mut stage, more, Watched::Members)?;
        let complain = |what: &str| Err(format!("sandbox: {what}: {}", run.describe()));
        let violations: Vec<String> = run.trace.made.iter().filter_map(violation).collect();
        if !violations.is_empty() {
            return complain(&format!("calls outside the table: {violations:#?}"));
        }
        if !run.reached.is_empty() {
            return complain("the goal was reached");
        }
        if run.trace.ending == Ending::Timeout || run.trace.left_over {
            return complain("it did not end");
        }
        if run.trace.confined == 0 || run.trace.made.is_empty() || !run.written.starts_with(BEGUN) {
            return complain("the attack did not begin, or the tracer saw nothing of it");
        }
        if let Some(what) = unclean(&run, self.directives.demand) {
            return complain(&what);
        }
        if let Some(what) = self.directives.demand.misses(&run) {
            return complain(what);
        }
        Ok((run.trace.ending, run.written))
    }

    /// Run the attack for every number of its sweep: it says each number before it tries it, and where it ends
    /// early, the next run begins one further.
    ///
    /// # Errors
    /// What went wrong, at which number.
    pub(crate) fn sweep(&self, first: u32, last: u32) -> Result<(), String> {
        let mut next = first;
        let mut ended = 0;
        while next <= last {
            let more = [next.to_string(), last.to_string()];
            let (ending, written) =
                self.sandboxed(&more).map_err(|error| format!("from number {next}: {error}"))?;
            let tried =
                written.lines().rev().find_map(|line| line.strip_prefix("number ")?.parse::<u32>().ok());
            let tried = tried.ok_or_else(|| format!("nothing was tried from number {next}: {written}"))?;
            if ending == Ending::Exit(0) && tried == last {
                println!("numbers {first} to {last}: {ended} ended the sandbox or the program");
                return Ok(());
            }
            ended += 1;
            next = tried + 1;
        }
        println!("numbers {first} to {last}: {ended} ended the sandbox or the program");
        Ok(())
    }

    fn run(&self, stage: &mut Stage, more: &[String], watched: Watched) -> Result<Run, String> {
        let inside = stage.root().join("attack");
        fs::copy(self.binary, &inside).map_err(|error| format!("{}: {error}", inside.display()))?;
        let (mut command, name) = match watched {
            Watched::Everything => (Command::new(&inside), None),
            Watched::Members => (self.sandbox(&stage.root()), Some("/attack")),
        };
        command.args(name).args(stage.arguments()?).args([self.variation.told(), self.case]).args(more);
        let (written, output) = pipe().map_err(|error| error.to_string())?;
        let errors = output.try_clone().map_err(|error| error.to_string())?;
        command.env_clear().current_dir("/").stdin(Stdio::null()).stdout(output).stderr(errors);
        stage::lower(&mut command);
        if self.variation == Variation::Older {
            make_older(&mut command);
        }
        let begun = Instant::now();
        let reader = thread::spawn(move || collect(written));
        let trace = tracer::run(&mut command, watched, LIMIT);
        let took = begun.elapsed();
        // The pipe's last writer here: what wrote on the other side has ended.
        drop(command);
        let written = reader.join().map_err(|_| "the output's reader panicked")?;
        Ok(Run { trace: trace?, reached: await_effect(stage, watched, &written), written, took })
    }

    fn plant(&self) -> Result<Stage, String> {
        Stage::plant((self.variation == Variation::Beside).then_some(self.litebox))
    }

    fn sandbox(&self, root: &Path) -> Command {
        let mut command = Command::new(self.litebox);
        let limit = self.directives.limit.as_deref().unwrap_or(SANDBOX_LIMIT);
        command.args(["run", "--quiet", "--timeout", limit, "--root"]).arg(root).arg("--");
        command
    }
}

/// All that comes out of a pipe, cut to what an attack can have to say.
fn collect(from: PipeReader) -> String {
    const MOST: u64 = 16 << 20;
    let mut bytes = Vec::new();
    // What was read before an error is what there is.
    let _ = from.take(MOST).read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What was reached. Signals and datagrams take a moment; where they are wanted, there is more patience.
fn await_effect(stage: &mut Stage, watched: Watched, written: &str) -> Vec<String> {
    let rounds = if watched == Watched::Everything { 50 } else { 2 };
    let mut reached = Vec::new();
    for _ in 0..rounds {
        reached.extend(stage.reached(written));
        if !reached.is_empty() {
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    reached
}

/// An end that is a crash of ours and not a sandbox's: of the supervisor, or a panic anywhere.
fn unclean(run: &Run, demand: Demand) -> Option<String> {
    if let Ending::Signal(signal) = run.trace.ending {
        return Some(format!("the supervisor was killed by signal {signal}"));
    }
    // A library OS that the attack destroyed may panic, or find no memory: that end is the one it brought about.
    let is_destroyed = demand == Demand::Ended || run.written.contains("memory allocation of");
    let panics = |line: &str| line.contains("panicked at") && (line.starts_with("thread") || !is_destroyed);
    run.written.lines().any(panics).then(|| "something panicked".to_owned())
}

/// A copy of the `litebox` executable that every user can reach.
///
/// # Errors
/// The copy cannot be made.
pub(crate) fn shared_copy(litebox: &Path) -> Result<PathBuf, String> {
    let copy = std::env::temp_dir().join(format!("litebox-escape-{}-program", std::process::id()));
    fs::copy(litebox, &copy).map_err(|error| format!("{}: {error}", copy.display()))?;
    Ok(copy)
}
