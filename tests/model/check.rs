//! Running a model: as many orders of its steps as there is time for, each known by a seed.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::Arc;
use std::time::{Duration, Instant};

use shuttle::scheduler::{PctScheduler, RandomScheduler, Scheduler};
use shuttle::{Config, FailurePersistence, MaxSteps, Runner};

/// For how long each model runs, in seconds.
const SECONDS: &str = "LITEBOX_MODEL_SECONDS";
/// The first round's seed, as a failure printed it.
const SEED: &str = "LITEBOX_MODEL_SEED";

/// How long a model runs unless it is told otherwise.
const SHORT: Duration = Duration::from_secs(1);
/// Runs of the model in a round, by each of two ways to choose who is next.
const RUNS: usize = 50;
/// How often, at most, a thread is stopped in favour of others where priorities choose.
const DEPTH: usize = 4;
/// A run of more steps goes on for ever.
const MOST_STEPS: usize = 200_000;
/// A thread's stack. The handlers of the North are not small without optimisation.
const STACK: usize = 1 << 20;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Run `model` over and over. It fails if one of its threads panics, if all that are left sleep, or if it does not
/// end.
pub(crate) fn check(model: impl Fn() + Send + Sync + 'static) {
    let model = Arc::new(model);
    let length = number(SECONDS).map_or(SHORT, Duration::from_secs);
    let first = number(SEED).unwrap_or_else(|| RandomState::new().hash_one(SEED));
    let start = Instant::now();
    let mut rounds = 0;
    while rounds == 0 || start.elapsed() < length {
        let seed = first.wrapping_add(rounds);
        let _teller = Teller(seed);
        run(RandomScheduler::new_from_seed(seed, RUNS), &model);
        run(PctScheduler::new_from_seed(seed, DEPTH, RUNS), &model);
        rounds += 1;
    }
    println!("model: {} runs from {SEED}={first}", rounds * 2 * RUNS as u64);
}

fn run(scheduler: impl Scheduler + 'static, model: &Arc<impl Fn() + Send + Sync + 'static>) {
    let mut config = Config::new();
    config.stack_size = STACK;
    config.max_steps = MaxSteps::FailAfter(MOST_STEPS);
    // A schedule is some thousand numbers; the seed says the same.
    config.failure_persistence = FailurePersistence::None;
    config.silence_warnings = true;
    config.ungraceful_shutdown_config.immediately_return_on_panic = true;
    let model = Arc::clone(model);
    Runner::new(scheduler, config).run(move || model());
}

/// Tells the seed of a round that fails.
struct Teller(u64);

impl Drop for Teller {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("model: to see this again, set {SEED}={} and name this test", self.0);
        }
    }
}
