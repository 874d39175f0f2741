//! What a progress stream adds up to: layers and their phases, bytes in all, and what came out in the end.
//!
//! Pull, push, load, import, build and the installation of plugins tell how far they are in single remarks, about a layer
//! or about everything. A [`Tracker`] is shown each of them and keeps the picture that people want to see. It is fed by
//! hand, so it works with every client, and a program that does not use it does not pay for it.
//!
//! What belongs here reads [`model::Progress`] and needs nothing else. What an error in the stream is, is decided
//! where the stream is decoded: an item that comes here is none.

mod layer;
mod outcome;

pub use layer::{Layer, Phase, Totals};
pub use outcome::{Outcome, Pulled, Pushed};

use crate::model;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

/// Layers that are kept apart, and results of each kind that are kept. Images have up to 127 layers, but a pull or a push
/// of all tags has those of every one. Those above it are [`Update::Line`]s, and the totals say that they are not complete.
pub const MAX_LAYERS: usize = 4096;
/// Bytes that are kept of an id or another text of the engine: what engines send has less than 100, an instruction of a
/// Dockerfile may have more.
pub const MAX_TEXT: usize = 1024;

/// Keeps what the remarks of one progress stream add up to.
///
/// ```
/// use docker_proto::model::Progress;
/// use docker_proto::progress::{Phase, Tracker, Update};
///
/// let stream = r#"{"status":"Pulling from library/alpine","id":"latest"}
///     {"status":"Pulling fs layer","progressDetail":{},"id":"8a50fa2cf37f"}
///     {"status":"Downloading","progressDetail":{"current":512,"total":2048},"id":"8a50fa2cf37f"}"#;
///
/// let mut tracker = Tracker::new();
/// for item in serde_json::Deserializer::from_str(stream).into_iter::<Progress>() {
///     match tracker.update(&item.unwrap()) {
///         Update::Layer(layer) => println!("{}: {}", layer.id, layer.status),
///         Update::Line(line) => println!("{line}"),
///         Update::Text(text) => print!("{text}"),
///         _ => {}
///     }
/// }
/// let totals = tracker.totals();
/// assert_eq!((totals.transferred, totals.size(), totals.fraction()), (512, Some(2048), Some(0.25)));
/// assert_eq!(tracker.layers()[0].phase, Phase::Downloading);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Tracker {
    layers: Vec<Layer>,
    /// Where in `layers` an id is.
    index: BTreeMap<String, usize>,
    /// Something was about a layer for which there was no room.
    overflowed: bool,
    step: Option<Step>,
    outcome: Outcome,
}

/// A step of a build.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// Its number, from 1.
    pub number: u32,
    /// How many there are.
    pub total: u32,
    /// The instruction of the Dockerfile, at most [`MAX_TEXT`] bytes of it.
    pub instruction: String,
}

/// What there is to show after one item.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Update<'a> {
    /// A layer changed.
    Layer(&'a Layer),
    /// Something to print on a line of its own.
    Line(&'a str),
    /// Output of a build or a load, with newlines and terminal colours of its own.
    Text(&'a str),
    /// Nothing that people read: results, which are in the [`Outcome`], and traces of BuildKit.
    Nothing,
}

impl Tracker {
    /// Nothing seen yet.
    #[must_use]
    #[inline]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes account of the next item of the stream, and tells what to show of it.
    #[inline]
    pub fn update<'a>(&'a mut self, item: &'a model::Progress) -> Update<'a> {
        self.outcome.read(item);
        if let Some(text) = item.stream.as_deref().filter(|text| !text.is_empty()) {
            if let Some(step) = Step::read(text) {
                self.step = Some(step);
            }
            return Update::Text(text);
        }
        let Some(status) = item.status.as_deref().filter(|status| !status.is_empty()) else { return Update::Nothing };
        let id = item.id.as_deref().unwrap_or_default();
        let detail = item.progress_detail.as_ref();
        let counts = detail.is_some_and(|d| d.current.is_some_and(|n| n > 0) || d.total.is_some_and(|n| n > 0));
        // A download that is not of a layer has no id. The id of the first item of a pull is the tag, and podman gives an
        // image its own one.
        if (id.is_empty() && !counts) || status.starts_with("Pulling from ") || status == id {
            return Update::Line(status);
        }
        let known = self.index.get(id).copied();
        let Some(at) = known.or_else(|| self.add(id)) else {
            self.overflowed = true;
            return Update::Line(status);
        };
        match self.layers.get_mut(at) {
            Some(layer) => {
                layer.update(status, detail);
                Update::Layer(layer)
            }
            // `index` holds places in `layers` only.
            None => Update::Line(status),
        }
    }

    /// Room for another layer.
    #[inline]
    fn add(&mut self, id: &str) -> Option<usize> {
        if self.layers.len() == MAX_LAYERS || id.len() > MAX_TEXT {
            return None;
        }
        self.index.insert(id.into(), self.layers.len());
        self.layers.push(Layer::new(id));
        Some(self.layers.len() - 1)
    }

    /// The stream ended without an error: whatever was under way is done. Podman and loads do not say so of each layer.
    #[inline]
    pub fn finish(&mut self) -> &Outcome {
        self.layers.iter_mut().for_each(Layer::finish);
        &self.outcome
    }

    /// The layers, in the order in which they came up. At most [`MAX_LAYERS`].
    #[must_use]
    #[inline]
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// All layers together.
    #[must_use]
    #[inline]
    pub fn totals(&self) -> Totals {
        let mut totals = Totals { unknown: usize::from(self.overflowed), ..Totals::default() };
        self.layers.iter().for_each(|layer| totals.add(layer));
        totals
    }

    /// The step that a build is at; nothing before the first one, and nothing with BuildKit, which says it in traces. Podman
    /// counts each stage from 1.
    #[must_use]
    #[inline]
    pub fn step(&self) -> Option<&Step> {
        self.step.as_ref()
    }

    /// What has come out so far.
    #[must_use]
    #[inline]
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }
}

impl Step {
    /// Reads `Step 3/7 : RUN x`, whose newline comes by itself, or podman's `[1/2] STEP 3/7: RUN x` with a newline. Programs
    /// of a build can print nearly the same, but what they print mostly ends with a newline, or comes in many lines.
    #[inline]
    fn read(text: &str) -> Option<Self> {
        let text = match text.strip_suffix('\n') {
            None => text.strip_prefix("Step ")?,
            Some(line) => {
                let stage = line.strip_prefix('[').and_then(|rest| rest.split_once("] "));
                stage.map_or(line, |(_, rest)| rest).strip_prefix("STEP ")?
            }
        };
        if text.contains('\n') {
            return None;
        }
        let (numbers, instruction) = text.split_once(':')?;
        let (number, total) = numbers.trim_end().split_once('/')?;
        Some(Self { number: number.parse().ok()?, total: total.parse().ok()?, instruction: clip(instruction.trim()) })
    }
}

/// The beginning of a text, as much as is kept of it.
#[inline]
fn clip(text: &str) -> String {
    let mut end = text.len().min(MAX_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    String::from(text.get(..end).unwrap_or_default())
}
