//! The command line of the benchmark.

use std::time::Duration;

use anyhow::{Context, Result, bail};

/// Rows that are not tests of `mb.c`.
pub(super) const START: &str = "start";
pub(super) const MEMORY: &str = "memory";
pub(super) const TEE: &str = "tee";

/// The rows of the short form: the calibration, an entry, a file.
const SMOKE_ROWS: [&str; 3] = ["cpu_loop", "getpid", "open_close"];

/// Usage, for the message about an unknown option.
const USAGE: &str = "\
cargo xtask bench [ROWS…] [OPTIONS]     rows: tests of tests/bench/mb.c, `start`, `memory`, `tee`; all without any
    --rounds N    rounds per row (5)         --reps N      repetitions per round (5)
    --scale F     amount of work (0.2)       --starts N    starts per program (20)
    --limit S     seconds before a run is ended (30)
    --peer bwrap  a second sandbox           --no-litebox  peers only
    --pin         both sides on one processor
    --smoke       three rows, almost no work --write       put the tables into the book";

/// What is measured, how often and how much of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Options {
    pub(super) rows: Vec<String>,
    pub(super) rounds: usize,
    pub(super) repetitions: usize,
    pub(super) scale: f64,
    pub(super) starts: usize,
    pub(super) limit: Duration,
    pub(super) peers: Vec<String>,
    pub(super) litebox: bool,
    pub(super) pin: bool,
    pub(super) smoke: bool,
    pub(super) write: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            rounds: 5,
            repetitions: 5,
            scale: 0.2,
            starts: 20,
            limit: Duration::from_secs(30),
            peers: Vec::new(),
            litebox: true,
            pin: false,
            smoke: false,
            write: false,
        }
    }
}

impl Options {
    /// Reads the words after `bench`.
    ///
    /// # Errors
    /// An option is unknown, or its value is missing or makes no sense.
    pub(super) fn parse(arguments: &[&str]) -> Result<Self> {
        let mut options = Self::default();
        let mut words = arguments.iter().copied();
        while let Some(word) = words.next() {
            let mut value = || words.next().with_context(|| format!("`{word}` needs a value\n\n{USAGE}"));
            match word {
                "--rounds" => options.rounds = count(value()?)?,
                "--reps" => options.repetitions = count(value()?)?,
                "--starts" => options.starts = count(value()?)?,
                "--limit" => options.limit = Duration::from_secs(count(value()?)? as u64),
                "--scale" => options.scale = value()?.parse().context("the scale is a number")?,
                "--peer" => options.peers.push(value()?.to_owned()),
                "--no-litebox" => options.litebox = false,
                "--pin" => options.pin = true,
                "--smoke" => options.make_short(),
                "--write" => options.write = true,
                _ if word.starts_with('-') => bail!("`{word}` is no option of bench\n\n{USAGE}"),
                row => options.rows.push(row.to_owned()),
            }
        }
        Ok(options)
    }

    /// Whether a row that is not a test of `mb.c` is asked for.
    pub(super) fn wants(&self, row: &str) -> bool {
        self.rows.is_empty() || self.rows.iter().any(|wanted| wanted == row)
    }

    fn make_short(&mut self) {
        self.smoke = true;
        self.rows = SMOKE_ROWS.map(str::to_owned).to_vec();
        self.rounds = 1;
        self.repetitions = 1;
        self.scale = 0.001;
    }
}

/// A whole number from 1.
fn count(text: &str) -> Result<usize> {
    let number: usize = text.parse().with_context(|| format!("`{text}` is no number"))?;
    if number == 0 {
        bail!("0 is too few");
    }
    Ok(number)
}

#[cfg(test)]
mod tests {
    use super::{MEMORY, Options, START};

    #[test]
    fn rows_and_options_mix() {
        let options =
            Options::parse(&["getpid", "--rounds", "3", "start", "--peer", "bwrap", "--pin"]).unwrap();
        assert_eq!((options.rows.len(), options.rounds, options.pin), (2, 3, true));
        assert!(options.wants(START) && !options.wants(MEMORY));
        assert!(Options::parse(&[]).unwrap().wants(MEMORY));
        for wrong in [&["--rounds"][..], &["--rounds", "0"], &["--fast"], &["--scale", "x"]] {
            assert!(Options::parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
