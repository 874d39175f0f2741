//! What a driver reports. Any report may come at any time; one that fits nothing is ignored.

use super::{Core, Stage};
use crate::wire::{BodyPiece, Exchange, RecvBuf};
use crate::{Error, ErrorKind, Phase, Source};
use alloc::format;
use bytes::BytesMut;
use core::time::Duration;

impl Core {
    /// There is a connection: dialled just now, or idle until now, with the receive block it was kept with.
    pub fn connected(&mut self, pooled: bool, recv: RecvBuf) {
        if matches!(self.stage, Stage::Connect) {
            if let Some(observed) = &mut self.observed {
                observed.connected(recv.connection, pooled);
            }
            self.pooled = pooled;
            self.recv = recv;
            self.stage = Stage::Ready;
            self.deadlines.moved();
        }
    }

    /// No connection could be made.
    pub fn connect_failed(&mut self, source: Source) {
        if matches!(self.stage, Stage::Connect) {
            // The engine that comes back may be another.
            self.client.forget();
            let config = self.client.config();
            let mut message = format!("cannot connect to the engine at {}", config.endpoint);
            if !config.explanation.candidates().is_empty() {
                message = format!("{message} [looked at {:#}]", config.explanation);
            }
            self.fail(Error::transport(ErrorKind::Connect, message, source));
        }
    }

    /// Something moved: the next wait begins anew. The rest of an answer that has failed already is waited for once: an
    /// engine that goes on for ever must not keep its error for ever.
    pub(super) fn moved(&mut self) {
        if !self.draining && !matches!(self.stage, Stage::Refused(_)) {
            self.deadlines.moved();
        }
    }

    /// So many bytes were written.
    pub fn wrote(&mut self, n: usize) {
        self.moved();
        if let Some(x) = self.exchange() {
            x.wrote(n);
        }
    }

    /// Everything written was flushed.
    pub fn flushed(&mut self) {
        self.moved();
        if let Some(x) = self.exchange() {
            x.flushed();
        }
    }

    /// Writing failed; reading goes on.
    pub fn write_broke(&mut self, source: Source) {
        self.moved();
        if let Some(x) = self.exchange() {
            x.write_broke(source);
        }
    }

    /// So many bytes were read; 0 is the end of the stream.
    pub fn read(&mut self, n: usize) {
        self.moved();
        if let Some(x) = self.exchange() {
            x.read(n);
        }
    }

    /// Reading failed.
    pub fn read_broke(&mut self, source: Source) {
        if let Some(x) = self.exchange() {
            x.read_broke(source);
        }
    }

    /// The source of the request body has the next piece.
    pub fn body(&mut self, piece: BodyPiece) {
        self.moved();
        if let Some(Err(e)) = self.exchange().map(|x| x.body(piece)) {
            self.fail(e);
        }
    }

    /// The source of the request body failed: the request is abandoned.
    pub fn body_broke(&mut self, source: Source) {
        self.fail(Error::transport(ErrorKind::Body, "the source of the request body failed", source));
    }

    /// Whether it is a place under the limit of calls that the call waits for, and not a connection: a deadline tells.
    pub fn queued(&mut self, queued: bool) {
        self.queued = queued;
    }

    /// It is `now`, and an attempt at that time moved nothing. Ignored if no deadline has passed.
    pub fn expired(&mut self, now: Duration) {
        let Some(passed) = self.deadlines.passed(now) else { return };
        if matches!(self.stage, Stage::Refused(_)) {
            let _ = self.refused();
        } else if self.draining {
            self.stage = Stage::Failed(Error::truncated("the rest of the answer did not come"));
        } else {
            let what = match (passed.total, passed.phase) {
                (true, _) => "for the whole call",
                (_, Phase::Connect) if self.queued => "for a place under the limit of calls at the same time",
                _ => "for this wait",
            };
            let message = format!("it took longer than allowed: {:?} {what}", passed.limit);
            self.fail(Error::new(ErrorKind::Timeout, message).in_phase(passed.phase));
        }
    }

    /// Nothing moved and the call will wait: gives up a receive block that nothing is in, if the wait may be long. What is
    /// returned may be offered to any call by [`unpark`](Self::unpark), or dropped.
    pub fn parked(&mut self) -> Option<BytesMut> {
        match &mut self.stage {
            Stage::Main(exchange) if self.head.is_some() => exchange.park(),
            _ => None,
        }
    }

    /// Before the next [`io`](Self::io): takes a block, if the next read would make a large one.
    pub fn unpark(&mut self, spare: impl FnOnce() -> Option<BytesMut>) {
        if let Stage::Main(exchange) = &mut self.stage {
            exchange.unpark(spare);
        }
    }

    /// The call was cancelled from elsewhere.
    pub fn cancel(&mut self) {
        if !matches!(self.stage, Stage::Failed(_)) {
            self.fail(Error::new(ErrorKind::Cancelled, "the call was cancelled"));
        }
    }

    /// From now on the body is read away unseen: only the connection is still of interest.
    pub fn drain(&mut self) {
        self.draining = true;
        self.deadlines.moved();
    }

    pub(super) fn exchange(&mut self) -> Option<&mut Exchange> {
        match &mut self.stage {
            Stage::Sub(sub) => Some(&mut sub.exchange),
            Stage::Main(exchange) => Some(exchange),
            Stage::Refused(refused) => Some(&mut refused.0),
            _ => None,
        }
    }
}
