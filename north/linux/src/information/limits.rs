//! `limits` (`proc_pid_limits(5)`).

use litebox_libos::limit::{INFINITE, Limits};

use super::Answer;
use super::text::Text;
use crate::abi::limit::resource;

/// Name and unit of each limit, by Linux's numbers.
const ROWS: [(&str, &str); 16] = [
    ("Max cpu time", "seconds"),
    ("Max file size", "bytes"),
    ("Max data size", "bytes"),
    ("Max stack size", "bytes"),
    ("Max core file size", "bytes"),
    ("Max resident set", "bytes"),
    ("Max processes", "processes"),
    ("Max open files", "files"),
    ("Max locked memory", "bytes"),
    ("Max address space", "bytes"),
    ("Max file locks", "locks"),
    ("Max pending signals", "signals"),
    ("Max msgqueue size", "bytes"),
    ("Max nice priority", ""),
    ("Max realtime priority", ""),
    ("Max realtime timeout", "us"),
];

/// The text.
pub(super) fn text(limits: &Limits) -> Answer {
    let mut text = Text::default();
    text.line(format_args!("{:<25} {:<20} {:<20} {:<10}", "Limit", "Soft Limit", "Hard Limit", "Units"))?;
    for (number, (name, unit)) in (0..).zip(ROWS) {
        let Some(limit) = resource(number).map(|resource| limits.get(resource)) else { continue };
        text.format(format_args!("{name:<25} "))?;
        for value in [limit.soft, limit.hard] {
            match value {
                INFINITE => text.format(format_args!("{:<20} ", "unlimited"))?,
                value => text.format(format_args!("{value:<20} "))?,
            }
        }
        if !unit.is_empty() {
            text.format(format_args!("{unit:<10}"))?;
        }
        text.put(b"\n")?;
    }
    Ok(text.finish())
}
