//! Noun *random*: a seeded generator (SplitMix64).

use litebox_host::HostError;
use litebox_host::random::Random;

use crate::host::{FakeHost, lock};

/// The generator's state. The seed is 0 unless a test sets another.
#[derive(Default)]
pub(crate) struct Generator {
    state: u64,
}

impl Generator {
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl FakeHost {
    /// Start the random bytes anew from `seed`.
    pub fn seed(&self, seed: u64) {
        lock(&self.state.generator).state = seed;
    }
}

impl Random for FakeHost {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), HostError> {
        let mut generator = lock(&self.state.generator);
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&generator.next().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let host = FakeHost::new();
        let take = |seed| {
            let mut bytes = [0; 13];
            host.seed(seed);
            host.fill(&mut bytes).unwrap();
            bytes
        };
        assert_eq!(take(7), take(7));
        assert_ne!(take(7), take(8));
    }
}
