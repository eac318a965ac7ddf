//! `pipe2(2)`.

crate::flag_argument! {
    /// Flags of `pipe2(2)`.
    pub struct PipeFlags: u32 {
        /// Operations do not block.
        const O_NONBLOCK = 0o4000;
        /// Each write is a packet.
        const O_DIRECT = 0o40000;
        /// Closed when a new program is started.
        const O_CLOEXEC = 0o2000000;
    }
}
