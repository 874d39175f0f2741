//! A subscriber of the `tracing` crate that keeps everything, at the finest level.

use std::fmt::{self, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// What was told, in order. Clones share it.
#[derive(Clone, Default)]
pub struct Collector {
    seen: Arc<Mutex<Vec<Seen>>>,
    last: Arc<AtomicU64>,
    /// Spans that are entered.
    entered: Arc<Mutex<Vec<u64>>>,
}

/// A span or an event.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The number of the span; of an event, that of the span it is in.
    pub span: Option<u64>,
    /// The span that it is below.
    pub parent: Option<u64>,
    /// Whether it is a span, and not an event.
    pub is_span: bool,
    /// The name of the span; of an event, its message.
    pub name: String,
    /// Names and values of all fields, in order.
    pub fields: Vec<(String, String)>,
}

impl Seen {
    /// The value of a field.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().rev().find(|(other, _)| other == name).map(|(_, value)| &**value)
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}", self.span, self.name)?;
        self.fields.iter().try_for_each(|(name, value)| write!(f, " {name}={value}"))
    }
}

impl Collector {
    /// Everything so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("nothing panics under this lock").clone()
    }

    fn keep(&self, seen: Seen) {
        self.seen.lock().expect("nothing panics under this lock").push(seen);
    }

    fn current(&self) -> Option<u64> {
        self.entered.lock().expect("nothing panics under this lock").last().copied()
    }
}

#[derive(Default)]
struct Fields(Vec<(String, String)>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let mut text = String::new();
        let _ = write!(text, "{value:?}");
        self.0.push((field.name().to_owned(), text));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.push((field.name().to_owned(), value.to_owned()));
    }
}

impl Subscriber for Collector {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // Other crates say much, and nothing that is ours to answer for.
        metadata.target().starts_with("docker_proto")
            || metadata.target().starts_with("docker_tests")
            || metadata.target() == "suite"
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let number = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let parent = match attributes.parent() {
            Some(id) => Some(id.into_u64()),
            None if attributes.is_contextual() => self.current(),
            None => None,
        };
        let name = attributes.metadata().name().to_owned();
        self.keep(Seen { span: Some(number), parent, is_span: true, name, fields: fields.0 });
        Id::from_u64(number)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut fields = Fields::default();
        values.record(&mut fields);
        let mut seen = self.seen.lock().expect("nothing panics under this lock");
        if let Some(span) = seen.iter_mut().find(|seen| seen.is_span && seen.span == Some(span.into_u64())) {
            span.fields.extend(fields.0);
        }
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let span = event.parent().map(Id::into_u64).or_else(|| self.current().filter(|_| event.is_contextual()));
        let at = fields.0.iter().position(|(name, _)| name == "message");
        let name = at.map(|at| fields.0.remove(at).1).unwrap_or_default();
        self.keep(Seen { span, parent: span, is_span: false, name, fields: fields.0 });
    }

    fn enter(&self, span: &Id) {
        self.entered.lock().expect("nothing panics under this lock").push(span.into_u64());
    }

    fn exit(&self, span: &Id) {
        let mut entered = self.entered.lock().expect("nothing panics under this lock");
        if let Some(at) = entered.iter().rposition(|&other| other == span.into_u64()) {
            entered.remove(at);
        }
    }
}
