//! Checkpoints of containers; experimental.

use super::macros::model;
use alloc::string::String;

model! {
    /// A checkpoint to make.
    pub struct CheckpointCreateRequest {
        /// Its name.
        checkpoint_id: "CheckpointID" String since 1.25,
        /// Directory to keep it in, on the engine's host; with the container if there is none.
        checkpoint_dir: "CheckpointDir" String since 1.25,
        /// Stops the container afterwards; without it the container goes on.
        exit: "Exit" bool since 1.25,
    }

    /// A checkpoint of a container.
    pub struct Checkpoint {
        /// Its name.
        name: "Name" String since 1.25,
    }
}
