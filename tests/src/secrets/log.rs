//! Everything that is logged, at the finest level: by values that are shown, by errors, and by all observers there are.

use crate::collector::Collector;
use docker_proto::observe::{Begun, Bodies, Event, Observer, Printer, Report, Resuming, Reveal, Watch};
use docker_proto::session::Config;
use docker_proto::testkit::Recording;
use std::error::Error;
use std::fmt::{Debug, Display};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The log. Clones share it.
#[derive(Clone, Default)]
pub struct Log {
    lines: Arc<Mutex<Vec<String>>>,
    recording: Recording,
    /// Has the spans, which every client has.
    pub collector: Collector,
}

impl Log {
    /// A line.
    pub fn line(&self, line: impl Into<String>) {
        self.lines.lock().expect("nothing panics under this lock").push(line.into());
    }

    /// A value as `Debug` shows it, in both ways.
    pub fn debug(&self, what: &str, value: &dyn Debug) {
        self.line(format!("{what}: {value:?}"));
        self.line(format!("{what}: {value:#?}"));
    }

    /// The same, and as `Display`.
    pub fn shown(&self, what: &str, value: &(impl Debug + Display)) {
        self.debug(what, value);
        self.line(format!("{what}: {value}"));
        self.line(format!("{what}: {value:#}"));
    }

    /// An error and everything behind it.
    pub fn error(&self, what: &str, e: &docker_proto::Error) {
        self.shown(what, e);
        let mut source = e.source();
        while let Some(e) = source {
            self.line(format!("{what}, because: {e}"));
            self.line(format!("{what}, because: {e:?} {e:#?}"));
            source = e.source();
        }
        self.line(format!("{what}: {:?}", std::io::Error::from(e.clone())));
        self.line(format!("{what}: {}", std::io::Error::from(e.clone())));
        self.line(format!("{what}: {:?} {:?}", e.target(), e.message()));
    }

    /// An outcome.
    pub fn outcome<T: Debug>(&self, what: &str, outcome: &docker_proto::Result<T>) {
        match outcome {
            Ok(value) => self.debug(what, value),
            Err(e) => self.error(what, e),
        }
    }

    /// Observes a client in every way there is.
    pub fn observe(&self, config: &mut Config) {
        config.observers.push(self.clone());
        config.observers.push(self.recording.clone());
        for reveal in [Reveal::new(), Reveal::new().bodies(Bodies::All)] {
            let lines = self.lines.clone();
            let printer = Printer::new(move |line| {
                lines.lock().expect("nothing panics under this lock").push(line.to_owned());
            });
            config.observers.push(printer.reveal(reveal));
        }
    }

    /// Everything.
    pub fn everything(&self) -> Vec<String> {
        let mut all = self.lines.lock().expect("nothing panics under this lock").clone();
        all.extend(self.collector.seen().iter().map(ToString::to_string));
        all.push(self.recording.transcript().to_string());
        all
    }
}

impl Observer for Log {
    fn begin(&self, begun: &Begun<'_>) -> Option<Box<dyn Watch>> {
        self.debug("begun", begun);
        Some(Box::new(self.clone()))
    }

    fn ended(&self, report: &Report<'_>) {
        self.debug("ended", report);
        self.line(report.outcome.to_string());
    }

    fn resuming(&self, resuming: &Resuming<'_>) {
        self.debug("resuming", resuming);
    }
}

impl Watch for Log {
    fn event(&mut self, at: Duration, event: &Event<'_>) {
        self.line(format!("{at:?} {event:?}"));
    }
}
