//! The verb for several operations in a row.

use crate::{Docker, Result};
use docker_proto::drive::Caller;
use docker_proto::jobs::Job;

impl Docker {
    /// Does a [job](crate::jobs): several operations in a row.
    ///
    /// ```no_run
    /// # async fn example(docker: docker_smol::Docker) -> docker_smol::Result<()> {
    /// use docker_smol::{api::containers::List, jobs::list_detailed};
    ///
    /// for container in docker.job(list_detailed(List::new().all(true))).await? {
    ///     println!("{:?} {:?}", container.name, container.args);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// Those of the job.
    pub async fn job<J: Job>(&self, job: J) -> Result<J::Output> {
        let caller = Caller::new(self.runtime.clone(), self.runtime.0.client.clone(), self.options.clone());
        job.run(&caller).await
    }
}
