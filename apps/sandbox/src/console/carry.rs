//! What the two threads of a console do.

use super::{ENDED, LISTEN, RESIZED, STOP, SUSPEND, Shared};
use litebox_broker_protocol::{LinkMessage, MAX_LINK, MAX_LINK_BYTES, WindowSize};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::fd::AsFd;
use rustix::io::Errno;
use rustix::termios::tcgetwinsize;

/// What the keyboard's thread is about.
struct Keyboard<'a> {
    shared: &'a Shared,
    /// A message that the link had no room for.
    pending: Option<(usize, [u8; MAX_LINK])>,
    /// The window's size is to be told.
    is_resized: bool,
    /// Nothing more will be typed.
    is_over: bool,
}

/// Carries what is typed to the sandbox, and the window's size, until told to stop.
pub(super) fn keyboard(shared: &Shared) {
    let mut keyboard = Keyboard { shared, pending: None, is_resized: false, is_over: false };
    loop {
        let orders = shared.orders.take(RESIZED);
        if orders & STOP != 0 {
            return;
        }
        keyboard.is_resized |= orders & RESIZED != 0;
        keyboard.send_pending();
        if keyboard.wait(orders & LISTEN != 0) {
            keyboard.read();
        }
    }
}

impl Keyboard<'_> {
    /// Waits for an order, and for room on the link or else for input. Whether there is input.
    fn wait(&self, listens: bool) -> bool {
        let shared = self.shared;
        let order = PollFd::from_borrowed_fd(shared.orders.bell.as_fd(), PollFlags::IN);
        let mut polls = vec![order];
        let is_full = self.pending.is_some();
        if is_full {
            polls.push(PollFd::from_borrowed_fd(shared.link.as_fd(), PollFlags::OUT));
        } else if listens && !self.is_over {
            polls.push(PollFd::from_borrowed_fd(shared.input.as_fd(), PollFlags::IN));
        }
        // An interruption is looked at as an order would be.
        let _ = poll(&mut polls, None);
        !is_full && polls.get(1).is_some_and(|poll| !poll.revents().is_empty())
    }

    fn read(&mut self) {
        let mut typed = [0; MAX_LINK_BYTES];
        match rustix::io::read(&self.shared.input, &mut typed) {
            Ok(0) => self.end(),
            Ok(count) => self.send(&LinkMessage::Bytes(typed.get(..count).unwrap_or_default())),
            Err(Errno::INTR | Errno::AGAIN) => {}
            // The terminal is somebody else's at the moment; or it has hung up.
            Err(_) if self.is_in_background() => self.shared.orders.clear(LISTEN),
            Err(_) => self.end(),
        }
    }

    fn is_in_background(&self) -> bool {
        self.shared.terminal.as_ref().is_some_and(|terminal| !terminal.is_ours())
    }

    fn end(&mut self) {
        self.is_over = true;
        self.send(&LinkMessage::End);
    }

    fn send(&mut self, message: &LinkMessage<'_>) {
        let mut buffer = [0; MAX_LINK];
        if let Ok(length) = message.encode(&mut buffer) {
            self.pending = Some((length, buffer));
            self.send_pending();
        }
    }

    /// Sends what waits, and the size after it.
    fn send_pending(&mut self) {
        if let Some((length, buffer)) = &self.pending {
            if self.is_refused(buffer.get(..*length).unwrap_or_default()) {
                return;
            }
            self.pending = None;
        }
        if std::mem::take(&mut self.is_resized) {
            let size = LinkMessage::Window(self.window());
            self.send(&size);
        }
    }

    /// Whether the link has no room for the message. What nobody is there to hear is as good as sent.
    fn is_refused(&self, message: &[u8]) -> bool {
        matches!(rustix::io::write(&self.shared.link, message), Err(Errno::AGAIN | Errno::INTR))
    }

    fn window(&self) -> WindowSize {
        let found = tcgetwinsize(&self.shared.output).or_else(|_| tcgetwinsize(&self.shared.input));
        found.map_or(WindowSize::default(), |size| WindowSize {
            rows: size.ws_row,
            columns: size.ws_col,
            width: size.ws_xpixel,
            height: size.ws_ypixel,
        })
    }
}

/// Carries what the sandbox shows to the caller, until every process of the sandbox has ended.
pub(super) fn screen(shared: &Shared) {
    let mut buffer = [0; MAX_LINK];
    loop {
        let mut polls = [PollFd::from_borrowed_fd(shared.link.as_fd(), PollFlags::IN)];
        let _ = poll(&mut polls, None);
        match rustix::io::read(&shared.link, &mut buffer) {
            Ok(0) => break,
            Ok(length) => match LinkMessage::decode(buffer.get(..length).unwrap_or_default()) {
                Ok(LinkMessage::Bytes(bytes)) => show(shared, bytes),
                Ok(LinkMessage::Suspend) => shared.news.set(SUSPEND),
                // The sandbox says nothing else; if it does, that is its own loss.
                _ => {}
            },
            // The sandbox ended without having read all that was typed, which is told before what it wrote.
            Err(Errno::INTR | Errno::AGAIN | Errno::CONNRESET) => {}
            Err(_) => break,
        }
    }
    shared.news.set(ENDED);
}

/// Writes all of it, as far as somebody takes it.
fn show(shared: &Shared, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        match rustix::io::write(&shared.output, bytes) {
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => {
                let mut polls = [PollFd::from_borrowed_fd(shared.output.as_fd(), PollFlags::OUT)];
                let _ = poll(&mut polls, None);
            }
            Err(_) => return,
        }
    }
}
