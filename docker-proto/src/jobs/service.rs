//! Services of a swarm that are changed, and followed until the change is done.

use super::race::within;
use super::service_spec::{ATTEMPTS, Look, Whole, is_late};
use super::service_undo::Made;
use super::{Job, Verbs};
use crate::api::{services, tasks};
use crate::model::{Service, ServiceMode, ServiceSpec, Task, TaskState, TaskStatus, UpdateState, UpdateStatus};
use crate::op::RegistryAuth;
use crate::{Error, ErrorKind, Result};
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(200);
/// How long tasks must run, unless the swarm itself watches them.
const STABLE: Duration = Duration::from_secs(1);

/// Changes the settings of a service of a swarm, and waits until all its tasks run with them.
///
/// The change is made to all the settings that the service has, those that this crate does not know included. If somebody
/// else changed the service meanwhile it is made again, to the new settings. What is changed by nothing is not sent.
///
/// Then the swarm replaces tasks, as the service's `update_config` says; the job follows until that is done, for as long
/// as it takes, unless there is a [`timeout`](UpdateService::timeout). An update that is paused or rolled back, because
/// tasks failed, is an error.
///
/// [Called off](Job::until), it puts the settings back, with the credentials that belong to them, and does not wait until
/// the swarm has replaced the tasks that it had replaced; see [`keep`](UpdateService::keep). If somebody else changed the
/// service since, that is left alone, and the error says so. Dropping the job, the timeout and any other failure end the
/// following only: the swarm goes on; [`rollback_service`] puts the settings back. (That swaps two sets of settings: after
/// a change was called off, or put back, it makes it again.)
///
/// ```no_run
/// use docker_proto::jobs::update_service;
///
/// let job = update_service("web", |mut spec| {
///     if let Some(container) = spec.task_template.as_mut().and_then(|task| task.container_spec.as_mut()) {
///         container.image = Some("nginx:1.29".into());
///     }
///     spec
/// });
/// // let updated = docker.job(job.watch(|status| println!("{:?}", status.message))).await?;
/// ```
///
/// Errors: [`InStream`](ErrorKind::InStream), with the swarm's words, if it is paused or rolled back;
/// [`Timeout`](ErrorKind::Timeout), with the last error of a task; 404 no such service; 503 the engine is no manager of a
/// swarm.
#[inline]
pub fn update_service(
    service: impl Into<String>,
    change: impl FnMut(ServiceSpec) -> ServiceSpec + Send + 'static,
) -> UpdateService {
    UpdateService::new(service.into(), Change::To(Box::new(change)))
}

/// Changes how many tasks a service has: as [`update_service`], for services that have replicas.
///
/// ```no_run
/// let job = docker_proto::jobs::scale_service("web", 3); // docker.job(job)
/// ```
#[inline]
pub fn scale_service(service: impl Into<String>, replicas: u32) -> UpdateService {
    UpdateService::new(service.into(), Change::Scale(replicas.into()))
}

/// Replaces all tasks of a service, although nothing was changed: as [`update_service`].
///
/// ```no_run
/// let job = docker_proto::jobs::force_update_service("web"); // docker.job(job)
/// ```
#[inline]
pub fn force_update_service(service: impl Into<String>) -> UpdateService {
    UpdateService::new(service.into(), Change::Force)
}

/// Puts the settings before the last update back, and waits until all tasks run with them: as [`update_service`].
///
/// ```no_run
/// let job = docker_proto::jobs::rollback_service("web"); // docker.job(job)
/// ```
#[inline]
pub fn rollback_service(service: impl Into<String>) -> UpdateService {
    UpdateService::new(service.into(), Change::Back)
}

/// See [`update_service`].
#[must_use = "a job does nothing until `docker.job(..)` does it"]
pub struct UpdateService {
    service: String,
    change: Change,
    auth: Option<RegistryAuth>,
    timeout: Option<Duration>,
    keep: bool,
    watch: Option<Watch>,
}

enum Change {
    To(Box<dyn FnMut(ServiceSpec) -> ServiceSpec + Send>),
    Scale(i64),
    Force,
    Back,
}

type Watch = Box<dyn FnMut(UpdateStatus) + Send>;

/// A service that was changed.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Updated {
    /// All about it, as it is now.
    pub service: Service,
    /// Whether there was anything to change.
    pub changed: bool,
    /// What the engine ignored or changed, for people.
    pub warnings: Vec<String>,
}

impl UpdateService {
    #[inline]
    fn new(service: String, change: Change) -> Self {
        Self { service, change, auth: None, timeout: None, keep: false, watch: None }
    }

    /// Credentials for the image's registry. Without them those that it had stay.
    #[inline]
    pub fn auth(mut self, auth: impl Into<RegistryAuth>) -> Self {
        self.auth = Some(auth.into());
        self
    }

    /// How long its tasks may take. The update goes on in the swarm after that.
    #[inline]
    pub fn timeout(mut self, time: Duration) -> Self {
        self.timeout = Some(time);
        self
    }

    /// Leaves the change to the swarm if the job is called off, as the docker command does at ctrl-c. If nothing is said it is
    /// put back.
    #[inline]
    pub fn keep(mut self, keep: bool) -> Self {
        self.keep = keep;
        self
    }

    /// Shows how it goes on, each time the swarm says something else.
    #[inline]
    pub fn watch(mut self, watch: impl FnMut(UpdateStatus) + Send + 'static) -> Self {
        self.watch = Some(Box::new(watch));
        self
    }

    /// Sends the change, as often as others come before it. `None` if there is nothing to change.
    #[inline]
    async fn send<V: Verbs>(&mut self, docker: &V) -> Result<Option<(Made, Vec<String>)>> {
        let mut attempt = 1;
        loop {
            let look = Look::at(docker, &self.service).await?;
            let (index, before) = look.settings(&self.service)?;
            let after = self.changed(before.clone())?;
            let is_back = matches!(self.change, Change::Back);
            if after == before && !is_back {
                return Ok(None);
            }
            let mut update = services::Update::new(&*self.service, index, after);
            update.registry_auth = self.auth.clone();
            if is_back {
                update = update.rollback("previous");
            }
            let raw = look.spec();
            match docker.make(Whole::new(update, raw.clone(), &before)?).await {
                Err(e) if attempt < ATTEMPTS && is_late(&e) => attempt += 1,
                done => return Ok(Some((Made::new(&self.service, raw.clone()), done?.warnings))),
            }
        }
    }

    #[inline]
    fn changed(&mut self, mut spec: ServiceSpec) -> Result<ServiceSpec> {
        match &mut self.change {
            Change::To(change) => return Ok(change(spec)),
            Change::Scale(replicas) => {
                let replicated = spec.mode.get_or_insert_default();
                if *replicated == ServiceMode::default() {
                    replicated.replicated = Some(Default::default());
                }
                let Some(replicated) = &mut replicated.replicated else {
                    return Err(Error::usage(format!("the service {:?} has no replicas to be scaled", self.service)));
                };
                replicated.replicas = Some(*replicas);
            }
            Change::Force => {
                let task = spec.task_template.get_or_insert_default();
                task.force_update = Some(task.force_update.unwrap_or_default().wrapping_add(1));
            }
            Change::Back => {}
        }
        Ok(spec)
    }

    /// Waits until the tasks are what the settings say. `late` is why they are not yet.
    #[inline]
    async fn follow<V: Verbs>(&mut self, docker: &V, made: &mut Made, late: &mut String) -> Result<Service> {
        let may_go_back = matches!(self.change, Change::Back);
        let (mut shown, mut runs_for, mut why) = (None, Duration::ZERO, None);
        loop {
            let look = Look::at(docker, &self.service).await?;
            made.see(&look);
            let service = look.service;
            let status = service.update_status.clone().unwrap_or_default();
            if service.update_status.is_some() && shown.as_ref() != Some(&status) {
                if let Some(watch) = &mut self.watch {
                    watch(status.clone());
                }
                shown = Some(status.clone());
            }
            let said = status.message.unwrap_or_default();
            if status.state == Some(UpdateState::RollbackStarted) {
                // In the end it only says that it was rolled back.
                why = Some(said.clone());
            }
            let is_over = match &status.state {
                Some(UpdateState::Completed) => true,
                Some(UpdateState::RollbackCompleted) if may_go_back => true,
                Some(state) => {
                    let how = match state {
                        UpdateState::RollbackCompleted => "was rolled back",
                        UpdateState::Paused => "was paused",
                        UpdateState::RollbackPaused => "was to be rolled back, and that was paused",
                        _ => "",
                    };
                    if !how.is_empty() {
                        return Err(failed(docker, &self.service, how, &why.unwrap_or(said)).await);
                    }
                    false
                }
                None => false,
            };
            let filters = [("service", &*self.service), ("_up-to-date", "true")];
            let tasks = docker.call(tasks::List::new().filters(filters)).await?;
            let runs = all_run(&service, &tasks, late);
            runs_for = if runs { runs_for + PAUSE } else { Duration::ZERO };
            // Without a word of the swarm there was no task to replace, or it has not begun.
            if runs && (is_over || (status.state.is_none() && runs_for > STABLE)) {
                return Ok(service);
            }
            docker.sleep(PAUSE).await;
        }
    }
}

/// The error of an update that failed, with what the swarm and the last task that failed say.
#[inline]
async fn failed<V: Verbs>(docker: &V, service: &str, how: &str, why: &str) -> Error {
    let message = format!("the update of the service {service:?} {how}: {why}");
    let tasks = docker.call(tasks::List::new().filters([("service", service)])).await.unwrap_or_default();
    let failed = tasks.iter().filter_map(|task| task.status.as_ref()).filter(|status| is_wrong(status));
    let task = failed.max_by_key(|status| status.timestamp.clone()).and_then(|status| status.err.as_deref());
    Error::new(ErrorKind::InStream, message + &task.map_or_else(String::new, |e| format!("; a task failed: {e}")))
}

#[inline]
fn is_wrong(status: &TaskStatus) -> bool {
    status.err.as_ref().is_some_and(|e| !e.is_empty())
}

/// Whether so many tasks run as the settings want; those that are of older settings are not among them. `late` is what
/// is missing.
#[inline]
fn all_run(service: &Service, tasks: &[Task], late: &mut String) -> bool {
    let spec = service.spec.as_ref();
    let mode = spec.and_then(|spec| spec.mode.clone()).unwrap_or_default();
    let state = |task: &Task| task.status.as_ref().and_then(|status| status.state.clone());
    let is_wanted = |task: &&Task| matches!(task.desired_state, Some(TaskState::Running | TaskState::Complete));
    let is = |wanted: &[TaskState]| {
        tasks.iter().filter(is_wanted).filter(|task| state(task).is_some_and(|s| wanted.contains(&s))).count()
    };
    let (have, want) = if let Some(job) = mode.replicated_job {
        // One total is as many as may run at once, if it is not said.
        let want = job.total_completions.or(job.max_concurrent).unwrap_or(1);
        let done = tasks.iter().filter(|task| state(task) == Some(TaskState::Complete)).count();
        (done, usize::try_from(want).unwrap_or(0))
    } else if mode.global.is_some() || mode.global_job.is_some() {
        let wanted = tasks.iter().filter(is_wanted).count();
        (is(&[TaskState::Running, TaskState::Complete]), wanted.max(1))
    } else {
        let replicas = mode.replicated.and_then(|replicated| replicated.replicas).unwrap_or(1);
        (is(&[TaskState::Running]), usize::try_from(replicas).unwrap_or(0))
    };
    let wrong = tasks.iter().filter_map(|task| task.status.as_ref()).find(|status| is_wrong(status));
    let wrong = wrong.and_then(|status| status.err.as_deref());
    *late = format!("{have} of {want} tasks run{}", wrong.map_or_else(String::new, |e| format!("; one failed: {e}")));
    have == want
}

impl Job for UpdateService {
    type Output = Updated;

    #[inline]
    async fn run<V: Verbs>(mut self, docker: &V) -> Result<Updated> {
        let name = self.service.clone();
        let Some((mut made, warnings)) = self.send(docker).await? else {
            let service = docker.call(services::Inspect::new(&*name)).await?;
            return Ok(Updated { service, changed: false, warnings: Vec::new() });
        };
        let (keep, timeout, mut late) = (self.keep, self.timeout, String::new());
        let follow = self.follow(docker, &mut made, &mut late);
        let done = match timeout {
            None => follow.await,
            Some(time) => within(docker, time, follow).await.unwrap_or_else(|| {
                let message = format!("the service {name:?} is not updated after {time:?}: {late}");
                Err(Error::new(ErrorKind::Timeout, message))
            }),
        };
        match done {
            Ok(service) => Ok(Updated { service, changed: true, warnings }),
            Err(e) if keep || docker.still_wanted().is_ok() => Err(e),
            Err(e) => match made.undo(docker).await {
                Ok(()) => Err(e),
                Err(why) => Err(e.with_note(&format!("; and the change was not undone: {why}"))),
            },
        }
    }
}

impl fmt::Debug for UpdateService {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpdateService")
            .field("service", &self.service)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
