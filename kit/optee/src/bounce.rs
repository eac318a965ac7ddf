//! Memory of the caller's own in calls to another TA.
//!
//! A kernel gives no TA the private memory of another. What is private among the parameters is copied to pages that the
//! system pseudo-TA maps as shareable, and outputs are copied back. Where there is no such pseudo-TA, the memory is passed
//! as it is, and the kernel decides.
#![expect(unsafe_code, reason = "calls, and copies of memory that C hands over")]

use core::ptr::{with_exposed_provenance, with_exposed_provenance_mut};

use crate::abi::{CallParameters, PARAMETERS, Uuid, kind};
use crate::error::{Error, Result, SUCCESS, check};
use crate::local::Local;
use crate::{fault, svc};

/// The system pseudo-TA.
const SYSTEM: Uuid = Uuid::parse("3a2f8978-5dc0-11e8-9c2d-fa7ae01bbebc");
/// Maps zeroed pages: value in {bytes, flags}, value in and out {address, high half first}, value in {room around}.
const MAP: u32 = 2;
const MAP_TYPES: u64 = 0x131;
const SHAREABLE: u64 = 1;
/// Unmaps them: value in {bytes, 0}, value in {address, high half first}.
const UNMAP: u32 = 3;
const UNMAP_TYPES: u64 = 0x11;

/// Rights that a check asks for. Without a right for any owner, only private memory has them.
const READ: u32 = 1;

/// Each memory starts at a multiple of this.
const ALIGNMENT: usize = 64;

/// The session with the pseudo-TA, 0 before it is opened. It is kept as long as the instance.
static SESSION: Local<u32> = Local::new(0);

/// Where each private memory lies among the shared pages, and how many bytes these are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Layout {
    offsets: [Option<usize>; PARAMETERS],
    bytes: usize,
}

/// Private memory that stands in shared pages for the time of a call.
pub(crate) struct Bounce {
    layout: Layout,
    shared: usize,
    /// The parameters as they were.
    own: CallParameters,
}

impl Layout {
    /// Lays out the memories that `is_private` says are. `None` if the sum is no number.
    fn new(call: &CallParameters, is_private: impl Fn(u64, u64) -> bool) -> Option<Self> {
        let mut layout = Self::default();
        for (index, [address, size]) in call.values.iter().enumerate() {
            if is_memory(call.types, index) && *size > 0 && is_private(*address, *size) {
                layout.offsets[index] = Some(layout.bytes);
                let room = usize::try_from(*size).ok()?.checked_next_multiple_of(ALIGNMENT)?;
                layout.bytes = layout.bytes.checked_add(room)?;
            }
        }
        Some(layout)
    }
}

fn kind_of(types: u64, index: usize) -> u32 {
    kind::of(types as u32, index)
}

fn is_memory(types: u64, index: usize) -> bool {
    matches!(kind_of(types, index), kind::MEMREF_INPUT | kind::MEMREF_OUTPUT | kind::MEMREF_INOUT)
}

impl Bounce {
    /// Moves the private memory among the parameters to shared pages; `None` where there is none, or are no such pages.
    ///
    /// # Safety
    /// The memory of each parameter can be used as its kind says.
    ///
    /// # Errors
    /// `OUT_OF_MEMORY`.
    pub(crate) unsafe fn share(call: &mut CallParameters) -> Result<Option<Self>> {
        let layout = Layout::new(call, is_private).ok_or(Error::OUT_OF_MEMORY)?;
        if layout.bytes == 0 {
            return Ok(None);
        }
        let Some(session) = session() else { return Ok(None) };
        let shared = map(session, layout.bytes)?;
        let bounce = Self { layout, shared, own: *call };
        for (index, offset) in layout.offsets.iter().enumerate() {
            let Some(offset) = offset else { continue };
            let [address, size] = call.values[index].map(|word| word as usize);
            if kind_of(call.types, index) != kind::MEMREF_OUTPUT {
                // SAFETY: the caller vouches for this memory; the pages are new and have room for it.
                unsafe { copy(address, shared + offset, size) };
            }
            call.values[index][0] = (shared + offset) as u64;
        }
        Ok(Some(bounce))
    }

    /// Copies outputs back, as much as has come and fits, and gives the pages back.
    ///
    /// # Safety
    /// As for [`Self::share`].
    pub(crate) unsafe fn finish(self, call: &CallParameters) {
        for (index, offset) in self.layout.offsets.iter().enumerate() {
            let Some(offset) = offset else { continue };
            let [address, capacity] = self.own.values[index].map(|word| word as usize);
            let size = capacity.min(call.values[index][1] as usize);
            if kind_of(self.own.types, index) != kind::MEMREF_INPUT {
                // SAFETY: the caller vouches for this memory, and no more than its size is copied.
                unsafe { copy(self.shared + offset, address, size) };
            }
        }
        if let Some(session) = session() {
            let bytes = [self.layout.bytes as u64, 0];
            let values = [bytes, halves(self.shared), [0; 2], [0; 2]];
            // Pages that cannot be given back are lost, which harms nobody else.
            let _ = invoke(session, UNMAP, &mut CallParameters { types: UNMAP_TYPES, values });
        }
    }
}

/// An address as the pseudo-TA takes it.
fn halves(address: usize) -> [u64; 2] {
    [address as u64 >> 32, address as u64 & 0xFFFF_FFFF]
}

/// Copies between memory of the caller's and shared pages.
///
/// # Safety
/// Source and target can be read and written, and do not overlap.
unsafe fn copy(source: usize, target: usize, size: usize) {
    let (source, target) = (with_exposed_provenance::<u8>(source), with_exposed_provenance_mut::<u8>(target));
    // SAFETY: the caller vouches for both.
    unsafe { target.copy_from_nonoverlapping(source, size) };
}

fn is_private(address: u64, size: u64) -> bool {
    // SAFETY: the call reads no byte at the address; it looks at what the address is mapped to.
    let result = unsafe { svc::check_access(READ, with_exposed_provenance(address as usize), size as usize) };
    result == SUCCESS
}

/// The session with the pseudo-TA, if there is one.
fn session() -> Option<u32> {
    SESSION.with(|session| {
        if *session == 0 {
            let mut none = CallParameters::default();
            let (timeout_ms, mut origin) = (u32::MAX, 0);
            // SAFETY: all pointers are to values of ours, and there is no memory among the parameters.
            let result = unsafe {
                svc::open_session(&SYSTEM, timeout_ms, &raw mut none, &raw mut *session, &raw mut origin)
            };
            if result != SUCCESS {
                *session = 0;
            }
        }
        (*session != 0).then_some(*session)
    })
}

fn invoke(session: u32, command: u32, call: &mut CallParameters) -> Result<()> {
    let (timeout_ms, mut origin) = (u32::MAX, 0);
    // SAFETY: all pointers are to values of ours, and there is no memory among the parameters.
    check(unsafe { svc::invoke_command(session, timeout_ms, command, call, &raw mut origin) })
}

fn map(session: u32, bytes: usize) -> Result<usize> {
    // The pseudo-TA takes a size of 32 bits.
    let bytes = u32::try_from(bytes).map_err(|_| Error::OUT_OF_MEMORY)?;
    let values = [[u64::from(bytes), SHAREABLE], [0; 2], [0; 2], [0; 2]];
    let mut call = CallParameters { types: MAP_TYPES, values };
    invoke(session, MAP, &mut call).map_err(|_| Error::OUT_OF_MEMORY)?;
    let [high, low] = call.values[1];
    let address = (high << 32 | low & 0xFFFF_FFFF) as usize;
    if address == 0 {
        fault::misuse();
    }
    Ok(address)
}

#[cfg(test)]
mod tests {
    use super::{Layout, halves};
    use crate::abi::CallParameters;

    #[test]
    fn private_memory_alone_is_laid_out() {
        // Memory in, a value in, memory out of no bytes, memory both ways.
        let call =
            CallParameters { types: 0x7615, values: [[0x1000, 65], [7, 8], [0x2000, 0], [0x3000, 10]] };
        let all = Layout::new(&call, |_, _| true).expect("is small");
        assert_eq!((all.offsets, all.bytes), ([Some(0), None, None, Some(128)], 192));
        let last = Layout::new(&call, |address, _| address == 0x3000).expect("is small");
        assert_eq!((last.offsets, last.bytes), ([None, None, None, Some(0)], 64));
        assert_eq!(Layout::new(&call, |_, _| false), Some(Layout::default()));
    }

    #[test]
    fn sizes_beyond_all_memory_are_refused() {
        let call = CallParameters { types: 5, values: [[0x1000, u64::MAX], [0; 2], [0; 2], [0; 2]] };
        assert_eq!(Layout::new(&call, |_, _| true), None);
    }

    #[test]
    fn addresses_are_passed_in_halves() {
        assert_eq!(halves(0x1_2345_6789), [1, 0x2345_6789]);
    }
}
