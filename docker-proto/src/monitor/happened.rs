//! What an event means for a container.

use super::container::bare;
use crate::model::{EventActor, EventMessage, EventType, HealthStatus, Timestamp};
use alloc::string::String;

/// Something that happened to a container.
#[derive(Clone, Debug)]
pub(super) struct Happened {
    pub(super) step: Step,
    pub(super) at: Timestamp,
}

#[derive(Clone, Debug)]
pub(super) enum Step {
    Create,
    Start,
    Die(Option<i64>),
    Pause,
    Unpause,
    Rename(String),
    Health(HealthStatus),
    Destroy,
    /// Something that only an inspect tells.
    Look,
}

impl Happened {
    /// The container and what happened to it; nothing if it is as it was. Only `Type`, `Action`, `Actor` and the time are
    /// looked at: `status`, `id` and `from` are gone since API 1.52.
    #[inline]
    pub(super) fn of(event: &EventMessage) -> Option<(&EventActor, &str, Self)> {
        if event.kind != Some(EventType::Container) {
            return None;
        }
        let actor = event.actor.as_ref()?;
        let id = actor.id.as_deref().filter(|id| !id.is_empty())?;
        let attribute = |name: &str| actor.attributes.get(name);
        let step = match event.action.as_deref()? {
            "create" => Step::Create,
            "start" => Step::Start,
            "die" => Step::Die(attribute("exitCode").and_then(|code| code.parse().ok())),
            "pause" => Step::Pause,
            "unpause" => Step::Unpause,
            "rename" => attribute("name").map_or(Step::Look, |name| Step::Rename(bare(name).into())),
            // Podman removes.
            "destroy" | "remove" => Step::Destroy,
            "update" | "checkpoint" | "restore" => Step::Look,
            other => match other.strip_prefix("health_status")?.trim_start_matches(':').trim() {
                "" => Step::Look,
                health => Step::Health(health.into()),
            },
        };
        Some((actor, id, Self { step, at: time(event) }))
    }
}

/// When it was, by the engine's clock.
#[inline]
fn time(event: &EventMessage) -> Timestamp {
    match event.time_nano.filter(|&nanos| nanos != 0) {
        // The remainder of a division by 1e9 is below it, and never negative.
        Some(nanos) => Timestamp::new(nanos.div_euclid(1_000_000_000), nanos.rem_euclid(1_000_000_000) as u32),
        None => Timestamp::from(event.time.unwrap_or_default()),
    }
}
