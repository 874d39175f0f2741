//! What observers are told of connections, secrets left out.

use super::Observer;
use super::mask::Mask;
use super::state::Session;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};

/// How much of bodies is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Bodies {
    /// Nothing: they are counted.
    None,
    /// JSON, its secrets left out, and the text of refusals.
    #[default]
    Json,
    /// All others as well, as they are: output, input, archives. JSON as above.
    All,
}

/// How much a tap shows. Secrets are left out whatever is said here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reveal {
    pub(super) bodies: Bodies,
    pub(super) fields: Vec<String>,
}

impl Reveal {
    /// Heads, and bodies that are JSON.
    #[inline]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How much of bodies.
    #[inline]
    #[must_use]
    pub fn bodies(mut self, bodies: Bodies) -> Self {
        self.bodies = bodies;
        self
    }

    /// Shows the value of one more header field, whatever its case.
    #[inline]
    #[must_use]
    pub fn field(mut self, name: impl Into<String>) -> Self {
        self.fields.push(name.into());
        self
    }
}

/// What a byte is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// The head of a request or an answer.
    Head,
    /// The sizes of chunks, and what is behind the last one.
    Framing,
    /// A body that is JSON.
    Json,
    /// Any other body, and everything in a session.
    Opaque,
}

/// Some bytes of a connection, all of one part, shown or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Piece<'a> {
    /// What they are part of.
    pub part: Part,
    /// How many there are.
    pub len: usize,
    /// The bytes; `None` if they are not shown.
    pub shown: Option<&'a [u8]>,
}

impl<'a> Piece<'a> {
    #[inline]
    pub(super) fn new(part: Part, bytes: &'a [u8], shown: bool) -> Self {
        Self { part, len: bytes.len(), shown: shown.then_some(bytes) }
    }
}

/// What happened on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wire<'a> {
    /// It was made.
    Dialled,
    /// The client wrote this, and the transport took it.
    Sent(&'a [Piece<'a>]),
    /// The engine said this.
    Received(&'a [Piece<'a>]),
    /// The client closed its writing side.
    HalfClosed,
    /// The engine closed its writing side.
    Ended,
    /// It failed.
    Broke,
}

/// Tells the observers of one call that tap, each by its own rules.
pub(super) struct Tap {
    call: u64,
    pub(super) connection: u64,
    ends: Vec<End>,
}

struct End {
    observer: Arc<dyn Observer>,
    reveal: Reveal,
    out: Mask,
    back: Mask,
}

impl Tap {
    /// `None` if nobody taps.
    #[inline]
    pub(super) fn new<'a>(call: u64, observers: impl Iterator<Item = &'a Arc<dyn Observer>>) -> Option<Self> {
        let ends: Vec<End> = observers
            .filter_map(|observer| {
                let reveal = observer.tap()?;
                let (out, back) = (Mask::request(reveal.clone()), Mask::answer(reveal.clone(), false));
                Some(End { observer: observer.clone(), reveal, out, back })
            })
            .collect();
        (!ends.is_empty()).then_some(Self { call, connection: 0, ends })
    }

    #[inline]
    fn tell(&self, wire: Wire<'_>) {
        self.ends.iter().for_each(|end| end.observer.wire(self.connection, self.call, wire));
    }

    /// A connection was made.
    #[inline]
    pub(super) fn dialled(&mut self, connection: u64) {
        self.connection = connection;
        self.tell(Wire::Dialled);
    }

    /// A request begins, on the connection of this number.
    #[inline]
    pub(super) fn request(&mut self, connection: u64, is_head: bool) {
        self.connection = connection;
        for end in &mut self.ends {
            end.out = Mask::request(end.reveal.clone());
            end.back = Mask::answer(end.reveal.clone(), is_head);
        }
    }

    /// So many bytes of these were written.
    #[inline]
    pub(super) fn wrote(&mut self, parts: [&[u8]; 3], mut n: usize) {
        let parts = parts.map(|part| {
            let taken = part.len().min(n);
            n -= taken;
            &part[..taken]
        });
        for end in &mut self.ends {
            let mut pieces = Vec::new();
            parts.iter().for_each(|part| end.out.feed(part, &mut pieces));
            end.observer.wire(self.connection, self.call, Wire::Sent(&pieces));
        }
    }

    /// This was read; nothing is the end.
    #[inline]
    pub(super) fn read(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return self.tell(Wire::Ended);
        }
        for end in &mut self.ends {
            let mut pieces = Vec::new();
            end.back.feed(bytes, &mut pieces);
            end.observer.wire(self.connection, self.call, Wire::Received(&pieces));
        }
    }

    /// The connection failed.
    #[inline]
    pub(super) fn broke(&self) {
        self.tell(Wire::Broke);
    }
}

/// Tells of the input of a session, which is written beside its call.
pub(super) struct SessionTap {
    call: u64,
    connection: u64,
    ends: Vec<(Arc<dyn Observer>, Mask)>,
    sent: Arc<AtomicU64>,
}

impl SessionTap {
    #[inline]
    pub(super) fn new(tap: Option<&Tap>, sent: Arc<AtomicU64>) -> Self {
        let (call, connection) = tap.map_or((0, 0), |tap| (tap.call, tap.connection));
        let ends = tap.map_or(&[][..], |tap| &tap.ends);
        let ends = ends.iter().map(|end| (end.observer.clone(), Mask::session(end.reveal.clone()))).collect();
        Self { call, connection, ends, sent }
    }
}

impl Session for SessionTap {
    #[inline]
    fn wrote(&mut self, bytes: &[u8]) {
        self.sent.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        for (observer, mask) in &mut self.ends {
            let mut pieces = Vec::new();
            mask.feed(bytes, &mut pieces);
            observer.wire(self.connection, self.call, Wire::Sent(&pieces));
        }
    }

    #[inline]
    fn half_closed(&self) {
        self.ends.iter().for_each(|(observer, _)| observer.wire(self.connection, self.call, Wire::HalfClosed));
    }
}

impl fmt::Debug for SessionTap {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionTap").field("connection", &self.connection).finish_non_exhaustive()
    }
}
