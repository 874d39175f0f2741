//! Bars for a progress stream: one for all bytes, one for each layer. Without a terminal, a line for whatever changes.

use docker_proto::model::Progress;
use docker_proto::progress::{Layer, Phase, Tracker, Update};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::collections::HashMap;

/// The bars on stderr, or the lines on stdout.
pub(crate) struct Bars {
    tracker: Tracker,
    all: MultiProgress,
    total: ProgressBar,
    layers: HashMap<String, ProgressBar>,
    /// What each layer's last line said.
    told: HashMap<String, String>,
}

impl Bars {
    pub(crate) fn new() -> Self {
        let all = MultiProgress::new();
        let total = all.add(ProgressBar::no_length());
        Self { tracker: Tracker::new(), all, total, layers: HashMap::new(), told: HashMap::new() }
    }

    /// Shows one item of the stream.
    pub(crate) fn show(&mut self, item: &Progress) {
        let terminal = !self.all.is_hidden();
        match self.tracker.update(item) {
            Update::Layer(layer) if terminal => {
                let bars = &self.all;
                let bar = self.layers.entry(layer.id.clone()).or_insert_with(|| bars.add(ProgressBar::no_length()));
                draw(bar, layer);
            }
            // Not a line for every few bytes.
            Update::Layer(layer) => {
                let before = self.told.insert(layer.id.clone(), layer.status.clone());
                if before.as_ref() != Some(&layer.status) {
                    println!("{:12} {}", layer.id, layer.status);
                }
            }
            Update::Line(line) | Update::Text(line) if terminal => {
                // An error of the terminal is no error of the pull.
                let _ = self.all.println(line.trim_end());
            }
            Update::Line(line) | Update::Text(line) => println!("{}", line.trim_end()),
            _ => {}
        }
        let totals = self.tracker.totals();
        let layers = format!("{}/{} layers", totals.finished, totals.layers);
        match totals.size() {
            Some(size) => {
                self.total.set_length(size);
                self.total.set_style(style("{msg:12} [{bar:40}] {bytes}/{total_bytes} {bytes_per_sec}"));
            }
            // No share of a sum that is still growing.
            None => self.total.set_style(style("{msg:12} {spinner} {bytes} {bytes_per_sec}")),
        }
        self.total.set_position(totals.transferred);
        self.total.set_message(layers);
    }

    /// The stream ended well: tells what came out.
    pub(crate) fn finish(mut self) {
        let found = self.tracker.finish();
        let result = found.digest().or_else(|| found.image_id()).unwrap_or("the engine tells no digest").to_owned();
        let totals = self.tracker.totals();
        self.layers.values().for_each(ProgressBar::finish);
        self.total.finish();
        let bytes = match totals.transferred {
            0 => "no bytes that it tells of".to_owned(),
            bytes => format!("{bytes} bytes"),
        };
        println!("{} layers, {bytes}, {result}", totals.layers);
    }
}

fn draw(bar: &ProgressBar, layer: &Layer) {
    bar.set_message(format!("{:12} {}", layer.id, layer.status));
    match layer.total {
        Some(total) if layer.units.is_none() => {
            bar.set_style(style("{msg:40} [{bar:28}] {bytes}/{total_bytes}"));
            bar.set_length(total.max(layer.current));
            bar.set_position(layer.current);
        }
        _ => bar.set_style(style("{msg}")),
    }
    if matches!(layer.phase, Phase::Exists | Phase::Done) {
        bar.finish();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("the templates above are well formed").progress_chars("=> ")
}
