//! `litebox run`.

mod policy;

use crate::options::{Format, RunOptions};
use crate::{IMAGE, output};
use litebox::{Builder, Error, Exit, Sandbox, Terminal};
use std::ffi::OsString;
use std::process::ExitCode;

/// Below the options.
pub(crate) const AFTER_HELP: &str = "\
Exit codes:
  the program's own; 124 after --timeout; 125 refused or failed before the program started;
  126 not executable; 127 not found; 128+N ended by signal N

Examples:
  litebox run -- python3 -c 'print(6 * 7)'
  litebox run -v ./data:/data:rw -w /data -- make
  litebox run --root ./alpine -- /bin/sh";

/// The most lines of notes at the end of a run.
const MAX_NOTES: usize = 8;

pub(crate) fn run(options: &RunOptions) -> ExitCode {
    match prepare(options) {
        Ok(Prepared::Answer(text)) => output::answer(&text, 0),
        Ok(Prepared::Sandbox(sandbox)) => finish(*sandbox, options.quiet),
        Err(error) => fail(&error),
    }
}

/// Runs a sandbox, and says what is worth saying of it.
pub(crate) fn finish(sandbox: Sandbox, is_quiet: bool) -> ExitCode {
    match sandbox.run() {
        Ok(exit) => {
            tell(&exit, is_quiet);
            ExitCode::from(exit.code())
        }
        Err(error) => fail(&error),
    }
}

/// What the options come to.
enum Prepared {
    Sandbox(Box<Sandbox>),
    /// Nothing is to be started; print this.
    Answer(String),
}

fn prepare(options: &RunOptions) -> Result<Prepared, Error> {
    let sandbox = builder(options).build()?;
    Ok(match (options.print_policy, options.dry_run) {
        (Some(Format::Text), _) => Prepared::Answer(policy::text(&sandbox, options)),
        (Some(Format::Json), _) => Prepared::Answer(policy::json(&sandbox, options)),
        (None, true) => Prepared::Answer(String::new()),
        (None, false) => Prepared::Sandbox(Box::new(sandbox)),
    })
}

fn builder(options: &RunOptions) -> Builder {
    let mut command = options.command.iter();
    let program = command.next().cloned().unwrap_or_default();
    let mut builder = Builder::new(IMAGE).as_command().program(program).arguments(command);
    builder = builder.hostname(&options.hostname).environment(environment(options));
    for mount in &options.mounts {
        builder = builder.mount(&mount.source, &mount.target, mount.mode);
    }
    for path in &options.see {
        builder = builder.see(path);
    }
    builder = with(builder, options.root.as_ref(), Builder::root);
    builder = with(builder, options.directory.as_ref(), Builder::directory);
    builder = with(builder, options.user, |builder, user| builder.user(user.uid, user.gid));
    builder = with(builder, options.mem, Builder::memory);
    builder = with(builder, options.cpus, Builder::processors);
    builder = with(builder, options.pids, Builder::processes);
    builder = with(builder, options.timeout, Builder::timeout);
    builder = with(builder, options.audit.as_ref(), Builder::audit);
    builder = with(builder, options.trace.then_some(()), |builder, ()| builder.trace());
    builder = with(builder, options.no_rewrite.then_some(()), |builder, ()| builder.without_rewriting());
    builder = with(builder, options.quiet.then_some(()), |builder, ()| builder.quiet());
    builder = builder.terminal(match (options.tty, options.no_tty) {
        (true, _) => Terminal::Own,
        (false, true) => Terminal::Passed,
        (false, false) => Terminal::Automatic,
    });
    with(builder, options.verbose.then_some(()), |builder, ()| builder.show_reports())
}

/// Tells the builder what an option says, if it was given.
pub(crate) fn with<T>(
    builder: Builder,
    value: Option<T>,
    set: impl FnOnce(Builder, T) -> Builder,
) -> Builder {
    match value {
        Some(value) => set(builder, value),
        None => builder,
    }
}

/// The program's environment: the cleaned one or all of the caller's, then what `-e` says.
fn environment(options: &RunOptions) -> Vec<(OsString, OsString)> {
    let mut environment =
        if options.env_all { std::env::vars_os().collect() } else { litebox::cleaned_environment() };
    for variable in &options.variables {
        let value = variable.value.clone().or_else(|| std::env::var_os(&variable.name));
        environment.retain(|(name, _)| *name != variable.name);
        environment.extend(value.map(|value| (variable.name.clone(), value)));
    }
    environment
}

/// Prints what is worth telling of a run.
fn tell(exit: &Exit, is_quiet: bool) {
    let is_watched = !is_quiet && output::is_watched();
    // What the library OS notes when a program cannot be started is the error message itself.
    if is_watched || matches!(exit.code(), 125..=127) {
        exit.reports.notes.iter().take(MAX_NOTES).for_each(|(text, _)| output::complain(text));
    }
    if !is_watched {
        return;
    }
    let lines = lines(exit);
    lines.iter().take(MAX_NOTES).for_each(output::complain);
    if let Some(more) = lines.len().checked_sub(MAX_NOTES).filter(|more| *more > 0) {
        output::complain(format_args!(
            "{more} more such lines: --verbose shows them, --audit FILE keeps them"
        ));
    }
}

/// What was refused and what is not supported, a line each.
fn lines(exit: &Exit) -> Vec<String> {
    let counted = |word: &str, (text, count): &(String, u64)| match count {
        1 => format!("{word}: {text}"),
        _ => format!("{word}: {text} ({count} times)"),
    };
    let refusals = exit.refusals.iter().map(|text| format!("denied: {text}"));
    let denied = exit.reports.denied.iter().map(|report| counted("denied", report));
    let unsupported = exit.reports.unsupported.iter().map(|report| counted("unsupported", report));
    refusals.chain(denied).chain(unsupported).collect()
}

pub(crate) fn fail(error: &Error) -> ExitCode {
    output::complain(error);
    ExitCode::from(error.code())
}
