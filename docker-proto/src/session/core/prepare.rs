//! Up to the main request: is the verb right, is a version agreed on, is the framing known, and how is it all written?

use super::{Core, Fate, Stage};
use crate::model::ApiVersion;
use crate::observe::{Event, Purpose};
use crate::op::{BodySpec, Encoded, EngineKind, Framed, Gating, Kind, RequestWriter};
use crate::session::client::{Agreed, Verb};
use crate::session::refusal::Refusal;
use crate::session::sub::{Ask, Negotiated, Sub, inspect_path};
use crate::wire::{Exchange, Method, Request, RequestBody, RequestHead};
use crate::{Error, Result};
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::ToString;
use core::mem;

impl Core {
    pub(super) fn check_verb(&self) -> Result<()> {
        let spec = self.spec();
        let upload = matches!(spec.body, BodySpec::Upload(_));
        let rule = match self.verb {
            Verb::Begin | Verb::Open if upload => "sends a stream of bytes: use upload",
            Verb::Upload(_) if !upload => "takes no stream of bytes: use call, stream or open",
            Verb::Open if !matches!(spec.kind, Kind::Session | Kind::Upgraded | Kind::Websocket) => {
                "is not a two-way session: use call or stream"
            }
            _ => return Ok(()),
        };
        Err(Error::usage(format!("{} {rule}", spec.id)))
    }

    /// Writes the main request for `version`.
    pub(super) fn encode(&self, version: Option<ApiVersion>) -> Result<Request> {
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
        let keys = self.client.config().detach_keys.as_ref();
        let mut writer = RequestWriter::new(spec, gated, upload, &mut encoded).detach_keys(keys);
        self.op.encode(&mut writer)?;
        writer.finish()?;
        let mut head = self.request_head(spec.method, version.filter(|_| spec.versioned), &encoded.target)?;
        for (name, value) in &encoded.headers {
            head.header(name, value)?;
        }
        if let Some(content_type) = encoded.content_type {
            head.header("Content-Type", content_type)?;
        }
        if let Some(protocol) = spec.upgrade {
            head.upgrade(protocol)?;
        }
        if let Some(websocket) = &self.websocket {
            head.header("Sec-WebSocket-Version", "13")?.header("Sec-WebSocket-Key", websocket.key())?;
        }
        Ok(head.finish(encoded.body))
    }

    /// The fields that every request has.
    pub(super) fn request_head(&self, method: Method, version: Option<ApiVersion>, path: &str) -> Result<RequestHead> {
        let config = self.client.config();
        let prefix = version.map_or(Cow::Borrowed(""), |v| format!("/v{v}").into());
        let mut head = RequestHead::new(method, &format!("{}{prefix}{path}", config.base))?;
        head.header("Host", &config.host)?.header("User-Agent", &config.user_agent)?;
        for (name, value) in config.headers.iter().chain(&self.options.headers) {
            head.header(name, value)?;
        }
        Ok(head)
    }

    /// A connection is open and nothing runs on it: what comes next?
    pub(super) fn proceed(&mut self) -> Result<()> {
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
        self.observe_request(Purpose::Call, &request);
        let recv = mem::take(&mut self.recv);
        self.stage = Stage::Main(Box::new(Exchange::start(request, recv)));
        Ok(())
    }

    pub(super) fn must_inspect(&self, framed: Framed, agreed: Agreed) -> bool {
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

    pub(super) fn ask(&mut self, ask: Ask, id: &str) -> Result<()> {
        let (version, path) = match ask {
            Ask::PingHead | Ask::PingGet => (None, Cow::Borrowed("/_ping")),
            Ask::Version => (None, "/version".into()),
            Ask::Inspect(framed) => (self.agreed.and_then(|a| a.version), inspect_path(framed, id).into()),
        };
        let head = self.request_head(ask.method(), version, &path)?;
        let request = head.finish(RequestBody::None);
        let purpose = if matches!(ask, Ask::Inspect(_)) { Purpose::Inspection } else { Purpose::Negotiation };
        self.observe_request(purpose, &request);
        let recv = mem::take(&mut self.recv);
        let exchange = Exchange::start(request, recv);
        self.stage = Stage::Sub(Box::new(Sub::new(ask, exchange)));
        Ok(())
    }

    pub(super) fn sub_ended(&mut self) -> Result<()> {
        let phase = self.phase();
        let Stage::Sub(sub) = mem::replace(&mut self.stage, Stage::Connect) else { return Ok(()) };
        if let Err(e) = self.sub_meant(&sub) {
            if sub.exchange.is_reusable() {
                self.fate = Fate::Reuse(sub.exchange.into_recv());
            }
            return Err(e.in_phase(phase));
        }
        if sub.exchange.is_reusable() {
            self.recv = sub.exchange.into_recv();
            // It answered just now, so it is not a connection that may have died in the pool.
            self.pooled = false;
            self.stage = Stage::Ready;
        }
        self.deadlines.moved();
        Ok(())
    }

    pub(super) fn sub_meant(&mut self, sub: &Sub) -> Result<()> {
        match sub.ask {
            Ask::Inspect(framed) => {
                if sub.status() >= 400 {
                    let e = Refusal::of(sub.status(), sub.head.as_ref(), sub.body());
                    if self.renegotiates(&e) {
                        self.tell(&Event::Renegotiated { error: &e });
                        return Ok(());
                    }
                    let why = format!(
                        "{} (asked to learn whether the output comes from a terminal; tty(..) says so without asking)",
                        e.message()
                    );
                    let e = Error::engine(sub.status(), why);
                    return Err(match sub.head.clone() {
                        Some(head) => e.with_head(head),
                        None => e,
                    });
                }
                self.client.learn(sub.engine());
                let created = sub.tty(framed)?;
                let own = self.op.tty().filter(|_| framed == Framed::Exec && sub.engine() != Some(EngineKind::Podman));
                self.tty = Some(own.unwrap_or(created));
            }
            _ => match sub.negotiated()? {
                Negotiated::Agreed(version, engine) => {
                    self.client.agree(version, engine);
                    self.tell(&Event::Negotiated { version, engine });
                }
                Negotiated::AskNext(ask) => self.next_ask = Some(ask),
            },
        }
        Ok(())
    }
}
