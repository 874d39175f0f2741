//! Which phase a call is in, and how long it may wait there.

use super::{Core, DRAIN, Stage};
use crate::Phase;
use crate::op::{Kind, Patience};
use crate::session::client::Verb;
use crate::session::deadline::Timeouts;
use crate::session::sub::Ask;
use core::time::Duration;

impl Core {
    pub(crate) fn phase(&self) -> Phase {
        match &self.stage {
            Stage::Connect => Phase::Connect,
            Stage::Sub(sub) if matches!(sub.ask, Ask::Inspect(_)) => Phase::Inspect,
            Stage::Sub(_) => Phase::Negotiate,
            Stage::Main(_) if self.head.is_some() => Phase::Body,
            Stage::Main(exchange) if exchange.is_sent() => Phase::Head,
            Stage::Main(_) => Phase::Send,
            Stage::Refused(_) => Phase::Body,
            Stage::Ready | Stage::Failed(_) => Phase::Prepare,
        }
    }

    /// How long to wait for the peer in the present phase.
    pub(super) fn limit(&self, phase: Phase) -> Option<Duration> {
        let own = self.options.timeouts.is_some();
        let t: Timeouts = self.options.timeouts.unwrap_or_else(|| self.client.config().timeouts);
        let spec = self.spec();
        // How much longer than usual the engine may think, if there is an end to it.
        let extra = match spec.patience {
            Patience::Quick => Some(Duration::ZERO),
            Patience::Grace => self.op.grace(),
            Patience::Slow => None,
        };
        let unary = matches!(spec.kind, Kind::Json | Kind::Done | Kind::Text | Kind::Ping | Kind::Stat);
        match phase {
            Phase::Connect => t.connect,
            Phase::Negotiate | Phase::Inspect => t.head,
            Phase::Send => match &self.stage {
                // The wait is for the caller's own body.
                Stage::Main(exchange) if exchange.awaits_body() => None,
                _ if own || !matches!(self.verb, Verb::Upload(_)) => t.send,
                _ => None,
            },
            Phase::Head if own => t.head,
            Phase::Head if matches!(self.verb, Verb::Upload(_)) => None,
            Phase::Head => t.head.zip(extra).map(|(limit, extra)| limit.saturating_add(extra)),
            // For all of the refusal.
            Phase::Body if matches!(self.stage, Stage::Refused(_)) => t.idle.or(Some(DRAIN)),
            Phase::Body if self.draining => Some(DRAIN),
            // The answer has begun and waits for the rest of the caller's own body.
            Phase::Body if matches!(&self.stage, Stage::Main(exchange) if exchange.awaits_body()) => None,
            Phase::Body if own || (extra.is_some() && unary) => t.idle,
            _ => None,
        }
    }
}
