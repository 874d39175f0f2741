//! A container in the picture.

use crate::model::{ContainerInspectResponse, ContainerStatus, EventActor, HealthStatus};
use alloc::collections::BTreeMap;
use alloc::string::String;
use core::fmt;

/// What a monitor knows about a container.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Container {
    /// Full id, 64 hexadecimal digits.
    pub id: String,
    /// Its name, without the slash that engines put before it.
    pub name: String,
    /// The image as it was named when the container was created.
    pub image: String,
    /// Its labels, those of its image included.
    pub labels: BTreeMap<String, String>,
    /// The environment of its main process. A variable without `=` has an empty value.
    pub env: BTreeMap<String, String>,
    /// Its state.
    pub status: ContainerStatus,
    /// The verdict of its health checks; nothing if it has none.
    pub health: Option<HealthStatus>,
    /// The exit code of its last run; nothing while it runs, and before its first run.
    pub exit_code: Option<i64>,
}

impl Container {
    /// Whether it has a process: it runs, or is paused. Between two runs of a restart policy it has none.
    #[must_use]
    #[inline]
    pub fn is_running(&self) -> bool {
        // Podman has a word for those that are being stopped.
        matches!(self.status.as_str(), "running" | "paused" | "stopping")
    }

    /// From an inspect.
    #[inline]
    pub(super) fn inspected(id: &str, answer: ContainerInspectResponse) -> Self {
        let state = answer.state.unwrap_or_default();
        let config = answer.config.unwrap_or_default();
        let env = config.env.iter().map(|var| var.split_once('=').unwrap_or((var, "")));
        let mut container = Self {
            id: id.into(),
            name: bare(answer.name.as_deref().unwrap_or_default()).into(),
            image: config.image.unwrap_or_default(),
            env: env.map(|(name, value)| (name.into(), value.into())).collect(),
            labels: config.labels,
            status: state.status.unwrap_or_default(),
            health: state.health.and_then(|health| health.status).filter(|health| *health != HealthStatus::None),
            exit_code: None,
        };
        // Of the states that do not run only this one is before the first run. Podman has `configured` and `initialized`.
        let ran = !matches!(container.status.as_str(), "created" | "configured" | "initialized");
        container.exit_code = state.exit_code.filter(|_| ran && !container.is_running());
        container
    }

    /// From an event, which tells little: for containers that are gone before they could be inspected.
    #[inline]
    pub(super) fn told(id: &str, actor: &EventActor) -> Self {
        /// What engines put among the labels.
        const NO_LABELS: [&str; 9] =
            ["name", "image", "oldName", "exitCode", "containerExitCode", "execDuration", "signal", "podId", "comment"];
        let about = |name: &str| actor.attributes.get(name).cloned().unwrap_or_default();
        let labels = actor.attributes.iter().filter(|(name, _)| !NO_LABELS.contains(&name.as_str()));
        Self {
            id: id.into(),
            name: bare(&about("name")).into(),
            image: about("image"),
            labels: labels.map(|(name, value)| (name.clone(), value.clone())).collect(),
            env: BTreeMap::new(),
            status: ContainerStatus::Created,
            health: None,
            exit_code: None,
        }
    }

    /// Bytes that it takes, about.
    #[inline]
    pub(super) fn weight(&self) -> usize {
        // A node of a map has more than its two texts.
        let map = |map: &BTreeMap<String, String>| map.iter().map(|(k, v)| 64 + k.len() + v.len()).sum::<usize>();
        256 + self.id.len() + self.name.len() + self.image.len() + map(&self.labels) + map(&self.env)
    }
}

/// A name without its slash.
#[inline]
pub(super) fn bare(name: &str) -> &str {
    name.strip_prefix('/').unwrap_or(name)
}

impl fmt::Debug for Container {
    /// Without the values of the environment, which may be secrets.
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Container")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("image", &self.image)
            .field("labels", &self.labels)
            .field("env", &self.env.keys())
            .field("status", &self.status)
            .field("health", &self.health)
            .field("exit_code", &self.exit_code)
            .finish()
    }
}
