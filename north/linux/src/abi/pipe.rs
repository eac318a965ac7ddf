//! `pipe2(2)`, `splice(2)`.

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

bitflags::bitflags! {
    /// Flags of `splice(2)`, `tee(2)` and `vmsplice(2)`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
    pub struct SpliceFlags: u32 {
        /// Move pages rather than copy: a hint.
        const SPLICE_F_MOVE = 1;
        /// Do not wait for pipes.
        const SPLICE_F_NONBLOCK = 2;
        /// More comes: a hint.
        const SPLICE_F_MORE = 4;
        /// The memory is given away: a hint.
        const SPLICE_F_GIFT = 8;
    }
}
