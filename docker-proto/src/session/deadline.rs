//! Deadlines by phase. They measure time spent waiting for the peer.

use crate::Phase;
use core::time::Duration;

/// How long each phase of a call may wait for the peer; `None` is for ever.
///
/// Given for one call, with [`CallOptions`](super::CallOptions), they hold as they are, for each of its phases. As defaults
/// of a client they spare what is slow by nature: waiting for a container, following a stream, an engine that digests an
/// upload.
#[doc = include_str!("deadlines.md")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// Making a connection, waiting for a place under the connection limit included. 30 s.
    pub connect: Option<Duration>,
    /// Between two moments at which the peer took bytes of the request. 60 s.
    pub send: Option<Duration>,
    /// From the last byte of the request to the head of the answer. 60 s.
    pub head: Option<Duration>,
    /// Between two moments at which bytes of the body arrived. 60 s.
    pub idle: Option<Duration>,
    /// The whole call, the caller's own time included. None.
    pub total: Option<Duration>,
}

impl Default for Timeouts {
    fn default() -> Self {
        let minute = Some(Duration::from_secs(60));
        Self { connect: Some(Duration::from_secs(30)), send: minute, head: minute, idle: minute, total: None }
    }
}

impl Timeouts {
    /// Waits for ever in every phase.
    pub const NONE: Self = Self { connect: None, send: None, head: None, idle: None, total: None };

    /// The same limit for every single wait, and none for the whole call.
    #[must_use]
    pub fn each(limit: Duration) -> Self {
        Self { connect: Some(limit), send: Some(limit), head: Some(limit), idle: Some(limit), total: None }
    }

    /// Sets the limit for the whole call.
    #[must_use]
    pub fn total(mut self, limit: Option<Duration>) -> Self {
        self.total = limit;
        self
    }

    /// Sets the limit for connecting.
    #[must_use]
    pub fn connect(mut self, limit: Option<Duration>) -> Self {
        self.connect = limit;
        self
    }

    /// Sets the limit for sending.
    #[must_use]
    pub fn send(mut self, limit: Option<Duration>) -> Self {
        self.send = limit;
        self
    }

    /// Sets the limit for the head of the answer.
    #[must_use]
    pub fn head(mut self, limit: Option<Duration>) -> Self {
        self.head = limit;
        self
    }

    /// Sets the limit between two arrivals of body bytes.
    #[must_use]
    pub fn idle(mut self, limit: Option<Duration>) -> Self {
        self.idle = limit;
        self
    }
}

/// A moment, and how long it was before it when the clock was set.
#[derive(Clone, Copy, Debug)]
struct Until {
    at: Duration,
    limit: Duration,
}

impl Until {
    fn new(now: Duration, limit: Duration) -> Self {
        Self { at: now.saturating_add(limit), limit }
    }
}

/// The deadlines that run now.
#[derive(Debug, Default)]
pub(super) struct Deadlines {
    waiting: Option<(Phase, Option<Until>)>,
    total: Option<Until>,
    started: bool,
}

/// A deadline that has passed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passed {
    pub(super) phase: Phase,
    /// How long was allowed.
    pub(super) limit: Duration,
    /// For the whole call, and not for this wait.
    pub(super) total: bool,
}

impl Deadlines {
    /// The driver begins or goes on to wait in `phase`. Armed at the first wait, kept until something moves.
    pub(super) fn wait(
        &mut self,
        now: Duration,
        phase: Phase,
        limit: Option<Duration>,
        total: Option<Duration>,
    ) -> Option<Duration> {
        if !self.started {
            self.started = true;
            self.total = total.map(|t| Until::new(now, t));
        }
        let at = match self.waiting {
            Some((p, at)) if p == phase => at,
            _ => limit.map(|l| Until::new(now, l)),
        };
        self.waiting = Some((phase, at));
        match (at.map(|u| u.at), self.total.map(|u| u.at)) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// Something moved.
    pub(super) fn moved(&mut self) {
        self.waiting = None;
    }

    /// The deadline that has passed, if one has.
    pub(super) fn passed(&self, now: Duration) -> Option<Passed> {
        let (phase, until) = self.waiting?;
        let passed = |until: Option<Until>| until.filter(|u| u.at <= now).map(|u| u.limit);
        let this = passed(until).map(|limit| Passed { phase, limit, total: false });
        this.or_else(|| passed(self.total).map(|limit| Passed { phase, limit, total: true }))
    }
}
