//! Calls as spans of the `tracing` crate.

use super::{Begun, Event, Observer, Outcome, Piece, Report, Resuming, Reveal, Watch, Wire};
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use core::fmt;
use core::time::Duration;
use tracing::field::{Empty, display};
use tracing::{Level, Span, debug, enabled, info_span, trace};

/// Tells calls to the `tracing` crate. With the feature `tracing`, every client has one.
///
/// - A span a call, `docker`, at level INFO, below the span that is current where the call is made. Field names are
///   OpenTelemetry's where it has some: `otel.name` (the operation), `http.request.method`, `url.template`,
///   `server.address`, `http.response.status_code`, `error.type` and so on.
/// - Its steps at level DEBUG, the last of which has the times of all phases.
/// - What goes over the wire at level TRACE, target `docker_proto::wire`, secrets left out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spans(());

impl Spans {
    /// An observer.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Observer for Spans {
    fn begin(&self, begun: &Begun<'_>) -> Option<Box<dyn Watch>> {
        let span = info_span!(
            target: "docker_proto",
            "docker",
            otel.name = begun.operation,
            otel.kind = "client",
            otel.status_code = Empty,
            operation = begun.operation,
            docker.target = begun.target,
            docker.call = begun.call,
            docker.api_version = Empty,
            docker.connection = Empty,
            docker.connection.reused = Empty,
            docker.sent = Empty,
            docker.received = Empty,
            http.request.method = begun.method.as_str(),
            url.template = begun.path,
            server.address = begun.endpoint,
            http.response.status_code = Empty,
            error.type = Empty,
            error.message = Empty,
        );
        if span.is_disabled() {
            return None;
        }
        Some(Box::new(Spanned(span)))
    }

    fn resuming(&self, resuming: &Resuming<'_>) {
        let Resuming { operation, error, pause } = resuming;
        match error {
            Some(error) => debug!(target: "docker_proto", operation, ?pause, error = %error, "goes on after a break"),
            None => debug!(target: "docker_proto", operation, ?pause, "goes on"),
        }
    }

    fn tap(&self) -> Option<Reveal> {
        enabled!(target: "docker_proto::wire", Level::TRACE).then(Reveal::new)
    }

    fn wire(&self, connection: u64, call: u64, wire: Wire<'_>) {
        let (what, bytes) = match wire {
            Wire::Dialled => ("dialled", None),
            Wire::Sent(pieces) => (">", Some(pieces)),
            Wire::Received(pieces) => ("<", Some(pieces)),
            Wire::HalfClosed => ("half-closed", None),
            Wire::Ended => ("ended", None),
            Wire::Broke => ("broke", None),
        };
        match bytes {
            None => trace!(target: "docker_proto::wire", connection, call, "{what}"),
            Some(pieces) => trace!(target: "docker_proto::wire", connection, call, "{what} {}", Shown(pieces)),
        }
    }
}

/// The span of one call.
struct Spanned(Span);

impl Watch for Spanned {
    fn event(&mut self, _: Duration, event: &Event<'_>) {
        let span = &self.0;
        match event {
            Event::Queued => debug!(target: "docker_proto", parent: span, "waits for a place"),
            Event::Dialling => debug!(target: "docker_proto", parent: span, "dials"),
            Event::Busy => debug!(target: "docker_proto", parent: span, "the engine's backlog is full"),
            Event::Discarded { connection } => {
                debug!(target: "docker_proto", parent: span, connection, "an idle connection was dead");
            }
            Event::Connected { connection, reused } => {
                debug!(target: "docker_proto", parent: span, connection, reused, "connected");
            }
            Event::Request { purpose, method, target } => {
                debug!(target: "docker_proto", parent: span, ?purpose, method, target, "request");
            }
            Event::Negotiated { version, engine } => {
                debug!(target: "docker_proto", parent: span, %version, ?engine, "agreed");
            }
            Event::Sent { bytes } => debug!(target: "docker_proto", parent: span, bytes, "sent"),
            Event::Head { status } => {
                span.record("http.response.status_code", status);
                debug!(target: "docker_proto", parent: span, status, "head");
            }
            Event::Redialled { error } => {
                debug!(target: "docker_proto", parent: span, error = %error, "the kept connection was dead");
            }
            Event::Renegotiated { error } => {
                debug!(target: "docker_proto", parent: span, error = %error, "agrees on a version again");
            }
            Event::ItemFailed { error } => {
                debug!(target: "docker_proto", parent: span, error = %error, "an item failed")
            }
        }
    }

    fn ended(&mut self, report: &Report<'_>) {
        let span = &self.0;
        if let Some(version) = report.version {
            span.record("docker.api_version", display(version));
        }
        if let Some(connection) = report.connection {
            span.record("docker.connection", connection);
            span.record("docker.connection.reused", report.reused);
        }
        span.record("docker.sent", report.sent);
        span.record("docker.received", report.received);
        if let Outcome::Failed(e) = report.outcome {
            span.record("otel.status_code", "ERROR");
            match e.status() {
                Some(status) => span.record("error.type", display(status)),
                None => span.record("error.type", format!("{:?}", e.kind()).as_str()),
            };
            span.record("error.message", display(e));
        }
        let times = &report.times;
        debug!(
            target: "docker_proto",
            parent: span,
            outcome = %report.outcome,
            sent = report.sent,
            received = report.received,
            kept = report.kept,
            redialled = report.redialled,
            queued = ?times.queued,
            connect = ?times.connect,
            negotiate = ?times.negotiate,
            send = ?times.send,
            head = ?times.head,
            body = ?times.body,
            total = ?times.total,
            "ended"
        );
    }
}

/// Pieces as text, on one line.
struct Shown<'a>(&'a [Piece<'a>]);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in self.0 {
            match piece.shown.map(String::from_utf8_lossy) {
                Some(text) => write!(f, "{}", text.escape_debug())?,
                None => f.write_str(&piece.hidden())?,
            }
        }
        Ok(())
    }
}

impl Piece<'_> {
    /// What stands in the place of what is not shown.
    pub(super) fn hidden(&self) -> Cow<'static, str> {
        match self.part {
            super::Part::Opaque => format!("[{} bytes]", self.len).into(),
            _ => "***".into(),
        }
    }
}
