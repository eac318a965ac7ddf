//! `litebox doctor`: can this host run a sandbox, and which layers would confine it?

mod checks;
mod trial;

use crate::output;
use checks::{Check, State};
use clap::Args;
use litebox::Layer;
use serde::Serialize;
use std::fmt::Write;
use std::process::ExitCode;

/// The exit code where no sandbox can run.
const UNUSABLE: u8 = 1;

#[derive(Args)]
pub(crate) struct Options {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// All there is to say.
#[derive(Serialize)]
struct Report {
    version: &'static str,
    /// Whether a sandbox runs here.
    usable: bool,
    /// The container around this process, as far as it shows.
    container: Option<String>,
    checks: Vec<Check>,
    /// The layers that a sandbox has here.
    layers: Vec<String>,
    /// The layers that it would have elsewhere, and why not here.
    missing: Vec<String>,
}

pub(crate) fn run(options: &Options) -> ExitCode {
    let trial = trial::run();
    let mut checks = checks::all();
    checks.push(trial.check());
    let usable = checks.iter().all(|check| check.state != State::Failed);
    let Layers { active, missing } = if usable { layers(&trial) } else { Layers::default() };
    let container = checks::container();
    let version = env!("CARGO_PKG_VERSION");
    let report = Report { version, usable, container, checks, layers: active, missing };
    let text = if options.json { output::json(&report) } else { page(&report) };
    output::answer(&text, if usable { 0 } else { UNUSABLE })
}

/// Which layers a sandbox has here, the strongest first, and which it has not.
#[derive(Default)]
struct Layers {
    active: Vec<String>,
    missing: Vec<String>,
}

impl Layers {
    fn add(&mut self, name: &str, layer: &Layer) {
        match layer {
            Layer::Enforced => self.active.push(name.into()),
            Layer::Partial => self.active.push(format!("{name}, as far as this host knows it")),
            Layer::Absent(why) => self.missing.push(format!("{name}: {why}")),
        }
    }
}

fn layers(trial: &trial::Trial) -> Layers {
    let mut layers = Layers::default();
    layers.active.extend([
        "seccomp filter around the program: only the library OS's gate makes host calls, and only listed ones".to_owned(),
        "files and terminal are held by a broker in another process".to_owned(),
    ]);
    landlock(&mut layers);
    if let Some(broker) = trial.broker_layers() {
        layers.add("seccomp filter around the broker", &broker.seccomp);
        layers.add("Landlock around the broker", &broker.landlock);
    }
    if let Some(cgroup) = trial.cgroup() {
        layers.add("cgroup of each sandbox's own: --mem and --pids of all its processes together", cgroup);
    }
    layers.active.push("--mem: the library OS's own accounting and RLIMIT_DATA of each process".into());
    layers.active.push("--cpus: CPU affinity; --pids: the library OS's own accounting".into());
    layers
}

/// What Landlock adds around the program, by its version (landlock(7)).
fn landlock(layers: &mut Layers) {
    const PARTS: [(u32, &str); 3] = [(1, "files"), (4, "TCP ports"), (6, "signals to strangers")];
    let version = match litebox::probe::landlock() {
        Ok(version) => version,
        Err(error) => return layers.missing.push(format!("Landlock around the program: {error}")),
    };
    for (first, part) in PARTS {
        let name = format!("Landlock around the program: {part}");
        if version >= first {
            layers.active.push(name);
        } else {
            layers.missing.push(format!("{name}: this host has version {version}, they need {first}"));
        }
    }
}

fn page(report: &Report) -> String {
    let mut text = String::new();
    for check in &report.checks {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:<8} {:<16} {}", check.state.word(), check.name, check.detail);
        if let (State::Failed | State::Absent, Some(fix)) = (check.state, &check.fix) {
            let _ = writeln!(text, "{:<8} {:<16} fix: {fix}", "", "");
        }
    }
    if let Some(container) = &report.container {
        let _ = writeln!(text, "\ninside a container: {container}");
    }
    for (index, layer) in report.layers.iter().enumerate() {
        let _ = writeln!(text, "{}layer    {layer}", if index == 0 { "\n" } else { "" });
    }
    for missing in &report.missing {
        let _ = writeln!(text, "no layer {missing}");
    }
    let verdict =
        if report.usable { "this host can run a sandbox" } else { "this host cannot run a sandbox" };
    let _ = writeln!(text, "\n{verdict}");
    text
}
