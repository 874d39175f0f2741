//! What a container was when it was asked about.

use super::{Handle, Inspect, named};
use crate::model::{
    ContainerInspectResponse, ContainerStatus, ContainerSummary, HealthStatus, PortBinding, PortProtocol, PortSummary,
    Timestamp,
};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

snapshot! {
    /// What a container was when it was asked about: the same facts from a listing and from an inspect.
    ///
    /// ```
    /// use docker_proto::api::containers::{self, Snapshot};
    /// use docker_proto::model::ContainerSummary;
    ///
    /// let web = Snapshot::from(ContainerSummary::new().id("0123456789abcdef").names(["/web", "/proxy/upstream"]));
    /// assert_eq!((web.short_id(), &*web.name), ("0123456789ab", "web"));
    /// assert_eq!(web.stop().t(5), containers::Stop::new("0123456789abcdef").t(5));
    /// ```
    Snapshot: Inspect => ContainerInspectResponse {
        /// Its name, without the slash. A listing gives links from other containers as names too; they are left out.
        name: String,
        /// The image as it was named at creation, or its id where that name has moved on.
        image: String,
        /// The id of its image.
        image_id: String,
        /// Its state.
        status: ContainerStatus,
        /// The verdict of its health checks; `None` without any, and from listings below API 1.52.
        health: Option<HealthStatus>,
        /// How it ended the last time; `None` if it never did, runs, or the answer was a listing.
        exit_code: Option<i64>,
        /// Its labels, those of its image included.
        labels: BTreeMap<String, String>,
        /// Its ports, and where they are published: one entry for each address.
        ports: Vec<PortSummary>,
        /// When it was made.
        created: Option<Timestamp>,
    }
}

/// A name without the slash before it. With another slash in it, it is a link of another container.
#[inline]
fn own_name(name: &str) -> Option<&str> {
    let name = name.strip_prefix('/').unwrap_or(name);
    (!name.contains('/')).then_some(name)
}

impl From<ContainerSummary> for Snapshot {
    #[inline]
    fn from(said: ContainerSummary) -> Self {
        Self {
            name: said.names.iter().find_map(|name| own_name(name)).unwrap_or_default().into(),
            handle: named(said.id.unwrap_or_default()),
            image: said.image.unwrap_or_default(),
            image_id: said.image_id.unwrap_or_default(),
            status: said.state.unwrap_or_default(),
            health: said.health.and_then(|h| h.status).filter(|status| *status != HealthStatus::None),
            exit_code: None,
            labels: said.labels,
            ports: said.ports,
            created: said.created.map(Timestamp::from),
        }
    }
}

impl From<ContainerInspectResponse> for Snapshot {
    #[inline]
    fn from(said: ContainerInspectResponse) -> Self {
        let config = said.config.unwrap_or_default();
        let state = said.state.unwrap_or_default();
        let status = state.status.unwrap_or_default();
        let ended = matches!(status, ContainerStatus::Exited | ContainerStatus::Dead | ContainerStatus::Restarting);
        let ports = said.network_settings.unwrap_or_default().ports;
        Self {
            name: said.name.as_deref().map(|name| name.strip_prefix('/').unwrap_or(name)).unwrap_or_default().into(),
            handle: named(said.id.unwrap_or_default()),
            image: config.image.unwrap_or_default(),
            image_id: said.image.unwrap_or_default(),
            health: state.health.and_then(|h| h.status).filter(|status| *status != HealthStatus::None),
            exit_code: state.exit_code.filter(|_| ended),
            status,
            labels: config.labels,
            ports: ports.iter().flat_map(|(port, bindings)| published(port, bindings)).collect(),
            created: said.created.as_deref().and_then(|text| Timestamp::parse(text).ok()),
        }
    }
}

/// The entries of one port of an inspect, `80/tcp`, in the form that listings have.
#[inline]
fn published(port: &str, bindings: &[PortBinding]) -> Vec<PortSummary> {
    let (number, protocol) = port.split_once('/').unwrap_or((port, "tcp"));
    let mut inside = PortSummary::new().kind(PortProtocol::from(protocol));
    inside.private_port = number.parse().ok();
    if bindings.is_empty() {
        return Vec::from([inside]);
    }
    let outside = |binding: &PortBinding| {
        let mut port = inside.clone();
        port.ip = binding.host_ip.clone();
        port.public_port = binding.host_port.as_deref().and_then(|number| number.parse().ok());
        port
    };
    bindings.iter().map(outside).collect()
}
