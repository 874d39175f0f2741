//! What concerns all containers at once.

use crate::model::{ContainerPruneResponse, ContainerSummary, Filters};
use crate::op::Json;
use alloc::string::String;
use alloc::vec::Vec;

operation! {
    /// Lists containers: the running ones, or all.
    ///
    /// The list is a snapshot: what it names may be gone by the next call.
    ///
    /// Errors: 400 a filter that the engine does not know, or whose value it does not take.
    ///
    /// Next: [`Inspect`](super::Inspect) tells everything about one.
    containers::List = "ContainerList", Get "/containers/json" => Json<Vec<ContainerSummary>> {
        query {
            /// Also those that do not run.
            all: bool,
            /// At most so many, the youngest first, in whatever state.
            limit: i64,
            /// Also computes the sizes of their file systems, which takes the engine a while.
            size: bool,
            /// Only those that fit: by `status`, `label`, `name`, `ancestor` and others.
            filters: Filters,
            /// Only those created before this one.
            before: String until 51,
            /// Only those created after this one.
            since: String until 51,
        }
    }
}

operation! {
    /// Removes every container that does not run, and tells which and how many bytes that freed.
    ///
    /// Containers that were made and not started yet count as not running. If the call is given up, the engine stops
    /// part-way: what is gone by then stays gone.
    ///
    /// Errors: 400 a filter that the engine does not know; 409 another prune of containers is going on.
    ///
    /// Next: [`images::Prune`](crate::api::images::Prune) removes the images that nobody uses any more.
    containers::Prune = "ContainerPrune", Post "/containers/prune" => Json<ContainerPruneResponse> {
        query {
            /// Only those that fit: by `until`, a time or an age, and by `label`.
            filters: Filters,
        }
        patience Slow
        since 25
    }
}
