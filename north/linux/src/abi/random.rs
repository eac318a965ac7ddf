//! `getrandom(2)`.

crate::flag_argument! {
    /// Flags of `getrandom(2)`.
    pub struct GetRandomFlags: u32 {
        /// Fail instead of waiting for entropy.
        const GRND_NONBLOCK = 1;
        /// The blocking pool.
        const GRND_RANDOM = 2;
        /// Bytes may come before the generator is seeded.
        const GRND_INSECURE = 4;
    }
}
