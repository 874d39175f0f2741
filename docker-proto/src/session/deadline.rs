//! Deadlines by phase. They measure time spent waiting for the peer.

use crate::Phase;
use core::time::Duration;

/// How long each phase of a call may wait for the peer; `None` is for ever.
///
/// As defaults of a client they spare what is slow by nature: waiting for a container, following a stream, an engine
/// that digests an upload. Given for one call they hold as they are.
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

/// The deadlines that run now.
#[derive(Debug, Default)]
pub(super) struct Deadlines {
    waiting: Option<(Phase, Option<Duration>)>,
    total: Option<Duration>,
    started: bool,
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
            self.total = total.map(|t| now.saturating_add(t));
        }
        let at = match self.waiting {
            Some((p, at)) if p == phase => at,
            _ => limit.map(|l| now.saturating_add(l)),
        };
        self.waiting = Some((phase, at));
        match (at, self.total) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// Something moved.
    pub(super) fn moved(&mut self) {
        self.waiting = None;
    }

    /// The phase whose deadline has passed, if one has.
    pub(super) fn passed(&self, now: Duration) -> Option<Phase> {
        let (phase, at) = self.waiting?;
        let passed = at.is_some_and(|at| at <= now) || self.total.is_some_and(|at| at <= now);
        passed.then_some(phase)
    }
}
