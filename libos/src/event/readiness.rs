//! What a thread can wait for.

bitflags::bitflags! {
    /// Conditions of an object that a thread can wait for.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
    pub struct Readiness: u32 {
        /// A read would not block.
        const READ = 1;
        /// Urgent data can be read.
        const PRIORITY = 2;
        /// A write would not block.
        const WRITE = 4;
        /// The object is in error.
        const ERROR = 8;
        /// Both directions are closed.
        const HANG_UP = 16;
        /// The peer will write no more.
        const READ_HANG_UP = 32;
    }
}
