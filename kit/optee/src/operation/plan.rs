//! Which bytes of an update go to the kernel now: whole blocks go, the rest waits.

use super::algorithm::Hold;

/// Bytes that may wait: two blocks, and one that they are filled up to.
pub(super) const HELD: usize = 48;

/// An update, in its order: `fill` bytes of the input join those that wait, `from_held` of these are ciphered, `direct`
/// bytes are ciphered from the input, and the rest of the input waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) fill: usize,
    pub(super) from_held: usize,
    pub(super) direct: usize,
}

impl Plan {
    /// Plans for an input of `input` bytes while `held` wait. `None` if the sum is no number.
    pub(super) fn new(held: usize, input: usize, block: usize, hold: Hold) -> Option<Self> {
        let total = held.checked_add(input)?;
        let output = total - kept(total, block, hold);
        if held == 0 || output == 0 {
            return Some(Self { fill: 0, from_held: 0, direct: output });
        }
        let from_held = held.next_multiple_of(block).min(output);
        Some(Self { fill: from_held.saturating_sub(held), from_held, direct: output - from_held })
    }

    /// How many bytes come out.
    pub(super) fn output(self) -> usize {
        self.from_held + self.direct
    }
}

fn kept(total: usize, block: usize, hold: Hold) -> usize {
    let rest = total % block;
    match hold {
        Hold::Rest => rest,
        Hold::LastTwo if total <= 2 * block => total,
        Hold::LastTwo if rest == 0 => 2 * block,
        Hold::LastTwo => block + rest,
    }
}

#[cfg(test)]
mod tests {
    use super::{HELD, Hold, Plan};

    fn plan(held: usize, input: usize, hold: Hold) -> (usize, usize, usize) {
        let plan = Plan::new(held, input, 16, hold).expect("is small");
        (plan.fill, plan.from_held, plan.direct)
    }

    #[test]
    fn whole_blocks_go_and_the_rest_waits() {
        assert_eq!(plan(0, 40, Hold::Rest), (0, 0, 32));
        assert_eq!(plan(0, 15, Hold::Rest), (0, 0, 0));
        assert_eq!(plan(8, 40, Hold::Rest), (8, 16, 32));
        assert_eq!(plan(8, 7, Hold::Rest), (0, 0, 0));
        assert_eq!(plan(8, 8, Hold::Rest), (8, 16, 0));
    }

    #[test]
    fn the_last_two_blocks_wait_where_they_belong_together() {
        assert_eq!(plan(0, 32, Hold::LastTwo), (0, 0, 0));
        assert_eq!(plan(32, 1, Hold::LastTwo), (0, 16, 0));
        assert_eq!(plan(17, 31, Hold::LastTwo), (0, 16, 0));
        assert_eq!(plan(17, 64, Hold::LastTwo), (15, 32, 32));
    }

    /// What waits never outgrows its place, no byte is lost, and only whole blocks go.
    #[test]
    fn every_split_keeps_the_invariants() {
        for (hold, most) in [(Hold::Rest, 15), (Hold::LastTwo, 32)] {
            for (held, input) in (0..=most).flat_map(|held| (0..100).map(move |input| (held, input))) {
                let plan = Plan::new(held, input, 16, hold).expect("is small");
                assert!(plan.output().is_multiple_of(16) && plan.from_held.is_multiple_of(16));
                assert!(held + plan.fill <= HELD && plan.fill + plan.direct <= input);
                assert!(plan.from_held <= held + plan.fill);
                assert!(held + input - plan.output() <= most, "{held} {input}");
                // Either all that waited goes first, or nothing is ciphered from the input.
                assert!(plan.direct == 0 || plan.from_held == held + plan.fill);
            }
        }
        assert_eq!(Plan::new(1, usize::MAX, 16, Hold::Rest), None);
    }

    #[test]
    fn a_stream_holds_nothing() {
        assert_eq!(Plan::new(0, 5, 1, Hold::Rest).map(Plan::output), Some(5));
    }
}
