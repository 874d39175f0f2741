//! An engine in memory: it says what a real one said when the recording was made, if it is asked the same.

use super::{Outcome, Show};
use docker_proto::testkit::{Dial, Peer, Script, Transcript};
use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// What the tour showed when the recording was made stands in it behind this.
pub(crate) const SHOWN: &str = "# shown: ";

/// A client that waits for its answer comes to write or flush something within fewer turns.
const TRIES: u32 = 16;

/// See the [module documentation](self).
#[derive(Clone)]
pub(crate) struct Replay(Arc<Mutex<Left>>);

struct Left {
    shown: Vec<String>,
    dials: VecDeque<Dial>,
    /// What connections were closed without having heard.
    unheard: Vec<String>,
}

impl Replay {
    /// A replay of this recording.
    pub(crate) fn new(recording: &str) -> Outcome<Self> {
        let shown = recording.lines().filter_map(|l| l.strip_prefix(SHOWN)).map(Into::into).collect();
        let dials = Script::from(Transcript::parse(recording)?).dials().collect();
        Ok(Self(Arc::new(Mutex::new(Left { shown, dials, unheard: Vec::new() }))))
    }

    fn left(&self) -> MutexGuard<'_, Left> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next connection.
    pub(crate) fn dial(&self) -> io::Result<Played> {
        match self.left().dials.pop_front() {
            Some(Dial::Accepted { peer, .. }) => Ok(Played { peer, tries: 0, replay: self.clone() }),
            _ => Err(io::Error::other("the recording has no further connection")),
        }
    }

    /// Compares what was shown, once all connections are closed.
    pub(crate) fn finish(&self, show: &Show) -> Outcome {
        let left = self.left();
        if let Some(unheard) = left.unheard.first() {
            return Err(unheard.clone().into());
        }
        if !left.dials.is_empty() {
            return Err("the recording has further connections".into());
        }
        let lines = show.lines();
        match lines.iter().zip(&left.shown).find(|(now, then)| now != then) {
            Some((now, then)) => Err(format!("shown now: {now:?}; when it was recorded: {then:?}").into()),
            None if lines.len() != left.shown.len() => Err("more or less was shown than when it was recorded".into()),
            None => Ok(()),
        }
    }
}

/// One connection of a recording, to be made a transport by an adapter's example. Nothing in it takes time: writing and
/// flushing are done at once, and reading is whenever the client has said what the engine answers to.
pub(crate) struct Played {
    peer: Peer,
    /// Reads for nothing since the client last said something.
    tries: u32,
    replay: Replay,
}

impl Played {
    /// Reads. [`WouldBlock`](ErrorKind::WouldBlock) asks for another try, at once: between two tries the client may say
    /// what the engine answers to. One that does not would wait for ever, so after a while that is an error.
    pub(crate) fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        match self.peer.read(Duration::ZERO, room) {
            Some(read) => read.map_err(io::Error::other),
            None if self.tries == TRIES => Err(io::Error::other("the recording has no more to say here")),
            None => {
                self.tries += 1;
                Err(ErrorKind::WouldBlock.into())
            }
        }
    }

    /// Writes all of it.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.tries = 0;
        self.peer.write(Duration::ZERO, &[bytes]).unwrap_or(Ok(0)).map_err(io::Error::other)
    }

    /// Hands over what was written.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.tries = 0;
        self.peer.flush(Duration::ZERO).unwrap_or(Ok(())).map_err(io::Error::other)
    }

    /// Closes the writing side.
    pub(crate) fn end(&mut self) {
        self.tries = 0;
        // On the way out of one failure there is no telling of another.
        if !thread::panicking() {
            self.peer.end(Duration::ZERO);
        }
    }
}

impl Drop for Played {
    fn drop(&mut self) {
        self.replay.left().unheard.extend(self.peer.left());
    }
}
