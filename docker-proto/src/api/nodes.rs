//! The engines that make up a swarm. All of this is for managers.

use crate::model::{Filters, Node, NodeAvailability, NodeRole, NodeSpec, NodeState};
use crate::op::{Done, Json};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

operation! {
    /// Lists the nodes of the swarm.
    ///
    /// Errors: 400 an unknown filter; 503 the engine is no manager of a swarm.
    ///
    /// Next: [`Inspect`] one, or [`Update`] it.
    nodes::List = "NodeList", Get "/nodes" => Json<Vec<Node>> {
        query {
            /// Only those that fit: by `id`, `name`, `label`, `node.label`, `role`, `membership`.
            filters: Filters,
        }
    }
}

operation! {
    /// Tells everything about one node.
    ///
    /// Errors: 404 no such node; 503 the engine is no manager of a swarm.
    ///
    /// Next: [`Update`] it with the `version` and the changed `spec` of the answer.
    nodes::Inspect = "NodeInspect", Get "/nodes/{id}" => Json<Node> {
        path {
            /// The node: id or the beginning of one, or name.
            id: Segment
        }
    }
}

operation! {
    /// Removes a node that has left or is down.
    ///
    /// Errors: 400 it is a manager, or not down, and is not forced; 404 no such node; 503 the engine is no manager of a
    /// swarm.
    ///
    /// Next: nothing is left of it; the engine itself may [join](crate::api::swarm::Join) again.
    nodes::Remove = "NodeDelete", Delete "/nodes/{id}" => Done {
        path {
            /// The node: id or the beginning of one, or name.
            id: Segment
        }
        query {
            /// Even if it is not down; it does not notice, and must leave by force. Not for managers, which must be
            /// made workers first.
            force: bool,
        }
    }
}

operation! {
    /// Replaces the settings of a node, all of them: start from those that [`Inspect`] gave. So nodes are drained, made
    /// managers, and labelled.
    ///
    /// Errors: 400 settings that do not fit, such as the last manager as a worker; 404 no such node; 500 `update out of
    /// sequence`: it changed since, inspect again; 503 the engine is no manager of a swarm.
    ///
    /// Next: [`tasks::List`](crate::api::tasks::List) shows how tasks move away from a drained node.
    nodes::Update = "NodeUpdate", Post "/nodes/{id}/update" => Done {
        path {
            /// The node: id or the beginning of one, or name.
            id: Segment
        }
        required {
            /// The `index` of the node's `version`.
            version: u64,
        }
        body NodeSpec;
    }
}

handle! {
    /// A node: its id, the beginning of one, or its name.
    Handle {
        inspect => Inspect,
        remove => Remove,
        update(version: u64, body: impl Into<NodeSpec>) => Update,
    }
}

snapshot! {
    /// What a node was when it was asked about.
    Snapshot: Inspect => Node {
        /// Its name in the settings, which is seldom given.
        name: String,
        /// Its host name.
        hostname: String,
        /// The number that an [`Update`] must name.
        version: u64,
        /// Whether it manages the swarm.
        role: NodeRole,
        /// Whether it takes tasks.
        availability: NodeAvailability,
        /// Whether it is there.
        status: NodeState,
        /// Its address; empty if nobody told.
        address: String,
        /// Whether it leads the managers.
        leader: bool,
        /// Its labels.
        labels: BTreeMap<String, String>,
    }
}

impl From<Node> for Snapshot {
    #[inline]
    fn from(said: Node) -> Self {
        let spec = said.spec.unwrap_or_default();
        let status = said.status.unwrap_or_default();
        Self {
            handle: named(said.id.unwrap_or_default()),
            name: spec.name.unwrap_or_default(),
            hostname: said.description.and_then(|d| d.hostname).unwrap_or_default(),
            version: said.version.and_then(|v| v.index).unwrap_or_default(),
            role: spec.role.unwrap_or_default(),
            availability: spec.availability.unwrap_or_default(),
            status: status.state.unwrap_or_default(),
            address: status.addr.unwrap_or_default(),
            leader: said.manager_status.and_then(|m| m.leader).unwrap_or_default(),
            labels: spec.labels,
        }
    }
}
