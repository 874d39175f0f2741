//! A picture of an engine that is kept up to date.

mod container;
mod entry;
mod feed;
mod handle;
mod happened;
mod hub;
mod item;
mod options;
mod picture;
mod ring;
mod samples;
mod tracker;
mod watch;

pub use container::Container;
pub use handle::{Monitor, Subscription};
pub use hub::{Hub, Lock};
pub use item::{Change, Item, Sample};
pub use options::Options;
pub use picture::Picture;
pub use tracker::{Tracker, Want};
pub use watch::{Watch, monitor};
