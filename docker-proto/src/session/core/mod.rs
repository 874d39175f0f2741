//! The part of a call that a driver drives: what it is made of, what happened, what is wanted now.

mod observe;
mod outcome;
mod patience;
mod prepare;
mod report;

use super::client::{Agreed, CallOptions, Client, Verb};
use super::deadline::Deadlines;
use super::refusal::Refusal;
use super::sub::{Ask, Sub, engine_of};
use crate::observe::Observing;
use crate::op::{Answer, Encode, Framed, Kind, OpSpec, Patience};
use crate::wire::websocket::{Handshake, Sender};
use crate::wire::{Event, Exchange, Input, Output, RecvBuf, ResponseHead, StreamKind, Wants};
use crate::{Error, Phase, Result};
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::time::Duration;
use core::{fmt, mem};

/// What a driver should do now.
#[derive(Debug)]
#[non_exhaustive]
pub enum Io<'a> {
    /// Drop the connection, if there is one, and get another; report with [`Core::connected`] or
    /// [`Core::connect_failed`].
    Connect {
        /// Only a connection dialled now will do; else an idle one that passes its test may serve.
        fresh: bool,
        /// The call takes a place under the connection limit while it runs.
        place: bool,
        /// When to report [`Core::expired`].
        deadline: Option<Duration>,
    },
    /// Try all of this on the connection, report what moved, and wait only if nothing did.
    Wait {
        /// What to try.
        wants: Wants<'a>,
        /// When to report [`Core::expired`].
        deadline: Option<Duration>,
    },
    /// Nothing: poll the call.
    Poll,
}

/// What happened to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CoreEvent {
    /// Nothing more without the driver; see [`Core::io`].
    NeedIo,
    /// The head of a successful answer is there; see [`Core::answer`]. Reported once.
    Answer,
    /// Body bytes are at hand; see [`Core::input`].
    Data,
    /// The answer is complete.
    End,
}

/// What becomes of the connection after the call.
#[derive(Debug)]
#[non_exhaustive]
pub enum Fate {
    /// It may carry another call, with this receive block.
    Reuse(RecvBuf),
    /// It must be closed.
    Close,
}

/// Everything about one call that needs no types: the part that a driver drives.
///
/// ```text
///            connected              version known, framing known
///  Connect ────────────► Ready ───────────────────────────────► Main ──► End
///     ▲                   │ ▲                                    │
///     │ not reusable      ▼ │ reusable                           │ status >= 400
///     ├───────────────── Sub (ping, version, inspect)            ▼
///     │ once: pooled connection dead, nothing read              Refused ──► Failed (sticky)
///     └──────────────────────────────────────────────────────────┘ once: version no longer spoken
/// ```
pub struct Core {
    client: Arc<Client>,
    op: Box<dyn Encode>,
    verb: Verb,
    options: CallOptions,
    stage: Stage,
    /// The open connection's receive block while no exchange runs on it.
    recv: RecvBuf,
    /// Whether the connection came from the pool.
    pooled: bool,
    /// Only a connection dialled for this call will do.
    fresh: bool,
    /// A place is waited for.
    queued: bool,
    redialled: bool,
    renegotiated: bool,
    next_ask: Option<Ask>,
    agreed: Option<Agreed>,
    tty: Option<bool>,
    head: Option<ResponseHead>,
    upgraded: bool,
    websocket: Option<Handshake>,
    draining: bool,
    deadlines: Deadlines,
    fate: Fate,
    /// Whom to tell of it, if anybody.
    observed: Option<Box<dyn Observing>>,
}

enum Stage {
    Connect,
    Ready,
    Sub(Box<Sub>),
    Main(Box<Exchange>),
    Refused(Box<(Exchange, Refusal)>),
    Failed(Error),
}

/// How long the rest of a body may take to arrive once an error in it was seen: it decides only over the connection.
const DRAIN: Duration = Duration::from_secs(2);

impl Core {
    /// Prepares a call. Mistakes that can be seen without a connection are found here, and reported by the first poll.
    pub fn new(client: Arc<Client>, op: Box<dyn Encode>, verb: Verb, options: CallOptions) -> Self {
        let spec = op.spec();
        let observed = Self::begin_observed(&client, &options, spec, op.target());
        let mut core = Self {
            client,
            op,
            verb,
            options,
            stage: Stage::Connect,
            recv: RecvBuf::new(),
            pooled: false,
            // A body cannot be sent twice, and an upgraded connection is used up.
            fresh: matches!(verb, Verb::Upload(_)) || spec.upgrade.is_some(),
            queued: false,
            redialled: false,
            renegotiated: false,
            next_ask: None,
            agreed: None,
            tty: None,
            head: None,
            upgraded: false,
            websocket: None,
            draining: false,
            deadlines: Deadlines::default(),
            fate: Fate::Close,
            observed,
        };
        if spec.upgrade == Some("websocket") {
            core.websocket = Some(Handshake::new(core.client.next_seed()));
        }
        let version = core.client.agreed().and_then(|a| a.version);
        if let Err(e) = core.check_verb().and_then(|()| core.encode(version).map(drop)) {
            core.fail(e.in_phase(Phase::Prepare));
        }
        core
    }

    fn spec(&self) -> &'static OpSpec {
        self.op.spec()
    }

    /// What happened. Call again after every report of the driver, and after consuming [`input`](Self::input).
    ///
    /// # Errors
    /// Final and sticky.
    pub fn poll(&mut self) -> Result<CoreEvent> {
        loop {
            match &mut self.stage {
                Stage::Failed(e) => return Err(e.clone()),
                Stage::Connect => return Ok(CoreEvent::NeedIo),
                Stage::Ready => {
                    if let Err(e) = self.proceed() {
                        return Err(self.fail(e));
                    }
                }
                Stage::Sub(sub) => match sub.exchange.poll() {
                    Ok(Event::NeedIo) => return Ok(CoreEvent::NeedIo),
                    Ok(Event::Head(head) | Event::Upgraded(head)) => sub.head = Some(head),
                    Ok(Event::Data) => {
                        if let Err(e) = sub.collect() {
                            return Err(self.fail(e));
                        }
                    }
                    Ok(Event::End) => {
                        if let Err(e) = self.sub_ended() {
                            return Err(self.fail(e));
                        }
                    }
                    Err(e) => self.broken(e)?,
                },
                Stage::Main(exchange) => match exchange.poll() {
                    Ok(Event::NeedIo) => return Ok(CoreEvent::NeedIo),
                    Ok(Event::Head(head)) => {
                        if self.main_head(head, false)? {
                            return Ok(CoreEvent::Answer);
                        }
                    }
                    Ok(Event::Upgraded(head)) => {
                        if self.main_head(head, true)? {
                            return Ok(CoreEvent::Answer);
                        }
                    }
                    Ok(Event::Data) if self.draining => {
                        let mut input = exchange.input();
                        input.skip(input.len());
                    }
                    Ok(Event::Data) => return Ok(CoreEvent::Data),
                    Ok(Event::End) => return Ok(CoreEvent::End),
                    Err(e) => self.broken(e)?,
                },
                Stage::Refused(refused) => {
                    let (exchange, refusal) = &mut **refused;
                    match exchange.poll() {
                        Ok(Event::NeedIo) => return Ok(CoreEvent::NeedIo),
                        Ok(Event::Data) => {
                            if !refusal.take(exchange.input()) {
                                self.refused()?;
                            }
                        }
                        // Whatever befalls the body of a refusal, the refusal is the news.
                        _ => self.refused()?,
                    }
                }
            }
        }
    }

    /// What the driver should do now. Poll first: an event may be waiting.
    pub fn io(&mut self, now: Duration) -> Io<'_> {
        let phase = self.phase();
        let limit = self.limit(phase);
        let total = self.options.timeouts.unwrap_or_else(|| self.client.config().timeouts).total;
        let deadline = self.deadlines.wait(now, phase, limit, total);
        if self.draining {
            // Without a pause in what comes, the driver would never report it.
            self.expired(now);
        }
        match &mut self.stage {
            Stage::Connect => {
                let place = self.op.spec().patience == Patience::Quick && !self.fresh;
                Io::Connect { fresh: self.fresh, place, deadline }
            }
            Stage::Sub(sub) => Io::Wait { wants: sub.exchange.wants(), deadline },
            Stage::Main(exchange) => Io::Wait { wants: exchange.wants(), deadline },
            Stage::Refused(refused) => {
                // Nobody reads the rest of a request that was refused.
                let wants = Wants { write: None, flush: false, body: None, ..refused.0.wants() };
                Io::Wait { wants, deadline }
            }
            Stage::Ready | Stage::Failed(_) => Io::Poll,
        }
    }

    /// The answer, once [`CoreEvent::Answer`] was reported.
    pub fn answer(&self) -> Option<Answer<'_>> {
        let head = self.head.as_ref()?;
        let agreed = self.agreed.unwrap_or(Agreed { version: None, engine: None });
        Some(Answer {
            spec: self.spec(),
            version: agreed.version,
            engine: agreed.engine.or_else(|| engine_of(Some(head))).unwrap_or_default(),
            upgraded: self.upgraded,
            tty: self.tty.or_else(|| self.op.tty()),
            details: self.op.details(),
            at_most: self.op.at_most(),
            websocket: self.websocket.as_ref(),
            head,
        })
    }

    /// The body bytes at hand, after [`CoreEvent::Data`].
    pub fn input(&mut self) -> Option<Input<'_>> {
        match &mut self.stage {
            Stage::Main(exchange) => Some(exchange.input()),
            _ => None,
        }
    }

    /// Body bytes at hand, those of the next chunk with them, where that is certain without [`poll`](Self::poll): many small
    /// chunks are read much faster so. `None` says nothing.
    pub fn more_input(&mut self) -> Option<Input<'_>> {
        match &mut self.stage {
            Stage::Main(exchange) if !self.draining => exchange.more_input(),
            _ => None,
        }
    }

    /// Gives payloads of output to `take` while they come as they usually do, until it refuses one; the others are left for
    /// [`more_input`](Self::more_input). See [`Exchange::whole_frames`].
    #[inline]
    pub fn whole_frames(&mut self, output: &mut Output, take: impl FnMut(StreamKind, &[u8]) -> bool) {
        if let (Stage::Main(exchange), Output::Frames(frames), false) = (&mut self.stage, output, self.draining) {
            exchange.whole_frames(frames, take);
        }
    }

    /// Whether dropping the writer of the session should close the writing side: the process then sees the end of its
    /// stdin. Elsewhere that would end the output as well.
    pub fn half_closes_on_drop(&self) -> bool {
        self.spec().framed == Some(Framed::Exec) && self.answer().is_some_and(|a| a.tty == Some(false))
    }

    /// Sees to it that what comes is bytes as they are: of a terminal, or of a protocol that is not spoken here.
    ///
    /// # Errors
    /// [`Usage`](crate::ErrorKind::Usage) if it is the output of a process without a terminal: two streams in frames.
    #[inline]
    pub fn check_raw(&self) -> Result<()> {
        let raw = match self.answer() {
            Some(answer) => self.spec().kind == Kind::Upgraded || matches!(answer.output(), Ok(Output::Raw(_))),
            None => false,
        };
        if raw {
            return Ok(());
        }
        let rule =
            "the process has no terminal, so its output is two streams and not one: read items, or copy_to two writers";
        Err(self.about(Error::usage(rule)))
    }

    /// Whether the connection became a two-way stream.
    pub fn is_upgraded(&self) -> bool {
        self.upgraded
    }

    /// What encodes the input of the session, if it is not sent as it is: that of a websocket. Ask once.
    pub fn sender(&self) -> Option<Sender> {
        self.websocket.as_ref().filter(|_| self.upgraded).map(Handshake::sender)
    }

    /// What the answer carried says that it is complete: the connection is not waited for.
    pub(in crate::session) fn complete(&mut self) {
        if let Stage::Main(exchange) = &mut self.stage {
            exchange.complete();
        }
    }

    /// What becomes of the connection; ask once, when the call has ended.
    pub fn fate(&mut self) -> Fate {
        match &mut self.stage {
            Stage::Main(exchange) if exchange.is_reusable() => {
                let Stage::Main(exchange) = mem::replace(&mut self.stage, Stage::Connect) else { return Fate::Close };
                self.stage = Stage::Failed(Error::usage("the call has ended"));
                Fate::Reuse(exchange.into_recv())
            }
            Stage::Failed(_) => mem::replace(&mut self.fate, Fate::Close),
            _ => Fate::Close,
        }
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core").field("operation", &self.spec().id).field("phase", &self.phase()).finish_non_exhaustive()
    }
}
