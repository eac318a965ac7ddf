//! `litebox tee`: trusted applications.

mod script;

use crate::run::{fail, finish, with};
use crate::{TEE_IMAGE, compat, output, units};
use clap::{Args, Subcommand};
use litebox::{Builder, Error, Refusal};
use std::ffi::OsString;
use std::fmt::Display;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Run a trusted application: open a session, invoke a command, close the session
    #[command(after_help = AFTER_HELP)]
    Run(Box<RunOptions>),
    /// Say how far a call of trusted applications or of their loader, or each, is supported
    Compat(compat::Options),
}

/// Below the options.
const AFTER_HELP: &str = "\
Parameters (at most four):
  none  value:A,B  value-out  value-inout:A,B  mem:BYTES  mem-out:SIZE  mem-inout:BYTES[/SIZE]
  BYTES are hexadecimal digits, a \"text\", @FILE, or null

Scripts, a request a line:
  open NAME [uuid=UUID] [login=public|user|group] [PARAMETER...]
  invoke NAME COMMAND [PARAMETER...]
  close NAME
  repeat COUNT, and end after what is repeated
  limit MILLISECONDS, which a call may take

Other applications are found beside TA, as UUID.ta. An application is confined as a program is; on an ordinary host
that is no secure world.

Exit codes:
  0 every request had success; 1 one had not; 124 after --timeout; 125 refused or failed before the start

Examples:
  litebox tee run hello.ta --cmd 0 --param value-inout:1,2
  litebox tee run aes.ta --script steps.txt";

/// What to do about an application that is not there.
const ANOTHER_FILE: &str = "give the path of a trusted application's file";

#[derive(Args, Debug)]
pub(crate) struct RunOptions {
    /// Invoke this command
    #[arg(long = "cmd", value_name = "N", conflicts_with = "script")]
    pub(crate) command: Option<String>,

    /// Pass a parameter to the command; repeat for more
    #[arg(long = "param", value_name = "PARAMETER", requires = "command", conflicts_with = "script")]
    pub(crate) parameters: Vec<String>,

    /// Make the requests that FILE lists; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) script: Option<PathBuf>,

    /// End a call that takes longer; its instance is dead
    #[arg(long, value_name = "TIME", value_parser = units::time)]
    pub(crate) call_timeout: Option<Duration>,

    /// End the sandbox after this time, with exit code 124
    #[arg(long, value_name = "TIME", value_parser = units::time)]
    pub(crate) timeout: Option<Duration>,

    /// The most memory
    #[arg(long, value_name = "SIZE", value_parser = units::size)]
    pub(crate) mem: Option<u64>,

    /// Print nothing but errors and results
    #[arg(short = 'q', long)]
    pub(crate) quiet: bool,

    /// The application's file
    #[arg(value_name = "TA")]
    pub(crate) application: PathBuf,
}

pub(crate) fn run(verb: &Verb) -> ExitCode {
    match verb {
        Verb::Run(options) => start(options),
        Verb::Compat(options) => compat::optee(options),
    }
}

fn start(options: &RunOptions) -> ExitCode {
    let lines = match script::lines(options) {
        Ok(lines) => lines,
        Err(message) => {
            output::complain(message);
            return ExitCode::from(crate::REFUSED);
        }
    };
    match builder(options, lines).and_then(Builder::build) {
        // What is to be told was told while it ran.
        Ok(sandbox) => finish(sandbox, true),
        Err(error) => fail(&error),
    }
}

/// The sandbox sees the application's folder and nothing else of the host.
fn builder(options: &RunOptions, lines: Vec<String>) -> Result<Builder, Error> {
    let file = application(&options.application)?;
    let folder = file.parent().unwrap_or(Path::new("/"));
    let mut program = OsString::from("/");
    program.push(file.file_name().unwrap_or_default());
    let mut builder = Builder::new(TEE_IMAGE).as_command().root(folder).program(program).arguments(lines);
    builder = builder.environment([]);
    builder = with(builder, options.timeout, Builder::timeout);
    builder = with(builder, options.mem, Builder::memory);
    Ok(if options.quiet { builder.quiet() } else { builder.show_reports() })
}

/// The application's file, which is there and can be read.
fn application(path: &Path) -> Result<PathBuf, Error> {
    let refused = |why: &dyn Display, fix: &str| {
        let cause = format!("the application {} cannot be run: {why}", path.display());
        Error::Refused(Refusal { rule: "application", cause, fix: fix.to_owned() })
    };
    let file = std::path::absolute(path).map_err(|error| refused(&error, ANOTHER_FILE))?;
    let status = file.metadata().map_err(|error| refused(&error, ANOTHER_FILE))?;
    if !status.is_file() {
        return Err(refused(&"it is no regular file", ANOTHER_FILE));
    }
    File::open(&file).map_err(|error| refused(&error, "make the file readable for you"))?;
    Ok(file)
}
