//! What all calls to one engine share.

use super::deadline::Timeouts;
use super::endpoint::Endpoint;
use crate::model::ApiVersion;
use crate::observe::{Observer, Observers};
use crate::op::{EngineKind, Gating};
use crate::resolve::Explanation;
use crate::values::DetachKeys;
use crate::wire::Names;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};

/// Which API version requests are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum VersionChoice {
    /// The newest that both sides know, agreed on by a ping before the first request.
    #[default]
    Negotiate,
    /// This one; nothing is asked.
    Pinned(ApiVersion),
    /// None: requests carry no version, and mean whatever the engine's newest means.
    Unversioned,
}

/// What a client is made with.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Config {
    /// Where the engine is, for error messages.
    pub endpoint: String,
    /// Why the engine is looked for there, for a connect that fails; empty if the caller named the endpoint.
    pub explanation: Explanation,
    /// Put before every path: the path of the endpoint's URL.
    pub base: String,
    /// The `Host` field.
    pub host: String,
    /// The `User-Agent` field.
    pub user_agent: String,
    /// Header fields for every request.
    pub headers: Vec<(String, String)>,
    /// The API version.
    pub version: VersionChoice,
    /// Whether parameters and fields are held against the API version.
    pub gating: Gating,
    /// Default deadlines.
    pub timeouts: Timeouts,
    /// The keys that detach from a terminal, for attach and exec calls that name none: as `detachKeys` in the
    /// configuration of the docker command line. Without them the engine's hold, `ctrl-p,ctrl-q`.
    pub detach_keys: Option<DetachKeys>,
    /// Who is told what calls do; see [`observe`](crate::observe).
    pub observers: Observers,
}

impl Config {
    /// The defaults for an endpoint.
    pub fn new(endpoint: &Endpoint) -> Self {
        Self {
            endpoint: match &endpoint.proxy {
                Some(proxy) => format!("{endpoint} through the proxy {proxy}"),
                None => endpoint.to_string(),
            },
            explanation: Explanation::default(),
            base: endpoint.base.clone(),
            host: endpoint.host(),
            user_agent: concat!("docker-proto/", env!("CARGO_PKG_VERSION")).into(),
            headers: Vec::new(),
            version: VersionChoice::default(),
            gating: Gating::default(),
            timeouts: Timeouts::default(),
            detach_keys: None,
            observers: Observers::own(),
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("endpoint", &self.endpoint)
            .field("base", &self.base)
            .field("host", &self.host)
            .field("version", &self.version)
            .field("headers", &Names(&self.headers))
            .field("timeouts", &self.timeouts)
            .finish_non_exhaustive()
    }
}

/// What is known about the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Agreed {
    /// The version of requests; `None` for unversioned ones.
    pub version: Option<ApiVersion>,
    /// The kind of engine, once an answer told.
    pub engine: Option<EngineKind>,
}

/// Shared by all calls of one client; an adapter keeps it in an `Arc`.
///
/// There is no lock: calls that find no agreed version negotiate each for itself, and the first answer is kept.
#[derive(Debug)]
pub struct Client {
    config: Config,
    /// Bits 0..16 minor, 16..32 major, 32 version known, 33 engine known, 34 podman.
    agreed: AtomicU64,
    /// Where the next number that nobody should foresee comes from.
    seed: AtomicU64,
    /// Calls and connections that somebody was told of.
    calls: AtomicU64,
    connections: AtomicU64,
}

const VERSION: u64 = 1 << 32;
const ENGINE: u64 = 1 << 33;
const PODMAN: u64 = 1 << 34;

impl Client {
    /// A client that has not spoken to its engine yet.
    pub fn new(config: Config) -> Self {
        let agreed = match config.version {
            VersionChoice::Pinned(v) => VERSION | u64::from(v.major) << 16 | u64::from(v.minor),
            _ => 0,
        };
        Self {
            config,
            agreed: AtomicU64::new(agreed),
            seed: AtomicU64::new(0),
            calls: AtomicU64::new(0),
            connections: AtomicU64::new(0),
        }
    }

    /// With a random number, which an adapter has from its system: the keys and masks of websockets follow from it.
    /// Without one they are the same each time, for tests.
    #[must_use]
    pub fn seeded(mut self, seed: u64) -> Self {
        self.seed = AtomicU64::new(seed);
        self
    }

    /// A seed for one connection, another one each time.
    pub(super) fn next_seed(&self) -> u64 {
        // An odd step, so that it comes round only after all there are.
        self.seed.fetch_add(0xD1B5_4A32_D192_ED03, Ordering::Relaxed)
    }

    /// The number of the next call.
    pub(crate) fn next_call(&self) -> u64 {
        self.calls.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// The number of the next connection.
    pub(crate) fn next_connection(&self) -> u64 {
        self.connections.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// What it was made with.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What is known about the engine; `None` while a version is still to be agreed on.
    pub fn agreed(&self) -> Option<Agreed> {
        let bits = self.agreed.load(Ordering::Relaxed);
        let version = (bits & VERSION != 0).then(|| ApiVersion::new((bits >> 16) as u16, bits as u16));
        if version.is_none() && self.config.version != VersionChoice::Unversioned {
            return None;
        }
        let kind = if bits & PODMAN != 0 { EngineKind::Podman } else { EngineKind::Docker };
        Some(Agreed { version, engine: (bits & ENGINE != 0).then_some(kind) })
    }

    /// Keeps what a ping told, unless another call was first.
    pub(super) fn agree(&self, version: ApiVersion, engine: EngineKind) {
        self.learn(Some(engine));
        let bits = VERSION | u64::from(version.major) << 16 | u64::from(version.minor);
        let _ = self.agreed.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |old| {
            (old & VERSION == 0 && self.config.version == VersionChoice::Negotiate).then_some(old | bits)
        });
    }

    /// Keeps what an answer told about the kind of engine.
    pub(super) fn learn(&self, engine: Option<EngineKind>) {
        let Some(engine) = engine else { return };
        let bits = ENGINE | if engine == EngineKind::Podman { PODMAN } else { 0 };
        self.agreed.fetch_or(bits, Ordering::Relaxed);
    }

    /// Forgets what was agreed, for an engine that may have been replaced. A pinned version stays.
    pub(super) fn forget(&self) {
        if self.config.version == VersionChoice::Negotiate {
            self.agreed.store(0, Ordering::Relaxed);
        }
    }
}

/// What can be said of one call: for `docker.with_options(..)`, which gives a client whose calls have them.
///
/// ```
/// use core::time::Duration;
/// use docker_proto::session::{CallOptions, Timeouts};
///
/// let quick = Timeouts::each(Duration::from_secs(5)).total(Some(Duration::from_secs(20)));
/// let options = CallOptions::new()
///     .timeouts(quick)
///     .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallOptions {
    /// Deadlines for this call instead of the client's.
    pub timeouts: Option<Timeouts>,
    /// Gating for this call instead of the client's.
    pub gating: Option<Gating>,
    /// Header fields for this call, after the client's.
    pub headers: Vec<(String, String)>,
    /// Who is told of this call, besides the client's observers.
    pub observers: Observers,
}

impl CallOptions {
    /// Nothing but what the client says.
    #[inline]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the deadlines, which then hold as they are for each phase, whatever the operation.
    #[inline]
    #[must_use]
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = Some(timeouts);
        self
    }

    /// Says whether parameters and fields are held against the API version.
    #[inline]
    #[must_use]
    pub fn gating(mut self, gating: Gating) -> Self {
        self.gating = Some(gating);
        self
    }

    /// Adds a header field.
    #[inline]
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Adds somebody who is told of the calls.
    #[inline]
    #[must_use]
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.observers.push(observer);
        self
    }
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallOptions")
            .field("timeouts", &self.timeouts)
            .field("gating", &self.gating)
            .field("headers", &Names(&self.headers))
            .finish()
    }
}

/// How a call was begun, so that an operation named at run time can be refused by the wrong verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verb {
    /// No body beside the operation.
    Begin,
    /// A two-way session.
    Open,
    /// A body of this length, if it is known.
    Upload(Option<u64>),
}
