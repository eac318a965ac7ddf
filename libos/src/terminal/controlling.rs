//! Which of the streams is a terminal.

use litebox_host::console::Stream;
use litebox_host::terminal::Terminal;

/// The first of the standard streams that is a terminal: what `/dev/tty` is.
pub fn controlling_stream(host: &impl Terminal) -> Option<Stream> {
    [Stream::Input, Stream::Output, Stream::Error].into_iter().find(|stream| is_terminal(host, *stream))
}

/// Whether `stream` is a terminal.
pub fn is_terminal(host: &impl Terminal, stream: Stream) -> bool {
    host.attributes(stream).is_ok()
}
