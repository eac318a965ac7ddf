//! `litebox doctor`: can this host run a sandbox, and which layers would confine it?

mod checks;
mod trial;

use crate::output;
use checks::{Check, State};
use clap::Args;
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
}

pub(crate) fn run(options: &Options) -> ExitCode {
    let trial = trial::run();
    let mut checks = checks::all();
    checks.push(trial.check());
    let usable = checks.iter().all(|check| check.state != State::Failed);
    let layers = if usable { layers(&trial) } else { Vec::new() };
    let container = checks::container();
    let report = Report { version: env!("CARGO_PKG_VERSION"), usable, container, checks, layers };
    let text = if options.json { output::json(&report) } else { page(&report) };
    output::answer(&text, if usable { 0 } else { UNUSABLE })
}

/// The layers of a sandbox here, the strongest first.
fn layers(trial: &trial::Trial) -> Vec<String> {
    let mut layers = vec![
        "seccomp filter around the program: only the library OS's gate makes host calls, and only listed ones".to_owned(),
        "files and terminal are held by a broker in another process".to_owned(),
    ];
    if let Ok(version) = litebox::probe::landlock() {
        let network = if version >= 4 { ", TCP ports" } else { "" };
        let signals = if version >= 6 { ", signals to strangers" } else { "" };
        layers.push(format!("Landlock {version} around the program: files{network}{signals}"));
    }
    layers.extend(trial.broker_layers());
    layers.push("--mem: the library OS's own accounting and RLIMIT_DATA of each process".into());
    layers.push("--cpus: CPU affinity; --pids: the library OS's own accounting".into());
    layers
}

fn page(report: &Report) -> String {
    let mut text = String::new();
    for check in &report.checks {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:<8} {:<16} {}", check.state.word(), check.name, check.detail);
        if let (State::Failed | State::Absent, Some(fix)) = (check.state, check.fix) {
            let _ = writeln!(text, "{:<8} {:<16} fix: {fix}", "", "");
        }
    }
    if let Some(container) = &report.container {
        let _ = writeln!(text, "\ninside a container: {container}");
    }
    for (index, layer) in report.layers.iter().enumerate() {
        let _ = writeln!(text, "{}layer    {layer}", if index == 0 { "\n" } else { "" });
    }
    let verdict =
        if report.usable { "this host can run a sandbox" } else { "this host cannot run a sandbox" };
    let _ = writeln!(text, "\n{verdict}");
    text
}
