//! Services of a swarm: how many tasks of what kind, and how they are replaced.

use super::{EndpointPortConfig, EndpointSpec, EndpointVirtualIP, NetworkAttachmentConfig, ObjectVersion, TaskSpec};
use crate::model::macros::{model, open_enum};
use alloc::string::String;

open_enum! {
    /// What an update does when too many of its tasks fail.
    pub enum FailureAction {
        /// It goes on.
        Continue = "continue",
        /// It stops where it is.
        Pause = "pause",
        /// It puts back what was there before, since API 1.28. Not for a rollback itself.
        Rollback = "rollback",
    }

    /// Which of two tasks of one slot goes first.
    pub enum UpdateOrder {
        /// The old one ends, then the new one starts.
        StopFirst = "stop-first",
        /// The new one starts, then the old one ends.
        StartFirst = "start-first",
    }

    /// How far an update is.
    pub enum UpdateState {
        /// It is under way.
        Updating = "updating",
        /// It stopped: too many tasks failed.
        Paused = "paused",
        /// It is done.
        Completed = "completed",
        /// It is being undone.
        RollbackStarted = "rollback_started",
        /// Undoing it stopped.
        RollbackPaused = "rollback_paused",
        /// It has been undone.
        RollbackCompleted = "rollback_completed",
    }
}

model! {
    /// A service of a swarm.
    pub struct Service {
        /// Its id.
        id: "ID" String,
        /// Number that an update must name.
        version: "Version" ObjectVersion,
        /// Creation time, RFC 3339.
        created_at: "CreatedAt" String,
        /// Time of the last change, RFC 3339.
        updated_at: "UpdatedAt" String,
        /// The settings.
        spec: "Spec" ServiceSpec,
        /// The settings before the last update, which a rollback returns to.
        previous_spec: "PreviousSpec" ServiceSpec,
        /// How it is reached.
        endpoint: "Endpoint" ServiceEndpoint,
        /// How far the last update is.
        update_status: "UpdateStatus" UpdateStatus since 1.25,
        /// Numbers of tasks; only in lists, and only when asked for.
        service_status: "ServiceStatus" ServiceStatus since 1.41,
        /// The last run of a job; jobs only.
        job_status: "JobStatus" JobStatus since 1.41,
    }

    /// Settings of a service. An update replaces all of them: start from those that an inspect gave.
    ///
    /// ```
    /// use docker_proto::model::{ContainerSpec, ReplicatedService, ServiceMode, ServiceSpec, TaskSpec};
    ///
    /// let spec = ServiceSpec::new()
    ///     .name("web")
    ///     .task_template(TaskSpec::new().container_spec(ContainerSpec::new().image("nginx:alpine")))
    ///     .mode(ServiceMode::new().replicated(ReplicatedService::new().replicas(3)));
    /// assert_eq!(serde_json::to_value(&spec).unwrap()["Mode"]["Replicated"]["Replicas"], 3);
    /// ```
    pub struct ServiceSpec {
        /// Its name, which other services on its networks find it by.
        name: "Name" String,
        /// Free metadata.
        labels: "Labels" {String},
        /// What its tasks run.
        task_template: "TaskTemplate" TaskSpec,
        /// How many tasks, and where; one replica when unset.
        mode: "Mode" ServiceMode,
        /// How tasks are replaced when the settings change.
        update_config: "UpdateConfig" UpdateConfig,
        /// How tasks are replaced when an update is undone.
        rollback_config: "RollbackConfig" RollbackConfig since 1.28,
        /// Networks of its tasks; newer engines take them from the task template.
        networks: "Networks" [NetworkAttachmentConfig],
        /// How it is reached.
        endpoint_spec: "EndpointSpec" EndpointSpec,
    }

    /// How many tasks a service has, and where. Exactly one field is set.
    pub struct ServiceMode {
        /// So many tasks, on any nodes.
        replicated: "Replicated" ReplicatedService,
        /// One task on every node.
        global: "Global" GlobalService since 1.25,
        /// So many tasks that run to their end, on any nodes.
        replicated_job: "ReplicatedJob" ReplicatedJob since 1.41,
        /// One task that runs to its end on every node.
        global_job: "GlobalJob" GlobalJob since 1.41,
    }

    /// So many tasks, on any nodes.
    pub struct ReplicatedService {
        /// How many; 0 stops the service and keeps its settings.
        replicas: "Replicas" i64,
    }

    /// One task on every node. Sent, it chooses the mode; it has no settings.
    pub struct GlobalService {}

    /// So many tasks that run to their end.
    pub struct ReplicatedJob {
        /// Most of them at one time; 1 when unset.
        max_concurrent: "MaxConcurrent" i64 since 1.41,
        /// How many must succeed; as many as run at one time when unset.
        total_completions: "TotalCompletions" i64 since 1.41,
    }

    /// One task that runs to its end on every node. Sent, it chooses the mode; it has no settings.
    pub struct GlobalJob {}

    /// How the tasks of a service are replaced.
    pub struct UpdateConfig {
        /// Tasks replaced at one time; 0 is all.
        parallelism: "Parallelism" i64,
        /// Nanoseconds from one batch to the next.
        delay: "Delay" i64,
        /// What happens when too many of the new ones fail.
        failure_action: "FailureAction" FailureAction,
        /// Nanoseconds in which the end of a new task counts as its failure.
        monitor: "Monitor" i64 since 1.25,
        /// Share of failures that is still accepted, 0 to 1.
        max_failure_ratio: "MaxFailureRatio" f64 since 1.25,
        /// Which of the old and the new task goes first.
        order: "Order" UpdateOrder since 1.29,
    }

    /// How the tasks of a service are replaced when an update is undone.
    pub struct RollbackConfig {
        /// Tasks replaced at one time; 0 is all.
        parallelism: "Parallelism" i64 since 1.28,
        /// Nanoseconds from one batch to the next.
        delay: "Delay" i64 since 1.28,
        /// What happens when too many of them fail.
        failure_action: "FailureAction" FailureAction since 1.28,
        /// Nanoseconds in which the end of a task counts as its failure.
        monitor: "Monitor" i64 since 1.28,
        /// Share of failures that is still accepted, 0 to 1.
        max_failure_ratio: "MaxFailureRatio" f64 since 1.28,
        /// Which of the two tasks goes first.
        order: "Order" UpdateOrder since 1.29,
    }

    /// How a service is reached now.
    pub struct ServiceEndpoint {
        /// What was asked for.
        spec: "Spec" EndpointSpec,
        /// Its ports, with those that were assigned.
        ports: "Ports" [EndpointPortConfig],
        /// Its addresses, one for each network.
        virtual_ips: "VirtualIPs" [EndpointVirtualIP],
    }

    /// How far an update is.
    pub struct UpdateStatus {
        /// Its state.
        state: "State" UpdateState since 1.25,
        /// When it began, RFC 3339.
        started_at: "StartedAt" String since 1.25,
        /// When it was done, RFC 3339.
        completed_at: "CompletedAt" String since 1.25,
        /// The state in words.
        message: "Message" String since 1.25,
    }

    /// Numbers of tasks of a service.
    pub struct ServiceStatus {
        /// Those that run.
        running_tasks: "RunningTasks" u64 since 1.41,
        /// Those that should.
        desired_tasks: "DesiredTasks" u64 since 1.41,
        /// Those of a job that are done.
        completed_tasks: "CompletedTasks" u64 since 1.41,
    }

    /// The last run of a job.
    pub struct JobStatus {
        /// Rises with each run, not always by one; its tasks carry the same number.
        job_iteration: "JobIteration" ObjectVersion since 1.41,
        /// When it began, RFC 3339.
        last_execution: "LastExecution" String since 1.41,
    }

    /// What creating a service gives.
    pub struct ServiceCreateResponse {
        /// Id of the new service.
        id: "ID" String,
        /// What is doubtful, for people: an image whose digest no registry told, for one.
        warnings: "Warnings" [String],
    }

    /// What updating a service gives.
    pub struct ServiceUpdateResponse {
        /// What is doubtful, for people.
        warnings: "Warnings" [String] since 1.25,
    }
}
