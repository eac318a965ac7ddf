//! How much of a program can be patched, and by which means.

use crate::decode::{Decoded, decode};
use crate::plan::{PlannedKind, kind, proven_following, proven_mov};
use crate::{Error, program::Program};
use alloc::collections::BTreeMap;
use core::fmt;
use litebox_rewriter::{
    AREA_SIZE, Entry, Reason, Targets, Trampolines, Window, following, mov_immediate, patch,
};

/// Counts over the sites of one program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// `0f 05` byte pairs in executable segments; most are no instructions.
    pub pairs: usize,
    /// `syscall` instructions that decoding reached.
    pub sites: usize,
    /// Sites that the window alone shows to follow a `mov $number, %eax`.
    pub local_mov: usize,
    /// The same, or a pattern after the `syscall` for which nothing need be known about jumps.
    pub local: usize,
    /// Sites that `patch` patches, with trampolines as they come.
    pub patched: usize,
    /// Sites that a plan patches by the `mov`.
    pub planned_mov: usize,
    /// Sites that a plan patches by either pattern.
    pub planned: usize,
    /// Sites whose `mov` the window shows and the decoder denies. Anything but zero is a bug.
    pub mistaken: usize,
    /// Sites whose `mov` the decoder shows and the window refuses, by reason.
    pub refused: BTreeMap<Reason, usize>,
    /// Sites that no plan patches, by reason.
    pub trapping: BTreeMap<Reason, usize>,
    /// Sites that `patch` cannot patch, by reason.
    pub unpatched: BTreeMap<Reason, usize>,
}

/// Decodes `file`, an ELF program or library, and counts what could be patched, by patching copies of its sites
/// with a trampoline area directly behind each executable segment.
///
/// # Errors
/// As [`crate::plan`].
pub fn report(file: &[u8]) -> Result<Report, Error> {
    let program = Program::parse(file)?;
    let mut report = Report::default();
    for decoded in decode(&program)? {
        report.pairs = report.pairs.saturating_add(pairs(decoded.segment.code));
        let end = decoded.segment.address.saturating_add(decoded.segment.code.len() as u64);
        let mut area =
            end.checked_next_multiple_of(0x1000).and_then(|base| Trampolines::new(base, AREA_SIZE));
        for &at in &decoded.syscalls {
            report.site(&decoded, at, area.as_mut());
        }
    }
    Ok(report)
}

fn pairs(code: &[u8]) -> usize {
    code.windows(2).filter(|pair| *pair == [0x0f, 0x05]).count()
}

fn count(map: &mut BTreeMap<Reason, usize>, reason: Reason) {
    let place = map.entry(reason).or_default();
    *place = place.saturating_add(1);
}

impl Report {
    fn site(&mut self, decoded: &Decoded<'_>, at: usize, area: Option<&mut Trampolines>) {
        let code = decoded.segment.code;
        let add = |place: &mut usize, yes: bool| *place = place.saturating_add(usize::from(yes));
        let proven = proven_mov(decoded, at);
        let local = mov_immediate(code, at, None);
        match (&local, &proven) {
            (Ok(_), Err(_)) => self.mistaken = self.mistaken.saturating_add(1),
            (Err(reason), Ok(_)) => count(&mut self.refused, *reason),
            _ => {}
        }
        add(&mut self.sites, true);
        add(&mut self.local_mov, local.is_ok());
        add(&mut self.local, local.is_ok() || following(code, at, Targets::Unknown).is_ok());
        add(&mut self.planned_mov, proven.is_ok());
        add(&mut self.planned, proven.is_ok() || proven_following(decoded, at).is_ok());
        if let PlannedKind::Trap(reason) = kind(decoded, at) {
            count(&mut self.trapping, reason);
        }
        let (Some(area), Some(entry)) = (area, Entry::new(0)) else { return };
        let window = Window { address: decoded.segment.address, code };
        // As at a trap: rax holds what the `mov` loaded, or something else.
        let rax = local.map_or(u64::MAX, |site| site.number.into());
        match patch(window, at, Some(rax), area, entry) {
            Ok(_) => self.patched = self.patched.saturating_add(1),
            Err(reason) => count(&mut self.unpatched, reason),
        }
    }
}

impl fmt::Display for Report {
    /// One line of numbers, then the reasons.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "pairs {} sites {} | local mov {} either {} | patched {} | planned mov {} either {}",
            self.pairs, self.sites, self.local_mov, self.local, self.patched, self.planned_mov, self.planned
        )?;
        let lists = [("refused", &self.refused), ("unpatched", &self.unpatched), ("planned", &self.trapping)];
        for (name, reasons) in lists {
            write!(f, "  {name}:")?;
            for (reason, sites) in reasons {
                write!(f, " {} {sites}", reason.name())?;
            }
            writeln!(f)?;
        }
        write!(f, "  mistaken: {}", self.mistaken)
    }
}
