//! Trusted applications in safe Rust.
#![expect(unsafe_code, reason = "memory of clients is borrowed for the time of an entry")]

use alloc::vec::Vec;
use core::cell::UnsafeCell;

use crate::abi::{self, PARAMETERS, kind};
use crate::error::{Error, Result, number};
use crate::fault::misuse;
use crate::local::Local;

/// What a TA does at each step of its life: section 4.3.
pub trait Application: Sized {
    /// What a session keeps between its commands.
    type Session;

    /// Makes the instance, before its first session.
    ///
    /// # Errors
    /// Refuses the session that asked for it.
    fn create() -> Result<Self>;

    /// Opens a session.
    ///
    /// # Errors
    /// Refuses it.
    fn open(&mut self, parameters: &mut [Parameter<'_>; PARAMETERS]) -> Result<Self::Session>;

    /// Serves a command.
    ///
    /// # Errors
    /// What the client gets. Outputs reach it all the same.
    fn invoke(
        &mut self,
        session: &mut Self::Session,
        command: u32,
        parameters: &mut [Parameter<'_>; PARAMETERS],
    ) -> Result<()>;

    /// Closes a session.
    fn close(&mut self, _session: Self::Session) {}

    /// Ends the instance, after its last session.
    fn destroy(self) {}
}

/// One parameter of an operation. A TA matches on all four, and answers `BAD_PARAMETERS` to kinds it does not expect.
#[derive(Debug)]
pub enum Parameter<'a> {
    /// There is none.
    None,
    /// Two numbers for the TA.
    ValueInput([u32; 2]),
    /// Two numbers from the TA.
    ValueOutput([u32; 2]),
    /// Two numbers both ways.
    ValueInout([u32; 2]),
    /// Memory that the TA reads.
    MemoryInput(&'a [u8]),
    /// Memory that the TA writes.
    MemoryOutput(Buffer<'a>),
    /// Memory that the TA reads and writes.
    MemoryInout(Buffer<'a>),
}

/// Memory of a client's to write to, and the size that it is told.
#[derive(Debug)]
pub struct Buffer<'a> {
    bytes: &'a mut [u8],
    size: usize,
}

impl Buffer<'_> {
    /// All the memory, whatever size is told.
    #[must_use]
    pub fn bytes(&mut self) -> &mut [u8] {
        self.bytes
    }

    /// The size that the client is told: how much of the memory holds something, or how much is needed.
    #[must_use]
    pub fn size(&mut self) -> &mut usize {
        &mut self.size
    }

    /// The memory and the size, for functions that set both.
    #[must_use]
    pub fn parts(&mut self) -> (&mut [u8], &mut usize) {
        (self.bytes, &mut self.size)
    }

    /// Writes from the start, and tells the size.
    ///
    /// # Errors
    /// `SHORT_BUFFER`: nothing is written, and the size that is needed is told.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.size = bytes.len();
        self.bytes.get_mut(..bytes.len()).ok_or(Error::SHORT_BUFFER)?.copy_from_slice(bytes);
        Ok(())
    }
}

/// Parameters of an entry, borrowed for its time.
///
/// # Safety
/// Memory of each parameter can be used as its kind says, and by nobody else, while the result is.
unsafe fn borrow<'a>(types: u32, parameters: &[abi::Parameter; PARAMETERS]) -> [Parameter<'a>; PARAMETERS] {
    core::array::from_fn(|index| {
        let parameter = parameters[index];
        match kind::of(types, index) {
            kind::VALUE_INPUT => Parameter::ValueInput(parameter.value()),
            kind::VALUE_OUTPUT => Parameter::ValueOutput(parameter.value()),
            kind::VALUE_INOUT => Parameter::ValueInout(parameter.value()),
            kind::MEMREF_INPUT => {
                let [address, size] = parameter.0.map(|word| word as usize);
                // SAFETY: the caller vouches for memory of this kind.
                let bytes = unsafe { crate::text::bytes(core::ptr::with_exposed_provenance(address), size) };
                Parameter::MemoryInput(bytes)
            }
            // SAFETY: the caller vouches for memory of this kind.
            kind::MEMREF_OUTPUT => Parameter::MemoryOutput(unsafe { buffer(parameter) }),
            // SAFETY: the caller vouches for memory of this kind.
            kind::MEMREF_INOUT => Parameter::MemoryInout(unsafe { buffer(parameter) }),
            _ => Parameter::None,
        }
    })
}

/// The memory of a parameter; null has no bytes.
///
/// # Safety
/// The memory can be read and written, by nobody else, while the result is used.
unsafe fn buffer<'a>(parameter: abi::Parameter) -> Buffer<'a> {
    let [address, size] = parameter.0.map(|word| word as usize);
    let start = core::ptr::with_exposed_provenance_mut::<u8>(address);
    if start.is_null() {
        return Buffer { bytes: &mut [], size: 0 };
    }
    // SAFETY: the caller vouches for the range.
    Buffer { bytes: unsafe { core::slice::from_raw_parts_mut(start, size) }, size }
}

/// Writes outputs to where the entry takes them from.
fn give_back(outcome: &[Parameter<'_>; PARAMETERS], parameters: &mut [abi::Parameter; PARAMETERS]) {
    for (outcome, parameter) in outcome.iter().zip(parameters) {
        match outcome {
            Parameter::ValueOutput([a, b]) | Parameter::ValueInout([a, b]) => {
                *parameter = abi::Parameter::from_value(*a, *b);
            }
            Parameter::MemoryOutput(buffer) | Parameter::MemoryInout(buffer) => {
                parameter.0[1] = buffer.size as u64;
            }
            Parameter::None | Parameter::ValueInput(_) | Parameter::MemoryInput(_) => {}
        }
    }
}

/// An instance and its sessions, in a static of the TA. What [`trusted_application!`](crate::trusted_application) rests on.
pub struct State<A: Application>(Local<Instance<A>>);

struct Instance<A: Application> {
    application: Option<A>,
    sessions: Vec<Option<A::Session>>,
}

impl<A: Application> Default for State<A> {
    fn default() -> Self {
        Self::new()
    }
}

impl<A: Application> State<A> {
    /// No instance yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Local::new(Instance { application: None, sessions: Vec::new() }))
    }

    /// `TA_CreateEntryPoint`.
    pub fn create(&self) -> u32 {
        number(A::create().map(|made| self.0.with(|instance| instance.application = Some(made))))
    }

    /// `TA_DestroyEntryPoint`.
    pub fn destroy(&self) {
        if let Some(application) = self.0.with(|instance| instance.application.take()) {
            application.destroy();
        }
    }

    /// `TA_OpenSessionEntryPoint`.
    ///
    /// # Safety
    /// Memory of each parameter can be used as its kind says, and by nobody else, until this returns.
    pub unsafe fn open(
        &self,
        types: u32,
        parameters: &mut [abi::Parameter; PARAMETERS],
        context: &mut usize,
    ) -> u32 {
        // SAFETY: the caller vouches for the memory.
        let mut borrowed = unsafe { borrow(types, parameters) };
        let result = self.0.with(|instance| {
            let application = instance.application.as_mut().ok_or(Error::BAD_STATE)?;
            instance.sessions.try_reserve(1).map_err(|_| Error::OUT_OF_MEMORY)?;
            let session = application.open(&mut borrowed)?;
            let index = match instance.sessions.iter().position(Option::is_none) {
                Some(index) => index,
                None => {
                    instance.sessions.push(None);
                    instance.sessions.len() - 1
                }
            };
            instance.sessions[index] = Some(session);
            *context = index;
            Ok(())
        });
        give_back(&borrowed, parameters);
        number(result)
    }

    /// `TA_CloseSessionEntryPoint`.
    pub fn close(&self, context: usize) {
        self.0.with(|instance| match (instance.application.as_mut(), instance.sessions.get_mut(context)) {
            (Some(application), Some(session)) => {
                if let Some(session) = session.take() {
                    application.close(session);
                }
            }
            _ => misuse(),
        });
    }

    /// `TA_InvokeCommandEntryPoint`.
    ///
    /// # Safety
    /// As for [`Self::open`].
    pub unsafe fn invoke(
        &self,
        context: usize,
        command: u32,
        types: u32,
        parameters: &mut [abi::Parameter; PARAMETERS],
    ) -> u32 {
        // SAFETY: the caller vouches for the memory.
        let mut borrowed = unsafe { borrow(types, parameters) };
        let result = self.0.with(|instance| {
            match (instance.application.as_mut(), instance.sessions.get_mut(context)) {
                (Some(application), Some(Some(session))) => {
                    application.invoke(session, command, &mut borrowed)
                }
                _ => Err(Error::BAD_STATE),
            }
        });
        give_back(&borrowed, parameters);
        number(result)
    }
}

/// Memory for a heap, in `.bss`.
#[repr(C, align(16))]
pub struct HeapMemory<const SIZE: usize>(UnsafeCell<[u8; SIZE]>);

// SAFETY: only the heap of the library uses the memory, through its address.
unsafe impl<const SIZE: usize> Sync for HeapMemory<SIZE> {}

impl<const SIZE: usize> Default for HeapMemory<SIZE> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const SIZE: usize> HeapMemory<SIZE> {
    /// Zeroed memory.
    #[must_use]
    pub const fn new() -> Self {
        Self(UnsafeCell::new([0; SIZE]))
    }
}

#[cfg(test)]
mod tests {
    use super::{Application, Parameter, State};
    use crate::abi;
    use crate::error::{Error, Result};

    /// Counts in each session, and copies memory.
    struct Counter;

    impl Application for Counter {
        type Session = u32;

        fn create() -> Result<Self> {
            Ok(Self)
        }
        fn open(&mut self, _: &mut [Parameter<'_>; 4]) -> Result<u32> {
            Ok(0)
        }
        fn invoke(&mut self, count: &mut u32, _: u32, parameters: &mut [Parameter<'_>; 4]) -> Result<()> {
            let [
                Parameter::ValueOutput(value),
                Parameter::MemoryInput(input),
                Parameter::MemoryOutput(output),
                _,
            ] = parameters
            else {
                return Err(Error::BAD_PARAMETERS);
            };
            *count += 1;
            *value = [*count, 0];
            output.write(input)
        }
    }

    #[test]
    fn sessions_count_apart_and_sizes_are_told() {
        let state = State::<Counter>::new();
        assert_eq!(state.create(), 0);
        let (input, mut output) = ([1_u8, 2, 3], [0_u8; 4]);
        let address = |pointer: *const u8| pointer.expose_provenance() as u64;
        let mut contexts = [0; 2];
        for context in &mut contexts {
            // SAFETY: there is no memory among the parameters.
            assert_eq!(unsafe { state.open(0, &mut [abi::Parameter::default(); 4], context) }, 0);
        }
        for (context, room, result, count) in [(0, 4, 0, 1), (1, 4, 0, 1), (0, 2, Error::SHORT_BUFFER.0, 2)] {
            let mut parameters = [
                abi::Parameter::default(),
                abi::Parameter::from_memory(address(input.as_ptr()), 3),
                abi::Parameter::from_memory(address(output.as_mut_ptr()), room),
                abi::Parameter::default(),
            ];
            // SAFETY: both arrays outlive the call, and nothing else uses them meanwhile.
            assert_eq!(unsafe { state.invoke(contexts[context], 0, 0x652, &mut parameters) }, result);
            assert_eq!((parameters[0].value(), parameters[2].0[1]), ([count, 0], 3));
        }
        assert_eq!(output, [1, 2, 3, 0]);
        state.close(contexts[0]);
        // SAFETY: there is no memory among the parameters.
        let late = unsafe { state.invoke(contexts[0], 0, 0, &mut [abi::Parameter::default(); 4]) };
        assert_eq!(late, Error::BAD_STATE.0);
    }
}
