//! What is known of a call while it runs, for those who are told of it.

use super::mask::Mask;
use super::tapped::{Reveal, SessionTap, Tap};
use super::told::{Begun, Event, Outcome, Purpose, Report, Times};
use super::{Observer, Watch};
use crate::op::OpSpec;
use crate::session::{CallOptions, Client};
use crate::{Error, Phase};
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;

/// Who is told, and of the steps as well if they want to.
type Party = (Arc<dyn Observer>, Option<Box<dyn Watch>>);

/// A call that somebody is told of.
pub(crate) struct Observed {
    call: u64,
    spec: &'static OpSpec,
    target: String,
    endpoint: String,
    parties: Vec<Party>,
    /// Taken out while the driver moves bytes.
    pub(crate) tap: Option<Box<Tap>>,
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
    /// `None` if there are no observers.
    #[inline]
    pub(crate) fn begin(
        client: &Client,
        options: &CallOptions,
        spec: &'static OpSpec,
        target: &str,
    ) -> Option<Box<Self>> {
        if client.config().observers.is_empty() && options.observers.is_empty() {
            return None;
        }
        Self::begin_with(client, options, spec, target)
    }

    #[cold]
    fn begin_with(client: &Client, options: &CallOptions, spec: &'static OpSpec, target: &str) -> Option<Box<Self>> {
        let config = client.config();
        let observers = || config.observers.iter().chain(options.observers.iter());
        let call = client.next_call();
        let target = masked(target).into_owned();
        let (method, path, endpoint) = (spec.method, spec.path, &*config.endpoint);
        let begun = Begun { call, operation: spec.id, target: &target, method, path, endpoint };
        let parties = observers().map(|observer| (observer.clone(), observer.begin(&begun))).collect();
        let tap = Tap::new(call, observers()).map(Box::new);
        let endpoint = config.endpoint.clone();
        Some(Box::new(Self {
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
        }))
    }

    pub(crate) fn tell(&mut self, event: &Event<'_>) {
        for (_, watch) in &mut self.parties {
            if let Some(watch) = watch {
                watch.event(self.last, event);
            }
        }
    }

    /// It is `now`, and until now the call was in the phase of the last report.
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

    /// The driver asks what to do, at this moment, in this phase.
    pub(crate) fn turn(&mut self, now: Duration, phase: Phase) {
        self.advance(now);
        if self.phase == Phase::Send && matches!(phase, Phase::Head | Phase::Body) {
            self.tell(&Event::Sent { bytes: self.sent });
        }
        self.phase = phase;
    }

    /// The call waits for a place, or has one.
    pub(crate) fn queued(&mut self, is_queued: bool) {
        if is_queued && !self.is_queued {
            self.tell(&Event::Queued);
        }
        self.is_queued = is_queued;
    }

    pub(crate) fn connected(&mut self, connection: u64, reused: bool) {
        (self.connection, self.reused) = (Some(connection), reused);
        self.tell(&Event::Connected { connection, reused });
    }

    /// A request begins with this head.
    pub(crate) fn request(&mut self, connection: u64, purpose: Purpose, head: &[u8]) {
        let line = head.split(|&b| b == b'\r').next().unwrap_or_default();
        let line = shown(line);
        let mut words = line.split(' ');
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        if let Some(tap) = &mut self.tap {
            tap.request(connection, method == "HEAD");
        }
        self.tell(&Event::Request { purpose, method, target });
    }

    pub(crate) fn wrote(&mut self, n: usize) {
        self.sent += n as u64;
    }

    pub(crate) fn read(&mut self, n: usize) {
        self.received += n as u64;
    }

    /// The head of the call's own answer.
    pub(crate) fn head(&mut self, status: u16) {
        if self.phase == Phase::Send {
            self.tell(&Event::Sent { bytes: self.sent });
        }
        // From here on it is the caller's time as well.
        self.phase = Phase::Body;
        self.status = Some(status);
        self.tell(&Event::Head { status });
    }

    pub(crate) fn redialled(&mut self, error: &Error) {
        self.redialled = true;
        self.tell(&Event::Redialled { error });
    }

    /// The call failed; the first report counts.
    pub(crate) fn failed(&mut self, error: &Error) {
        self.error.get_or_insert_with(|| error.clone());
    }

    /// For the writer of the session.
    pub(crate) fn session(&self) -> SessionTap {
        SessionTap::new(self.tap.as_deref(), self.input.clone())
    }

    /// The call is over; it was dropped, unless it `is_done` or failed.
    pub(crate) fn end(mut self: Box<Self>, now: Duration, client: &Client, is_done: bool, kept: bool) {
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
            version: client.agreed().and_then(|agreed| agreed.version),
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
fn masked(target: &str) -> Cow<'_, str> {
    if target.contains('?') {
        return shown(target.as_bytes()).into();
    }
    match target.split_once("://") {
        Some((scheme, rest)) => match rest.rsplit_once('@') {
            Some((_, host)) => alloc::format!("{scheme}://***@{host}").into(),
            None => target.into(),
        },
        None => target.into(),
    }
}
