//! How a monitor works.

use crate::model::Filters;
use alloc::string::String;
use core::time::Duration;

/// How a monitor works.
///
/// ```
/// use docker_proto::monitor::Options;
/// use std::time::Duration;
///
/// let options = Options::new().label("tier=web").reconcile_every(Duration::from_secs(10)).capacity(256);
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Options {
    pub(super) labels: Filters,
    pub(super) interval: Duration,
    pub(super) capacity: usize,
    pub(super) max_bytes: usize,
    pub(super) attempts: Option<u32>,
    pub(super) at_a_time: usize,
}

impl Default for Options {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}

impl Options {
    /// The defaults.
    #[inline]
    pub fn new() -> Self {
        Self {
            labels: Filters::new(),
            interval: Duration::from_secs(30),
            capacity: 1024,
            max_bytes: 4 << 20,
            attempts: None,
            at_a_time: 8,
        }
    }

    /// Looks only at containers with this label, `name=value`, and with all of them if it is said several times. Events are
    /// narrowed in the same way: those of images, networks and volumes come only if they carry the label.
    ///
    /// A name alone, without a value, is not understood by podman 4.3.
    #[inline]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.labels = self.labels.add("label", label.into());
        self
    }

    /// How often the picture is compared with the engine while events flow; every 30 s by default, and not more often than
    /// ten times a second. After a reconnect or a gap it is compared at once.
    #[inline]
    pub fn reconcile_every(mut self, interval: Duration) -> Self {
        self.interval = interval.max(Duration::from_millis(100));
        self
    }

    /// How many items a subscriber may fall behind; 1024 by default, and at least one.
    #[inline]
    pub fn capacity(mut self, items: usize) -> Self {
        self.capacity = items.max(1);
        self
    }

    /// How many bytes a subscriber may fall behind, about, each item counted as if nobody shared it; 4 MiB by default.
    #[inline]
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// After how many failed attempts in a row to reach the engine the driver gives up.
    ///
    /// By default an engine that was never met is not waited for: its first refusal ends the driver. One that was met is
    /// waited for without a bound. `u32::MAX` waits for any engine.
    #[inline]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = Some(attempts.max(1));
        self
    }

    /// How many containers are inspected at the same time; 8 by default, and at least one.
    #[inline]
    pub fn at_a_time(mut self, inspects: usize) -> Self {
        self.at_a_time = inspects.max(1);
        self
    }
}
