//! Secrets: content that a swarm hands to tasks and shows to nobody else. On Docker all of this is for managers; podman
//! has secrets of its own, without a swarm.
//!
//! ```
//! use docker_proto::api::secrets::Create;
//! use docker_proto::model::SecretSpec;
//!
//! let create = Create::new(SecretSpec::new().name("key").data("the content itself, not base64"));
//! assert!(!format!("{create:?}").contains("content itself"));
//! ```

use crate::model::{Filters, Secret, SecretCreateResponse, SecretSpec};
use crate::op::{Done, Json};
use alloc::vec::Vec;

operation! {
    /// Lists the secrets of the swarm, without their content.
    ///
    /// Errors: 400 an unknown filter; 503 the engine is no manager of a swarm.
    ///
    /// Next: name one in the `secrets` of a service's [`ContainerSpec`](crate::model::ContainerSpec).
    secrets::List = "SecretList", Get "/secrets" => Json<Vec<Secret>> {
        query {
            /// Only those that fit: by `id`, `name`, `names`, `label`.
            filters: Filters,
        }
        since 25
    }
}

operation! {
    /// Makes a secret and gives its id. The content cannot be read back, nor changed.
    ///
    /// Errors: 400 no name, no content, or too much of it; 409 the name is taken; 503 the engine is no manager of a
    /// swarm.
    ///
    /// Next: name it in the `secrets` of a service's [`ContainerSpec`](crate::model::ContainerSpec).
    secrets::Create = "SecretCreate", Post "/secrets/create" => Json<SecretCreateResponse> {
        body SecretSpec;
        status [201]
        since 25
    }
}

operation! {
    /// Tells everything about one secret but its content.
    ///
    /// Errors: 404 no such secret; 503 the engine is no manager of a swarm.
    ///
    /// Next: [`Update`] it with the `version` and the changed `spec` of the answer.
    secrets::Inspect = "SecretInspect", Get "/secrets/{id}" => Json<Secret> {
        path {
            /// The secret: id or the beginning of one, or name.
            id: Segment
        }
        since 25
    }
}

operation! {
    /// Removes a secret.
    ///
    /// Errors: 400 a service uses it; 404 no such secret; 503 the engine is no manager of a swarm.
    ///
    /// Next: [`Create`] one of the same name with other content.
    secrets::Remove = "SecretDelete", Delete "/secrets/{id}" => Done {
        path {
            /// The secret: id or the beginning of one, or name.
            id: Segment
        }
        status [204]
        since 25
    }
}

operation! {
    /// Replaces the labels of a secret. The rest of the settings must be what it is, the content left out: start from
    /// those that [`Inspect`] gave.
    ///
    /// Errors: 400 something else than labels was changed; 404 no such secret; 500 `update out of sequence`: it changed
    /// since, inspect again; 501 podman cannot; 503 the engine is no manager of a swarm.
    ///
    /// Next: for other content, [`Create`] another secret and [update](crate::api::services::Update) the services.
    secrets::Update = "SecretUpdate", Post "/secrets/{id}/update" => Done {
        path {
            /// The secret: id or the beginning of one, or name.
            id: Segment
        }
        required {
            /// The `index` of the secret's `version`.
            version: u64,
        }
        body SecretSpec;
        since 25
        described 26
    }
}

handle! {
    /// A secret: its id, the beginning of one, or its name.
    Handle from [SecretCreateResponse] {
        inspect => Inspect,
        remove => Remove,
        update(version: u64, body: impl Into<SecretSpec>) => Update,
    }
}
