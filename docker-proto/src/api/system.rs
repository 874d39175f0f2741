//! The engine itself.

use crate::model::{EventMessage, Filters, SystemInfo, SystemVersion, Timestamp};
use crate::op::{Json, PingReply, Values};

operation! {
    /// Asks whether the engine is there, and what its header fields say of it. Needs no agreed API version.
    system::Ping = "SystemPing", Get "/_ping" => PingReply { unversioned yes }
}

operation! {
    /// The same without a body. Engines before API 1.40 do not know it.
    system::PingHead = "SystemPingHead", Head "/_ping" => PingReply { since 40 unversioned yes }
}

operation! {
    /// Tells which engine this is: versions of its parts, oldest and newest API version.
    system::Version = "SystemVersion", Get "/version" => Json<SystemVersion> {}
}

operation! {
    /// Tells how the engine is set up and what it holds.
    system::Info = "SystemInfo", Get "/info" => Json<SystemInfo> {}
}

operation! {
    /// Follows what happens in the engine. The head of the answer comes at once: from then on nothing is missed.
    /// Without `until` it goes on until it is dropped; silence may last hours.
    system::Events = "SystemEvents", Get "/events" => Values<EventMessage> {
        query {
            /// First replays what happened since this moment.
            since: Timestamp,
            /// Ends at this moment.
            until: Timestamp,
            /// Only events that fit: by `type`, `event`, `container`, `image`, `label` and others.
            filters: Filters,
        }
        patience Slow
    }
}
