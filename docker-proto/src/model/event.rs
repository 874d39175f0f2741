//! Bodies of the event stream.

use super::macros::{model, open_enum};
use alloc::string::String;

open_enum! {
    /// A kind of object that events happen to.
    pub enum EventType {
        /// The build cache.
        Builder = "builder",
        /// A config of the swarm.
        Config = "config",
        /// A container.
        Container = "container",
        /// The engine.
        Daemon = "daemon",
        /// An image.
        Image = "image",
        /// A network.
        Network = "network",
        /// A node of the swarm.
        Node = "node",
        /// A plugin.
        Plugin = "plugin",
        /// A secret of the swarm.
        Secret = "secret",
        /// A service of the swarm.
        Service = "service",
        /// A volume.
        Volume = "volume",
    }

    /// How far an event reaches.
    pub enum EventScope {
        /// This engine.
        Local = "local",
        /// The whole swarm.
        Swarm = "swarm",
    }
}

model! {
    /// Something that happened on an engine.
    pub struct EventMessage {
        /// Kind of object it happened to.
        kind: "Type" EventType,
        /// What happened; open text, such as `exec_create: /bin/sh` or `health_status: healthy`.
        action: "Action" String,
        /// The object.
        actor: "Actor" EventActor,
        /// How far it reaches.
        scope: "scope" EventScope since 1.40,
        /// When, in seconds since 1970.
        time: "time" i64,
        /// When, in nanoseconds since 1970.
        time_nano: "timeNano" i64,
        /// Older form of the action; containers and images only.
        status: "status" String until 1.51,
        /// Older form of the object's id; containers and images only.
        id: "id" String until 1.51,
        /// Older form of a container's image.
        from: "from" String until 1.51,
    }

    /// The object of an event.
    pub struct EventActor {
        /// Its id; a name for images.
        id: "ID" String,
        /// Facts about it, its labels among them.
        attributes: "Attributes" {String},
    }
}
