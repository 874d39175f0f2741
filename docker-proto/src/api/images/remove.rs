//! Removing images.

use crate::model::{Filters, ImageDeleteResponseItem, ImagePruneResponse};
use crate::op::{Json, PlatformJson};
use alloc::vec::Vec;

operation! {
    /// Removes an image, or one of its names.
    ///
    /// A name is taken away; the image goes with its last name. Layers that other images need stay.
    ///
    /// Errors: 404 no such image; 409 a container uses it, or an id was given and it has several names: `force` helps
    /// unless the container runs.
    ///
    /// Next: the answer tells what went; [`Prune`] removes whatever is left without use.
    images::Remove = "ImageDelete", Delete "/images/{name}" => Json<Vec<ImageDeleteResponseItem>> {
        path {
            /// The image: a name with tag or digest, or an id.
            name: Image
        }
        query {
            /// Even if stopped containers use it or it has several names.
            force: bool,
            /// Keeps the untagged parents.
            noprune: bool,
            /// Only these platforms of it.
            platforms: [PlatformJson] since 50,
        }
        patience Slow
    }
}

operation! {
    /// Removes images that no container uses, and tells which and how many bytes that freed.
    ///
    /// Only those without a name, unless the filter `dangling` is false. If the call is given up, the engine stops
    /// part-way.
    ///
    /// Errors: 400 a filter that the engine does not know; 409 another prune of images is going on.
    ///
    /// Next: [`build::Prune`](crate::api::build::Prune) frees what builds keep.
    images::Prune = "ImagePrune", Post "/images/prune" => Json<ImagePruneResponse> {
        query {
            /// Only those that fit: by `dangling`, by `until`, a time or an age, and by `label`.
            filters: Filters,
        }
        patience Slow
        since 25
    }
}
