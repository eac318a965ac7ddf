//! What a TA defines for this library: its head, its heap, its properties and its five functions.
//!
//! In C by `user_ta_header.h` and by hand, in Rust by `trusted_application!`. The rest of the library sees safe functions.
#![expect(unsafe_code, reason = "symbols of the TA are declared")]

use crate::abi::{Head, PARAMETERS, Parameter, Property};
use crate::error::{Result, check};
use crate::parameters::Arguments;
use crate::session::{Application, Idle};
use crate::{abi, constructors};

unsafe extern "C" {
    /// Section `.ta_head`.
    static ta_head: Head;
    /// Start of the heap, aligned to 16; only its address is used.
    static mut ta_heap: [u8; 0];
    /// Its size in bytes.
    safe static ta_heap_size: usize;
    /// The first of the TA's own properties; one without a name ends them.
    static ta_properties: [Property; 0];

    safe fn TA_CreateEntryPoint() -> u32;
    safe fn TA_DestroyEntryPoint();
    unsafe fn TA_OpenSessionEntryPoint(
        types: u32,
        parameters: *mut [Parameter; PARAMETERS],
        context: *mut usize,
    ) -> u32;
    safe fn TA_CloseSessionEntryPoint(context: usize);
    unsafe fn TA_InvokeCommandEntryPoint(
        context: usize,
        command: u32,
        types: u32,
        parameters: *mut [Parameter; PARAMETERS],
    ) -> u32;
}

/// The TA's own head.
pub(crate) fn head() -> Head {
    let place = &raw const ta_head;
    // SAFETY: the TA defines the symbol as a constant of this layout.
    unsafe { place.read_volatile() }
}

/// Address and size of the heap.
pub(crate) fn heap() -> (usize, usize) {
    ((&raw mut ta_heap).expose_provenance(), ta_heap_size)
}

/// The TA's own properties, in their order.
pub(crate) fn properties() -> impl Iterator<Item = Property> {
    let first = (&raw const ta_properties).cast::<Property>();
    let all = (0..).map(move |index| {
        // SAFETY: the TA ends the row by a property without a name, where the iteration stops.
        unsafe { first.wrapping_add(index).read() }
    });
    all.take_while(|property| !property.name.is_null())
}

/// Whether the TA asks to be kept. Only a single instance can be.
pub(crate) fn idle() -> Idle {
    let kept = abi::flags::SINGLE_INSTANCE | abi::flags::INSTANCE_KEEP_ALIVE;
    if head().flags & kept == kept { Idle::Keep } else { Idle::Destroy }
}

/// The TA that this library is linked to.
pub(crate) struct Linked;

impl Application for Linked {
    fn construct(&self) {
        constructors::construct();
    }

    fn create(&self) -> Result<()> {
        check(TA_CreateEntryPoint())
    }

    fn open(&self, arguments: &mut Arguments) -> Result<usize> {
        let mut context = 0;
        // SAFETY: both pointers are to values that outlive the call, and the types say what the parameters hold.
        let result = unsafe {
            TA_OpenSessionEntryPoint(arguments.types, &raw mut arguments.parameters, &raw mut context)
        };
        check(result).map(|()| context)
    }

    fn invoke(&self, context: usize, command: u32, arguments: &mut Arguments) -> Result<()> {
        // SAFETY: the pointer is to a value that outlives the call, and the types say what the parameters hold.
        let result = unsafe {
            TA_InvokeCommandEntryPoint(context, command, arguments.types, &raw mut arguments.parameters)
        };
        check(result)
    }

    fn close(&self, context: usize) {
        TA_CloseSessionEntryPoint(context);
    }

    fn destroy(&self) {
        TA_DestroyEntryPoint();
        constructors::destruct();
    }
}

/// What a TA defines, so that unit tests link. None of the functions is reached.
#[cfg(test)]
mod tests {
    use crate::abi::{Head, Property, Uuid};

    #[repr(align(16))]
    struct Heap(#[expect(dead_code, reason = "only its address is used")] [u8; 4096]);

    #[unsafe(no_mangle)]
    static mut ta_heap: Heap = Heap([0; 4096]);
    #[unsafe(no_mangle)]
    static ta_heap_size: usize = size_of::<Heap>();
    #[unsafe(no_mangle)]
    static ta_head: Head = Head::new(Uuid::parse("00000000-0000-0000-0000-000000000000"), 4096, 0);

    #[unsafe(no_mangle)]
    static ta_properties: Property = Property::END;

    #[unsafe(no_mangle)]
    extern "C" fn TA_CreateEntryPoint() {}
    #[unsafe(no_mangle)]
    extern "C" fn TA_DestroyEntryPoint() {}
    #[unsafe(no_mangle)]
    extern "C" fn TA_OpenSessionEntryPoint() {}
    #[unsafe(no_mangle)]
    extern "C" fn TA_CloseSessionEntryPoint() {}
    #[unsafe(no_mangle)]
    extern "C" fn TA_InvokeCommandEntryPoint() {}
}
