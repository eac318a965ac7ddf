//! What an image has to define: its start, its memory functions, its allocator, its panic handler.

/// Define all of it, for an image whose guest's first thread is made by `$first`, a function
/// `fn(LinuxProcess, Machine) -> Option<First<S>>`.
#[macro_export]
macro_rules! image {
    ($first:path) => {
        #[global_allocator]
        static ALLOCATOR: $crate::arena::ArenaAllocator = $crate::arena::ArenaAllocator;

        $crate::bind_host!();

        $crate::builtins!();

        #[panic_handler]
        fn panic(information: &core::panic::PanicInfo<'_>) -> ! {
            $crate::ambient::panic(information)
        }

        // The precompiled core library refers to it; with `panic = "abort"` nothing ever calls it.
        // SAFETY: no other object of a freestanding image defines the symbol.
        #[unsafe(no_mangle)]
        extern "C" fn rust_eh_personality() {}

        // As above, from the precompiled `alloc` library's landing pads.
        // SAFETY: as above.
        #[unsafe(no_mangle)]
        extern "C" fn _Unwind_Resume() -> ! {
            $crate::ambient::fail_stop("an unwind began in an image that cannot unwind")
        }

        // SAFETY: as above; the kernel starts the image here.
        #[unsafe(no_mangle)]
        #[unsafe(naked)]
        extern "C" fn _start() -> ! {
            core::arch::naked_asm!("mov rdi, rsp", "and rsp, -16", "call {start}", "ud2", start = sym start)
        }

        extern "C" fn start(stack: *const usize) -> ! {
            // SAFETY: `_start` passes the kernel's initial stack pointer, once.
            unsafe { $crate::keeper::main(stack, $first) }
        }
    };
}

/// Bind wait, wake, kick and log to the Linux process.
#[macro_export]
macro_rules! bind_host {
    () => {
        litebox_host::bind_ambient!($crate::LinuxProcess);
    };
}
