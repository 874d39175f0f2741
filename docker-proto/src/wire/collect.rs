//! All output of a process, up to a limit.

use super::decode::{Decode, Input};
use super::frames::{Output, StreamKind};
use crate::{Error, Result};
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::mem;

/// What a process wrote, each stream by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// Standard output, and everything a terminal showed.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
}

impl Collected {
    /// Standard output as text; what is not UTF-8 is replaced.
    #[inline]
    pub fn stdout_text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.stdout)
    }

    /// Standard error as text; what is not UTF-8 is replaced.
    #[inline]
    pub fn stderr_text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.stderr)
    }

    /// Appends what came, if both streams together stay within `most` bytes.
    ///
    /// # Errors
    /// [`TooLarge`](crate::ErrorKind::TooLarge), naming the limit and the stream that passed it.
    #[inline]
    pub fn push(&mut self, stream: StreamKind, bytes: &[u8], most: usize) -> Result<()> {
        let (had_out, had_err) = (self.stdout.len(), self.stderr.len());
        if bytes.len() > most.saturating_sub(had_out + had_err) {
            return Err(Error::too_large(format!(
                "{stream} passes the limit of {most} bytes for collected output (there are {had_out} bytes of stdout and \
                 {had_err} of stderr already): raise it, or read item by item"
            )));
        }
        match stream {
            StreamKind::Stdout => self.stdout.extend_from_slice(bytes),
            StreamKind::Stderr => self.stderr.extend_from_slice(bytes),
        }
        Ok(())
    }
}

/// Decodes output into all of it, as one item.
///
/// An error of the engine inside the output is the end of it: what came before is not given.
#[derive(Debug)]
pub struct Collector {
    output: Output,
    most: usize,
    collected: Option<Collected>,
    failed: Option<Error>,
}

impl Collector {
    /// All of `output`, if both streams together are no more than `most` bytes.
    #[inline]
    pub fn new(output: Output, most: usize) -> Self {
        Self { output, most, collected: Some(Collected::default()), failed: None }
    }

    #[inline]
    fn take_all(&mut self, input: &mut Input<'_>) -> Result<()> {
        while let Some((stream, n, _)) = self.output.next_len(input)? {
            if let Some(collected) = &mut self.collected {
                collected.push(stream, input.bytes().get(..n).unwrap_or_default(), self.most)?;
            }
            input.skip(n);
        }
        Ok(())
    }

    #[inline]
    fn fail<T>(&mut self, e: Error) -> Result<T> {
        self.collected = None;
        Err(self.failed.insert(e.as_final()).clone())
    }
}

impl Decode for Collector {
    type Item = Collected;

    /// Nothing, until the end.
    ///
    /// # Errors
    /// As from [`Output`], all of them final, and from [`Collected::push`].
    #[inline]
    fn decode(&mut self, input: &mut Input<'_>) -> Result<Option<Collected>> {
        if let Some(e) = &self.failed {
            return Err(e.clone());
        }
        match self.take_all(input) {
            Ok(()) => Ok(None),
            Err(e) => self.fail(e),
        }
    }

    #[inline]
    fn finish(&mut self) -> Result<Option<Collected>> {
        if let Some(e) = &self.failed {
            return Err(e.clone());
        }
        match self.output.finish() {
            Ok(_) => Ok(mem::take(&mut self.collected)),
            Err(e) => self.fail(e),
        }
    }
}
