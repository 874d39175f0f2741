//! The verb for several operations in a row.

use crate::wait::finish;
use crate::{Docker, Result};
use docker_proto::drive::Caller;
use docker_proto::jobs::Job;

impl Docker {
    /// Does a [job](crate::jobs): several operations in a row. Those that it does at the same time share this thread.
    ///
    /// ```no_run
    /// # fn example(docker: docker_blocking::Docker) -> docker_blocking::Result<()> {
    /// use docker_blocking::{api::containers::List, jobs::list_detailed};
    ///
    /// for container in docker.job(list_detailed(List::new().all(true)))? {
    ///     println!("{:?} {:?}", container.name, container.args);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// Those of the job.
    pub fn job<J: Job>(&self, job: J) -> Result<J::Output> {
        let caller = Caller::new(self.runtime.clone(), self.runtime.0.client.clone(), self.options.clone());
        match self.canceller.clone() {
            None => finish(job.run(&caller)),
            Some(canceller) => finish(job.until(canceller).run(&caller)),
        }
    }
}
