//! Everything about one call that needs no types: the part that a driver drives.
//!
//! ```text
//!            connected              version known, framing known
//!  Connect ────────────► Ready ───────────────────────────────► Main ──► End
//!     ▲                   │ ▲                                    │
//!     │ not reusable      ▼ │ reusable                           │ status >= 400
//!     ├───────────────── Sub (ping, version, inspect)            ▼
//!     │ once: pooled connection dead, nothing read              Refused ──► Failed (sticky)
//!     └──────────────────────────────────────────────────────────┘ once: version no longer spoken
//! ```

use super::client::{Agreed, CallOptions, Client, Verb, VersionChoice};
use super::deadline::{Deadlines, Timeouts};
use super::refusal::Refusal;
use super::sub::{Ask, Negotiated, Sub, engine_of, inspect_path};
use crate::model::ApiVersion;
use crate::op::{Answer, BodySpec, Encode, Encoded, EngineKind, Framed, Gating, Kind, OpSpec, Patience, RequestWriter};
use crate::wire::{BodyPiece, Event, Exchange, Input, RecvBuf, Request, RequestBody, RequestHead, ResponseHead, Wants};
use crate::{Error, ErrorKind, Phase, Result, Source};
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::ToString;
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

/// See the [module documentation](self).
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
    redialled: bool,
    renegotiated: bool,
    next_ask: Option<Ask>,
    agreed: Option<Agreed>,
    tty: Option<bool>,
    head: Option<ResponseHead>,
    upgraded: bool,
    draining: bool,
    deadlines: Deadlines,
    fate: Fate,
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
            redialled: false,
            renegotiated: false,
            next_ask: None,
            agreed: None,
            tty: None,
            head: None,
            upgraded: false,
            draining: false,
            deadlines: Deadlines::default(),
            fate: Fate::Close,
        };
        let version = core.client.agreed().and_then(|a| a.version);
        if let Err(e) = core.check_verb().and_then(|()| core.encode(version).map(drop)) {
            core.fail(e.in_phase(Phase::Prepare));
        }
        core
    }

    fn spec(&self) -> &'static OpSpec {
        self.op.spec()
    }

    fn check_verb(&self) -> Result<()> {
        let spec = self.spec();
        let upload = matches!(spec.body, BodySpec::Upload(_));
        let rule = match self.verb {
            Verb::Begin | Verb::Open if upload => "sends a stream of bytes: use upload",
            Verb::Upload(_) if !upload => "takes no stream of bytes: use call, stream or open",
            Verb::Open if spec.kind != Kind::Session => "is not a two-way session: use call or stream",
            _ => return Ok(()),
        };
        Err(Error::usage(format!("{} {rule}", spec.id)))
    }

    /// Writes the main request for `version`.
    fn encode(&self, version: Option<ApiVersion>) -> Result<Request> {
        let spec = self.spec();
        let gated = match self.options.gating.unwrap_or_else(|| self.client.config().gating) {
            Gating::Strict => version,
            Gating::Off => None,
        };
        let upload = match self.verb {
            Verb::Upload(length) => length,
            _ => None,
        };
        let mut encoded = Encoded::default();
        let mut writer = RequestWriter::new(spec, gated, upload, &mut encoded);
        self.op.encode(&mut writer)?;
        writer.finish()?;
        let mut head = self.request_head(spec.method, version.filter(|_| spec.kind != Kind::Ping), &encoded.target)?;
        for (name, value) in &encoded.headers {
            head.header(name, value)?;
        }
        if let Some(content_type) = encoded.content_type {
            head.header("Content-Type", content_type)?;
        }
        if let Some(protocol) = spec.upgrade {
            head.upgrade(protocol)?;
        }
        Ok(head.finish(encoded.body))
    }

    /// The fields that every request has.
    fn request_head(
        &self,
        method: crate::wire::Method,
        version: Option<ApiVersion>,
        path: &str,
    ) -> Result<RequestHead> {
        let config = self.client.config();
        let prefix = version.map_or(Cow::Borrowed(""), |v| format!("/v{v}").into());
        let mut head = RequestHead::new(method, &format!("{}{prefix}{path}", config.base))?;
        head.header("Host", &config.host)?.header("User-Agent", &config.user_agent)?;
        for (name, value) in config.headers.iter().chain(&self.options.headers) {
            head.header(name, value)?;
        }
        Ok(head)
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

    /// A connection is open and nothing runs on it: what comes next?
    fn proceed(&mut self) -> Result<()> {
        let spec = self.spec();
        if let Some(ask) = self.next_ask.take() {
            return self.ask(ask, "");
        }
        // A ping is what versions are agreed on with, so it needs none.
        let agreed = match self.client.agreed() {
            Some(agreed) => agreed,
            None if spec.kind == Kind::Ping => Agreed { version: None, engine: None },
            None => return self.ask(Ask::PingHead, ""),
        };
        self.agreed = Some(agreed);
        if let Some(framed) = spec.framed.filter(|&f| self.must_inspect(f, agreed)) {
            // The object's id is the second segment of every path whose output is framed.
            let mut encoded = Encoded::default();
            let mut writer = RequestWriter::new(spec, None, None, &mut encoded);
            self.op.encode(&mut writer)?;
            writer.finish()?;
            let id = encoded.target.split(['/', '?']).nth(2).unwrap_or_default().to_string();
            return self.ask(Ask::Inspect(framed), &id);
        }
        let request = self.encode(agreed.version)?;
        let recv = mem::take(&mut self.recv);
        self.stage = Stage::Main(Box::new(Exchange::start(request, recv)));
        Ok(())
    }

    fn must_inspect(&self, framed: Framed, agreed: Agreed) -> bool {
        if self.tty.is_some() {
            return false;
        }
        match framed {
            // The flag of the start request decides, but on podman that of the create request.
            Framed::Exec => agreed.engine != Some(EngineKind::Docker),
            _ if self.op.tty().is_some() => false,
            _ => agreed.engine == Some(EngineKind::Podman) || agreed.version.is_none_or(|v| v < ApiVersion::new(1, 42)),
        }
    }

    fn ask(&mut self, ask: Ask, id: &str) -> Result<()> {
        let (version, path) = match ask {
            Ask::PingHead | Ask::PingGet => (None, Cow::Borrowed("/_ping")),
            Ask::Version => (None, "/version".into()),
            Ask::Inspect(framed) => (self.agreed.and_then(|a| a.version), inspect_path(framed, id).into()),
        };
        let head = self.request_head(ask.method(), version, &path)?;
        let recv = mem::take(&mut self.recv);
        let exchange = Exchange::start(head.finish(RequestBody::None), recv);
        self.stage = Stage::Sub(Box::new(Sub::new(ask, exchange)));
        Ok(())
    }

    fn sub_ended(&mut self) -> Result<()> {
        let phase = self.phase();
        let Stage::Sub(sub) = mem::replace(&mut self.stage, Stage::Connect) else { return Ok(()) };
        self.sub_meant(&sub).map_err(|e| e.in_phase(phase))?;
        if sub.exchange.is_reusable() {
            self.recv = sub.exchange.into_recv();
            // It answered just now, so it is not a connection that may have died in the pool.
            self.pooled = false;
            self.stage = Stage::Ready;
        }
        self.deadlines.moved();
        Ok(())
    }

    fn sub_meant(&mut self, sub: &Sub) -> Result<()> {
        match sub.ask {
            Ask::Inspect(framed) => {
                if sub.status() >= 400 {
                    let mut refusal = Refusal::new(sub.status());
                    let mut block = RecvBuf::from(sub.body());
                    let mut left = block.len();
                    refusal.take(Input::new(&mut block, &mut left));
                    let e = refusal.into_error();
                    let why = format!(
                        "{} (asked to learn whether the output comes from a terminal; tty(..) says so without asking)",
                        e.message()
                    );
                    return Err(Error::engine(sub.status(), why));
                }
                self.client.learn(sub.engine());
                let created = sub.tty(framed)?;
                let own = self.op.tty().filter(|_| framed == Framed::Exec && sub.engine() != Some(EngineKind::Podman));
                self.tty = Some(own.unwrap_or(created));
            }
            _ => match sub.negotiated()? {
                Negotiated::Agreed(version, engine) => self.client.agree(version, engine),
                Negotiated::AskNext(ask) => self.next_ask = Some(ask),
            },
        }
        Ok(())
    }

    /// The head of the main answer. True if it is a success.
    fn main_head(&mut self, head: ResponseHead, upgraded: bool) -> Result<bool> {
        let status = head.status();
        self.client.learn(engine_of(Some(&head)));
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
            return Err(self.fail(e.in_phase(Phase::Head)));
        }
        self.stage = Stage::Refused(Box::new((*exchange, Refusal::new(status))));
        Ok(false)
    }

    /// The body of a refusal has ended, one way or another.
    fn refused(&mut self) -> Result<()> {
        let Stage::Refused(refused) = mem::replace(&mut self.stage, Stage::Connect) else { return Ok(()) };
        let (exchange, refusal) = *refused;
        let e = refusal.into_error();
        let reusable = exchange.is_reusable();
        let recv = exchange.into_recv();
        if is_version_refusal(&e) && self.client.config().version == VersionChoice::Negotiate {
            self.client.forget();
            // The engine looked at the version before anything else, so nothing was done yet.
            if !mem::replace(&mut self.renegotiated, true) && !matches!(self.verb, Verb::Upload(_)) {
                if reusable {
                    self.recv = recv;
                    self.stage = Stage::Ready;
                }
                self.deadlines.moved();
                return Ok(());
            }
        }
        if reusable {
            self.fate = Fate::Reuse(recv);
        }
        Err(self.fail(e.in_phase(Phase::Head)))
    }

    /// The exchange failed. Begins again if that is safe, and fails the call if not.
    fn broken(&mut self, e: Error) -> Result<()> {
        let exchange = match &self.stage {
            Stage::Sub(sub) => &sub.exchange,
            Stage::Main(exchange) => exchange,
            _ => return Err(self.fail(e)),
        };
        let dead = matches!(e.kind(), ErrorKind::Transport | ErrorKind::Truncated);
        if dead && self.pooled && exchange.is_repeatable() && !self.redialled {
            self.redialled = true;
            self.fresh = true;
            self.stage = Stage::Connect;
            self.deadlines.moved();
            // The engine may have been replaced while the connection was idle.
            self.client.forget();
            return Ok(());
        }
        Err(self.fail(e))
    }

    /// Ends the call with an error.
    pub fn fail(&mut self, e: Error) -> Error {
        let e = e.as_final().in_phase(self.phase()).of(self.spec().id, self.op.target());
        self.stage = Stage::Failed(e.clone());
        e
    }

    fn phase(&self) -> Phase {
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
    fn limit(&self, phase: Phase) -> Option<Duration> {
        let own = self.options.timeouts.is_some();
        let t: Timeouts = self.options.timeouts.unwrap_or_else(|| self.client.config().timeouts);
        let spec = self.spec();
        let quick = spec.patience == Patience::Quick;
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
            Phase::Head if own || (quick && !matches!(self.verb, Verb::Upload(_))) => t.head,
            Phase::Body if matches!(self.stage, Stage::Refused(_)) => t.idle.or(Some(DRAIN)),
            Phase::Body if self.draining => Some(DRAIN),
            Phase::Body if own || (quick && unary) => t.idle,
            _ => None,
        }
    }

    /// What the driver should do now. Poll first: an event may be waiting.
    pub fn io(&mut self, now: Duration) -> Io<'_> {
        let phase = self.phase();
        let limit = self.limit(phase);
        let total = self.options.timeouts.unwrap_or_else(|| self.client.config().timeouts).total;
        let deadline = self.deadlines.wait(now, phase, limit, total);
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

    fn exchange(&mut self) -> Option<&mut Exchange> {
        match &mut self.stage {
            Stage::Sub(sub) => Some(&mut sub.exchange),
            Stage::Main(exchange) => Some(exchange),
            Stage::Refused(refused) => Some(&mut refused.0),
            _ => None,
        }
    }

    /// There is a connection: dialled just now, or idle until now, with the receive block it was kept with.
    pub fn connected(&mut self, pooled: bool, recv: RecvBuf) {
        if matches!(self.stage, Stage::Connect) {
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
            let message = format!("cannot connect to the engine at {}", self.client.config().endpoint);
            self.fail(Error::transport(ErrorKind::Connect, message, source));
        }
    }

    /// So many bytes were written.
    pub fn wrote(&mut self, n: usize) {
        self.deadlines.moved();
        if let Some(x) = self.exchange() {
            x.wrote(n);
        }
    }

    /// Everything written was flushed.
    pub fn flushed(&mut self) {
        self.deadlines.moved();
        if let Some(x) = self.exchange() {
            x.flushed();
        }
    }

    /// Writing failed; reading goes on.
    pub fn write_broke(&mut self, source: Source) {
        self.deadlines.moved();
        if let Some(x) = self.exchange() {
            x.write_broke(source);
        }
    }

    /// So many bytes were read; 0 is the end of the stream.
    pub fn read(&mut self, n: usize) {
        self.deadlines.moved();
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
        self.deadlines.moved();
        if let Some(Err(e)) = self.exchange().map(|x| x.body(piece)) {
            self.fail(e);
        }
    }

    /// The source of the request body failed: the request is abandoned.
    pub fn body_broke(&mut self, source: Source) {
        self.fail(Error::transport(ErrorKind::Body, "the source of the request body failed", source));
    }

    /// It is `now`, and an attempt at that time moved nothing. Ignored if no deadline has passed.
    pub fn expired(&mut self, now: Duration) {
        let Some(phase) = self.deadlines.passed(now) else { return };
        if matches!(self.stage, Stage::Refused(_)) {
            let _ = self.refused();
        } else if self.draining {
            self.stage = Stage::Failed(Error::truncated("the rest of the answer did not come"));
        } else {
            self.fail(Error::new(ErrorKind::Timeout, "the engine took longer than allowed").in_phase(phase));
        }
    }

    /// Nothing moved and the call will wait: frees a receive block that nothing is in, if the wait may be long.
    pub fn parked(&mut self) {
        if let Stage::Main(exchange) = &mut self.stage {
            if self.head.is_some() {
                exchange.park();
            }
        }
    }

    /// The call was cancelled from elsewhere.
    pub fn cancel(&mut self) {
        if !matches!(self.stage, Stage::Failed(_)) {
            self.fail(Error::new(ErrorKind::Cancelled, "the call was cancelled"));
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

    /// From now on the body is read away unseen: only the connection is still of interest.
    pub fn drain(&mut self) {
        self.draining = true;
        self.deadlines.moved();
    }

    /// Whether dropping the writer of the session should close the writing side: the process then sees the end of its
    /// stdin. Elsewhere that would end the output as well.
    pub fn half_closes_on_drop(&self) -> bool {
        self.spec().framed == Some(Framed::Exec) && self.answer().is_some_and(|a| a.tty == Some(false))
    }

    /// Whether the connection became a two-way stream.
    pub fn is_upgraded(&self) -> bool {
        self.upgraded
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

/// `client version 1.56 is too new ...` and `... is too old ...`: the engine's version middleware.
fn is_version_refusal(e: &Error) -> bool {
    e.status() == Some(400)
        && e.message().starts_with("client version ")
        && (e.message().contains(" is too new") || e.message().contains(" is too old"))
}
