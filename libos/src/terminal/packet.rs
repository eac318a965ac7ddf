//! What packet mode tells the master (`ioctl_tty(2)`, `TIOCPKT`).

bitflags::bitflags! {
    /// What happened on the slave's side. The bits are those of the byte that the master reads.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
    pub struct PacketStatus: u8 {
        /// Input was thrown away.
        const FLUSH_READ = 1;
        /// Output was thrown away.
        const FLUSH_WRITE = 2;
        /// Output was stopped.
        const STOP = 4;
        /// Output goes on.
        const START = 8;
        /// Output is no longer stopped by the usual characters.
        const NO_STOP = 16;
        /// Output is stopped by the usual characters from now on.
        const DO_STOP = 32;
        /// The two about the characters.
        const FLOW = 48;
    }
}
