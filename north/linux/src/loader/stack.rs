//! What a program finds on its stack: strings, the auxiliary vector, and pointers to them, as Linux lays them out.

use alloc::vec::Vec;
use core::ops::Range;

use litebox_host::memory::{PAGE_SIZE, UserAccess};
use litebox_libos::identity::Credentials;

use super::arguments::Arguments;
use super::elf::PROGRAM_HEADER;
use crate::abi::memory::{CLOCK_TICKS, HWCAP2_FSGSBASE, auxiliary};
use crate::error::{Errno, Result};

/// The user and group numbers of the process (`AT_UID` and its siblings).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Owner {
    pub user: u32,
    pub effective_user: u32,
    pub group: u32,
    pub effective_group: u32,
}

impl Owner {
    /// The numbers in `credentials`.
    pub fn of(credentials: &Credentials) -> Self {
        Self {
            user: credentials.user.real,
            effective_user: credentials.user.effective,
            group: credentials.group.real,
            effective_group: credentials.group.effective,
        }
    }
}

/// What programs are told of the processor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Processor {
    /// EDX of CPUID leaf 1 (`AT_HWCAP`).
    pub features: u64,
    /// Linux's own feature bits (`AT_HWCAP2`). That for FSGSBASE is hidden: GS is the library OS's.
    pub more_features: u64,
    /// The smallest signal stack (`AT_MINSIGSTKSZ`).
    pub minimum_signal_stack: u64,
}

impl Processor {
    /// What an auxiliary vector tells.
    pub fn of_vector(vector: &[u64]) -> Self {
        let mut processor = Self::default();
        for entry in vector.chunks_exact(2) {
            match *entry {
                [auxiliary::HWCAP, value] => processor.features = value,
                [auxiliary::HWCAP2, value] => processor.more_features = value,
                [auxiliary::MINSIGSTKSZ, value] => processor.minimum_signal_stack = value,
                _ => {}
            }
        }
        processor
    }
}

/// Where the parts of a program are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Addresses {
    pub(super) headers: usize,
    pub(super) header_count: usize,
    pub(super) interpreter: usize,
    pub(super) entry: usize,
    /// The guest's vDSO, if it has one (`AT_SYSINFO_EHDR`).
    pub(super) vdso: Option<usize>,
}

/// A stack that is ready for the first instruction.
#[derive(Clone, Debug)]
pub(super) struct Built {
    pub(super) pointer: usize,
    pub(super) arguments: Range<usize>,
    pub(super) environment: Range<usize>,
    pub(super) auxiliary: Vec<u64>,
}

/// Writes downwards from `top`.
struct Writer<'a, H> {
    host: &'a H,
    top: usize,
}

impl<H: UserAccess> Writer<'_, H> {
    fn push(&mut self, bytes: &[u8]) -> Result<usize> {
        self.top = self.top.checked_sub(bytes.len()).ok_or(Errno::E2BIG)?;
        self.host.write(self.top, bytes)?;
        Ok(self.top)
    }

    fn push_string(&mut self, string: &[u8]) -> Result<usize> {
        self.push(&[0])?;
        self.push(string)
    }

    /// The strings, the last one first, so that their addresses ascend; their addresses in order.
    fn push_strings(&mut self, strings: &[Vec<u8>]) -> Result<Vec<u64>> {
        let mut addresses = Vec::new();
        addresses.try_reserve_exact(strings.len()).map_err(|_| Errno::ENOMEM)?;
        for string in strings.iter().rev() {
            addresses.push(self.push_string(string)? as u64);
        }
        addresses.reverse();
        Ok(addresses)
    }
}

/// Build the stack below `top`.
pub(super) fn build<H: UserAccess>(
    host: &H,
    top: usize,
    offset: usize,
    strings: (&[u8], &Arguments),
    random: [u8; 16],
    values: (&Addresses, &Processor, &Owner),
) -> Result<Built> {
    let (path, strings) = strings;
    let mut writer = Writer { host, top };
    writer.push(&0_u64.to_le_bytes())?;
    let path = writer.push_string(path)?;
    let environment_end = writer.top;
    let environment = writer.push_strings(strings.environment())?;
    let arguments_end = writer.top;
    let arguments = writer.push_strings(strings.arguments())?;
    let arguments_start = writer.top;
    writer.top = writer.top.checked_sub(offset).ok_or(Errno::E2BIG)? & !15;
    let platform = writer.push_string(b"x86_64")?;
    let random = writer.push(&random)?;
    let pointers = Pointers { path, platform, random };
    let auxiliary = vector(values, &pointers)?;
    let count = arguments.len() as u64;
    let words: usize = [1, arguments.len(), 1, environment.len(), 1, auxiliary.len()].iter().sum();
    let size = words.checked_mul(8).ok_or(Errno::E2BIG)?;
    let pointer = writer.top.checked_sub(size).ok_or(Errno::E2BIG)? & !15;
    let mut at = pointer;
    for part in [&[count][..], &arguments, &[0], &environment, &[0], &auxiliary] {
        for word in part {
            host.write(at, &word.to_le_bytes())?;
            at = at.saturating_add(8);
        }
    }
    Ok(Built {
        pointer,
        arguments: arguments_start..arguments_end,
        environment: arguments_end..environment_end,
        auxiliary,
    })
}

/// What the vector points to.
struct Pointers {
    path: usize,
    platform: usize,
    random: usize,
}

/// The auxiliary vector in Linux's order, with its end.
fn vector(values: (&Addresses, &Processor, &Owner), pointers: &Pointers) -> Result<Vec<u64>> {
    let (addresses, processor, owner) = values;
    let mut vector = Vec::new();
    vector.try_reserve_exact(64).map_err(|_| Errno::ENOMEM)?;
    let mut put = |key: u64, value: u64| vector.extend([key, value]);
    if let Some(vdso) = addresses.vdso {
        put(auxiliary::SYSINFO_EHDR, vdso as u64);
    }
    put(auxiliary::MINSIGSTKSZ, processor.minimum_signal_stack);
    put(auxiliary::HWCAP, processor.features);
    put(auxiliary::PAGESZ, PAGE_SIZE as u64);
    put(auxiliary::CLKTCK, CLOCK_TICKS);
    put(auxiliary::PHDR, addresses.headers as u64);
    put(auxiliary::PHENT, PROGRAM_HEADER as u64);
    put(auxiliary::PHNUM, addresses.header_count as u64);
    put(auxiliary::BASE, addresses.interpreter as u64);
    put(auxiliary::FLAGS, 0);
    put(auxiliary::ENTRY, addresses.entry as u64);
    put(auxiliary::UID, u64::from(owner.user));
    put(auxiliary::EUID, u64::from(owner.effective_user));
    put(auxiliary::GID, u64::from(owner.group));
    put(auxiliary::EGID, u64::from(owner.effective_group));
    put(auxiliary::SECURE, 0);
    put(auxiliary::RANDOM, pointers.random as u64);
    put(auxiliary::HWCAP2, processor.more_features & !HWCAP2_FSGSBASE);
    put(auxiliary::EXECFN, pointers.path as u64);
    put(auxiliary::PLATFORM, pointers.platform as u64);
    put(auxiliary::NULL, 0);
    Ok(vector)
}
