//! What is known of a call while it runs, for those who are told of it.

use super::mask::Mask;
use super::tapped::{Reveal, SessionTap, Tap};
use super::told::{Begun, Event, Outcome, Purpose, Report, Times};
use super::{Observer, Watch};
use crate::error::without_users;
use crate::model::ApiVersion;
use crate::op::OpSpec;
use crate::session::{CallOptions, Client};
use crate::{Error, Phase};
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;

/// What [`Core`](crate::session::Core) and its driver tell. Behind this face is code that only those programs have who give a
/// client an observer: it is generated where one is [given](super::Observers::push).
pub(crate) trait Observing: Send + Sync {
    /// Of a step.
    fn tell(&mut self, event: &Event<'_>);
    /// The driver asks what to do, at this moment, in this phase.
    fn turn(&mut self, now: Duration, phase: Phase);
    /// The call waits for a place, or has one.
    fn queued(&mut self, is_queued: bool);
    /// A connection was made.
    fn dialled(&mut self, connection: u64);
    /// The call has a connection.
    fn connected(&mut self, connection: u64, reused: bool);
    /// A request begins with this head.
    fn request(&mut self, connection: u64, purpose: Purpose, head: &[u8]);
    /// So many bytes of these were written.
    fn wrote(&mut self, parts: [&[u8]; 3], n: usize);
    /// This was read; nothing is the end.
    fn read(&mut self, bytes: &[u8]);
    /// The connection failed.
    fn broke(&self);
    /// The head of the call's own answer.
    fn head(&mut self, status: u16);
    /// The kept connection was dead.
    fn redialled(&mut self, error: &Error);
    /// The call failed; the first report counts.
    fn failed(&mut self, error: &Error);
    /// For the writer of the session.
    fn session(&self) -> Box<dyn Session>;
    /// The call is over; it was dropped, unless it `is_done` or failed.
    fn end(self: Box<Self>, now: Duration, version: Option<ApiVersion>, is_done: bool, kept: bool);
}

/// What the writer of a session tells, which is beside its call.
pub(crate) trait Session: Send + Sync + fmt::Debug {
    /// This was written.
    fn wrote(&mut self, bytes: &[u8]);
    /// The writing side is closed.
    fn half_closed(&self);
}

/// Makes an [`Observing`].
pub(crate) type Begin = fn(&Client, &CallOptions, &'static OpSpec, &str) -> Box<dyn Observing>;

/// Who is told, and of the steps as well if they want to.
type Party = (Arc<dyn Observer>, Option<Box<dyn Watch>>);

/// A call that somebody is told of.
pub(super) struct Observed {
    call: u64,
    spec: &'static OpSpec,
    target: String,
    endpoint: String,
    parties: Vec<Party>,
    tap: Option<Tap>,
    begun: Option<Duration>,
    last: Duration,
    phase: Phase,
    is_queued: bool,
    times: Times,
    sent: u64,
    /// Written to the session, beside the call.
    input: Arc<AtomicU64>,
    received: u64,
    connection: Option<u64>,
    reused: bool,
    redialled: bool,
    status: Option<u16>,
    error: Option<Error>,
}

impl Observed {
    #[inline]
    pub(super) fn begin(
        client: &Client,
        options: &CallOptions,
        spec: &'static OpSpec,
        target: &str,
    ) -> Box<dyn Observing> {
        let config = client.config();
        let observers = || config.observers.iter().chain(options.observers.iter());
        let call = client.next_call();
        let target = masked(target).into_owned();
        let (method, path, endpoint) = (spec.method, spec.path, &*config.endpoint);
        let begun = Begun { call, operation: spec.id, target: &target, method, path, endpoint };
        let parties = observers().map(|observer| (observer.clone(), observer.begin(&begun))).collect();
        let tap = Tap::new(call, observers());
        let endpoint = config.endpoint.clone();
        Box::new(Self {
            call,
            spec,
            target,
            endpoint,
            parties,
            tap,
            begun: None,
            last: Duration::ZERO,
            phase: Phase::Prepare,
            is_queued: false,
            times: Times::default(),
            sent: 0,
            input: Arc::default(),
            received: 0,
            connection: None,
            reused: false,
            redialled: false,
            status: None,
            error: None,
        })
    }

    /// It is `now`, and until now the call was in the phase of the last report.
    #[inline]
    fn advance(&mut self, now: Duration) {
        let passed = now.saturating_sub(self.last);
        let times = &mut self.times;
        if self.begun.is_some() {
            match self.phase {
                Phase::Connect if self.is_queued => times.queued += passed,
                Phase::Connect | Phase::Prepare => times.connect += passed,
                Phase::Negotiate | Phase::Inspect => times.negotiate += passed,
                Phase::Send => times.send += passed,
                Phase::Head => times.head += passed,
                Phase::Body => times.body += passed,
            }
        }
        self.begun.get_or_insert(now);
        self.last = now;
    }
}

impl Observing for Observed {
    #[inline]
    fn tell(&mut self, event: &Event<'_>) {
        for (_, watch) in &mut self.parties {
            if let Some(watch) = watch {
                watch.event(self.last, event);
            }
        }
    }

    #[inline]
    fn turn(&mut self, now: Duration, phase: Phase) {
        self.advance(now);
        if self.phase == Phase::Send && matches!(phase, Phase::Head | Phase::Body) {
            self.tell(&Event::Sent { bytes: self.sent });
        }
        self.phase = phase;
    }

    #[inline]
    fn queued(&mut self, is_queued: bool) {
        if is_queued && !self.is_queued {
            self.tell(&Event::Queued);
        }
        self.is_queued = is_queued;
    }

    #[inline]
    fn connected(&mut self, connection: u64, reused: bool) {
        (self.connection, self.reused) = (Some(connection), reused);
        self.tell(&Event::Connected { connection, reused });
    }

    #[inline]
    fn request(&mut self, connection: u64, purpose: Purpose, head: &[u8]) {
        let line = head.split(|&b| b == b'\r').next().unwrap_or_default();
        let line = shown(line);
        let mut words = line.split(' ');
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        if let Some(tap) = &mut self.tap {
            tap.request(connection, method == "HEAD");
        }
        self.tell(&Event::Request { purpose, method, target });
    }

    #[inline]
    fn dialled(&mut self, connection: u64) {
        if let Some(tap) = &mut self.tap {
            tap.dialled(connection);
        }
    }

    #[inline]
    fn wrote(&mut self, parts: [&[u8]; 3], n: usize) {
        self.sent += n as u64;
        if let Some(tap) = &mut self.tap {
            tap.wrote(parts, n);
        }
    }

    #[inline]
    fn read(&mut self, bytes: &[u8]) {
        self.received += bytes.len() as u64;
        if let Some(tap) = &mut self.tap {
            tap.read(bytes);
        }
    }

    #[inline]
    fn broke(&self) {
        self.tap.iter().for_each(Tap::broke);
    }

    #[inline]
    fn head(&mut self, status: u16) {
        if self.phase == Phase::Send {
            self.tell(&Event::Sent { bytes: self.sent });
        }
        // From here on it is the caller's time as well.
        self.phase = Phase::Body;
        self.status = Some(status);
        self.tell(&Event::Head { status });
    }

    #[inline]
    fn redialled(&mut self, error: &Error) {
        self.redialled = true;
        self.tell(&Event::Redialled { error });
    }

    #[inline]
    fn failed(&mut self, error: &Error) {
        self.error.get_or_insert_with(|| error.clone());
    }

    #[inline]
    fn session(&self) -> Box<dyn Session> {
        Box::new(SessionTap::new(self.tap.as_ref(), self.input.clone()))
    }

    #[inline]
    fn end(mut self: Box<Self>, now: Duration, version: Option<ApiVersion>, is_done: bool, kept: bool) {
        self.advance(now);
        self.times.total = now.saturating_sub(self.begun.unwrap_or(now));
        let outcome = match &self.error {
            Some(e) => Outcome::Failed(e),
            None if is_done => Outcome::Done,
            None => Outcome::Dropped(self.phase),
        };
        let report = Report {
            call: self.call,
            operation: self.spec.id,
            target: &self.target,
            method: self.spec.method,
            path: self.spec.path,
            endpoint: &self.endpoint,
            version,
            status: self.status,
            outcome,
            connection: self.connection,
            reused: self.reused,
            kept,
            redialled: self.redialled,
            sent: self.sent + self.input.load(Ordering::Relaxed),
            received: self.received,
            times: self.times,
        };
        for (observer, watch) in &mut self.parties {
            if let Some(watch) = watch {
                watch.ended(&report);
            }
            observer.ended(&report);
        }
    }
}

/// What is shown of a piece of a head.
#[inline]
fn shown(line: &[u8]) -> String {
    let mut pieces = Vec::new();
    Mask::request(Reveal::default()).feed(line, &mut pieces);
    let mut text = String::new();
    for piece in pieces {
        text.push_str(&piece.shown.map_or(Cow::Borrowed("***"), String::from_utf8_lossy));
    }
    text
}

/// A target without secrets: of a URL, and of the path of a request that is in no table.
#[inline]
fn masked(target: &str) -> Cow<'_, str> {
    if target.contains('?') {
        return shown(target.as_bytes()).into();
    }
    without_users(target.into())
}
