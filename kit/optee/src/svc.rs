//! The calls: one row each, and the only instruction that leaves a TA.
//!
//! Number in rax, arguments in rdi, rsi, rdx, r10, r8, r9, r12 and r13, the result in eax; rcx and r11 are lost. All are
//! unsafe by one contract: *each pointer is null where the row's call allows it, or valid for what the call reads or
//! writes there*. The kernel checks pointers against the TA's memory, not against Rust's rules.
#![expect(unsafe_code, reason = "a call is an instruction that reads and writes memory")]

/// The most arguments that a call has.
pub(crate) const ARGUMENTS: usize = 8;

/// What fits an argument register.
pub(crate) trait Word {
    /// The register's value.
    fn word(self) -> usize;
}

impl Word for usize {
    fn word(self) -> usize {
        self
    }
}

impl Word for u32 {
    fn word(self) -> usize {
        self as usize
    }
}

impl<T> Word for *const T {
    fn word(self) -> usize {
        self.expose_provenance()
    }
}

impl<T> Word for *mut T {
    fn word(self) -> usize {
        self.expose_provenance()
    }
}

macro_rules! calls {
    ($($(#[doc = $doc:literal])* $number:literal $name:ident($($argument:ident: $type:ty),*);)*) => {
        $($(#[doc = $doc])*
        ///
        /// # Safety
        /// The contract of the module.
        pub(crate) unsafe fn $name($($argument: $type),*) -> u32 {
            // SAFETY: the caller keeps the contract of the module for the pointers among the arguments.
            unsafe { numbered::<$number>(&pad([$($argument.word()),*])) }
        })*
    };
}

calls! {
    /// Leaves this entry with a result.
    0 leave(result: u32);
    /// Writes bytes to the log.
    1 log(text: *const u8, length: usize);
    /// Ends the TA.
    2 panic(code: u32);
    /// Reads a property by its place in a set.
    3 get_property(set: usize, index: u32, name: *mut u8, name_length: *mut u32, value: *mut u8, value_length: *mut u32, kind: *mut u32);
    /// Finds the place of a property; the length counts the NUL.
    4 find_property(set: usize, name: *const u8, length: usize, index: *mut u32);
    /// Opens a session with another TA.
    5 open_session(uuid: *const crate::abi::Uuid, timeout_ms: u32, parameters: *mut crate::abi::CallParameters, session: *mut u32, origin: *mut u32);
    /// Closes a session with another TA.
    6 close_session(session: u32);
    /// Invokes a command of another TA.
    7 invoke_command(session: u32, timeout_ms: u32, command: u32, parameters: *mut crate::abi::CallParameters, origin: *mut u32);
    /// Whether memory may be used as the flags say.
    8 check_access(flags: u32, buffer: *const u8, length: usize);
    /// Reads whether the client asks to give up.
    9 cancellation_flag(flag: *mut u32);
    /// Lets cancellation through; writes whether it was masked.
    10 unmask_cancellation(was_masked: *mut u32);
    /// Keeps cancellation away; writes whether it was masked.
    11 mask_cancellation(was_masked: *mut u32);
    /// Sleeps.
    12 wait(milliseconds: u32);
    /// Reads a clock.
    13 get_time(clock: u32, time: *mut crate::abi::Time);
    /// Sets the TA's own clock.
    14 set_time(time: *const crate::abi::Time);
    /// Makes the state of an operation.
    15 state_alloc(algorithm: u32, mode: u32, key1: u32, key2: u32, state: *mut u32);
    /// Copies the state of an operation.
    16 state_copy(target: u32, source: u32);
    /// Drops the state of an operation, and its keys.
    17 state_free(state: u32);
    /// Begins a digest or a message authentication code.
    18 hash_init(state: u32, iv: *const u8, iv_length: usize);
    /// Takes more input.
    19 hash_update(state: u32, data: *const u8, length: usize);
    /// Takes the last input and writes the result.
    20 hash_final(state: u32, data: *const u8, length: usize, output: *mut u8, output_length: *mut u64);
    /// Begins a cipher.
    21 cipher_init(state: u32, iv: *const u8, iv_length: usize);
    /// Ciphers whole blocks.
    22 cipher_update(state: u32, data: *const u8, length: usize, output: *mut u8, output_length: *mut u64);
    /// Ciphers the rest.
    23 cipher_final(state: u32, data: *const u8, length: usize, output: *mut u8, output_length: *mut u64);
    /// Describes an object.
    24 object_info(object: u32, info: *mut crate::abi::ObjectInfo);
    /// Takes rights of use from an object.
    25 restrict_usage(object: u32, mask: u32);
    /// Reads an attribute.
    26 get_attribute(object: u32, id: u32, buffer: *mut u8, length: *mut u64);
    /// Makes an empty object.
    27 object_alloc(kind: u32, max_bits: u32, object: *mut u32);
    /// Closes an object.
    28 object_close(object: u32);
    /// Empties an object.
    29 object_reset(object: u32);
    /// Fills an object.
    30 object_populate(object: u32, attributes: *const crate::abi::CallAttribute, count: usize);
    /// Copies the attributes of an object.
    31 object_copy(target: u32, source: u32);
    /// Fills a buffer with random bytes.
    33 random(buffer: *mut u8, length: usize);
    /// Makes a key.
    54 generate_key(object: u32, bits: u32, attributes: *const crate::abi::CallAttribute, count: usize);
}

fn pad<const COUNT: usize>(words: [usize; COUNT]) -> [usize; ARGUMENTS] {
    core::array::from_fn(|index| words.get(index).copied().unwrap_or_default())
}

/// The call `NUMBER` with any arguments. The number is set right before the instruction, a pattern that hosts which trap
/// the instruction can put a jump in place of.
///
/// # Safety
/// The contract of the module.
#[cfg(not(test))]
unsafe fn numbered<const NUMBER: u32>(arguments: &[usize; ARGUMENTS]) -> u32 {
    let [a, b, c, d, e, f, g, h] = *arguments;
    let result: u64;
    // SAFETY: the instructions change rax, rcx and r11, and memory only where the caller's pointers say; the kernel uses
    // no part of this stack.
    unsafe {
        core::arch::asm!(
            "mov eax, {number}",
            "syscall",
            number = const NUMBER,
            out("rax") result,
            in("rdi") a, in("rsi") b, in("rdx") c, in("r10") d, in("r8") e, in("r9") f, in("r12") g, in("r13") h,
            lateout("rcx") _, lateout("r11") _,
            options(nostack),
        );
    }
    result as u32
}

/// As [`call`] in unit tests.
///
/// # Safety
/// None needed.
#[cfg(test)]
unsafe fn numbered<const NUMBER: u32>(arguments: &[usize; ARGUMENTS]) -> u32 {
    // SAFETY: it has no contract there.
    unsafe { call(NUMBER, arguments) }
}

/// The call of any number with any arguments.
///
/// # Safety
/// The contract of the module.
#[cfg(not(test))]
pub(crate) unsafe fn call(number: u32, arguments: &[usize; ARGUMENTS]) -> u32 {
    let [a, b, c, d, e, f, g, h] = *arguments;
    let result: u64;
    // SAFETY: the instruction changes rax, rcx and r11, and memory only where the caller's pointers say; the kernel
    // uses no part of this stack.
    unsafe {
        core::arch::asm!(
            "syscall",
            inlateout("rax") u64::from(number) => result,
            in("rdi") a, in("rsi") b, in("rdx") c, in("r10") d, in("r8") e, in("r9") f, in("r12") g, in("r13") h,
            lateout("rcx") _, lateout("r11") _,
            options(nostack),
        );
    }
    result as u32
}

/// Unit tests run in an ordinary process, whose kernel knows other calls by these numbers.
///
/// # Safety
/// None needed.
#[cfg(test)]
pub(crate) unsafe fn call(number: u32, arguments: &[usize; ARGUMENTS]) -> u32 {
    panic!("svc {number} of {arguments:?} in a unit test");
}

/// A call as tests of a kernel make it.
///
/// # Safety
/// The contract of the module; a kernel refuses what it cannot use, so any words do for an emulated one.
#[unsafe(no_mangle)]
unsafe extern "C" fn utee_svc(number: u32, arguments: &[usize; ARGUMENTS]) -> u32 {
    // SAFETY: the caller keeps the contract.
    unsafe { call(number, arguments) }
}
