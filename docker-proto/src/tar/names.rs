//! What the entries of a tar are called, found out as its bytes pass.

use super::walk::{Walk, What};
use crate::Result;
use alloc::boxed::Box;

/// Reads the paths of the entries from the bytes of a tar on its way. Data is not copied.
#[derive(Debug)]
pub(crate) struct Names {
    walk: Box<Walk>,
}

impl Names {
    /// At the beginning of a tar.
    #[inline]
    pub(crate) fn new() -> Self {
        Self { walk: Box::new(Walk::new()) }
    }

    /// Tells `each` the path of each entry whose header is complete with these bytes.
    ///
    /// # Errors
    /// As from [`TarCheck`](super::TarCheck), but that nothing says whether the tar is whole.
    #[inline]
    pub(crate) fn pass(&mut self, mut bytes: &[u8], mut each: impl FnMut(&[u8])) -> Result<()> {
        while !bytes.is_empty() {
            let step = self.walk.step(bytes)?;
            bytes = bytes.get(step.n..).unwrap_or_default();
            if step.what == What::Entry {
                each(&self.walk.entry()?.path);
            }
        }
        Ok(())
    }

    /// Whether what passed is no tar from some place on, or has something behind its end.
    #[inline]
    pub(crate) fn is_lost(&self) -> bool {
        self.walk.is_lost()
    }
}
