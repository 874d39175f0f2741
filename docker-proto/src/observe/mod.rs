//! What calls do, told to whoever wants to know: for logs, metrics, traces, and to see what goes over the wire.
//!
//! An [`Observer`] is given to a client ([`Builder::observer`](crate::session::Builder::observer)) or to one call
//! ([`CallOptions::observers`](crate::session::CallOptions)). It is told
//!
//! - once of each call that has ended, with everything about it: [`Observer::ended`], for metrics;
//! - of each step of a call, if it wants to [watch](Observer::begin) it: connecting, negotiation, requests, the head of the
//!   answer, another try, the end;
//! - of the bytes that go over each connection, if it [taps](Observer::tap) them, secrets left out.
//!
//! It is called on the task or thread that drives the call, so it should be quick. Without one, nothing of this costs
//! anything. Times are the runtime's own, since a starting point of the client's.
//!
//! | observer | feature | what it does |
//! |---|---|---|
//! | `Spans` | `tracing` | a span a call, events in it, the wire at level TRACE; there without being asked for |
//! | `Printer` | `std` | prints what goes over the wire, JSON indented |
//! | `testkit::Recording` | `std` | writes a transcript, which a script plays back |
//!
//! # Secrets
//!
//! Nothing here shows a secret. In heads, the values of fields that are not HTTP's own or the engine's are hidden: those of
//! `X-Registry-Auth`, `Authorization` and cookies, and all that a caller adds; [`Reveal::field`] shows one more. In targets,
//! build arguments and URLs that may hold a password are hidden. In JSON, passwords, tokens, keys, the data of secrets and
//! configs, options of drivers and the values of environment variables are. Any other body is counted and not shown: the
//! output of a process, what is typed into it, a tar; [`Bodies::All`] shows those. Command lines and labels are shown: keep
//! secrets out of them, since engines show them to everybody.
//!
//! # Metrics
//!
//! ```
//! use docker_proto::observe::{Observer, Outcome, Report};
//! use std::collections::BTreeMap;
//! use std::sync::Mutex;
//!
//! /// Calls, failures and seconds by operation.
//! #[derive(Default)]
//! struct Metrics(Mutex<BTreeMap<&'static str, (u64, u64, f64)>>);
//!
//! impl Observer for Metrics {
//!     fn ended(&self, report: &Report<'_>) {
//!         let mut all = self.0.lock().unwrap();
//!         let (calls, failures, seconds) = all.entry(report.operation).or_default();
//!         *calls += 1;
//!         *failures += u64::from(matches!(report.outcome, Outcome::Failed(_)));
//!         *seconds += report.times.total.as_secs_f64();
//!     }
//! }
//! // Docker::builder().observer(Metrics::default())
//! ```

mod mask;
#[cfg(feature = "std")]
mod print;
#[cfg(feature = "tracing")]
mod spans;
mod state;
mod tapped;
mod told;

#[cfg(feature = "std")]
pub use print::Printer;
#[cfg(feature = "tracing")]
pub use spans::Spans;
use state::Observed;
pub(crate) use state::{Begin, Observing, Session};
pub use tapped::{Bodies, Part, Piece, Reveal, Wire};
pub use told::{Begun, Event, Outcome, Purpose, Report, Resuming, Times};

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

/// Is told what calls do. See the [module documentation](self).
pub trait Observer: Send + Sync {
    /// A call was prepared, by the task or thread that makes this call. Whoever wants to know of its steps gives somebody
    /// to tell them to.
    fn begin(&self, begun: &Begun<'_>) -> Option<Box<dyn Watch>> {
        let _ = begun;
        None
    }

    /// A call has ended: with its answer, with an error, or because nobody wants it any more.
    fn ended(&self, report: &Report<'_>) {
        let _ = report;
    }

    /// A stream over several connections broke off, and goes on after a pause.
    fn resuming(&self, resuming: &Resuming<'_>) {
        let _ = resuming;
    }

    /// Which bytes it is told of; asked at the beginning of each call. None, if nothing else is said.
    fn tap(&self) -> Option<Reveal> {
        None
    }

    /// Something went over the connection of this number, for the call of that number.
    fn wire(&self, connection: u64, call: u64, wire: Wire<'_>) {
        let _ = (connection, call, wire);
    }
}

/// Is told the steps of one call.
pub trait Watch: Send + Sync {
    /// A step, at this moment of the runtime's time.
    fn event(&mut self, at: Duration, event: &Event<'_>);

    /// The call has ended; nothing follows.
    fn ended(&mut self, report: &Report<'_>) {
        let _ = report;
    }
}

impl<T: Observer + ?Sized> Observer for Arc<T> {
    #[inline]
    fn begin(&self, begun: &Begun<'_>) -> Option<Box<dyn Watch>> {
        (**self).begin(begun)
    }

    #[inline]
    fn ended(&self, report: &Report<'_>) {
        (**self).ended(report);
    }

    #[inline]
    fn resuming(&self, resuming: &Resuming<'_>) {
        (**self).resuming(resuming);
    }

    #[inline]
    fn tap(&self) -> Option<Reveal> {
        (**self).tap()
    }

    #[inline]
    fn wire(&self, connection: u64, call: u64, wire: Wire<'_>) {
        (**self).wire(connection, call, wire);
    }
}

/// Observers, each told in turn. Two lists are equal if they are of the same observers.
#[derive(Clone, Default)]
pub struct Observers {
    all: Vec<Arc<dyn Observer>>,
    /// How they are told: set where the first is given, so that programs without any do not have the code.
    begin: Option<Begin>,
    /// How many of the first are those that every client has: the same, wherever they were made.
    own: usize,
}

impl Observers {
    /// None.
    #[inline]
    pub const fn none() -> Self {
        Self { all: Vec::new(), begin: None, own: 0 }
    }

    /// Those that every client has: with the feature `tracing`, `Spans`.
    #[inline]
    pub(crate) fn own() -> Self {
        #[cfg(feature = "tracing")]
        return Self { own: 1, ..Self::from(Spans::new()) };
        #[cfg(not(feature = "tracing"))]
        Self::none()
    }

    /// Adds one.
    #[inline]
    pub fn push(&mut self, observer: impl Observer + 'static) {
        self.all.push(Arc::new(observer));
        self.begin = Some(Observed::begin);
    }

    /// Whether there is none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Takes all away.
    #[inline]
    pub fn clear(&mut self) {
        *self = Self::none();
    }

    #[inline]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<dyn Observer>> {
        self.all.iter()
    }

    #[inline]
    pub(crate) fn begin(&self) -> Option<Begin> {
        self.begin
    }
}

impl<T: Observer + 'static> From<T> for Observers {
    #[inline]
    fn from(observer: T) -> Self {
        let mut observers = Self::none();
        observers.push(observer);
        observers
    }
}

impl PartialEq for Observers {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        let same = self.own == other.own && self.all.len() == other.all.len();
        same && self.all.iter().zip(&other.all).skip(self.own).all(|(a, b)| Arc::ptr_eq(a, b))
    }
}

impl Eq for Observers {}

impl fmt::Debug for Observers {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Observers({})", self.all.len())
    }
}
