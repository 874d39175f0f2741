//! Configs: files that a swarm hands to tasks, and that are no secret. All of this is for managers.

use crate::model::{Config, ConfigCreateResponse, ConfigSpec, Filters};
use crate::op::{Done, Json};
use alloc::vec::Vec;

operation! {
    /// Lists the configs of the swarm, with their content.
    ///
    /// Errors: 400 an unknown filter; 503 the engine is no manager of a swarm.
    ///
    /// Next: name one in the `configs` of a service's [`ContainerSpec`](crate::model::ContainerSpec).
    configs::List = "ConfigList", Get "/configs" => Json<Vec<Config>> {
        query {
            /// Only those that fit: by `id`, `name`, `names`, `label`.
            filters: Filters,
        }
        since 30
    }
}

operation! {
    /// Makes a config and gives its id. The content cannot be changed afterwards.
    ///
    /// Errors: 400 no name, no content, or too much of it; 409 the name is taken; 503 the engine is no manager of a
    /// swarm.
    ///
    /// Next: name it in the `configs` of a service's [`ContainerSpec`](crate::model::ContainerSpec).
    configs::Create = "ConfigCreate", Post "/configs/create" => Json<ConfigCreateResponse> {
        body ConfigSpec;
        status [201]
        since 30
    }
}

operation! {
    /// Tells everything about one config, its content included.
    ///
    /// Errors: 404 no such config; 503 the engine is no manager of a swarm.
    ///
    /// Next: [`Update`] it with the `version` and the changed `spec` of the answer.
    configs::Inspect = "ConfigInspect", Get "/configs/{id}" => Json<Config> {
        path {
            /// The config: id or the beginning of one, or name.
            id: Segment
        }
        since 30
    }
}

operation! {
    /// Removes a config.
    ///
    /// Errors: 400 a service uses it; 404 no such config; 503 the engine is no manager of a swarm.
    ///
    /// Next: [`Create`] one of the same name with other content.
    configs::Remove = "ConfigDelete", Delete "/configs/{id}" => Done {
        path {
            /// The config: id or the beginning of one, or name.
            id: Segment
        }
        status [204]
        since 30
    }
}

operation! {
    /// Replaces the labels of a config. The rest of the settings must be what it is: start from those that [`Inspect`]
    /// gave.
    ///
    /// Errors: 400 something else than labels was changed; 404 no such config; 500 `update out of sequence`: it changed
    /// since, inspect again; 503 the engine is no manager of a swarm.
    ///
    /// Next: for other content, [`Create`] another config and [update](crate::api::services::Update) the services.
    configs::Update = "ConfigUpdate", Post "/configs/{id}/update" => Done {
        path {
            /// The config: id or the beginning of one, or name.
            id: Segment
        }
        required {
            /// The `index` of the config's `version`.
            version: u64,
        }
        body ConfigSpec;
        since 30
    }
}

handle! {
    /// A config: its id, the beginning of one, or its name.
    Handle from [ConfigCreateResponse] {
        inspect => Inspect,
        remove => Remove,
        update(version: u64, body: impl Into<ConfigSpec>) => Update,
    }
}
