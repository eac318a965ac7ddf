//! Where things lie in the address space of every host process of a sandbox.
//!
//! Everything of ours is above [`GUEST`]; everything in it is the guest's to map. The range above holds the
//! kernel's own pages too: its stack, which it places within 17 GiB of the top, and its vDSO, which it places at
//! random, anywhere below the stack, and which set-up therefore moves. The sanitizers' fixed ranges
//! (AddressSanitizer's heap at `0x6000_0000_0000`, the shadows of the thread and memory sanitizers) are all
//! inside the guest's part.
//!
//! What every process touches lies close together: each part of its own costs a fork one more page of page tables at
//! every level.

use core::ops::Range;

/// What a guest may map.
pub const GUEST: Range<usize> = 0x1_0000..IMAGE;

/// Base of the freestanding image; `apps/images/build.rs` links it there.
pub const IMAGE: usize = 0x7f80_0000_0000;

/// Longest image.
pub const IMAGE_SIZE: usize = 0x1000_0000;

/// The page of the loader that maps the image (apps/sandbox/src/image.rs), where there is one; set-up unmaps it.
pub const LOADER: usize = IMAGE + 0x2000_0000;

/// The page from which host calls may be made.
pub const GATE: usize = IMAGE + IMAGE_SIZE;

/// Bytes of the gate.
pub const GATE_SIZE: usize = 4096;

/// Where the kernel's vDSO and its data pages are moved to.
pub const VDSO: usize = GATE + 0x1_0000;

/// Base of the arena: all state of the library OS, shared by the host processes of the sandbox.
pub const ARENA: usize = 0x7f90_0000_0000;

/// Bytes of the arena; only what is touched takes memory.
pub const ARENA_SIZE: usize = 64 << 30;

/// Bytes of the arena before its shared pages: the library OS's own state.
pub const ARENA_HEAP_SIZE: usize = 16 << 30;

/// Base of the pages that the library OS may map into guests too; the arena's rest.
pub const SHARED_PAGES: usize = ARENA + ARENA_HEAP_SIZE;

/// Bytes of those pages.
pub const SHARED_PAGES_SIZE: usize = ARENA_SIZE - ARENA_HEAP_SIZE;

/// Base of the threads' regions.
pub const REGIONS: usize = GATE + REGION_STRIDE;

/// Distance between two threads' regions, and their alignment.
pub const REGION_STRIDE: usize = 256 << 10;

/// Most threads of one host process.
pub const REGION_COUNT: usize = 32 << 10;

/// Descriptor of the channel to the broker in every host process.
pub const CHANNEL: u32 = 3;

/// Descriptor of the arena's memory in every host process.
pub const ARENA_DESCRIPTOR: u32 = 4;

/// The host signal that kicks a thread: SIGURG. Guests never see host signals. Not a real-time one: those queue, and
/// the queue is one for all processes of a user, so that one sandbox could fill it for the others.
pub const KICK: u32 = 23;
