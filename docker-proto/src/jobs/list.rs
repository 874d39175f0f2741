//! Lists with everything about each.

use super::together::together;
use super::{Job, Verbs};
use crate::Result;
use crate::api::containers::{Inspect, List};
use crate::model::ContainerInspectResponse;
use alloc::string::String;
use alloc::vec::Vec;

/// How many are inspected at the same time.
const AT_A_TIME: usize = 8;

/// Lists containers and inspects each: everything about all of them, in the order of the list.
///
/// What is removed between the list and its inspect is left out. Sizes are computed if the list is asked for them.
///
/// ```no_run
/// use docker_proto::api::containers::{List, Snapshot};
/// use docker_proto::jobs::list_detailed;
///
/// let job = list_detailed(List::new().all(true)); // docker.job(job)
/// ```
#[must_use]
#[inline]
pub fn list_detailed(list: List) -> ListDetailed {
    ListDetailed { list }
}

/// See [`list_detailed`].
#[derive(Clone, Debug)]
pub struct ListDetailed {
    list: List,
}

impl Job for ListDetailed {
    type Output = Vec<ContainerInspectResponse>;

    #[inline]
    async fn run<V: Verbs>(self, docker: &V) -> Result<Self::Output> {
        let size = self.list.size;
        let listed = docker.call(self.list).await?;
        let ids = listed.into_iter().filter_map(|container| container.id);
        let all = together(AT_A_TIME, ids.map(|id| inspect(docker, id, size))).await?;
        Ok(all.into_iter().flatten().collect())
    }
}

/// Everything about a container; `None` if it is gone.
#[inline]
async fn inspect<V: Verbs>(docker: &V, id: String, size: Option<bool>) -> Result<Option<ContainerInspectResponse>> {
    let mut inspect = Inspect::new(id);
    inspect.size = size;
    match docker.call(inspect).await {
        Ok(container) => Ok(Some(container)),
        Err(e) if e.is_not_found() => Ok(None),
        Err(e) => Err(e),
    }
}
