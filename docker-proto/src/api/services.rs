//! Services of a swarm: tasks that it keeps running. All of this is for managers.
//!
//! ```
//! use docker_proto::api::services::{Create, Logs, Update};
//! use docker_proto::model::{ContainerSpec, ServiceSpec, TaskSpec};
//!
//! let spec = ServiceSpec::new()
//!     .name("web")
//!     .task_template(TaskSpec::new().container_spec(ContainerSpec::new().image("nginx").env(["A=b"])));
//! let create = Create::new(spec.clone());
//! // The version is that of the service as it was inspected; an update that comes too late is refused.
//! let update = Update::new("web", 42, spec);
//! let logs = Logs::new("web").stdout(true).stderr(true).tail("100");
//! ```

use crate::model::{
    EndpointPortConfig, Filters, Service, ServiceCreateResponse, ServiceSpec, ServiceUpdateResponse, Timestamp,
    UpdateState,
};
use crate::op::{Done, Json, OutputStream, RegistryAuth};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

operation! {
    /// Lists the services of the swarm.
    ///
    /// Errors: 400 an unknown filter; 503 the engine is no manager of a swarm.
    ///
    /// Next: [`tasks::List`](crate::api::tasks::List) with the filter `service` shows where one runs.
    services::List = "ServiceList", Get "/services" => Json<Vec<Service>> {
        query {
            /// Only those that fit: by `id`, `name`, `label`, `mode`.
            filters: Filters,
            /// Also how many tasks of each run and should run, in `service_status`.
            status: bool since 41,
        }
    }
}

operation! {
    /// Makes a service. Answers once the swarm has it: its tasks start afterwards, and an image that cannot be pulled
    /// shows in them only.
    ///
    /// Errors: 400 settings that do not fit, such as a secret that is not there; 403 a network that services may not
    /// use; 404 a network that is not there; 409 the name is taken; 503 the engine is no manager of a swarm.
    ///
    /// Next: [`tasks::List`](crate::api::tasks::List) with the filter `service` until they run; [`Logs`].
    services::Create = "ServiceCreate", Post "/services/create" => Json<ServiceCreateResponse> {
        header {
            /// Credentials for the image's registry, which the swarm keeps for the nodes that pull it.
            registry_auth = "X-Registry-Auth": RegistryAuth,
        }
        body ServiceSpec;
        status [201]
    }
}

operation! {
    /// Tells everything about one service.
    ///
    /// Errors: 404 no such service; 503 the engine is no manager of a swarm.
    ///
    /// Next: [`Update`] it with the `version` and the changed `spec` of the answer.
    services::Inspect = "ServiceInspect", Get "/services/{id}" => Json<Service> {
        path {
            /// The service: id or the beginning of one, or name.
            id: Segment
        }
        query {
            /// Fills in the defaults of what is unset. Do not send such settings back.
            insert_defaults = "insertDefaults": bool since 29,
        }
    }
}

operation! {
    /// Removes a service. Its tasks are stopped afterwards, each with its own grace.
    ///
    /// Errors: 404 no such service; 503 the engine is no manager of a swarm.
    ///
    /// Next: [`tasks::List`](crate::api::tasks::List) with the filter `service` until none is left.
    services::Remove = "ServiceDelete", Delete "/services/{id}" => Done {
        path {
            /// The service: id or the beginning of one, or name.
            id: Segment
        }
    }
}

operation! {
    /// Replaces the settings of a service, all of them: start from those that [`Inspect`] gave. Answers once the swarm
    /// has them; tasks are replaced afterwards, as `update_config` says, if what they run has changed.
    ///
    /// Errors: 400 settings that do not fit; 404 no such service, or a network that is not there; 500 `update out of
    /// sequence`: it changed since, inspect again; 503 the engine is no manager of a swarm.
    ///
    /// Next: [`Inspect`] tells in `update_status` how far it is.
    services::Update = "ServiceUpdate", Post "/services/{id}/update" => Json<ServiceUpdateResponse> {
        path {
            /// The service: id or the beginning of one, or name.
            id: Segment
        }
        required {
            /// The `index` of the service's `version`.
            version: u64,
        }
        query {
            /// Whose credentials stay if none are sent: those of `spec`, which is usual, or of `previous-spec`.
            registry_auth_from = "registryAuthFrom": String since 25,
            /// `previous` puts back the settings before the last update; those in the body are ignored then.
            rollback: String since 28,
        }
        header {
            /// Credentials for the image's registry. Send them again with every update that may need them.
            registry_auth = "X-Registry-Auth": RegistryAuth,
        }
        body ServiceSpec;
    }
}

operation! {
    /// Reads what the tasks of a service wrote, and with `follow` goes on with what they write. At least one of
    /// `stdout` and `stderr` must be asked for. Lines of different tasks come in no certain order; `details` tells them
    /// apart. Experimental up to API 1.28.
    ///
    /// If the service has a terminal, both streams of all tasks are one and unframed. Below API 1.42 the service is
    /// inspected first to know that; [`tty`](Self::tty) saves it.
    ///
    /// Errors: 404 no such service; 500 no stream was asked for; 503 the engine is no manager of a swarm. One in the
    /// middle ends the output.
    ///
    /// Next: [`tasks::Logs`](crate::api::tasks::Logs) for one task alone.
    services::Logs = "ServiceLogs", Get "/services/{id}/logs" => OutputStream {
        path {
            /// The service: id or the beginning of one, or name.
            id: Segment
        }
        query {
            /// Puts the task's node, service and id, and the log's labels, before every line.
            details: bool,
            /// Goes on until dropped.
            follow: bool,
            /// What they wrote to stdout; everything, if there is a terminal.
            stdout: bool,
            /// What they wrote to stderr.
            stderr: bool,
            /// Only what was written at this moment or later.
            since: Timestamp,
            /// Puts the time before every line, in RFC 3339 with nine digits.
            timestamps: bool,
            /// Only so many of the last lines of each task, or `all`.
            tail: String,
        }
        framed Service
        patience Slow
        since 25
    }
}

handle! {
    /// A service: its id, the beginning of one, or its name.
    Handle from [ServiceCreateResponse] {
        inspect => Inspect,
        remove => Remove,
        update(version: u64, body: impl Into<ServiceSpec>) => Update,
        logs => Logs,
    }
}

snapshot! {
    /// What a service was when it was asked about.
    Snapshot: Inspect => Service {
        /// Its name.
        name: String,
        /// The number that an [`Update`] must name.
        version: u64,
        /// The image that its tasks run, if they run one.
        image: Option<String>,
        /// How many tasks it shall have, if that is a number.
        replicas: Option<i64>,
        /// How far its last update is; `None` if there was none.
        update_state: Option<UpdateState>,
        /// Its labels.
        labels: BTreeMap<String, String>,
        /// The ports it publishes.
        ports: Vec<EndpointPortConfig>,
    }
}

impl From<Service> for Snapshot {
    #[inline]
    fn from(said: Service) -> Self {
        let spec = said.spec.unwrap_or_default();
        let container = spec.task_template.unwrap_or_default().container_spec.unwrap_or_default();
        Self {
            handle: named(said.id.unwrap_or_default()),
            name: spec.name.unwrap_or_default(),
            version: said.version.and_then(|v| v.index).unwrap_or_default(),
            image: container.image,
            replicas: spec.mode.unwrap_or_default().replicated.and_then(|r| r.replicas),
            update_state: said.update_status.and_then(|u| u.state),
            labels: spec.labels,
            ports: said.endpoint.unwrap_or_default().ports,
        }
    }
}
