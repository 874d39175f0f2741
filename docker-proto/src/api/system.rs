//! The engine itself.
//!
//! ```
//! use docker_proto::api::system::{DataUsage, Events};
//! use std::time::SystemTime;
//!
//! let events = Events::new().since(SystemTime::now()).filters([("type", "container"), ("event", "die")]);
//! let usage = DataUsage::new();
//! ```

use crate::model::Timestamp;
use crate::model::{AuthConfig, AuthResponse, EventMessage, Filters, SystemDataUsage, SystemInfo, SystemVersion};
use crate::op::{Done, Json, PingReply, Values};
use alloc::string::String;

operation! {
    /// Asks whether the engine is there, and what its header fields say of it.
    ///
    /// Needs no agreed API version; agreeing on one is done with it.
    ///
    /// Errors: 500 the engine is there and not well; its header fields hold all the same.
    ///
    /// Next: [`Version`] tells the oldest API version, which no header field does.
    system::Ping = "SystemPing", Get "/_ping" => PingReply { unversioned yes }
}

operation! {
    /// The same without a body. Engines before API 1.40 do not know it.
    ///
    /// Errors: 404 the engine is older; 500 it is not well.
    ///
    /// Next: [`Ping`], where this is not known.
    system::PingHead = "SystemPingHead", Head "/_ping" => PingReply { since 40 unversioned yes }
}

operation! {
    /// Tells which engine this is: versions of its parts, oldest and newest API version.
    ///
    /// Errors: 400 the API version in use is outside that range.
    ///
    /// Next: [`Info`] tells how it is set up.
    system::Version = "SystemVersion", Get "/version" => Json<SystemVersion> {}
}

operation! {
    /// Tells how the engine is set up and what it holds.
    ///
    /// Warnings in it name what the host cannot do.
    ///
    /// Errors: 500 the engine is not well.
    ///
    /// Next: [`DataUsage`] tells what takes space.
    system::Info = "SystemInfo", Get "/info" => Json<SystemInfo> {}
}

operation! {
    /// Tells what takes space on the engine's disk: images, containers, volumes, build cache.
    ///
    /// The engine measures volumes and containers for it, which can take minutes; ask only for the kinds that are
    /// wanted. Since API 1.52 the answer has sums, and lists only with `verbose`.
    ///
    /// Errors: 400 no such kind; 409 it is measuring already, for somebody else.
    ///
    /// Next: the prunes free space: [`containers::Prune`](crate::api::containers::Prune),
    /// [`images::Prune`](crate::api::images::Prune), [`volumes::Prune`](crate::api::volumes::Prune),
    /// [`build::Prune`](crate::api::build::Prune).
    system::DataUsage = "SystemDataUsage", Get "/system/df" => Json<SystemDataUsage> {
        query {
            /// Only these kinds: `container`, `image`, `volume`, `build-cache`.
            kind = "type": [String] since 42,
            /// Also lists what is summed up.
            verbose: bool since 52,
        }
        patience Slow
        since 25
    }
}

operation! {
    /// Checks an account with a registry.
    ///
    /// The engine keeps nothing: credentials go along with every call that needs them. A token in the answer, unless it
    /// is empty, replaces the password from then on. Registries without accounts take anything.
    ///
    /// Errors: 401 or 500 the registry refuses the account; 500 it cannot be reached.
    ///
    /// Next: [`RegistryAuth`](crate::op::RegistryAuth) carries the account to [`images::Pull`](crate::api::images::Pull)
    /// and [`images::Push`](crate::api::images::Push).
    system::Auth = "SystemAuth", Post "/auth" => Json<AuthResponse> {
        body AuthConfig;
        patience Slow
    }
}

operation! {
    /// Follows what happens in the engine.
    ///
    /// The head of the answer comes at once, a moment before the engine begins to listen: to miss nothing of what is
    /// done next, say `since` when that moment was. Without `until` it goes on until it is dropped; silence may last
    /// hours.
    ///
    /// Errors: 400 a time or filter that the engine does not take.
    ///
    /// Next: after a break, ask `since` the time of the last event and leave out what was seen.
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

operation! {
    /// Asks nothing: engines answer `OPTIONS` of any path with success.
    ///
    /// It shows that something speaks HTTP there, and is what browsers send before a request.
    ///
    /// Errors: none of its own.
    ///
    /// Next: [`Ping`] tells more.
    system::Options = "SystemOptions", Options "/{anyroute}" => Done {
        path {
            /// Any path, without the slash before it.
            anyroute: Route
        }
        undocumented yes
    }
}
