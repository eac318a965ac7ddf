//! The runner: the kept inputs of a body, then mutations of them until the time is over.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::body::Body;
use crate::mutate::{Random, mutate};

/// An input that takes longer hangs.
const LONGEST: Duration = Duration::from_secs(20);
/// What all inputs together may map: more is growth without bound.
const MEMORY: u64 = 4 << 30;
/// What a run remembers, besides the corpus, to mutate further.
const REMEMBERED: usize = 400;

/// Try the inputs in `corpus`, a folder with one folder a body, and then random ones. Failing inputs are written to
/// `failures`.
///
/// # Errors
/// What failed, with the file that holds the input and the seed that leads to it.
pub fn run(body: &Body, corpus: &Path, failures: &Path) -> Result<(), String> {
    // Where the host forbids it, the test goes without.
    let _ = setrlimit(Resource::As, Rlimit { current: Some(MEMORY), maximum: Some(MEMORY) });
    let seconds = setting("LITEBOX_FUZZ_SECONDS").unwrap_or(2);
    let seed = setting("LITEBOX_FUZZ_SEED").unwrap_or_else(from_clock);
    println!("{}: LITEBOX_FUZZ_SEED={seed} LITEBOX_FUZZ_SECONDS={seconds}", body.name);
    let mut watch = Watch::start(body.name, failures);
    let mut inputs = kept(&corpus.join(body.name))?;
    inputs.extend((body.seeds)());
    for input in &inputs {
        watch.attempt(body, input)?;
    }
    let mut random = Random::new(seed);
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut count = 0_u64;
    while Instant::now() < until {
        let mut input =
            if inputs.is_empty() { Vec::new() } else { inputs[random.below(inputs.len())].clone() };
        mutate(&mut random, &mut input, &inputs);
        watch.attempt(body, &input)?;
        count += 1;
        if inputs.len() < REMEMBERED && count.is_multiple_of(50) {
            inputs.push(input);
        }
    }
    println!("{}: {count} random inputs after {} kept ones", body.name, inputs.len());
    Ok(())
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn from_clock() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    since.as_secs() ^ u64::from(since.subsec_nanos()) << 20
}

fn kept(folder: &Path) -> Result<Vec<Vec<u8>>, String> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let read =
        |path: &std::path::PathBuf| fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
    paths.iter().map(read).collect()
}

/// When an input was begun, and the input.
type Attempt = Option<(Instant, Vec<u8>)>;

/// The input that is being tried, for whoever notices that it does not come back.
struct Watch {
    current: Arc<Mutex<Attempt>>,
    failures: std::path::PathBuf,
}

impl Watch {
    fn start(name: &'static str, failures: &Path) -> Self {
        let current: Arc<Mutex<Attempt>> = Arc::default();
        let seen = Arc::clone(&current);
        let folder = failures.to_path_buf();
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(Duration::from_secs(1));
                let kept = seen.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some((_, input)) = kept.as_ref().filter(|(since, _)| since.elapsed() > LONGEST) {
                    eprintln!("{name}: an input hangs: {}", keep(&folder, name, input));
                    std::process::abort();
                }
            }
        });
        Self { current, failures: failures.to_path_buf() }
    }

    fn attempt(&mut self, body: &Body, input: &[u8]) -> Result<(), String> {
        let set = |value| *self.current.lock().unwrap_or_else(PoisonError::into_inner) = value;
        set(Some((Instant::now(), input.to_vec())));
        let outcome = catch_unwind(AssertUnwindSafe(|| (body.run)(input)));
        set(None);
        outcome.map_err(|_| {
            format!("{} failed; its input is in {}", body.name, keep(&self.failures, body.name, input))
        })
    }
}

/// Write a failing input; where to.
fn keep(folder: &Path, name: &str, input: &[u8]) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    input.hash(&mut hasher);
    let path = folder.join(format!("fuzz-{name}-{:016x}", hasher.finish()));
    match fs::write(&path, input) {
        Ok(()) => path.display().to_string(),
        Err(error) => format!("nowhere ({error}): {input:02x?}"),
    }
}
