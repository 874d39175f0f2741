//! The monitor: its state machine against a model of an engine, and its driver against a scripted one.

mod driving;
mod model;
mod tracker;
