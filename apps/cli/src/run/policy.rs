//! `litebox run --print-policy`: each thing a program is given or refused, and what enforces it.

use crate::options::RunOptions;
use crate::output;
use litebox::{MountMode, Policy, Sandbox};
use serde::Serialize;
use std::fmt::Write;

/// One value of the policy.
#[derive(Serialize)]
struct Line {
    key: &'static str,
    value: String,
    /// Where the value comes from: `default` or `flag`.
    origin: &'static str,
    /// What enforces it.
    layers: &'static str,
}

/// Enforces what is seen of files.
const FILES: &str = "broker, Landlock where the host has it";

/// For people.
pub(super) fn text(sandbox: &Sandbox, options: &RunOptions) -> String {
    let mut text = String::new();
    for line in lines(sandbox, options) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:<17} {:<7} {}  ({})", line.key, line.origin, line.value, line.layers);
    }
    text
}

/// For programs.
pub(super) fn json(sandbox: &Sandbox, options: &RunOptions) -> String {
    output::json(&lines(sandbox, options))
}

fn lines(sandbox: &Sandbox, options: &RunOptions) -> Vec<Line> {
    let (policy, start) = (sandbox.policy(), sandbox.start());
    let mut lines = file_lines(policy, options);
    let mut add = |key, value: String, is_flag: bool, layers| {
        lines.push(Line { key, value, origin: origin(is_flag), layers });
    };
    let identity = policy.identity;
    add("network.mode", "none".into(), false, "filter: no row makes a socket; broker: no request does");
    add(
        "identity",
        format!("{}:{}", identity.euid, identity.egid),
        options.user.is_some(),
        "library OS, broker",
    );
    add("directory", policy.directory.display().to_string(), options.directory.is_some(), "library OS");
    add("hostname", options.hostname.display().to_string(), options.hostname != "litebox", "library OS");
    let names = start.environment.iter().filter_map(|variable| variable.split(|byte| *byte == b'=').next());
    let names: Vec<_> = names.map(String::from_utf8_lossy).collect();
    let is_flag = options.env_all || !options.variables.is_empty();
    add(
        "environment",
        names.join(" "),
        is_flag,
        "supervisor: the sandbox's process has none of the caller's",
    );
    add(
        "limits.memory",
        start.memory_limit.to_string(),
        options.mem.is_some(),
        "library OS; with --mem RLIMIT_DATA, and a cgroup where the host has one",
    );
    add(
        "limits.cpus",
        start.cpus.to_string(),
        options.cpus.is_some(),
        "library OS, CPU affinity with --cpus",
    );
    add(
        "limits.processes",
        start.pids.to_string(),
        options.pids.is_some(),
        "library OS, a cgroup where the host has one",
    );
    let timeout = options.timeout.map_or_else(|| "none".into(), |time| format!("{time:?}"));
    add("limits.wall", timeout, options.timeout.is_some(), "supervisor");
    let audit = options.audit.as_ref().map_or_else(|| "none".into(), |path| path.display().to_string());
    add("audit.file", audit, options.audit.is_some(), "broker");
    lines
}

fn file_lines(policy: &Policy, options: &RunOptions) -> Vec<Line> {
    let mounts = policy.mounts.iter().enumerate().map(|(index, mount)| Line {
        key: "mount",
        value: format!("{}:{}:{}", mount.source.display(), mount.target.display(), mode(mount.mode)),
        origin: origin(index > 0 || options.root.is_some()),
        layers: FILES,
    });
    let path = |key, origin| {
        move |path: &std::path::PathBuf| Line {
            key,
            value: path.display().to_string(),
            origin,
            layers: "broker",
        }
    };
    let hidden = policy.hidden.iter().map(path("hidden", "default"));
    let see = policy.see.iter().map(path("see", "flag"));
    mounts.chain(hidden).chain(see).collect()
}

fn mode(mode: MountMode) -> &'static str {
    match mode {
        MountMode::ReadOnly => "ro",
        MountMode::ReadWrite => "rw",
        MountMode::Overlay => "ov",
    }
}

fn origin(is_flag: bool) -> &'static str {
    if is_flag { "flag" } else { "default" }
}
