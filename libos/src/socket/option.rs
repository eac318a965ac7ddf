//! The options of a socket (`socket(7)`).

use core::time::Duration;

use super::Socket;

impl Socket {
    /// The sizes of the send and the receive buffer, in bytes.
    pub fn buffers(&self) -> (usize, usize) {
        (self.face().send_buffer(), self.face().receive_buffer())
    }

    /// Set the size of the send buffer, within what is allowed.
    pub fn set_send_buffer(&self, size: usize) {
        self.face().set_send_buffer(size);
    }

    /// Set the size of the receive buffer, within what is allowed. It is remembered only: what is sent counts
    /// against the sender.
    pub fn set_receive_buffer(&self, size: usize) {
        self.face().set_receive_buffer(size);
    }

    /// How long a send and a receive may block.
    pub fn timeouts(&self) -> (Option<Duration>, Option<Duration>) {
        self.face().timeouts()
    }

    /// Set how long a send may block.
    pub fn set_send_timeout(&self, timeout: Option<Duration>) {
        self.face().set_send_timeout(timeout);
    }

    /// Set how long a receive may block.
    pub fn set_receive_timeout(&self, timeout: Option<Duration>) {
        self.face().set_receive_timeout(timeout);
    }

    /// Whether what is received tells who sent it.
    pub fn passes_credentials(&self) -> bool {
        self.face().passes_credentials()
    }

    /// Say whether what is received tells who sent it.
    pub fn set_pass_credentials(&self, pass: bool) {
        self.face().set_pass_credentials(pass);
    }

    /// Remember options that have no effect on a local socket, a bit for each, or forget them.
    pub fn remember(&self, options: u32, on: bool) {
        self.face().remember(options, on);
    }

    /// Whether one of these options is remembered.
    pub fn remembers(&self, options: u32) -> bool {
        self.face().remembers(options)
    }
}
