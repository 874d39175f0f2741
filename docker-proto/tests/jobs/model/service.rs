//! Services of the swarm in memory. Two engines (20.10.24, 28.5.2) were seen to do it so: an update makes the settings before it the
//! previous ones, whatever they were; going back swaps the two, so that doing it twice changes nothing; and what the
//! swarm itself says of an update changes the version too, so that whoever is quick is out of sequence.

use super::engine::{Request, World};
use serde_json::{Value, json};
use std::mem::replace;

/// Ticks from an update to the word that it goes on, and to the word that it is done.
const BEGINS: usize = 4;
const TAKES: usize = 30;

/// What somebody else does to a service.
type Meddle = fn(&mut Service);

#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) spec: Value,
    pub(crate) previous: Option<Value>,
    index: u64,
    status: Option<(&'static str, usize)>,
    /// What somebody else does, and in how many ticks.
    meddles: Option<(usize, Meddle)>,
    /// The settings that somebody else left.
    pub(crate) theirs: Option<Value>,
}

impl Service {
    /// With settings that this crate does not know.
    pub(crate) fn new(env: &str) -> Self {
        let spec = json!({
            "Name": "web", "Novelty": {"A": 1}, "Labels": {}, "Mode": {"Replicated": {"Replicas": 1}},
            "TaskTemplate": {"ContainerSpec": {"Image": "image", "Env": [env], "Mood": "calm"}, "ForceUpdate": 0}
        });
        Self { spec, previous: None, index: 7, status: None, meddles: None, theirs: None }
    }

    /// With an update behind it.
    pub(crate) fn updated(env: &str, before: &str) -> Self {
        Self { previous: Some(Self::new(before).spec), ..Self::new(env) }
    }

    /// With somebody else, who does this so many ticks after the first update.
    pub(crate) fn meddled(self, after: usize, meddle: fn(&mut Self)) -> Self {
        Self { meddles: Some((after, meddle)), ..self }
    }

    pub(crate) fn is_done(&self) -> bool {
        self.status.is_none_or(|(_, ticks)| ticks >= TAKES)
    }

    pub(crate) fn update(&mut self, spec: Value) {
        self.previous = Some(replace(&mut self.spec, spec));
        self.status = Some(("", 0));
        self.index += 1;
    }

    pub(crate) fn back(&mut self) {
        let spec = self.previous.take().expect("it was updated before");
        self.update(spec);
        self.status = Some(("rollback_", 0));
    }

    fn json(&self) -> Value {
        let mut all = json!({"ID": "s1", "Version": {"Index": self.index}, "Spec": self.spec});
        if let Some(previous) = &self.previous {
            all["PreviousSpec"] = previous.clone();
        }
        let state = match self.status {
            Some(("rollback_", ticks)) if ticks < TAKES => "rollback_started",
            Some(("rollback_", _)) => "rollback_completed",
            Some((_, BEGINS..TAKES)) => "updating",
            Some((_, TAKES..)) => "completed",
            _ => return all,
        };
        all["UpdateStatus"] = json!({"State": state, "Message": state});
        all
    }

    fn pass(&mut self) {
        if let Some((_, ticks)) = &mut self.status {
            *ticks += 1;
            self.index += u64::from(matches!(*ticks, BEGINS | TAKES));
            if let Some((after, _)) = &mut self.meddles {
                *after = after.saturating_sub(1);
            }
        }
        if let Some((_, meddle)) = self.meddles.take_if(|(after, _)| *after == 0) {
            meddle(self);
            self.theirs = Some(self.spec.clone());
        }
    }
}

impl World {
    /// With one service.
    pub(crate) fn with_service(service: Service) -> Self {
        Self { service: Some(service), ..Self::default() }
    }

    pub(super) fn services(&mut self, wire: usize, request: &Request, rest: &[&str]) {
        let Some(service) = &mut self.service else { return self.refuse(wire, 404, "service web not found") };
        let query = &*request.query;
        let (status, answer) = match (&*request.method, rest) {
            ("GET", ["services", _]) => (200, service.json()),
            ("GET", ["tasks"]) => {
                let replicas = service.spec["Mode"]["Replicated"]["Replicas"].as_u64().unwrap_or(0);
                let state = if service.is_done() { "running" } else { "starting" };
                let task = json!({"ID": "t", "DesiredState": "running", "Status": {"State": state}});
                (200, (0..replicas).map(|_| task.clone()).collect())
            }
            ("POST", ["services", _, "update"]) => {
                if query.split('&').all(|part| part != format!("version={}", service.index)) {
                    let why = "rpc error: code = Unknown desc = update out of sequence";
                    return self.refuse(wire, 500, why);
                }
                match query.contains("rollback=previous") {
                    true => service.back(),
                    false => service.update(serde_json::from_str(&request.body).expect("it is JSON")),
                }
                (200, json!({"Warnings": null}))
            }
            _ => (404, json!({"message": "page not found"})),
        };
        self.say(wire, status, &answer.to_string());
    }

    pub(super) fn pass_services(&mut self) {
        self.service.iter_mut().for_each(Service::pass);
    }
}
