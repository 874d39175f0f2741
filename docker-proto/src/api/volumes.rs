//! Volumes: data that outlives containers.
//!
//! ```
//! use docker_proto::api::volumes::{Create, Prune, Remove};
//! use docker_proto::model::VolumeCreateRequest;
//!
//! let create = Create::new(VolumeCreateRequest::new().name("data").labels([("app", "db")]));
//! let unused = Prune::new().filters([("label", "app=db")]);
//! let remove = Remove::new("data");
//! ```

use crate::model::{
    Filters, Timestamp, Volume, VolumeCreateRequest, VolumeListResponse, VolumePruneResponse, VolumeScope,
    VolumeUpdateBody,
};
use crate::op::{Done, Json};
use alloc::collections::BTreeMap;
use alloc::string::String;

operation! {
    /// Lists volumes.
    ///
    /// A driver that does not answer is named among the warnings, and its volumes are missing.
    ///
    /// Errors: 400 a filter that the engine does not know, or whose value it does not take.
    ///
    /// Next: [`Inspect`] tells what a driver has to say about one.
    volumes::List = "VolumeList", Get "/volumes" => Json<VolumeListResponse> {
        query {
            /// Only those that fit: by `name`, `driver`, `label`, or `dangling`, those nobody uses.
            filters: Filters,
        }
    }
}

operation! {
    /// Makes a volume. One that is there already with the same driver is given as it is.
    ///
    /// Errors: 400 a name or an option that makes no sense; 404 no such driver; 409 the name is taken by another
    /// driver.
    ///
    /// Next: mount it into a container by its name.
    volumes::Create = "VolumeCreate", Post "/volumes/create" => Json<Volume> {
        body VolumeCreateRequest;
        patience Slow
        status [201]
    }
}

operation! {
    /// Tells everything about one volume.
    ///
    /// Errors: 404 no such volume.
    ///
    /// Next: [`Remove`] it when nobody uses it any more.
    volumes::Inspect = "VolumeInspect", Get "/volumes/{name}" => Json<Volume> {
        path {
            /// The volume: its name, or the id of a volume of the swarm.
            name: Segment
        }
    }
}

operation! {
    /// Removes a volume and all its data.
    ///
    /// Errors: 404 no such volume; 409 a container uses it, also one that does not run.
    ///
    /// Next: the data is gone.
    volumes::Remove = "VolumeDelete", Delete "/volumes/{name}" => Done {
        path {
            /// The volume: its name, or the id of a volume of the swarm.
            name: Segment
        }
        query {
            /// Forgets it even if its driver cannot remove it. Does not help against containers that use it.
            force: bool since 25,
        }
        patience Slow
        status [204]
    }
}

operation! {
    /// Removes volumes that no container uses, and tells which and how many bytes that freed.
    ///
    /// Since API 1.42 only anonymous ones, unless the filter `all` is true; below, all of them. If the call is given up,
    /// the engine stops part-way.
    ///
    /// Errors: 400 a filter that the engine does not know; 409 another prune of volumes is going on.
    ///
    /// Next: the data is gone.
    volumes::Prune = "VolumePrune", Post "/volumes/prune" => Json<VolumePruneResponse> {
        query {
            /// Only those that fit: by `label`; `all` set to `true` takes those with a name as well.
            filters: Filters,
        }
        patience Slow
        since 25
    }
}

operation! {
    /// Changes a volume that a swarm manages. Nothing but its availability can be changed; the rest of the settings is
    /// ignored. Only for managers.
    ///
    /// Errors: 404 no such volume of the swarm; 500 `update out of sequence`: it changed since, inspect again; 503 the
    /// engine is no manager of a swarm.
    ///
    /// Next: [`tasks::List`](crate::api::tasks::List) shows how tasks move away from a drained volume.
    volumes::Update = "VolumeUpdate", Put "/volumes/{name}" => Done {
        path {
            /// The volume: the id in its `cluster_volume`. Engines do not find it by its name.
            name: Segment
        }
        required {
            /// The `index` of the `version` in its `cluster_volume`.
            version: u64,
        }
        body VolumeUpdateBody;
        since 42
    }
}

handle! {
    /// A volume: its name, or the id of a volume of the swarm.
    Handle {
        inspect => Inspect,
        remove => Remove,
        update(version: u64, body: impl Into<VolumeUpdateBody>) => Update,
    }
}

snapshot! {
    /// What a volume was when it was asked about. Its name is its id.
    Snapshot: Inspect => Volume {
        /// Its name.
        name: String,
        /// Its driver.
        driver: String,
        /// Its content, as a path on the engine's host; empty where the driver hides it.
        mountpoint: String,
        /// How far it reaches.
        scope: VolumeScope,
        /// Its labels.
        labels: BTreeMap<String, String>,
        /// When it was made; `None` below API 1.31.
        created: Option<Timestamp>,
    }
}

impl From<Volume> for Snapshot {
    #[inline]
    fn from(said: Volume) -> Self {
        let name = said.name.unwrap_or_default();
        Self {
            handle: named(&*name),
            name,
            driver: said.driver.unwrap_or_default(),
            mountpoint: said.mountpoint.unwrap_or_default(),
            scope: said.scope.unwrap_or_default(),
            labels: said.labels,
            created: said.created_at.as_deref().and_then(|text| Timestamp::parse(text).ok()),
        }
    }
}
