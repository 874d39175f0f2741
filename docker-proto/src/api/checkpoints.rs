//! Checkpoints: the state of a container's processes, kept on the disk of the engine's host.
//!
//! Experimental: engines have them only with experimental features on and CRIU installed; others answer 404 or 501.

use crate::model::{Checkpoint, CheckpointCreateRequest};
use crate::op::{Done, Json};
use alloc::string::String;
use alloc::vec::Vec;

operation! {
    /// Lists the checkpoints of a container.
    ///
    /// Errors: 404 no such container, or no checkpoints in this engine; 501 experimental features are off.
    ///
    /// Next: [`containers::Start`](crate::api::containers::Start) restores one.
    checkpoints::List = "CheckpointList", Get "/containers/{id}/checkpoints" => Json<Vec<Checkpoint>> {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        query {
            /// Where they are on the engine's host, if not with the container.
            dir: String,
        }
        since 25
        undocumented yes
    }
}

operation! {
    /// Makes a checkpoint of a running container.
    ///
    /// Its processes are frozen meanwhile. With `exit` they end afterwards, killed, else they go on.
    ///
    /// Errors: 404 no such container, or no checkpoints in this engine; 409 it does not run, or the name is taken; 500
    /// CRIU failed; 501 experimental features are off.
    ///
    /// Next: [`containers::Start`](crate::api::containers::Start) with its name restores it, once the container has
    /// stopped.
    checkpoints::Create = "CheckpointCreate", Post "/containers/{id}/checkpoints" => Done {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container
        }
        body CheckpointCreateRequest;
        patience Slow
        status [201]
        since 25
        undocumented yes
    }
}

operation! {
    /// Removes a checkpoint of a container.
    ///
    /// Errors: 404 no such container, or no checkpoints in this engine; 500 no such checkpoint; 501 experimental
    /// features are off.
    ///
    /// Next: its name is free.
    checkpoints::Remove = "CheckpointDelete", Delete "/containers/{id}/checkpoints/{checkpoint}" => Done {
        path {
            /// The container: id, the beginning of one, or name.
            id: Container,
            /// Name of the checkpoint.
            checkpoint: Segment
        }
        query {
            /// Where it is on the engine's host, if not with the container.
            dir: String,
        }
        status [204]
        since 25
        undocumented yes
    }
}
