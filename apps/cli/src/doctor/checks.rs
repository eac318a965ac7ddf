//! One check a thing that the host has or has not.

use litebox::probe;
use serde::Serialize;
use std::path::Path;

/// The oldest Linux that is supported.
const OLDEST: (u32, u32) = (5, 15);

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    /// It is there.
    Ok,
    /// It is not there, and a sandbox runs without it.
    Absent,
    /// It is not there, and no sandbox runs without it.
    Failed,
}

impl State {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Absent => "absent",
            Self::Failed => "FAILED",
        }
    }
}

/// A check and how it came out.
#[derive(Debug, Serialize)]
pub(super) struct Check {
    pub(super) name: &'static str,
    pub(super) state: State,
    pub(super) detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fix: Option<String>,
}

impl Check {
    /// Of something without which no sandbox runs.
    fn needed(name: &'static str, found: Result<String, String>, fix: &'static str) -> Self {
        Self::new(name, found, State::Failed, fix)
    }

    /// Of something that adds a layer.
    fn added(name: &'static str, found: Result<String, String>, fix: &'static str) -> Self {
        Self::new(name, found, State::Absent, fix)
    }

    fn new(name: &'static str, found: Result<String, String>, otherwise: State, fix: &'static str) -> Self {
        match found {
            Ok(detail) => Self { name, state: State::Ok, detail, fix: None },
            Err(detail) => Self { name, state: otherwise, detail, fix: Some(fix.into()) },
        }
    }
}

/// All checks but the trial.
pub(super) fn all() -> Vec<Check> {
    let said = |result: std::io::Result<()>, detail: &str| match result {
        Ok(()) => Ok(detail.to_owned()),
        Err(error) => Err(error.to_string()),
    };
    vec![
        Check::needed("kernel", kernel(), "use Linux 5.15 or newer"),
        Check::needed(
            "fsgsbase",
            probe::fsgsbase()
                .then(|| "user code sets its own FS and GS".into())
                .ok_or_else(|| "AT_HWCAP2 does not say that user code may set FS and GS".into()),
            "use a processor and a kernel with FSGSBASE, and boot without nofsgsbase",
        ),
        memory_files(),
        Check::needed(
            "openat2",
            said(probe::bounded_paths(), "paths are resolved in bounds"),
            probe::FIX_BOUNDED_PATHS,
        ),
        Check::needed(
            "proc",
            said(probe::process_files(), "processes find themselves in /proc"),
            probe::FIX_PROCESS_FILES,
        ),
        Check::added(
            "landlock",
            probe::landlock().map(|version| format!("version {version}")).map_err(|error| error.to_string()),
            "boot with lsm=landlock,…; 6.12 and newer bound signals too",
        ),
        Check::added(
            "mseal",
            probe::mseal().then(|| "the gate is sealed".into()).ok_or_else(|| "no mseal(2)".into()),
            "use Linux 6.10 or newer",
        ),
        Check::added(
            "namespaces",
            said(probe::namespaces(), "user and PID namespaces can be made; sandboxes here do not need them"),
            "none is needed",
        ),
        Check::added(
            "cgroup",
            probe::cgroup().map(|place| format!("{} takes a group for each sandbox", place.display())),
            "none is needed; systemd-run --user --scope litebox … gives one where systemd runs",
        ),
    ]
}

fn memory_files() -> Check {
    let found = probe::memory_files();
    let fix = found.as_ref().err().map_or("", probe::fix_memory_files);
    let found = found.map(|()| "files in memory can be executed".into()).map_err(|error| error.to_string());
    Check::needed("memfd", found, fix)
}

fn kernel() -> Result<String, String> {
    let uname = rustix::system::uname();
    let release = uname.release().to_string_lossy().into_owned();
    let mut numbers = release.split(|c: char| !c.is_ascii_digit()).map_while(|part| part.parse::<u32>().ok());
    match (numbers.next(), numbers.next()) {
        (Some(major), Some(minor)) if (major, minor) >= OLDEST => Ok(format!("Linux {release}")),
        _ => Err(format!("Linux {release}")),
    }
}

/// The container around this process, as far as it shows.
pub(super) fn container() -> Option<String> {
    let marks = [("/.dockerenv", "docker"), ("/run/.containerenv", "podman")];
    let by_mark = marks.iter().find(|(mark, _)| Path::new(mark).exists()).map(|(_, name)| (*name).to_owned());
    let by_manager =
        || std::fs::read_to_string("/run/systemd/container").ok().map(|name| name.trim().to_owned());
    by_mark.or_else(by_manager).or_else(|| std::env::var("container").ok())
}
