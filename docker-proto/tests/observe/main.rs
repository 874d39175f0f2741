//! What observers are told, with the engine a script and time virtual.

mod events;
mod taps;

use docker_proto::observe::{Begun, Event, Observer, Outcome, Report, Times, Watch};
use docker_proto::session::{Client, Config};
use docker_proto::testkit::Bench;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Everything that was told, as lines.
#[derive(Clone, Default)]
pub(crate) struct Told(Arc<Mutex<Vec<String>>>, Arc<Mutex<Vec<Ended>>>);

/// What stays of a report.
#[derive(Clone, Debug)]
pub(crate) struct Ended {
    pub(crate) operation: &'static str,
    pub(crate) target: String,
    pub(crate) outcome: String,
    pub(crate) status: Option<u16>,
    pub(crate) bytes: (u64, u64),
    pub(crate) connection: Option<u64>,
    pub(crate) flags: [bool; 3],
    pub(crate) times: Times,
}

impl Told {
    /// A client whose calls are told here.
    pub(crate) fn client(&self, change: impl FnOnce(&mut Config)) -> Arc<Client> {
        Bench::client_with(|config| {
            config.observers.clear();
            config.observers.push(self.clone());
            change(config);
        })
    }

    /// The lines since the last call of this.
    pub(crate) fn lines(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    pub(crate) fn ended(&self) -> Vec<Ended> {
        std::mem::take(&mut self.1.lock().unwrap())
    }

    fn say(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }
}

impl Observer for Told {
    fn begin(&self, begun: &Begun<'_>) -> Option<Box<dyn Watch>> {
        self.say(format!("{} begins {} {:?}", begun.call, begun.operation, begun.target));
        Some(Box::new(Watching(begun.call, self.clone())))
    }

    fn ended(&self, report: &Report<'_>) {
        let outcome = match report.outcome {
            Outcome::Failed(e) => format!("{:?}", e.kind()),
            other => other.to_string(),
        };
        self.1.lock().unwrap().push(Ended {
            operation: report.operation,
            target: report.target.into(),
            outcome,
            status: report.status,
            bytes: (report.sent, report.received),
            connection: report.connection,
            flags: [report.reused, report.kept, report.redialled],
            times: report.times,
        });
    }
}

struct Watching(u64, Told);

impl Watch for Watching {
    fn event(&mut self, at: Duration, event: &Event<'_>) {
        let what = match event {
            Event::Request { purpose, method, target } => format!("{purpose:?} {method} {target}"),
            Event::Redialled { error } | Event::Renegotiated { error } | Event::ItemFailed { error } => {
                let name = format!("{event:?}");
                format!("{} {:?}", name.split(' ').next().unwrap_or_default(), error.kind())
            }
            other => format!("{other:?}"),
        };
        self.1.say(format!("{} {}s {what}", self.0, at.as_secs()));
    }

    fn ended(&mut self, report: &Report<'_>) {
        self.1.say(format!("{} ends: {}", self.0, report.outcome));
    }
}
