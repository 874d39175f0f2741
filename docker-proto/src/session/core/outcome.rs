//! What an answer or a failure means for the call: success, refusal, another try.

use super::{Core, Fate, Stage};
use crate::observe::Event;
use crate::session::client::{Verb, VersionChoice};
use crate::session::refusal::Refusal;
use crate::session::sub::engine_of;
use crate::wire::ResponseHead;
use crate::{Error, ErrorKind, Phase, Result};
use alloc::boxed::Box;
use alloc::format;
use core::mem;

impl Core {
    /// The head of the main answer. True if it is a success.
    pub(super) fn main_head(&mut self, head: ResponseHead, upgraded: bool) -> Result<bool> {
        let status = head.status();
        self.client.learn(engine_of(Some(&head)));
        if let Some(observed) = &mut self.observed {
            observed.head(status);
        }
        self.upgraded = upgraded;
        let fine = matches!(status, 101 | 200..=299) || self.spec().unchanged.contains(&status);
        // A sick engine answers a ping with 500; the caller wants to see that as the refusal it is.
        if fine {
            self.head = Some(head);
            return Ok(true);
        }
        let Stage::Main(exchange) = mem::replace(&mut self.stage, Stage::Connect) else { return Ok(false) };
        if (300..400).contains(&status) {
            let to = head.get("location").unwrap_or("nowhere");
            let e = Error::engine(
                status,
                format!("unexpected status {status}, redirecting to {to}; redirects are not followed"),
            );
            return Err(self.fail(e.with_head(head).in_phase(Phase::Head)));
        }
        self.stage = Stage::Refused(Box::new((*exchange, Refusal::new(head))));
        Ok(false)
    }

    /// The body of a refusal has ended, one way or another.
    pub(super) fn refused(&mut self) -> Result<()> {
        let Stage::Refused(refused) = mem::replace(&mut self.stage, Stage::Connect) else { return Ok(()) };
        let (exchange, refusal) = *refused;
        let e = refusal.into_error();
        let reusable = exchange.is_reusable();
        let recv = exchange.into_recv();
        if self.renegotiates(&e) {
            self.tell(&Event::Renegotiated { error: &e });
            if reusable {
                self.recv = recv;
                self.stage = Stage::Ready;
            }
            self.deadlines.moved();
            return Ok(());
        }
        if reusable {
            self.fate = Fate::Reuse(recv);
        }
        Err(self.fail(e.in_phase(Phase::Head)))
    }

    /// Whether the engine refused the version that was agreed on, and the call may agree on another, which it does once.
    pub(super) fn renegotiates(&mut self, e: &Error) -> bool {
        if !e.is_version_refusal() || self.client.config().version != VersionChoice::Negotiate {
            return false;
        }
        self.client.forget();
        // The engine looked at the version before anything else, so nothing was done yet; but a body is used up.
        !mem::replace(&mut self.renegotiated, true) && !matches!(self.verb, Verb::Upload(_))
    }

    /// The exchange failed. Begins again if that is safe, and fails the call if not.
    pub(super) fn broken(&mut self, e: Error) -> Result<()> {
        let exchange = match &self.stage {
            Stage::Sub(sub) => &sub.exchange,
            Stage::Main(exchange) => exchange,
            _ => return Err(self.fail(e)),
        };
        let dead = matches!(e.kind(), ErrorKind::Transport | ErrorKind::Truncated);
        if dead && self.pooled && exchange.is_repeatable() && !self.redialled {
            self.redialled = true;
            if let Some(observed) = &mut self.observed {
                observed.redialled(&e);
            }
            self.fresh = true;
            self.stage = Stage::Connect;
            self.deadlines.moved();
            // The engine may have been replaced while the connection was idle.
            self.client.forget();
            return Ok(());
        }
        Err(self.fail(e))
    }

    /// Says what the call was about, unless an earlier report already did.
    pub(crate) fn about(&self, e: Error) -> Error {
        e.of(self.spec().id, self.op.target())
    }

    /// Ends the call with an error.
    pub fn fail(&mut self, e: Error) -> Error {
        let e = self.about(e.as_final().in_phase(self.phase()));
        self.observe_error(&e);
        // What is wrong with a value is not wrong with the connection it came on.
        match mem::replace(&mut self.stage, Stage::Failed(e.clone())) {
            Stage::Main(exchange) if exchange.is_reusable() => self.fate = Fate::Reuse(exchange.into_recv()),
            Stage::Ready => self.fate = Fate::Reuse(mem::take(&mut self.recv)),
            _ => {}
        }
        e
    }
}
