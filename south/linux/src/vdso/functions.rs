//! The functions that both vDSOs have.

use core::ffi::CStr;

/// A function of the vDSO.
pub(super) struct Function {
    /// Its name. Without `__vdso_` it is a weak name of the same function.
    pub(super) name: &'static CStr,
    /// The system call that does the same (`<asm/unistd_64.h>`).
    pub(super) number: u32,
    /// What its first argument is.
    pub(super) first: First,
}

/// What the first argument of a function is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    /// The number of a clock: the kernel's vDSO serves some, and makes the system call for the others.
    Clock,
    /// Where to put the answer.
    Place,
}

/// How many functions there are.
pub(super) const COUNT: usize = 5;

/// All of them. [`HostVdso`](super::HostVdso) and the words of the guest's image are in this order.
pub(super) const FUNCTIONS: [Function; COUNT] = [
    Function { name: c"__vdso_clock_gettime", number: 228, first: First::Clock },
    Function { name: c"__vdso_gettimeofday", number: 96, first: First::Place },
    Function { name: c"__vdso_time", number: 201, first: First::Place },
    Function { name: c"__vdso_clock_getres", number: 229, first: First::Clock },
    Function { name: c"__vdso_getcpu", number: 309, first: First::Place },
];

/// Where `__vdso_clock_gettime` is in [`FUNCTIONS`].
pub(super) const CLOCK_GETTIME: usize = 0;

/// Where `__vdso_getcpu` is.
pub(super) const GETCPU: usize = 4;

/// What the weak names leave out.
pub(super) const PREFIX: usize = "__vdso_".len();
