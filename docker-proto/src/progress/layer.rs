//! One layer, and all of them together.

use super::clip;
use crate::model::ProgressDetail;
use alloc::string::String;

/// What is being done to a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Its turn has not come, or it is tried again in a moment.
    Waiting,
    /// It comes from a registry, or from where an import reads.
    Downloading,
    /// Its checksum is computed.
    Verifying,
    /// It is there, but not unpacked.
    Downloaded,
    /// It is unpacked.
    Extracting,
    /// It goes to a registry.
    Pushing,
    /// It comes out of an archive.
    Loading,
    /// Nothing has to be done: it was there before, or a registry has it elsewhere.
    Exists,
    /// It is where it should be.
    Done,
    /// Something else; [`Layer::status`] says what.
    Other,
}

impl Phase {
    /// Whether nothing is left to do.
    #[must_use]
    #[inline]
    pub fn is_finished(self) -> bool {
        matches!(self, Self::Exists | Self::Done)
    }

    /// Whether work is done of which there may be more after something else looked like the end.
    #[inline]
    fn is_work(self) -> bool {
        matches!(self, Self::Downloading | Self::Extracting | Self::Pushing | Self::Loading)
    }

    #[inline]
    fn of(status: &str) -> Self {
        match status {
            "Pulling fs layer" | "Preparing" | "Waiting" => Self::Waiting,
            "Downloading" | "Importing" => Self::Downloading,
            "Verifying Checksum" => Self::Verifying,
            "Download complete" => Self::Downloaded,
            "Extracting" => Self::Extracting,
            "Pushing" => Self::Pushing,
            "Loading layer" => Self::Loading,
            "Already exists" | "Layer already exists" => Self::Exists,
            "Pull complete" | "Pushed" | "Complete" | "Upload complete" => Self::Done,
            _ if status.starts_with("Retrying in ") => Self::Waiting,
            _ if status.starts_with("Mounted from ") || status.starts_with("Skipped foreign layer") => Self::Exists,
            _ => Self::Other,
        }
    }
}

/// A layer, or another thing with an id of its own.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Layer {
    /// Its id, shortened by the engine; empty for a download that is not of a layer.
    pub id: String,
    /// The engine's words, at most [`MAX_TEXT`](super::MAX_TEXT) bytes of them.
    pub status: String,
    /// What they mean.
    pub phase: Phase,
    /// How far this phase is, in its [unit](Self::units).
    pub current: u64,
    /// How far it goes, if the engine knows.
    pub total: Option<u64>,
    /// What is counted: nothing for bytes; `s` for the seconds that unpacking takes with the containerd store.
    pub units: Option<String>,
    /// Bytes that came or went so far, whatever the phase. An engine that tries again begins again.
    pub transferred: u64,
    /// Bytes that come or go in all, as soon as the engine says so. Compressed, for a pull.
    pub size: Option<u64>,
    /// It was there before, so what is unpacked now did not come now.
    existed: bool,
}

impl Layer {
    #[inline]
    pub(super) fn new(id: &str) -> Self {
        Self {
            id: id.into(),
            status: String::new(),
            phase: Phase::Waiting,
            current: 0,
            total: None,
            units: None,
            transferred: 0,
            size: None,
            existed: false,
        }
    }

    #[inline]
    pub(super) fn update(&mut self, status: &str, detail: Option<&ProgressDetail>) {
        let phase = Phase::of(status);
        // A push of several tags prepares a layer for each, and podman and plugins say twice that one is there.
        if self.phase.is_finished() && !phase.is_work() && !phase.is_finished() {
            return;
        }
        let number = |n: Option<i64>| n.and_then(|n| u64::try_from(n).ok());
        self.status = clip(status);
        self.phase = phase;
        self.existed |= phase == Phase::Exists;
        self.current = number(detail.and_then(|d| d.current)).unwrap_or_default();
        self.total = number(detail.and_then(|d| d.total)).filter(|&total| total > 0);
        self.units = detail.and_then(|d| d.units.as_deref()).filter(|units| !units.is_empty()).map(clip);
        let bytes = self.units.is_none();
        match phase {
            Phase::Downloading | Phase::Pushing | Phase::Loading if bytes => {
                self.transferred = self.current;
                // What goes to a registry is a little more than was announced.
                self.size = self.total.map(|total| total.max(self.current)).or(self.size);
                if phase == Phase::Loading && self.total.is_some_and(|total| self.current >= total) {
                    // No other word says that it is loaded.
                    self.phase = Phase::Done;
                }
            }
            // Small layers come so fast that unpacking is the first that is told of them.
            Phase::Extracting if bytes && !self.existed && self.size.is_none() => {
                self.size = self.total;
                self.transferred = self.total.unwrap_or_default();
            }
            Phase::Verifying | Phase::Downloaded | Phase::Done => self.all_transferred(),
            _ => {}
        }
    }

    #[inline]
    fn all_transferred(&mut self) {
        self.transferred = self.size.unwrap_or(self.transferred);
        self.size = Some(self.transferred).filter(|&size| size > 0);
    }

    /// The stream ended well.
    #[inline]
    pub(super) fn finish(&mut self) {
        if !self.phase.is_finished() {
            self.phase = Phase::Done;
            self.all_transferred();
        }
    }

    /// Whether there are bytes to move, but not how many.
    #[inline]
    fn is_unknown(&self) -> bool {
        self.size.is_none()
            && matches!(self.phase, Phase::Waiting | Phase::Downloading | Phase::Pushing | Phase::Loading)
    }
}

/// All layers together.
///
/// Sizes become known one layer at a time. So there is no size in all before each layer's is known; after that the fraction
/// goes back only if an engine tries a layer again, or comes up with another layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Totals {
    /// How many layers there are so far.
    pub layers: usize,
    /// Those of them with which nothing is left to do.
    pub finished: usize,
    /// Bytes that came or went so far.
    pub transferred: u64,
    /// Bytes of the layers whose size is known.
    pub known: u64,
    /// Layers of which there are bytes to move, but not yet how many.
    pub unknown: usize,
}

impl Totals {
    #[inline]
    pub(super) fn add(&mut self, layer: &Layer) {
        self.layers += 1;
        self.finished += usize::from(layer.phase.is_finished());
        self.transferred = self.transferred.saturating_add(layer.transferred);
        self.known = self.known.saturating_add(layer.size.unwrap_or_default());
        self.unknown += usize::from(layer.is_unknown());
    }

    /// Bytes in all, if each layer's are known.
    #[must_use]
    #[inline]
    pub fn size(&self) -> Option<u64> {
        (self.unknown == 0 && self.layers > 0).then_some(self.known)
    }

    /// The share of the bytes that came or went, from 0 to 1, if there is a size in all. Unpacking is not in it.
    #[must_use]
    #[inline]
    pub fn fraction(&self) -> Option<f64> {
        match self.size()? {
            0 => Some(1.0),
            size => Some((self.transferred as f64 / size as f64).min(1.0)),
        }
    }
}
