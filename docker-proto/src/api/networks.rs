//! Networks: made, joined, left, removed.
//!
//! ```
//! use docker_proto::api::networks::{Connect, Create, List};
//! use docker_proto::model::{IPAM, IPAMConfig, NetworkConnectRequest, NetworkCreateRequest};
//!
//! let ipam = IPAM::new().config([IPAMConfig::new().subnet("10.20.0.0/24").gateway("10.20.0.1")]);
//! let create = Create::new(NetworkCreateRequest::new().name("back").internal(true).ipam(ipam));
//! let connect = Connect::new("back", NetworkConnectRequest::new().container("web"));
//! let list = List::new().filters([("driver", "bridge")]);
//! ```

use crate::model::{
    Filters, NetworkConnectRequest, NetworkCreateRequest, NetworkCreateResponse, NetworkDisconnectRequest,
    NetworkInspect, NetworkPruneResponse, NetworkSummary, Timestamp,
};
use crate::op::{Done, Json};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

operation! {
    /// Lists networks.
    ///
    /// Who is in them is told by [`Inspect`] only, since API 1.28.
    ///
    /// Errors: 400 a filter that the engine does not know, or whose value it does not take.
    ///
    /// Next: [`Inspect`] one.
    networks::List = "NetworkList", Get "/networks" => Json<Vec<NetworkSummary>> {
        query {
            /// Only those that fit: by `name`, `id`, `driver`, `label`, `scope`, `type`, `dangling`.
            filters: Filters,
        }
    }
}

operation! {
    /// Makes a network.
    ///
    /// Errors: 400 settings that make no sense; 403 a name or driver that is the engine's own; 404 no such driver; 409
    /// the name or the subnet is taken.
    ///
    /// Next: [`Connect`] containers to it, or name it when creating them.
    networks::Create = "NetworkCreate", Post "/networks/create" => Json<NetworkCreateResponse> {
        body NetworkCreateRequest;
        patience Slow
        status [201]
    }
}

operation! {
    /// Tells everything about one network, and who is in it.
    ///
    /// A network of a swarm shows the endpoints of this engine; `verbose` adds services and tasks of all.
    ///
    /// Errors: 404 no such network; 400 a name that several have.
    ///
    /// Next: [`Disconnect`] its containers, then [`Remove`] it.
    networks::Inspect = "NetworkInspect", Get "/networks/{id}" => Json<NetworkInspect> {
        path {
            /// The network: id, the beginning of one, or name.
            id: Segment
        }
        query {
            /// Also its services and their tasks; networks of a swarm.
            verbose: bool since 28,
            /// Only if it reaches as far as this: `local`, `global` or `swarm`.
            scope: String since 31,
        }
    }
}

operation! {
    /// Removes a network that nobody is in.
    ///
    /// Errors: 403 it is one of the engine's own, or a container is in it; 404 no such network.
    ///
    /// Next: its name and its subnets are free.
    networks::Remove = "NetworkDelete", Delete "/networks/{id}" => Done {
        path {
            /// The network: id, the beginning of one, or name.
            id: Segment
        }
        patience Slow
        status [204]
    }
}

operation! {
    /// Connects a container to a network.
    ///
    /// One that runs gets an interface at once, one that does not when it starts.
    ///
    /// Errors: 400 an address that does not fit; 403 it is in that network already, or the network cannot be joined;
    /// 404 no such network or container.
    ///
    /// Next: others in the network find it by its name and its aliases.
    networks::Connect = "NetworkConnect", Post "/networks/{id}/connect" => Done {
        path {
            /// The network: id, the beginning of one, or name.
            id: Segment
        }
        body NetworkConnectRequest;
        patience Slow
    }
}

operation! {
    /// Disconnects a container from a network.
    ///
    /// A container that runs loses the interface and all connections over it at once.
    ///
    /// Errors: 403 the network cannot be left; 404 no such network or container; 500 it is not in that network.
    ///
    /// Next: [`Remove`] the network when nobody is in it any more.
    networks::Disconnect = "NetworkDisconnect", Post "/networks/{id}/disconnect" => Done {
        path {
            /// The network: id, the beginning of one, or name.
            id: Segment
        }
        body NetworkDisconnectRequest;
        patience Slow
    }
}

operation! {
    /// Removes every network that no container is in, and tells which.
    ///
    /// The engine's own stay. If the call is given up, the engine stops part-way.
    ///
    /// Errors: 400 a filter that the engine does not know; 409 another prune of networks is going on.
    ///
    /// Next: their names and subnets are free.
    networks::Prune = "NetworkPrune", Post "/networks/prune" => Json<NetworkPruneResponse> {
        query {
            /// Only those that fit: by `until`, a time or an age, and by `label`.
            filters: Filters,
        }
        patience Slow
        since 25
    }
}

handle! {
    /// A network: its id, the beginning of one, or its name.
    Handle from [NetworkCreateResponse] {
        inspect => Inspect,
        remove => Remove,
        connect(body: impl Into<NetworkConnectRequest>) => Connect,
        disconnect(body: impl Into<NetworkDisconnectRequest>) => Disconnect,
    }
}

snapshot! {
    /// What a network was when it was asked about: the same facts from a listing and from an inspect.
    Snapshot: Inspect => NetworkInspect {
        /// Its name; several networks can have the same.
        name: String,
        /// Its driver.
        driver: String,
        /// How far it reaches: `local`, `global` or `swarm`.
        scope: String,
        /// Nothing outside can be reached from it.
        internal: bool,
        /// Its labels.
        labels: BTreeMap<String, String>,
        /// When it was made; `None` below API 1.25.
        created: Option<Timestamp>,
    }
}

/// Listings and inspects have these fields in common, in two types.
macro_rules! from {
    ($($answer:ty),+) => {$(
        impl From<$answer> for Snapshot {
            #[inline]
            fn from(said: $answer) -> Self {
                Self {
                    handle: named(said.id.unwrap_or_default()),
                    name: said.name.unwrap_or_default(),
                    driver: said.driver.unwrap_or_default(),
                    scope: said.scope.unwrap_or_default(),
                    internal: said.internal.unwrap_or_default(),
                    labels: said.labels,
                    created: said.created.as_deref().and_then(|text| Timestamp::parse(text).ok()),
                }
            }
        }
    )+};
}
from!(NetworkSummary, NetworkInspect);
