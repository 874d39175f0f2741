//! A ping: everything it says is in its header fields.

use super::{Ignore, Reply, Unary};
use crate::Result;
use crate::op::answer::Answer;
use crate::op::spec::Kind;
use crate::wire::ResponseHead;
use alloc::string::String;

/// What the header fields of a ping say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ping {
    /// The newest API version the engine speaks; proxies may leave it out.
    pub api_version: Option<String>,
    /// `linux` or `windows`.
    pub os_type: Option<String>,
    /// Whether experimental features are on.
    pub experimental: bool,
    /// The builder the engine recommends: 1 classic, 2 BuildKit.
    pub builder_version: Option<String>,
    /// The state of swarm mode, as `state` or `state/role`; engines before 23.0 do not say.
    pub swarm: Option<String>,
    /// Podman's own API version: present on podman only.
    pub libpod_version: Option<String>,
}

impl Ping {
    /// Reads the header fields. A sick engine's ping (status 500) has them too.
    #[inline]
    pub fn from_head(head: &ResponseHead) -> Self {
        let text = |name| head.get(name).filter(|v| !v.is_empty()).map(String::from);
        Self {
            api_version: text("api-version"),
            os_type: text("ostype"),
            experimental: head.get("docker-experimental") == Some("true"),
            builder_version: text("builder-version"),
            swarm: text("swarm"),
            libpod_version: text("libpod-api-version"),
        }
    }
}

/// The header fields of a ping.
#[derive(Debug)]
pub struct PingReply;

impl Reply for PingReply {
    const KIND: Kind = Kind::Ping;
    type Head = ResponseHead;
    type Item = Ping;
    type Decoder = Ignore<Ping>;

    #[inline]
    fn decoder(answer: &Answer<'_>) -> Result<(Self::Head, Self::Decoder)> {
        Ok((answer.head.clone(), Ignore(Some(Ping::from_head(answer.head)))))
    }
}
impl Unary for PingReply {}
