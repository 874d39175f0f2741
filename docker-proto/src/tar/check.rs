//! A tar as it is, looked through on its way.

use super::walk::{Step, Walk, What};
use crate::Result;
use crate::wire::{Decode, Input};
use alloc::boxed::Box;
use bytes::Bytes;

/// Gives on the bytes of a tar as they are, and finds out whether it is whole.
///
/// An engine that fails in the middle of a tar has said long ago that it succeeded. Some just stop; others append the
/// error, as JSON, to the bytes. A tar that is cut is therefore an error here, and so is one with anything but zeros
/// behind its end. Nothing but sound bytes is given on: no part of a header that is not whole, nothing of an error.
///
/// Data is not copied, and not looked at. Of each entry its header is read.
#[derive(Debug)]
pub struct TarCheck {
    walk: Box<Walk>,
}

impl Default for TarCheck {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}

impl TarCheck {
    /// At the beginning of a tar.
    #[inline]
    pub fn new() -> Self {
        Self { walk: Box::new(Walk::new()) }
    }
}

impl Decode for TarCheck {
    type Item = Bytes;

    /// The next bytes.
    ///
    /// # Errors
    /// [`InStream`](crate::ErrorKind::InStream), in the engine's words, if its error stands where an entry or nothing should be.
    /// [`Protocol`](crate::ErrorKind::Protocol) for what is no tar, [`TooLarge`](crate::ErrorKind::TooLarge) for one that
    /// wants to be remembered beyond its limits.
    #[inline]
    fn decode(&mut self, input: &mut Input<'_>) -> Result<Option<Bytes>> {
        self.walk.sound()?;
        let mut sound = 0;
        while let Some(rest) = input.bytes().get(sound..).filter(|rest| !rest.is_empty()) {
            match self.walk.step(rest) {
                // A block that came in parts: its beginning was held back, so it comes first here.
                Ok(Step { n, late: true, what }) => {
                    input.skip(n);
                    if what != What::Held {
                        return Ok(Some(Bytes::copy_from_slice(self.walk.held())));
                    }
                }
                Ok(Step { n, what: What::Held, .. }) if sound > 0 => {
                    let out = input.take(sound);
                    input.skip(n);
                    return Ok(Some(out));
                }
                Ok(Step { n, what: What::Held, .. }) => input.skip(n),
                Ok(Step { n, .. }) => sound += n,
                // What was sound comes first; the error keeps.
                Err(_) if sound > 0 => break,
                Err(e) => return Err(e),
            }
        }
        Ok((sound > 0).then(|| input.take(sound)))
    }

    /// Nothing: all bytes were given on.
    ///
    /// # Errors
    /// [`Truncated`](crate::ErrorKind::Truncated), naming the entry in which the tar ended, and what the engine says
    /// there if it does; as [`decode`](Self::decode).
    #[inline]
    fn finish(&mut self) -> Result<Option<Bytes>> {
        self.walk.finish().map(|()| None)
    }
}
