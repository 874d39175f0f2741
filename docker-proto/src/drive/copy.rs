//! Output copied to writers, straight from the receive block.

use super::items::State;
use super::{Items, Runtime};
use crate::op::{Operation, Reply};
use crate::session::{Core, CoreEvent};
use crate::wire::{Decode, Output, StreamKind};
use crate::{Error, ErrorKind, Result, Source};
use alloc::format;
use alloc::vec::Vec;
use core::task::{Context, Poll, ready};

/// Where output is copied to.
pub trait Sink {
    /// Writes from `bytes`, as much as is taken at once. Pending has arranged for the task to be woken.
    fn poll_write(&mut self, cx: &mut Context<'_>, stream: StreamKind, bytes: &[u8]) -> Poll<Result<usize, Source>>;

    /// Hands on what was written of a stream.
    fn poll_flush(&mut self, cx: &mut Context<'_>, stream: StreamKind) -> Poll<Result<(), Source>>;
}

/// How many bytes of each stream were copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// To the writer of stdout, with everything that a terminal showed.
    pub stdout: u64,
    /// To the writer of stderr.
    pub stderr: u64,
}

/// The state of a copy between two polls.
#[derive(Debug, Default)]
pub struct Copying {
    /// Short pieces of `stream`, to be written together, of which `written` were.
    gathered: Vec<u8>,
    written: usize,
    stream: Option<StreamKind>,
    tally: Tally,
    /// How the output ended.
    end: Option<Result<()>>,
}

/// What was written.
#[derive(Debug, Default)]
struct Tally {
    copied: Copied,
    /// Stdout and stderr were written to and not flushed since.
    unflushed: [bool; 2],
}

/// Pieces from this size on are written from the block they were read into. Shorter ones are gathered: moving them costs
/// less than a system call for each.
const WHOLE: usize = 2 * 1024;
/// How much is gathered before it is written.
const GATHER: usize = 16 * 1024;

impl Copying {
    /// The beginning of a copy.
    pub fn new() -> Self {
        Self::default()
    }

    /// What was written so far.
    pub fn copied(&self) -> Copied {
        self.tally.copied
    }

    /// Takes some of the bytes, at least one.
    #[inline]
    fn poll_take<S: Sink>(
        &mut self,
        cx: &mut Context<'_>,
        sink: &mut S,
        stream: StreamKind,
        bytes: &[u8],
    ) -> Poll<Result<usize>> {
        if bytes.len() < WHOLE && (self.stream == Some(stream)) && self.gathered.len() + bytes.len() <= GATHER {
            self.gathered.extend_from_slice(bytes);
            return Poll::Ready(Ok(bytes.len()));
        }
        // One after another: whoever reads both sees them in the order in which they were written.
        ready!(self.poll_drain(cx, sink))?;
        if bytes.len() >= WHOLE {
            return self.tally.poll_write(cx, sink, stream, bytes);
        }
        self.gather(stream);
        self.gathered.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    /// Takes all the output that is at hand. The outer error is the sink's, the inner one the
    /// output's.
    #[inline]
    fn poll_at_hand<S: Sink>(
        &mut self,
        cx: &mut Context<'_>,
        sink: &mut S,
        core: &mut Core,
        decoder: &mut Output,
    ) -> Poll<Result<Result<()>>> {
        loop {
            let mut failed = None;
            core.whole_frames(decoder, |stream, bytes| {
                if bytes.len() >= WHOLE {
                    return false;
                }
                if self.stream != Some(stream) || self.gathered.len() + bytes.len() > GATHER {
                    match self.poll_drain(cx, sink) {
                        Poll::Ready(Ok(())) => self.gather(stream),
                        Poll::Ready(Err(e)) => {
                            failed = Some(e);
                            return false;
                        }
                        Poll::Pending => return false,
                    }
                }
                self.gathered.extend_from_slice(bytes);
                true
            });
            if let Some(e) = failed {
                return Poll::Ready(Err(e));
            }
            let Some(mut input) = core.more_input() else { return Poll::Ready(Ok(Ok(()))) };
            loop {
                let (stream, n) = match decoder.next_len(&mut input) {
                    Ok(Some((stream, n, _))) => (stream, n),
                    Ok(None) => break,
                    Err(e) => return Poll::Ready(Ok(Err(e))),
                };
                let taken = self.poll_take(cx, sink, stream, input.bytes().get(..n).unwrap_or_default());
                let took = if let Poll::Ready(Ok(took)) = taken { took } else { 0 };
                input.skip(took);
                if took < n {
                    decoder.put_back(n - took);
                    ready!(taken)?;
                }
            }
        }
    }

    #[inline]
    fn gather(&mut self, stream: StreamKind) {
        self.stream = Some(stream);
        if self.gathered.capacity() == 0 {
            self.gathered.reserve(GATHER);
        }
    }

    /// Writes all that was gathered.
    #[inline]
    fn poll_drain<S: Sink>(&mut self, cx: &mut Context<'_>, sink: &mut S) -> Poll<Result<()>> {
        while let Some(stream) = self.stream {
            let bytes = self.gathered.get(self.written..).unwrap_or_default();
            let n = ready!(self.tally.poll_write(cx, sink, stream, bytes))?;
            if n < bytes.len() {
                self.written += n;
                continue;
            }
            self.gathered.clear();
            (self.written, self.stream) = (0, None);
        }
        Poll::Ready(Ok(()))
    }
}

impl Tally {
    #[inline]
    fn poll_write<S: Sink>(
        &mut self,
        cx: &mut Context<'_>,
        sink: &mut S,
        stream: StreamKind,
        bytes: &[u8],
    ) -> Poll<Result<usize>> {
        let n = match ready!(sink.poll_write(cx, stream, bytes)) {
            Ok(0) => return Poll::Ready(Err(self.refused(stream, "takes no more bytes"))),
            Ok(n) => n.min(bytes.len()),
            Err(e) => return Poll::Ready(Err(self.broke(stream, e))),
        };
        match stream {
            StreamKind::Stdout => self.copied.stdout += n as u64,
            StreamKind::Stderr => self.copied.stderr += n as u64,
        }
        self.unflushed[usize::from(stream == StreamKind::Stderr)] = true;
        Poll::Ready(Ok(n))
    }

    fn poll_flush<S: Sink>(&mut self, cx: &mut Context<'_>, sink: &mut S) -> Poll<Result<()>> {
        for (i, stream) in [StreamKind::Stdout, StreamKind::Stderr].into_iter().enumerate() {
            if self.unflushed[i] {
                let flushed = ready!(sink.poll_flush(cx, stream));
                self.unflushed[i] = false;
                flushed.map_err(|e| self.broke(stream, e))?;
            }
        }
        Poll::Ready(Ok(()))
    }

    #[cold]
    fn broke(&self, stream: StreamKind, source: Source) -> Error {
        let message = format!("the writer of {stream} failed, {}", self.so_far());
        Error::transport(ErrorKind::Writer, message, source)
    }

    #[cold]
    fn refused(&self, stream: StreamKind, why: &str) -> Error {
        Error::new(ErrorKind::Writer, format!("the writer of {stream} {why}, {}", self.so_far()))
    }

    fn so_far(&self) -> alloc::string::String {
        format!("after {} bytes of stdout and {} of stderr", self.copied.stdout, self.copied.stderr)
    }
}

impl<R: Runtime, O: Operation<Reply: Reply<Decoder = Output>>> Items<R, O> {
    /// Drives the call to its end and copies what comes to `sink`.
    ///
    /// Nothing is read while the sink is pending. Before the call waits for more, everything it has given is written and
    /// flushed.
    ///
    /// # Errors
    /// [`Writer`](ErrorKind::Writer) if the sink fails, with its error as the source. Otherwise what ended the output, after
    /// everything before it was written: an error that concerns one item is one of those, since a writer has no place for
    /// it.
    pub fn poll_copy<S: Sink>(
        &mut self,
        cx: &mut Context<'_>,
        copying: &mut Copying,
        sink: &mut S,
    ) -> Poll<Result<Copied>> {
        let result = ready!(self.poll_all(cx, copying, sink));
        Poll::Ready(result.map_err(|e| self.call.core().about(e)))
    }

    fn poll_all<S: Sink>(&mut self, cx: &mut Context<'_>, copying: &mut Copying, sink: &mut S) -> Poll<Result<Copied>> {
        while copying.end.is_none() {
            ready!(self.poll_step(cx, copying, sink))?;
        }
        ready!(copying.poll_drain(cx, sink))?;
        let flushed = ready!(copying.tally.poll_flush(cx, sink));
        let end = copying.end.clone().unwrap_or(Ok(()));
        Poll::Ready(end.and(flushed).map(|()| copying.tally.copied))
    }

    /// Comes further: to the head, or to the end of the output, which is noted.
    fn poll_step<S: Sink>(&mut self, cx: &mut Context<'_>, copying: &mut Copying, sink: &mut S) -> Poll<Result<()>> {
        if let Some(e) = self.held.take() {
            copying.end = Some(Err(e.as_final()));
            return Poll::Ready(Ok(()));
        }
        if self.state == State::BeforeHead {
            copying.end = ready!(self.poll_head(cx)).err().map(Err);
            return Poll::Ready(Ok(()));
        }
        let (core, Some(decoder)) = self.call.parts() else {
            // It is made with the head: the call ended before.
            copying.end = Some(Err(Error::usage("the call has ended")));
            return Poll::Ready(Ok(()));
        };
        let end = loop {
            if self.state == State::Ended {
                break Ok(());
            }
            if let Err(e) = ready!(copying.poll_at_hand(cx, sink, core, decoder))? {
                break Err(core.fail(e));
            }
            let event = match core.poll() {
                Ok(event) => event,
                Err(e) => break Err(e),
            };
            match event {
                CoreEvent::NeedIo => {
                    ready!(copying.poll_drain(cx, sink))?;
                    if self.driver.poll_turn(cx, core, None).is_pending() {
                        // It may be a long wait: it keeps no memory, and holds nothing back.
                        copying.gathered = Vec::new();
                        ready!(copying.tally.poll_flush(cx, sink))?;
                        return Poll::Pending;
                    }
                }
                CoreEvent::End => break decoder.finish().map(drop).map_err(|e| core.fail(e)),
                // Data are taken above; the answer was reported with the head.
                CoreEvent::Data | CoreEvent::Answer => {}
            }
        };
        if self.state != State::Ended {
            self.end();
        }
        copying.end = Some(end);
        Poll::Ready(Ok(()))
    }
}
