//! The arithmetic of a comparison.

/// What one run of a row gave: nanoseconds, milliseconds or kilobytes; or why it gave nothing.
pub(super) type Outcome = Result<f64, String>;

/// One side against the first side, over all rounds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ratio {
    /// The side's best value.
    pub(super) best: f64,
    /// The median of the rounds' ratios.
    pub(super) median: f64,
    /// The lowest and the highest of them.
    pub(super) range: [f64; 2],
}

/// Compares side number `side` with the first side; `rounds` hold an outcome for each side.
///
/// # Errors
/// Why no round has a value on both sides.
pub(super) fn ratio(rounds: &[Vec<Outcome>], side: usize) -> Result<Ratio, String> {
    let mut ratios = Vec::new();
    let mut best = f64::INFINITY;
    let mut why = "no answer".to_owned();
    for round in rounds {
        match (round.first(), round.get(side)) {
            (Some(Ok(native)), Some(Ok(value))) => {
                ratios.push(value / native);
                best = best.min(*value);
            }
            (Some(Err(error)), _) | (_, Some(Err(error))) => why.clone_from(error),
            _ => {}
        }
    }
    ratios.sort_by(f64::total_cmp);
    match (ratios.first(), ratios.last()) {
        (Some(low), Some(high)) => Ok(Ratio { best, median: median(&ratios), range: [*low, *high] }),
        _ => Err(why),
    }
}

/// The lowest value of a side, if it has any.
pub(super) fn best(rounds: &[Vec<Outcome>], side: usize) -> Option<f64> {
    values(rounds, side).into_iter().min_by(f64::total_cmp)
}

/// All values of a side, lowest first.
pub(super) fn values(rounds: &[Vec<Outcome>], side: usize) -> Vec<f64> {
    let outcomes = rounds.iter().filter_map(|round| round.get(side));
    let mut values: Vec<f64> = outcomes.filter_map(|outcome| outcome.as_ref().ok()).copied().collect();
    values.sort_by(f64::total_cmp);
    values
}

/// The middle of sorted values; 0 without any.
pub(super) fn median(sorted: &[f64]) -> f64 {
    let middle = |index: usize| sorted.get(index).copied().unwrap_or_default();
    match sorted.len() {
        0 => 0.0,
        count => f64::midpoint(middle((count - 1) / 2), middle(count / 2)),
    }
}

/// Whether a calibration's ratio is that of two equal sides.
pub(super) fn is_calm(ratio: &Ratio) -> bool {
    (0.95..=1.05).contains(&ratio.median)
}

#[cfg(test)]
mod tests {
    use super::{best, median, ratio};

    #[test]
    fn ratios_are_formed_within_a_round() {
        let rounds =
            [vec![Ok(10.0), Ok(20.0)], vec![Ok(100.0), Ok(300.0)], vec![Ok(50.0), Err("gone".into())]];
        let ratio = ratio(&rounds, 1).unwrap();
        assert_eq!((ratio.best, ratio.median, ratio.range), (20.0, 2.5, [2.0, 3.0]));
        assert_eq!((best(&rounds, 0), best(&rounds, 2)), (Some(10.0), None));
    }

    #[test]
    fn a_side_without_values_says_why() {
        assert_eq!(ratio(&[vec![Ok(1.0), Err("no such call".into())]], 1), Err("no such call".into()));
        assert_eq!(ratio(&[vec![Err("natively".into()), Ok(1.0)]], 1), Err("natively".into()));
        assert!(ratio(&[], 1).is_err());
        assert_eq!((median(&[]), median(&[1.0, 2.0, 9.0])), (0.0, 2.0));
    }
}
