//! Transcripts, written while a client runs.

use super::transcript::{Event, Pattern, Transcript};
use crate::observe::{Bodies, Observer, Piece, Reveal, Wire};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Writes down what goes over the connections of a client, whatever engine and transport it has. Clones share the record.
///
/// Secrets are left out: a gap stands in the place of those that were sent, asterisks, as many as there were bytes, in the
/// place of those that were received, so that lengths stay right. All other bodies are there, the output of processes and
/// what was typed included.
///
/// ```
/// use docker_proto::testkit::Recording;
///
/// let recording = Recording::new();
/// // let docker = Docker::builder().observer(recording.clone()).build()?;
/// // docker.call(..).await?;
/// println!("{}", recording.transcript());
/// ```
#[derive(Clone, Default)]
pub struct Recording(Arc<Mutex<Transcript>>);

impl Recording {
    /// One that saw nothing yet.
    #[inline]
    pub fn new() -> Self {
        Self::default()
    }

    #[inline]
    fn transcript_so_far(&self) -> MutexGuard<'_, Transcript> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was seen so far.
    #[inline]
    pub fn transcript(&self) -> Transcript {
        self.transcript_so_far().clone()
    }
}

impl Observer for Recording {
    #[inline]
    fn tap(&self) -> Option<Reveal> {
        Some(Reveal::new().bodies(Bodies::All))
    }

    #[inline]
    fn wire(&self, connection: u64, _: u64, wire: Wire<'_>) {
        let event = match wire {
            Wire::Dialled => Event::Dialled,
            Wire::Sent(pieces) => Event::Sent(sent(pieces)),
            Wire::Received(pieces) => Event::Received(received(pieces)),
            Wire::HalfClosed => Event::HalfClosed,
            Wire::Ended => Event::Closed,
            Wire::Broke => Event::Reset,
        };
        // A client makes fewer connections than that.
        let number = u32::try_from(connection).unwrap_or(u32::MAX);
        self.transcript_so_far().push(number, event);
    }
}

#[inline]
fn sent(pieces: &[Piece<'_>]) -> Pattern {
    let mut pattern = Pattern::exact(b"");
    for piece in pieces {
        pattern.push(match piece.shown {
            Some(bytes) => Pattern::exact(bytes),
            None => Pattern::gap(),
        });
    }
    pattern
}

#[inline]
fn received(pieces: &[Piece<'_>]) -> Pattern {
    let mut bytes = Vec::new();
    for piece in pieces {
        match piece.shown {
            Some(shown) => bytes.extend_from_slice(shown),
            None => bytes.resize(bytes.len() + piece.len, b'*'),
        }
    }
    Pattern::exact(&bytes)
}

impl fmt::Debug for Recording {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recording").finish_non_exhaustive()
    }
}
