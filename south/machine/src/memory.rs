//! Noun *memory*: the guest's pages are the current address space's.

use core::ops::Range;

use litebox_host::HostError;
use litebox_host::file::HostFile;
use litebox_host::memory::{
    FileMemory, Memory, Protection, Rewrite, RewriteRequest, Rewritten, SharedMemory, SharedPage, Sharing,
    TrappedCall,
};

use crate::host::BareMachine;
use crate::layout::GUEST;
use crate::scheduler;
use crate::space::Origin;

impl Memory for BareMachine {
    fn range(&self) -> Range<usize> {
        GUEST
    }

    fn map(&self, range: Range<usize>, protection: Protection) -> Result<(), HostError> {
        scheduler::current().space().map(range, protection, Origin::Zeros);
        Ok(())
    }

    fn unmap(&self, range: Range<usize>) -> Result<(), HostError> {
        scheduler::current().space().unmap(&range);
        Ok(())
    }

    fn protect(&self, range: Range<usize>, protection: Protection) -> Result<(), HostError> {
        scheduler::current().space().protect(&range, protection);
        Ok(())
    }

    fn relocate(&self, from: Range<usize>, to: Range<usize>) -> Result<(), HostError> {
        scheduler::current().space().relocate(&from, &to)
    }

    fn discard(&self, range: Range<usize>) -> Result<(), HostError> {
        scheduler::current().space().discard(&range);
        Ok(())
    }
}

impl FileMemory for BareMachine {
    /// The archive's files do not begin at pages: their bytes are copied.
    fn map_file(&self, _: Range<usize>, _: HostFile, _: u64, _: Protection) -> Result<(), HostError> {
        Err(HostError::NotSupported)
    }
}

impl SharedMemory for BareMachine {
    fn address_space(&self) -> u64 {
        scheduler::current().space().number()
    }

    fn map_shared(
        &self,
        range: Range<usize>,
        first: SharedPage,
        sharing: Sharing,
        protection: Protection,
    ) -> Result<(), HostError> {
        scheduler::current().space().map(range, protection, Origin::Shared(first, sharing));
        Ok(())
    }

    fn map_absent(&self, range: Range<usize>, protection: Protection) -> Result<(), HostError> {
        scheduler::current().space().map(range, protection, Origin::Nothing);
        Ok(())
    }
}

/// System calls do not trap here: there is nothing to rewrite.
impl Rewrite for BareMachine {
    fn trapped(&self) -> Option<TrappedCall> {
        None
    }

    fn rewrite(&self, _: &RewriteRequest<'_>) -> Result<Rewritten, HostError> {
        Ok(Rewritten::Unsuitable)
    }

    fn forget_rewrites(&self) {}
}
