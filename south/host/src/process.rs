//! Noun *process*: guest processes on a host.

/// The end of a guest process. Creation by fork joins this trait when it is built.
pub trait Process {
    /// End the current guest process with `status` as `wait(2)` encodes it. The caller is its last thread.
    fn exit(&self, status: i32) -> !;
}
