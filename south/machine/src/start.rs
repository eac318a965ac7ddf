//! The start: from the loader's information to the first guest thread.
#![expect(unsafe_code, reason = "the heap is given raw memory")]

use alloc::boxed::Box;

use litebox_host::regs::Registers;
use litebox_host::shim::Shim;
use litebox_host::thread::VectorState;

use crate::archive::Archive;
use crate::boot::{self, Boot};
use crate::enter::tables;
use crate::heap::MachineAllocator;
use crate::host::BareMachine;
use crate::layout::LOW;
use crate::process::HostProcess;
use crate::scheduler;
use crate::space::Space;
use crate::{control, file, frames, paging, time, timer, vector};

/// Device registers end here.
const DEVICES_END: u64 = 4 << 30;
/// The heap's part of the memory.
const HEAP_SHARE: u64 = 3;
/// The name of the start block in the archive.
const START_BLOCK: &[u8] = b".litebox/start";

/// The first thread of the sandbox.
pub struct First<S> {
    /// Its shim.
    pub shim: Box<S>,
    /// Its first registers.
    pub registers: Registers,
}

/// Give the heap and the frames what is ordinary memory and nobody's.
fn share_out(boot: &Boot, allocator: &MachineAllocator) {
    let end = boot.memory.iter().map(|(_, end)| *end).max().unwrap_or_default();
    let image_end = boot::image_end().next_multiple_of(4096);
    let main = boot.memory.iter().find(|(start, end)| (*start..*end).contains(&image_end));
    let Some(main_end) = main.map(|(_, end)| (*end).min(1 << 30)) else {
        control::fail(format_args!("the loader tells of no memory around the kernel"));
    };
    let mut next = image_end;
    paging::map_physical(end.max(DEVICES_END), || {
        next += 4096;
        frames::Frame(next - 4096)
    });
    let (archive, archive_end) = (boot.archive.0, boot.archive.0 + boot.archive.1);
    let limit = if archive > next { main_end.min(archive & !4095) } else { main_end };
    let heap_end = (next + (limit - next) / HEAP_SHARE) & !4095;
    // SAFETY: the memory lies between the kernel's image with its first tables and the archive, and the frames begin
    // where it ends.
    unsafe { allocator.give(next, heap_end) };
    let ranges = boot.memory.iter().flat_map(|(start, end)| {
        // What is below the heap's end is taken, and so is the archive.
        let start = if *start < heap_end { heap_end.max(LOW) } else { *start };
        [(start, (*end).min(archive).max(start)), (start.max(archive_end), *end)]
    });
    frames::initialise(ranges, end);
}

/// Set the machine up; what the archive's start block says.
pub fn initialise(information: u64, allocator: &MachineAllocator) -> &'static [u8] {
    let Some(boot) = Boot::read(information) else {
        control::fail(format_args!("the loader gave no start information of version 1"));
    };
    share_out(&boot, allocator);
    tables::initialise();
    timer::initialise();
    time::initialise();
    let made = Space::new().and_then(|space| scheduler::initialise(HostProcess::new(), space));
    if made.is_err() {
        control::fail(format_args!("no memory for the first thread"));
    }
    vector::initialise();
    match Archive::index(boot.archive()) {
        Ok(archive) => file::mount(archive),
        Err(error) => control::fail(format_args!("the archive is malformed: {error:?}")),
    }
    file::contents(START_BLOCK).unwrap_or_default()
}

/// Run the sandbox whose first thread is `first`, which the calling thread becomes.
pub fn run<S: Shim>(first: First<S>) -> ! {
    scheduler::become_guest(first.shim, &first.registers)
}

/// No program runs: say why, and end with `code`.
pub fn refuse(message: &str, code: u8) -> ! {
    control::say("log", format_args!("{message}"));
    control::finish(i32::from(code) << 8)
}

/// Bytes of memory that guests can have at the most.
pub fn memory() -> u64 {
    frames::total_bytes()
}

/// What the processor is to programs.
#[derive(Clone, Copy, Debug)]
pub struct Processor {
    /// Features as `AT_HWCAP` tells them: CPUID leaf 1, EDX.
    pub features: u64,
    /// Bytes of a signal frame at the least.
    pub minimum_signal_stack: u64,
}

impl Processor {
    /// Ask it.
    #[must_use]
    pub fn ask() -> Self {
        // A frame holds the vector state, and less than 1 KiB beside it.
        let minimum_signal_stack = BareMachine.size() as u64 + 1024;
        Self { features: u64::from(core::arch::x86_64::__cpuid(1).edx), minimum_signal_stack }
    }
}

/// Define what the first instructions call: set the machine up, then run `$first` on the start block.
#[macro_export]
macro_rules! image {
    ($first:path) => {
        #[global_allocator]
        static ALLOCATOR: $crate::heap::MachineAllocator = $crate::heap::MachineAllocator::new();

        litebox_host::bind_ambient!($crate::BareMachine);

        // SAFETY: the first instructions call this symbol once, with the address that the loader gave.
        #[unsafe(no_mangle)]
        extern "C" fn litebox_machine_boot(information: u64) -> ! {
            let block = $crate::start::initialise(information, &ALLOCATOR);
            $first(block, $crate::Processor::ask())
        }

        #[panic_handler]
        fn panic(information: &::core::panic::PanicInfo<'_>) -> ! {
            $crate::start::panicked(information)
        }
    };
}

/// The kernel's own code failed.
pub fn panicked(information: &core::panic::PanicInfo<'_>) -> ! {
    control::fail(format_args!("{information}"))
}
