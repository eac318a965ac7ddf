//! Rights to memory (GlobalPlatform TEE Internal Core API 1.3.1, section 4.11.1; the last two are OP-TEE's).

crate::flag_argument! {
    /// What an application asks about memory.
    pub struct AccessFlags: u32 {
        /// It can be read.
        const READ = 1;
        /// It can be written.
        const WRITE = 2;
        /// It may be somebody else's too.
        const ANY_OWNER = 4;
        /// It is shared with the client.
        const NON_SECURE = 0x1000_0000;
        /// It is not shared with the client.
        const SECURE = 0x2000_0000;
    }
}
